import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { nodeResolve } from "@rollup/plugin-node-resolve";

/** Rollup leaves the addresses as they are: the files go beside what it makes. */
const files = {
  name: "files",
  generateBundle() {
    for (const [name, fileName] of [["reweave.wasm", "reweave.wasm"], ["engine.wasm", "engine.wasm"], ["worker", "worker.js"]]) {
      const source = readFileSync(fileURLToPath(import.meta.resolve(`reweave/${name}`)));
      this.emitFile({ type: "asset", fileName, source });
    }
  },
};

export default {
  input: "main.js",
  output: { dir: "dist", format: "es" },
  plugins: [nodeResolve({ browser: true }), files],
};
