// Where the modules and the worker's script are, beside the files of the package.

import { Worker } from "../lib/platform.ts";

export const marksModule = (): URL => new URL("./reweave.wasm", import.meta.url);

export const engineModule = (): URL => new URL("./engine.wasm", import.meta.url);

export const makeWorker = (): globalThis.Worker =>
  new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "reweave-engine" });
