// Pages that allow little: scripts of their own and WebAssembly, no inline script, every address of a
// script through the policy that is named; unbundled, and as bundlers make it.

import { expect, repairInElement, test } from "./fixtures.ts";

const POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "require-trusted-types-for 'script'",
  "trusted-types reweave",
].join("; ");

for (const [example, folder] of [["html", "."], ["react", "dist"], ["webpack", "."]] as const) {
  test(`${example} repairs under a strict policy`, async ({ page, project }) => {
    await project(example).open(page, folder, { "Content-Security-Policy": POLICY });
    const { outside } = await repairInElement(page);
    expect(outside).toBe(0);
  });
}
