// How long the engine takes for a photograph of 12 megapixels, part by part. Not a test: figures
// depend on the machine. Run by `npm run measure`.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { test } from "@playwright/test";
import { createServer } from "vite";

const COFFEE = readFileSync(join(import.meta.dirname, "../../tests/segment_golden/coffee.jpg"));

test("the parts of opening, the wand, strokes", async ({ page }) => {
  test.setTimeout(180_000);
  const vite = await createServer({ configFile: false, root: join(import.meta.dirname, ".."), logLevel: "error", server: { port: 0 } });
  await vite.listen();
  const address = vite.resolvedUrls?.local[0] ?? "";
  await page.route("**/coffee.jpg", (route) => route.fulfill({ body: COFFEE }));
  await page.route("**/blank", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
  await page.goto(`${address}blank`);
  const content = `
    import init, { Engine, probe } from "/generated/engine.js";
    const times = {};
    const timed = async (name, work) => {
      const start = performance.now();
      const result = await work();
      times[name] = Math.round((performance.now() - start) * 10) / 10;
      return result;
    };
    try {
      await timed("compile", () => init({ module_or_path: "/generated/engine.wasm" }));
      const small = await createImageBitmap(await (await fetch("/coffee.jpg")).blob());
      const canvas = new OffscreenCanvas(4000, 3000);
      const context = canvas.getContext("2d");
      context.filter = "none";
      for (let y = 0; y < 3000; y += 400) for (let x = 0; x < 4000; x += 600) context.drawImage(small, x, y);
      context.fillStyle = "#ff8c00";
      context.font = "bold 110px monospace";
      context.fillText("'98 10 24 17:05", 2900, 2900);
      const file = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
      times.bytes = file.size;
      const bytes = await timed("read", async () => new Uint8Array(await file.arrayBuffer()));
      await timed("probe of 128 KB", () => probe(bytes.subarray(0, 1 << 17), bytes.length, 1 << 29));
      const engine = await timed("decode", () => new Engine(bytes, 1 << 29));
      const levels = await timed("levels", () => engine.levels());
      await timed("bitmaps of the levels", () => Promise.all(levels.map(async (level) => {
        const { width, height } = level.bounds;
        return createImageBitmap(new ImageData(level.takeRgba(), width, height));
      })));
      await timed("bitmap of the whole", async () => {
        const image = new ImageData(4000, 3000);
        for (let y = 0; y < 3000; y += 500) image.data.set(engine.rgba({ x: 0, y, width: 4000, height: 500 }, 0), y * 16000);
        return createImageBitmap(image);
      });
      await timed("the browser's own bitmap", () => createImageBitmap(file));
      await timed("wand, 255", () => engine.wand(0, 2000, 1500, 255));
      await timed("wand, 40", () => engine.wand(0, 2000, 1500, 40));
      await timed("strokes of a stamp, 1100 × 160", () => engine.strokes(0, { x: 2870, y: 2790, width: 1100, height: 160 }, 3));
      await timed("strokes of 2 megapixels", () => engine.strokes(0, { x: 2000, y: 1900, width: 2000, height: 1050 }, 3));
    } catch (error) { times.error = String(error) + JSON.stringify(error.details ?? null); }
    window.times = times;
  `;
  await page.addScriptTag({ type: "module", content });
  await page.waitForFunction("window.times");
  console.log(JSON.stringify(await page.evaluate("window.times"), null, 2));
  await vite.close();
});
