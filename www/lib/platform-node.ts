// What differs between a web page (`platform.ts`) and Node.js.

import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { Worker as Thread } from "node:worker_threads";

import type { ModuleSource, PostedModule } from "./platform.ts";

export type { ModuleSource, PostedModule };

/** A thread that is spoken to as a page speaks to its workers. It keeps no process from ending. */
export const Worker = class extends EventTarget {
  readonly #thread: Thread;
  #calls = 0;

  constructor(url: URL | string) {
    super();
    this.#thread = new Thread(new URL(url));
    this.#thread.unref();
    this.#thread.on("message", (data: { report?: unknown }) => {
      // Whoever waits for an answer is not to be ended by that nothing else is left to do.
      if (!("report" in data) && --this.#calls === 0) this.#thread.unref();
      this.dispatchEvent(new MessageEvent("message", { data }));
    });
    this.#thread.on("error", (error) => {
      const event = Object.assign(new Event("error", { cancelable: true }), { message: String(error) });
      this.dispatchEvent(event);
    });
  }

  postMessage(message: object): void {
    if (!("cancel" in message) && this.#calls++ === 0) this.#thread.ref();
    this.#thread.postMessage(message);
  }

  terminate(): void {
    void this.#thread.terminate();
  }
} as unknown as new (url: URL | string, options: WorkerOptions) => Worker;

/** A file is compiled here, once for all workers. */
export async function reachable(source: ModuleSource): Promise<PostedModule> {
  if (!(source instanceof URL)) return source;
  return source.protocol === "file:" ? WebAssembly.compile(await readFile(source)) : source.href;
}

/** How many workers can run side by side. */
export function cores(): number {
  return availableParallelism();
}
