// What is loaded, and what a page may name in its place.

import { engineModule, makeWorker as ownWorker, marksModule } from "./places.ts";
import { reachable, Worker, type ModuleSource, type PostedModule } from "./platform.ts";

export type { ModuleSource, PostedModule };

/** Where parts of the package are, for a page that has them elsewhere. */
export interface InitOptions {
  /** `reweave.wasm`: marks, masks, requests. */
  readonly wasm?: ModuleSource | undefined;
  /** `engine.wasm`: pictures and the fill, for the worker. */
  readonly engine?: ModuleSource | undefined;
  /** The worker's script, or what makes a module worker of it. */
  readonly worker?: string | URL | (() => globalThis.Worker) | undefined;
}

let chosen: InitOptions = {};

/** What is named takes the place of what was. */
export function choose(options: InitOptions): void {
  chosen = { ...chosen, ...options };
}

export function wasm(): Promise<PostedModule> {
  return reachable(chosen.wasm ?? marksModule());
}

export function engine(): Promise<PostedModule> {
  return reachable(chosen.engine ?? engineModule());
}

export function makeWorker(): globalThis.Worker {
  const { worker } = chosen;
  if (typeof worker === "function") return worker();
  return worker ? new Worker(worker, { type: "module", name: "reweave-engine" }) : ownWorker();
}
