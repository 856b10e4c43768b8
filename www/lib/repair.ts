// One repair, wherever it runs: in the worker here, or at an endpoint. Both end in the same
// composite, so outside the region nothing changes.

import type { EngineClient } from "./engine-client.ts";
import { cancelled } from "./errors.ts";
import { Endpoint, EndpointRepair, type Selection } from "./marks.ts";
import type { FillReport, Repaired } from "./protocol.ts";

/** Where a repair runs. A key is kept in memory only. */
export type RepairAt =
  | { kind: "browser" }
  | { kind: "endpoint"; url: string; header?: string | undefined; key?: string | undefined; asLink: boolean };

/** What a repair is doing. */
export type Stage = "plan" | "solve" | "finish" | "prepare" | "wait" | "composite";

export interface RepairReport {
  readonly stage: Stage;
  /** 0 to 1, or nothing where it cannot be known: fetch tells of no upload. */
  readonly fraction: number | null;
  readonly patches?: FillReport["patches"];
}

/** What the contract's endpoints take: 15 MB and 4096 × 4096. */
const LIMITS = { maxBytes: 15 * 1024 * 1024, maxSide: 4096 };

/** Runs a repair of what is marked. Rejects with a `ReweaveError`, `cancelled` among them. */
export async function repair(
  engine: EngineClient,
  selection: Selection,
  at: RepairAt,
  signal: AbortSignal,
  onReport: (report: RepairReport) => void,
): Promise<Repaired> {
  const mask = selection.mask();
  try {
    if (at.kind === "browser") {
      mask.check();
      const onFill = ({ progress, patches }: FillReport) =>
        onReport({ stage: progress.stage, fraction: progress.fraction, ...(patches && { patches }) });
      return await engine.fill(mask.toBytes(), { signal, onReport: onFill });
    }
    mask.checkForEndpoint();
    return await atEndpoint(engine, selection, mask.toBytes(), at, signal, onReport);
  } finally {
    mask.free();
  }
}

async function atEndpoint(
  engine: EngineClient,
  selection: Selection,
  mask: Uint8Array,
  at: Extract<RepairAt, { kind: "endpoint" }>,
  signal: AbortSignal,
  onReport: (report: RepairReport) => void,
): Promise<Repaired> {
  const endpoint = new Endpoint(at.url, at.header, at.key);
  const run = new EndpointRepair(endpoint);
  const cancel = () => run.cancel();
  signal.addEventListener("abort", cancel);
  try {
    onReport({ stage: "prepare", fraction: null });
    const rectangles = selection.rectangles();
    const maskPng = rectangles ? undefined : await engine.maskPng(mask);
    const { bytes } = await engine.outgoing(LIMITS);
    throwIfAborted(signal);
    const onProgress = (fraction: number) => onReport({ stage: "wait", fraction: fraction > 0 ? fraction : null });
    const file = await run.run(bytes, rectangles, maskPng, at.asLink, onProgress);
    throwIfAborted(signal);
    onReport({ stage: "composite", fraction: null });
    return await engine.accept(file, mask);
  } finally {
    signal.removeEventListener("abort", cancel);
    run.free();
    endpoint.free();
  }
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}
