// Opening: from a photograph's arrival to the first stroke that is painted, while the engine's own
// decoding goes on behind it. REWEAVE_PHOTOGRAPH names a JPEG; without it one is made by the browser.

import { readFileSync } from "node:fs";

import type { ReweaveEditor } from "../element/reweave-editor.ts";
import { test } from "./fixtures.ts";

interface Times {
  readonly drawable: number;
  readonly stroke: number;
  readonly painted: number;
  readonly decoded: number;
}

test("from a 12-megapixel JPEG's arrival to the first stroke", async ({ page }) => {
  const given = process.env.REWEAVE_PHOTOGRAPH;
  if (given) await page.route("**/given.jpg", (route) => route.fulfill({ body: readFileSync(given), contentType: "image/jpeg" }));
  for (const round of ["cold", "come near", "warm", "warm", "warm"]) {
    if (round !== "warm") await page.reload();
    if (round === "come near") await page.mouse.move(300, 300);
    if (round === "come near") await page.waitForTimeout(500);
    const times = await page.evaluate(firstStroke, given !== undefined);
    const shown = (Object.entries(times) as [string, number][]).map(([what, ms]) => `${what} ${ms.toFixed(0)} ms`);
    console.log(`${round}: ${shown.join(", ")}`);
  }
});

async function firstStroke(isGiven: boolean): Promise<Times> {
  const file = isGiven ? new File([await (await fetch("./given.jpg")).blob()], "given.jpg") : await made();
  await file.arrayBuffer();
  const editor = document.querySelector<ReweaveEditor>("reweave-editor");
  const surface = editor?.shadowRoot?.querySelector<HTMLElement>("#surface");
  if (!editor || !surface) throw new Error("no editor");
  const start = performance.now();
  const opening = editor.open(file);
  await opening;
  const drawable = performance.now() - start;
  const { left, top, width, height } = surface.getBoundingClientRect();
  const at = (type: string, x: number) => {
    const init = { bubbles: true, composed: true, isPrimary: true, pointerId: 1, button: 0, clientX: left + x, clientY: top + height / 2 };
    surface.dispatchEvent(new PointerEvent(type, init));
  };
  surface.setPointerCapture = () => undefined;
  await new Promise(requestAnimationFrame);
  at("pointerdown", width / 2);
  at("pointermove", width / 2 + 40);
  const stroke = performance.now() - start;
  await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
  const painted = performance.now() - start;
  at("pointerup", width / 2 + 40);
  if (editor.controller.summary.marked === 0) throw new Error("nothing was drawn");
  while (editor.controller.isDecoding) await new Promise((next) => setTimeout(next, 5));
  return { drawable, stroke, painted, decoded: performance.now() - start };

  /** Noise and shapes, so that it takes as long to decode as a photograph does. */
  async function made(): Promise<File> {
    const canvas = new OffscreenCanvas(4000, 3000);
    const pen = canvas.getContext("2d");
    if (!pen) throw new Error("no canvas");
    for (let i = 0; i < 20_000; i++) {
      pen.fillStyle = `hsl(${(i * 137) % 360} 60% ${20 + (i % 60)}%)`;
      pen.fillRect((i * 7919) % 4000, (i * 104_729) % 3000, 20 + (i % 90), 20 + (i % 70));
    }
    return new File([await canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 })], "made.jpg");
  }
}
