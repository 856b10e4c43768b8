// Assembles the npm package in the folder that is named: bundles, types, modules, papers. Run by
// `cargo xtask pack`, which has built the modules.
//
// A page gets entries with common chunks, so that a mask of the element is one of the library; a worker
// is one file that imports nothing, which any bundler may copy to any place. Node.js gets the same code
// with `platform-node.ts` in the place of `platform.ts`.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import process from "node:process";

import { rolldown } from "rolldown";

import { packageJson } from "./package-json.js";

const www = resolve(import.meta.dirname, "..");
const root = resolve(www, "..");
const out = resolve(process.argv[2] ?? join(root, "target/npm"));
const dist = join(out, "dist");

/** Takes files of the package in the place of others. */
const instead = (files) => ({
  name: "instead",
  resolveId: (id) => (id in files ? join(www, files[id]) : null),
});

const onPage = instead({ "./places.ts": "pack/places.ts" });
const onNode = instead({ "./platform.ts": "lib/platform-node.ts", "./places.ts": "pack/places-node.ts" });
/** The templates of the element go through the package's own policy of Trusted Types: a page names one. */
const onePolicy = {
  name: "one-policy",
  transform(code, id) {
    if (!/lit-html\/lit-html\.js$/.test(id)) return null;
    const own = code.replace(/\w+\.createPolicy\("lit-html",\{createHTML:\w+=>\w+\}\)/, "reweavePolicy()");
    if (own === code) throw new Error(`no policy was found in ${id}`);
    return { code: `import{trust as reweavePolicy}from${JSON.stringify(join(www, "lib/trusted.ts"))};${own}`, map: null };
  },
};
const page = { index: "lib/index.ts", element: "element/index.ts", "element-class": "element/no-define.ts" };
const bundles = [
  { input: page, plugins: [onPage, onePolicy] },
  { input: { worker: "lib/worker.ts" } },
  { input: { node: "lib/index.ts", "worker-node": "lib/worker-node.ts" }, platform: "node", plugins: [onNode] },
];

rmSync(out, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const files = new Map();
for (const { input, platform = "browser", plugins = [] } of bundles) {
  const bundle = await rolldown({ input, platform, plugins, cwd: www, external: /^node:/ });
  const names = { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" };
  const { output } = await bundle.write({ dir: dist, format: "es", minify: true, sourcemap: true, ...names });
  await bundle.close();
  for (const chunk of output) if (chunk.type === "chunk") files.set(chunk.fileName, chunk.imports);
}
copyFileSync(join(www, "pack/element-node.js"), join(dist, "element-node.js"));
for (const module of ["reweave.wasm", "engine.wasm"]) copyFileSync(join(www, "generated", module), join(dist, module));
for (const paper of ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"]) copyFileSync(join(root, paper), join(out, paper));

declare();
const { version, license } = JSON.parse(readFileSync(join(www, "package.json"), "utf8"));
writeFileSync(join(out, "package.json"), `${JSON.stringify(packageJson(version, license), null, 2)}\n`);
// What a page loads for an entry, for the budgets.
const loaded = Object.fromEntries(["index.js", "element.js"].map((entry) => [entry, [...withImports(entry)]]));
writeFileSync(join(dirname(out), "npm-files.json"), `${JSON.stringify(loaded, null, 2)}\n`);

/** The types, and of them only what the entries name. */
function declare() {
  const types = join(out, "types");
  execFileSync(process.execPath, [join(www, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.pack.json", "--outDir", types], {
    cwd: www,
    stdio: "inherit",
  });
  mkdirSync(join(types, "generated"), { recursive: true });
  for (const name of ["reweave.d.ts", "engine.d.ts"]) copyFileSync(join(www, "generated", name), join(types, "generated", name));
  const named = new Set();
  for (const entry of ["lib/index.d.ts", "element/index.d.ts", "element/no-define.d.ts"]) follow(join(types, entry), named);
  for (const name of readdirSync(types, { recursive: true })) {
    const file = join(types, name);
    if (name.endsWith(".d.ts") && !named.has(file)) rmSync(file);
  }
  writeFileSync(join(types, "worker.d.ts"), "// The worker's script: it exports nothing.\nexport {};\n");
}

function follow(file, named) {
  if (named.has(file)) return;
  named.add(file);
  const own = readFileSync(file, "utf8");
  // For a consumer whose own libraries do not have it.
  const reference = own.includes("Symbol.dispose") ? '/// <reference lib="esnext.disposable" />\n' : "";
  const text = reference + own.replaceAll(/(["'])(\.{1,2}\/[^"']+)\.ts\1/g, "$1$2.js$1");
  writeFileSync(file, text);
  for (const [, path] of text.matchAll(/(?:from|import|module)\s*\(?\s*["'](\.{1,2}\/[^"']+)\.js["']/g)) {
    follow(join(dirname(file), `${path}.d.ts`), named);
  }
}

function withImports(entry, all = new Set()) {
  if (all.has(entry)) return all;
  all.add(entry);
  for (const name of files.get(entry) ?? []) withImports(name, all);
  return all;
}

process.stdout.write(`assembled ${relative(root, out)}\n`);
