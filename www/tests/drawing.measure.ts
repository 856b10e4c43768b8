// Drawing at 4096 × 4096 with 100 strokes: main-thread time from the start of the pointer handler to
// the end of that frame's paint, without the wait for the frame, from a recorded trace; and the
// longest main-thread tasks while drawing, undoing and repairing.

import { handled, longTasks, framesOf, traced } from "./trace.ts";
import type { ReweaveEditor } from "../element/reweave-editor.ts";
import { expect, png, test, type Editor } from "./fixtures.ts";

const LARGE = png(4096, 4096, (x, y) => [(x >> 4) & 255, (y >> 4) & 255, (x ^ y) & 255]);

test("drawing at 4096 × 4096", async ({ editor, page }) => {
  await opened(editor);
  await strokes(page, 100);
  for (const [share, brush] of [[0.05, "40"], [0.5, "200"], [0.95, "1000"]] as const) {
    await page.getByRole("slider", { name: "Brush size", exact: true }).fill(brush);
    const events = await traced(page, async () => {
      for (let stroke = 0; stroke < 8; stroke++) await scribble(editor, share, stroke);
    });
    const times = handled(events);
    const at = (q: number) => times[Math.min(times.length - 1, Math.floor(times.length * q))]?.toFixed(2);
    console.log(`brush ${brush}: ${times.length} moves, median ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms; ${framesOf(events)}; ${longTasks(events)}`);
    expect(times.length).toBeGreaterThan(50);
  }
});

test("undoing, redoing, repairing and zooming at 4096 × 4096", async ({ editor, page }) => {
  await opened(editor);
  await strokes(page, 100);
  for (const name of ["Undo", "Redo"]) {
    const events = await traced(page, async () => {
      for (let i = 0; i < 40; i++) await editor.button(name).click();
    });
    console.log(`${name}: ${longTasks(events)}`);
  }
  await page.getByLabel("Grow or shrink by", { exact: true }).fill("20");
  const grown = await traced(page, async () => {
    await editor.button("Grow").click();
    await editor.button("Undo").click();
    await editor.button("Invert").click();
    await editor.button("Undo").click();
  });
  console.log(`grow by 20, invert and back: ${longTasks(grown)}`);
  const repaired = await traced(page, async () => {
    await editor.button("Repair").click();
    await expect(editor.status).toContainText(" 0 outside", { timeout: 60_000 });
  });
  console.log(`repairing: ${longTasks(repaired)}`);
  const zoomed = await traced(page, async () => {
    for (let i = 0; i < 12; i++) await editor.button("Zoom in").click();
    await page.keyboard.down("Control");
    for (let i = 0; i < 20; i++) await page.mouse.wheel(0, i % 2 ? 120 : -120);
    await page.keyboard.up("Control");
  });
  console.log(`zooming: ${longTasks(zoomed)}`);
});

async function opened(editor: Editor): Promise<void> {
  await editor.openPhotograph({ name: "large.png", mimeType: "image/png", buffer: LARGE });
  const isDecoding = () => document.querySelector<ReweaveEditor>("reweave-editor")?.controller.isDecoding;
  await expect.poll(() => editor.page.evaluate(isDecoding)).toBe(false);
}

/** Strokes of 300 points each, all over the picture. */
async function strokes(page: Editor["page"], count: number): Promise<void> {
  await page.evaluate((count) => {
    const { controller } = document.querySelector<ReweaveEditor>("reweave-editor") ?? {};
    for (let i = 0; i < count; i++) {
      controller?.marks.beginStroke(0, 40 * i, 24, false);
      controller?.marks.extendStroke(new Float32Array(Array.from({ length: 600 }, (_, k) => (k % 2 ? 40 * i + (k % 9) : 6.5 * k))));
      controller?.marks.endStroke();
    }
  }, count);
}

async function scribble(editor: Editor, share: number, stroke: number): Promise<void> {
  const points = Array.from({ length: 12 }, (_, i): [number, number] => [
    0.1 + (0.8 * ((i * 7 + stroke) % 12)) / 12,
    Math.min(0.95, 0.05 + share * (((i * 5 + stroke * 3) % 12) / 12)),
  ]);
  await editor.drag(points);
}
