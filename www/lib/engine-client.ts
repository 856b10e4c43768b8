// The page's side of the engine's worker: starts it when it is first needed, and anew when it was
// lost. The picture's file stays here, so that a new worker can open it again.

import { cancelled, reweaveError, toReweaveError, workerLost } from "./errors.ts";
import type { CallName, Calls, FillReport, FromWorker, OpenedPicture, Repaired, ToWorker } from "./protocol.ts";

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
  report?: ((report: FillReport) => void) | undefined;
}

interface CallOptions {
  signal?: AbortSignal | undefined;
  onReport?: ((report: FillReport) => void) | undefined;
}

/** How long a worker may take to answer a cancel before it is ended. */
const CANCEL_MS = 500;

export class EngineClient {
  #worker: Worker | null = null;
  #started: Promise<unknown> | null = null;
  #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #file: Blob | null = null;
  #hasPicture = false;

  /** Opens a picture; the one before stays open when this one is refused. */
  async open(file: Blob): Promise<OpenedPicture> {
    const opened = await this.#call("open", { file });
    this.#file = file;
    this.#hasPicture = true;
    return opened;
  }

  /** Repairs what the mask's bits mark. */
  async fill(mask: Uint8Array, options: CallOptions): Promise<Repaired> {
    await this.#ensurePicture();
    return this.#call("fill", { mask }, options);
  }

  /** Composites the region of a picture that an endpoint delivered, or with `whole` all of it. */
  async accept(file: Uint8Array, mask: Uint8Array, whole: boolean): Promise<Repaired> {
    await this.#ensurePicture();
    return this.#call("accept", { file, mask, whole });
  }

  /** The file to send to an endpoint with these limits. */
  async outgoing(limits: Calls["outgoing"]["args"]["limits"]): Promise<Calls["outgoing"]["result"]> {
    await this.#ensurePicture();
    return this.#call("outgoing", { limits });
  }

  /** A mask's bits as a PNG of strictly 0 and 255; it needs no picture. */
  async maskPng(args: Calls["maskPng"]["args"]): Promise<Uint8Array<ArrayBuffer>> {
    return this.#call("maskPng", args);
  }

  /** The repaired picture as a file. */
  async encode(args: Calls["encode"]["args"]): Promise<Blob> {
    if (!this.#hasPicture) {
      const reason = "there is no result yet";
      throw reweaveError(`encoding is not possible now: ${reason}`, { code: "out-of-order", call: "encoding", reason });
    }
    return this.#call("encode", args);
  }

  /** Forgets the picture: another one is shown that cannot be read. */
  close(): void {
    this.#file = null;
    this.#hasPicture = false;
  }

  /** Ends the worker and frees its memory. */
  dispose(): void {
    this.#lose(cancelled());
    this.#file = null;
  }

  /** A worker that was lost took the picture with it. */
  async #ensurePicture(): Promise<void> {
    if (this.#hasPicture || !this.#file) return;
    const { bitmap } = await this.open(this.#file);
    bitmap.close();
  }

  async #call<Name extends CallName>(
    call: Name,
    args: Calls[Name]["args"],
    options: CallOptions = {},
  ): Promise<Calls[Name]["result"]> {
    const { signal, onReport } = options;
    if (signal?.aborted) throw cancelled();
    await this.#start();
    return this.#send(call, args, signal, onReport);
  }

  #start(): Promise<unknown> {
    this.#started ??= this.#spawn().catch((error: unknown) => {
      // A start that failed is forgotten: the next call tries again.
      this.#lose(toReweaveError(error));
      throw error;
    });
    return this.#started;
  }

  async #spawn(): Promise<unknown> {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "reweave-engine" });
    this.#worker = worker;
    worker.addEventListener("message", (event: MessageEvent<FromWorker>) => this.#receive(event.data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (this.#worker === worker) this.#lose(workerLost(event.message || "it could not be loaded"));
    });
    const engine = new URL("../generated/engine.wasm", import.meta.url).href;
    try {
      return await this.#send("start", { engine });
    } catch (error) {
      throw workerLost(toReweaveError(error).message);
    }
  }

  #send<Name extends CallName>(
    call: Name,
    args: Calls[Name]["args"],
    signal?: AbortSignal,
    report?: (report: FillReport) => void,
  ): Promise<Calls[Name]["result"]> {
    const id = this.#nextId++;
    const worker = this.#worker;
    if (!worker) return Promise.reject(workerLost("it has ended"));
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, report });
      signal?.addEventListener("abort", () => this.#cancel(id), { once: true });
      worker.postMessage({ id, call, args });
    }) as Promise<Calls[Name]["result"]>;
  }

  /** Asks first; a worker that does not answer is ended. */
  #cancel(id: number): void {
    if (!this.#waiting.has(id)) return;
    this.#worker?.postMessage({ cancel: id } satisfies ToWorker);
    setTimeout(() => {
      if (this.#waiting.has(id)) this.#lose(cancelled());
    }, CANCEL_MS);
  }

  #receive(message: FromWorker): void {
    const waiting = this.#waiting.get(message.id);
    if ("report" in message) {
      waiting?.report?.(message.report);
      return;
    }
    this.#waiting.delete(message.id);
    if ("ok" in message) {
      waiting?.resolve(message.ok);
      return;
    }
    const error = message.lost
      ? workerLost(message.error.message)
      : reweaveError(message.error.message, message.error.details);
    waiting?.reject(error);
    if (message.lost) this.#lose(error);
  }

  #lose(error: Error): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#started = null;
    this.#hasPicture = false;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}
