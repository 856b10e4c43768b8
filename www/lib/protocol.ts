// The messages between the page and the engine's worker: a call, its reports, and one reply that is
// `ok` or `error`. Large things are transferred, not copied.

import type {
  Added,
  Changes,
  EndpointLimits,
  FillOptions,
  Format,
  Marked,
  Opened,
  Probed,
  Progress,
  Rectangle,
} from "../generated/engine.js";
import type { PostedError } from "./errors.ts";
import type { PostedModule } from "./platform.ts";

export type { Added, Changes, EndpointLimits, FillOptions, Format, Marked, Opened, Probed, Progress, Rectangle };

/** An opened picture, for showing. */
export interface OpenedPicture extends Opened {
  /** Its pixels, upright; nothing where the browser's own decoding of the file is shown. */
  readonly bitmap: ImageBitmap | null;
  /** The picture halved, quartered and so on, while the longer side is over 512 pixels. Sides are
   * rounded up: a pixel of level n stands for 2ⁿ⁺¹ × 2ⁿ⁺¹ of the picture, the last ones perhaps for fewer. */
  readonly levels: readonly ImageBitmap[];
}

/** Pixels as a page has them: 8 bits of red, green, blue and alpha each, row by row. An `ImageData` is one. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray | Uint8Array;
}

/** What `open` is to answer. */
export interface OpenOptions {
  /** The whole picture as a bitmap; default true. */
  readonly bitmap?: boolean;
  /** It halved, quartered and so on, for showing it small; default true. */
  readonly levels?: boolean;
}

/** A mask as it was read from a file. */
export interface ReadMask {
  /** The size of the file's picture, upright: the caller judges whether it fits. */
  readonly width: number;
  readonly height: number;
  readonly bits: Uint8Array<ArrayBuffer>;
  /** Which of the file's pixels are marked. */
  readonly marked: Marked;
  /** Whether that is beyond doubt; if not, a person should be asked. */
  readonly certain: boolean;
  /** The marked share, 0 to 1. */
  readonly share: number;
}

/** Which version is to be encoded, and as what. */
export type EncodeArgs = ({ format: "png" } | { format: "jpeg"; quality: number }) & { version: number };

/** Where the wand points, and how far a colour may be from the one there: 0 to 255. */
export interface WandArgs {
  readonly version: number;
  readonly x: number;
  readonly y: number;
  readonly tolerance: number;
}

/** Where strokes are looked for, and by how many pixels they are grown: 0 to 20. */
export interface StrokesArgs {
  readonly version: number;
  readonly area: Rectangle;
  readonly grow: number;
}

/** A box of a repaired picture, for showing. */
export interface ShownPatch {
  readonly bounds: Rectangle;
  readonly bitmap: ImageBitmap;
}

/** A repair that was composited into a version, as a new one. */
export interface Repaired {
  /** The new version. The picture as it was opened is version 0. */
  readonly version: number;
  /** What it changes of the version that it was made from; outside the region nothing, unless it is shown as delivered. */
  readonly changes: Changes;
  /** What an endpoint's picture would have changed. */
  readonly delivered: Changes | null;
  /** How many pixels the fill repaired beside the marked ones; nothing where an endpoint repaired. */
  readonly added: Added | null;
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

/** The calls: arguments and result of each. Versions are the worker's own; `shown` asks for the
 * bitmaps that show the answer. */
export interface Calls {
  /** Loads the module. */
  start: { args: { engine: PostedModule }; result: null };
  probe: { args: { file: Blob }; result: Probed };
  open: { args: { file: Blob | Pixels; bitmap: boolean; levels: boolean }; result: OpenedPicture };
  fill: {
    args: { mask: Uint8Array; base: number; options: FillOptions; shown: boolean; previews: boolean };
    result: Repaired;
  };
  /** Fills parts that the job of another worker has lent. */
  help: { args: { loan: Uint8Array<ArrayBuffer> }; result: Uint8Array<ArrayBuffer> };
  /** `whole`: all of the delivered picture is taken, not the region alone. */
  accept: {
    args: { file: Uint8Array; mask: Uint8Array; whole: boolean; base: number; shown: boolean };
    result: Repaired;
  };
  outgoing: { args: { limits: EndpointLimits; base: number }; result: OutgoingFile };
  encode: { args: EncodeArgs; result: Blob };
  pixels: { args: { version: number }; result: Pixels };
  holePng: { args: { mask: Uint8Array; version: number }; result: Blob };
  maskPng: { args: { width: number; height: number; mask: Uint8Array }; result: Uint8Array<ArrayBuffer> };
  readMask: { args: { file: Blob }; result: ReadMask };
  wand: { args: WandArgs; result: Uint8Array<ArrayBuffer> };
  strokes: { args: StrokesArgs; result: Uint8Array<ArrayBuffer> };
  forget: { args: { version: number }; result: null };
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
