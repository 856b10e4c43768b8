// The messages between the page and the engine's worker: a call, its reports, and one reply that is
// `ok` or `error`. Large things are transferred, not copied.

import type { Changes, EndpointLimits, Opened, Progress, Rectangle } from "../generated/engine.js";
import type { PostedError } from "./errors.ts";

export type { Changes, EndpointLimits, Opened, Progress, Rectangle };

/** An opened picture, for showing. */
export interface OpenedPicture extends Opened {
  /** Its pixels, upright. */
  readonly bitmap: ImageBitmap;
}

/** A box of a repaired picture, for showing. */
export interface ShownPatch {
  readonly bounds: Rectangle;
  readonly bitmap: ImageBitmap;
}

/** A repair that was composited into the picture. */
export interface Repaired {
  /** What the repaired picture changes; outside the region nothing, unless it is shown as delivered. */
  readonly changes: Changes;
  /** What an endpoint's picture would have changed. */
  readonly delivered: Changes | null;
  readonly patches: readonly ShownPatch[];
}

/** A file to send to an endpoint. */
export interface OutgoingFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mime: string;
  /** Set where the picture had to be encoded anew with loss to fit. */
  readonly jpegQuality: number | null;
}

/** What a running fill reports. */
export interface FillReport {
  readonly progress: Progress;
  /** Set when there is a new preview. */
  readonly patches?: readonly ShownPatch[];
}

/** The calls: arguments and result of each. */
export interface Calls {
  /** Loads the module; `engine` is the address of its wasm. */
  start: { args: { engine: string }; result: null };
  open: { args: { file: Blob }; result: OpenedPicture };
  fill: { args: { mask: Uint8Array }; result: Repaired };
  /** `whole`: all of the delivered picture is taken, not the region alone. */
  accept: { args: { file: Uint8Array; mask: Uint8Array; whole: boolean }; result: Repaired };
  outgoing: { args: { limits: EndpointLimits }; result: OutgoingFile };
  maskPng: { args: { width: number; height: number; mask: Uint8Array }; result: Uint8Array<ArrayBuffer> };
  encode: { args: { format: "png" } | { format: "jpeg"; quality: number }; result: Blob };
}

/** The name of a call. */
export type CallName = keyof Calls;

/** To the worker. */
export type ToWorker =
  | { [Name in CallName]: { id: number; call: Name; args: Calls[Name]["args"] } }[CallName]
  | { cancel: number };

/** From the worker. `lost` says that it broke and has to be started anew. */
export type FromWorker =
  | { id: number; ok: unknown }
  | { id: number; report: FillReport }
  | { id: number; error: PostedError; lost: boolean };
