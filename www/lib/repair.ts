// One repair, wherever it runs: in the worker here, or at an endpoint. Both end in the same
// composite, so outside the region nothing changes.

import { atEndpoint, type AtEndpoint, type Delivered } from "./at-endpoint.ts";
import type { EngineClient } from "./engine-client.ts";
import { reweaveError } from "./errors.ts";
import type { EndpointStage, Selection } from "./marks.ts";
import type { Added, Changes, FillOptions, FillReport, ShownPatch } from "./protocol.ts";

/** Where a repair runs. */
export type RepairAt = { readonly kind: "browser"; readonly options: FillOptions } | AtEndpoint;

/** What a repair is doing. */
export type Stage = "plan" | "solve" | "finish" | "prepare" | "upload" | EndpointStage | "composite";

export interface RepairReport {
  readonly stage: Stage;
  /** 0 to 1, or nothing where it cannot be known: fetch tells of no upload. */
  readonly fraction: number | null;
  readonly patches?: FillReport["patches"];
}

/** What is marked: a selection, or what answers as one does. */
export type Marked = Pick<Selection, "mask" | "rectangles">;

/** What is to be repaired. */
export interface Subject {
  readonly selection: Marked;
  readonly width: number;
  readonly height: number;
  /** Where it was opened from, if that was an address. */
  readonly url: string | null;
  /** Whether its pixels can be read here; if not, only endpoints that take addresses can repair it. */
  readonly readable: boolean;
  /** The version to start from; 0 is the picture as it was opened. */
  readonly base: number;
}

/** A finished repair. */
export interface Result {
  /** Its version; nothing where the original cannot be read. */
  readonly version: number | null;
  readonly patches: readonly ShownPatch[];
  /** Changed pixels on both sides of the region; nothing where the original cannot be read. */
  readonly changes: Changes | null;
  /** How many pixels were repaired beside the marked ones; nothing where an endpoint repaired. */
  readonly added: Added | null;
  /** What an endpoint delivered; nothing where the repair was made here. */
  readonly delivered: Delivered | null;
}

/** Runs a repair of what is marked. Rejects with a `ReweaveError`, `cancelled` among them. */
export async function repair(
  engine: EngineClient,
  subject: Subject,
  at: RepairAt,
  signal: AbortSignal,
  onReport: (report: RepairReport) => void,
  { shown = true, previews = true }: { shown?: boolean; previews?: boolean } = {},
): Promise<Result> {
  const mask = subject.selection.mask();
  try {
    if (at.kind === "endpoint") return await atEndpoint(engine, subject, mask, at, signal, onReport);
    mask.check();
    if (!subject.readable) throw unreadable();
    const onFill = ({ progress, patches }: FillReport) =>
      onReport({ stage: progress.stage, fraction: progress.fraction, ...(patches && { patches }) });
    const bits = mask.toBytes();
    const filled = await engine.fill(bits, subject.base, { options: at.options, signal, onReport: onFill, shown, previews });
    const { version, changes, patches, added } = filled;
    return { version, changes, patches, added, delivered: null };
  } finally {
    mask.free();
  }
}

/** The host of a picture does not let this page read it. */
export function unreadable(): Error {
  const message =
    "the picture's host does not let this page read it (CORS): only an endpoint that takes addresses can repair it";
  return reweaveError(message, { code: "picture-unreadable" });
}
