// Where the modules and the worker's script are, as this repository has them; the package has files of its
// own for that (`pack/places.ts`). Bundlers look for these very expressions, so they are literals. The
// worker is told where its module is: it looks for nothing.

import { Worker } from "./platform.ts";

export const marksModule = (): URL => new URL("../generated/reweave.wasm", import.meta.url);

export const engineModule = (): URL => new URL("../generated/engine.wasm", import.meta.url);

export const makeWorker = (): globalThis.Worker =>
  new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "reweave-engine" });
