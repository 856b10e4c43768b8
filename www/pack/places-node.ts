// Where the modules and the worker's script are for Node.js, beside the files of the package.

import { Worker } from "../lib/platform-node.ts";

export const marksModule = (): URL => new URL("./reweave.wasm", import.meta.url);

export const engineModule = (): URL => new URL("./engine.wasm", import.meta.url);

export const makeWorker = (): globalThis.Worker => new Worker(new URL("./worker-node.js", import.meta.url), { type: "module" });
