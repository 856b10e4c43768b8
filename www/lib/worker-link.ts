// A worker that is started when it is first needed, and anew when it was lost: calls, their reports
// and their one reply.

import { cancelled, reweaveError, toReweaveError, workerLost } from "./errors.ts";
import type { PostedModule } from "./platform.ts";
import type { CallName, Calls, FillReport, FromWorker, ToWorker } from "./protocol.ts";

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
  report?: ((report: FillReport) => void) | undefined;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
  onReport?: ((report: FillReport) => void) | undefined;
}

/** How long a worker may take to answer a cancel before it is ended. */
const CANCEL_MS = 500;

export class WorkerLink {
  #worker: Worker | null = null;
  #started: Promise<unknown> | null = null;
  #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #generation = 0;
  readonly #make: () => Worker;
  readonly #engine: () => Promise<PostedModule>;

  /** `make` makes the worker of `worker.ts`; `engine` finds its module. */
  constructor(make: () => Worker, engine: () => Promise<PostedModule>) {
    this.#make = make;
    this.#engine = engine;
  }

  /** Which worker this is: one more each time that one was lost, with all that it held. */
  get generation(): number {
    return this.#generation;
  }

  /** Starts the worker and its module. */
  start(): Promise<unknown> {
    this.#started ??= this.#spawn().catch((error: unknown) => {
      // A start that failed is forgotten: the next call tries again.
      this.lose(toReweaveError(error));
      throw error;
    });
    return this.#started;
  }

  async call<Name extends CallName>(
    call: Name,
    args: Calls[Name]["args"],
    options: CallOptions = {},
  ): Promise<Calls[Name]["result"]> {
    const { signal, onReport } = options;
    if (signal?.aborted) throw cancelled();
    await this.start();
    return this.send(call, args, signal, onReport);
  }

  /** A call of the worker that is there; it starts none. */
  send<Name extends CallName>(
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

  /** Ends the worker; every call that waits fails with `error`. */
  lose(error: Error): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#started = null;
    this.#generation++;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }

  async #spawn(): Promise<unknown> {
    const engine = await this.#engine();
    const worker = this.#make();
    this.#worker = worker;
    worker.addEventListener("message", (event: MessageEvent<FromWorker>) => this.#receive(event.data));
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (this.#worker === worker) this.lose(workerLost(event.message || "it could not be loaded"));
    });
    try {
      return await this.send("start", { engine });
    } catch (error) {
      throw workerLost(toReweaveError(error).message);
    }
  }

  /** Asks first; a worker that does not answer is ended. */
  #cancel(id: number): void {
    if (!this.#waiting.has(id)) return;
    this.#worker?.postMessage({ cancel: id } satisfies ToWorker);
    setTimeout(() => {
      if (this.#waiting.has(id)) this.lose(cancelled());
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
    if (message.lost) this.lose(error);
  }
}
