import { copyFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

await build({ entryPoints: ["main.js"], bundle: true, format: "esm", splitting: true, minify: true, outdir: "dist" });
// esbuild leaves the addresses as they are: the files go beside what it makes.
for (const file of ["reweave.wasm", "engine.wasm", "worker"]) {
  const from = fileURLToPath(import.meta.resolve(`reweave/${file}`));
  copyFileSync(from, `dist/${file === "worker" ? "worker.js" : file}`);
}
