// A repair under way: a promise of its result that can be iterated for its progress, and cancelled.

import type { Sending, UploadHook } from "./at-endpoint.ts";
import type { EndpointSettings, UploadSettings } from "./marks.ts";
import type { FillOptions, ShownPatch } from "./protocol.ts";
import type { Stage } from "./repair.ts";

/** How far a repair is. */
export interface RepairProgress {
  readonly stage: Stage;
  /** 0 to 1, or nothing where it cannot be known. It never runs backwards within the fill. */
  readonly fraction: number | null;
}

/** How a repair works: the options of the fill, and whom it tells. */
export interface RepairOptions extends FillOptions {
  /** Ends it with the code "cancelled". */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RepairProgress) => void) | undefined;
  /** Hears of previews, from coarse to fine, as bitmaps that it closes. */
  readonly onPreview?: ((patches: readonly ShownPatch[]) => void) | undefined;
  /** Has it repaired there; without it, here. */
  readonly endpoint?: EndpointSettings | undefined;
  /** Whether the endpoint is asked for a link; default false, for base64 in its reply. */
  readonly asLink?: boolean | undefined;
  /** How a picture gets an address, where an endpoint takes nothing else. */
  readonly upload?: UploadHook | UploadSettings | undefined;
  /** Asked before anything leaves; `false` cancels. */
  readonly confirm?: ((sending: Sending) => Promise<boolean>) | undefined;
}

/** The result, or its progress: `for await (const { stage, fraction } of task)` ends when it does, also
 * when it fails; why, the promise tells. */
export interface RepairTask<Result> extends Promise<Result>, AsyncIterable<RepairProgress> {
  /** Ends it: the promise rejects with the code "cancelled". */
  cancel(): void;
}

type Run<Result> = (signal: AbortSignal, report: (progress: RepairProgress) => void) => Promise<Result>;

/** Starts `run`. */
export function startTask<Result>(run: Run<Result>, { signal, onProgress }: RepairOptions): RepairTask<Result> {
  const own = new AbortController();
  const abort = () => own.abort();
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort);
  const news = new EventTarget();
  const tell = () => news.dispatchEvent(new Event("news"));
  let latest: RepairProgress | null = null;
  let isOver = false;
  const report = (progress: RepairProgress) => {
    latest = progress;
    onProgress?.(progress);
    tell();
  };
  const result = run(own.signal, report).finally(() => {
    signal?.removeEventListener("abort", abort);
    isOver = true;
    tell();
  });
  async function* iterate(): AsyncGenerator<RepairProgress, void> {
    // Why it failed, the promise tells.
    result.catch(() => undefined);
    let seen: RepairProgress | null = null;
    for (;;) {
      if (latest && latest !== seen) yield (seen = latest);
      else if (isOver) return;
      else await new Promise((heard) => news.addEventListener("news", heard, { once: true }));
    }
  }
  return Object.assign(result, { cancel: abort, [Symbol.asyncIterator]: iterate });
}
