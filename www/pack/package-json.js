// What the package says of itself.

/** The `package.json` of a version. */
export function packageJson(version, license) {
  return {
    name: "reweave",
    version,
    description: "Take something out of a picture in a web page: mark it, it is repaired, every other pixel stays.",
    keywords: ["inpainting", "image", "wasm", "mask", "retouch", "custom-element", "watermark", "web-component"],
    license,
    type: "module",
    sideEffects: ["./dist/element.js", "./dist/element-node.js"],
    exports: {
      ".": { types: "./types/lib/index.d.ts", node: "./dist/node.js", default: "./dist/index.js" },
      "./element": { types: "./types/element/index.d.ts", node: "./dist/element-node.js", default: "./dist/element.js" },
      "./element/no-define": {
        types: "./types/element/no-define.d.ts",
        node: "./dist/element-node.js",
        default: "./dist/element-class.js",
      },
      "./worker": { types: "./types/worker.d.ts", default: "./dist/worker.js" },
      "./reweave.wasm": "./dist/reweave.wasm",
      "./engine.wasm": "./dist/engine.wasm",
      "./package.json": "./package.json",
    },
    files: ["dist", "types", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"],
    engines: { node: ">=20" },
    publishConfig: { access: "public", provenance: true },
  };
}
