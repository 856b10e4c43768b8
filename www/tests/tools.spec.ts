// The tools: what each marks, takes away, and how it is given up.

import type { ReweaveEditor } from "../element/reweave-editor.ts";
import { expect, png, test } from "./fixtures.ts";

/** Four areas of plain colour, of 200 × 200 each. */
const QUARTERS = {
  name: "quarters.png",
  mimeType: "image/png",
  buffer: png(400, 400, (x, y) => [x < 200 ? 40 : 200, y < 200 ? 60 : 180, 90]),
};

test.beforeEach(async ({ editor }) => editor.openPhotograph(QUARTERS));

test("the lasso marks what it goes round, Alt takes away", async ({ editor, page }) => {
  await editor.tool("Lasso");
  await editor.drag([[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9], [0.1, 0.1]]);
  expect(await editor.marks([200, 200], [45, 45], [355, 355], [20, 200], [380, 200])).toEqual([true, true, true, false, false]);
  await page.keyboard.down("Alt");
  await editor.drag([[0.4, 0.4], [0.6, 0.4], [0.6, 0.6], [0.4, 0.6]]);
  await page.keyboard.up("Alt");
  expect(await editor.marks([200, 200], [100, 100])).toEqual([false, true]);
  await editor.button("Undo").click();
  expect(await editor.marks([200, 200])).toEqual([true]);
});

test("a polygon is set corner by corner, and closed on the first one", async ({ editor, page }) => {
  await editor.tool("Polygon");
  const finish = editor.button("Finish polygon");
  for (const [x, y] of [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]] as const) await editor.click(x, y);
  await expect(finish).toBeEnabled();
  expect(await editor.count()).toBe(0);
  await editor.click(0.2, 0.2);
  expect(await editor.marks([200, 200], [90, 90], [70, 200])).toEqual([true, true, false]);
  await expect(finish).toBeDisabled();
  // The last corner is taken back, what is left is finished by the button.
  for (const [x, y] of [[0.9, 0.9], [0.97, 0.9], [0.97, 0.97], [0.1, 0.1]] as const) await editor.click(x, y);
  await page.keyboard.press("Backspace");
  await finish.click();
  expect(await editor.marks([385, 365], [60, 60])).toEqual([true, false]);
});

test("a polygon is given up by Escape, and by another tool", async ({ editor, page }) => {
  for (const giveUp of [() => page.keyboard.press("Escape"), () => editor.tool("Brush")]) {
    await editor.tool("Polygon");
    for (const [x, y] of [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8]] as const) await editor.click(x, y);
    await giveUp();
    await expect(page.locator("reweave-editor #overlay .draft")).toHaveCount(0);
    expect(await editor.count()).toBe(0);
    await expect(editor.button("Undo")).toBeDisabled();
  }
});

test("the wand picks like colours that touch, as far as the tolerance goes", async ({ editor, page }) => {
  await editor.tool("Wand");
  await editor.click(0.25, 0.25);
  await expect(editor.status).toContainText("25.0 %");
  expect(await editor.bounds()).toEqual({ x: 0, y: 0, width: 200, height: 200 });
  await page.getByRole("slider", { name: "Tolerance", exact: true }).fill("130");
  await editor.click(0.25, 0.75);
  await expect.poll(() => editor.bounds()).toEqual({ x: 0, y: 0, width: 200, height: 400 });
  await page.getByRole("slider", { name: "Tolerance", exact: true }).fill("10");
  await page.keyboard.down("Alt");
  await editor.click(0.25, 0.25);
  await page.keyboard.up("Alt");
  await expect.poll(() => editor.bounds()).toEqual({ x: 0, y: 200, width: 200, height: 200 });
});

test("a double click ends a polygon where it is, Alt at its first corner takes it away", async ({ editor, page }) => {
  await editor.tool("Rectangle");
  await editor.drag([[0.1, 0.1], [0.9, 0.9]]);
  await editor.tool("Polygon");
  const at = await editor.onScreen();
  await page.keyboard.down("Alt");
  await editor.click(0.3, 0.3);
  await page.keyboard.up("Alt");
  await editor.click(0.7, 0.3);
  const last = at(0.7, 0.7);
  await page.mouse.dblclick(last.x, last.y);
  expect(await editor.marks([260, 140], [140, 260], [50, 50])).toEqual([false, true, true]);
  await expect(page.locator("reweave-editor #overlay .draft")).toHaveCount(0);
});

test("Alt takes a rectangle away; what is left is sent as no rectangles", async ({ editor, page }) => {
  await editor.tool("Rectangle");
  await editor.drag([[0.1, 0.1], [0.9, 0.9]]);
  await page.keyboard.down("Alt");
  await editor.drag([[0.95, 0.4], [0.5, 0.6]]);
  await page.keyboard.up("Alt");
  expect(await editor.marks([300, 200], [100, 200], [300, 100])).toEqual([false, true, true]);
  const sent = await page.locator("reweave-editor").evaluate((element: ReweaveEditor) => element.rectangles());
  expect(sent).toBeNull();
});

test("with Shift a lasso goes straight", async ({ editor, page }) => {
  await editor.tool("Lasso");
  const at = await editor.onScreen();
  const to = async (x: number, y: number) => page.mouse.move(at(x, y).x, at(x, y).y, { steps: 4 });
  await to(0.2, 0.2);
  await page.mouse.down();
  await to(0.8, 0.2);
  await page.keyboard.down("Shift");
  // A detour, which counts for nothing: the side goes from where Shift was pressed to where it was let go.
  await to(0.2, 0.9);
  await to(0.8, 0.8);
  await page.keyboard.up("Shift");
  await to(0.2, 0.8);
  await page.mouse.up();
  expect(await editor.marks([310, 200], [200, 200], [100, 200])).toEqual([true, true, true]);
  expect((await editor.bounds())?.height).toBeLessThan(246);
});

test("with Shift strokes are straight lines, and a click goes on from the last one", async ({ editor, page }) => {
  await page.getByRole("slider", { name: "Brush size", exact: true }).fill("10");
  await page.keyboard.down("Shift");
  await editor.drag([[0.1, 0.5], [0.5, 0.9], [0.9, 0.5]]);
  await editor.click(0.9, 0.1);
  await page.keyboard.up("Shift");
  const found = await editor.marks([200, 200], [360, 100], [200, 320], [120, 280]);
  expect(found, "one line along, one up, nothing where the pointer went astray").toEqual([true, true, false, false]);
});

test("with Shift rectangles are square and sides of a polygon lie on 45°", async ({ editor, page }) => {
  await editor.tool("Rectangle");
  await page.keyboard.down("Shift");
  await editor.drag([[0.1, 0.1], [0.6, 0.3]]);
  const square = await editor.bounds();
  expect(Math.abs((square?.width ?? 0) - 200)).toBeLessThanOrEqual(2);
  expect(square?.height).toBe(square?.width);
  await editor.button("Clear").click();
  await editor.tool("Polygon");
  for (const [x, y] of [[0.1, 0.5], [0.9, 0.53], [0.88, 0.9]] as const) await editor.click(x, y);
  await page.keyboard.up("Shift");
  await editor.button("Finish polygon").click();
  const triangle = await editor.bounds();
  expect(Math.abs((triangle?.y ?? 0) - 200), "its first side is level").toBeLessThanOrEqual(1);
});

test("the eraser and Alt take away, Alt with the eraser adds", async ({ editor, page }) => {
  await editor.tool("Rectangle");
  await editor.drag([[0.1, 0.1], [0.9, 0.9]]);
  await editor.tool("Eraser");
  await editor.drag([[0.2, 0.3], [0.8, 0.3]]);
  expect(await editor.marks([200, 120], [200, 200])).toEqual([false, true]);
  await page.keyboard.down("Alt");
  await editor.drag([[0.2, 0.3], [0.8, 0.3]]);
  expect(await editor.marks([200, 120])).toEqual([true]);
  await editor.tool("Brush");
  await editor.drag([[0.2, 0.7], [0.8, 0.7]]);
  await page.keyboard.up("Alt");
  expect(await editor.marks([200, 280])).toEqual([false]);
});

test("invert, grow and shrink by pixels", async ({ editor, page }) => {
  await editor.tool("Rectangle");
  await editor.drag([[0.25, 0.25], [0.75, 0.75]]);
  const before = (await editor.bounds()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.getByLabel("Grow or shrink by", { exact: true }).fill("7");
  await editor.button("Grow").click();
  const { x, y, width, height } = before;
  expect(await editor.bounds()).toEqual({ x: x - 7, y: y - 7, width: width + 14, height: height + 14 });
  await editor.button("Shrink").click();
  await editor.button("Shrink").click();
  expect(await editor.bounds()).toEqual({ x: x + 7, y: y + 7, width: width - 14, height: height - 14 });
  const marked = await editor.count();
  await editor.button("Invert").click();
  expect(await editor.count()).toBe(160_000 - marked);
  for (let i = 0; i < 4; i++) await editor.button("Undo").click();
  expect(await editor.bounds()).toEqual(before);
  await page.getByLabel("Grow or shrink by", { exact: true }).fill("900");
  await editor.button("Grow").click();
  await expect(editor.alert).toContainText("out-of-range");
  await expect(editor.alert).toContainText("900");
  expect(await editor.bounds()).toEqual(before);
});

test("a pen's pressure makes the stroke wider, where that is wanted", async ({ editor, page }) => {
  await page.getByRole("slider", { name: "Brush size", exact: true }).fill("100");
  const height = async (pressure: number) => {
    const at = await editor.onScreen();
    const points = [at(0.3, 0.5), at(0.4, 0.5), at(0.7, 0.5)];
    await editor.surface.evaluate((surface, { points, pressure }) => {
      surface.setPointerCapture = () => undefined;
      const types = ["pointerdown", ...points.map(() => "pointermove"), "pointerup"];
      types.forEach((type, i) => {
        const { x: clientX, y: clientY } = points[Math.min(Math.max(i - 1, 0), points.length - 1)] ?? { x: 0, y: 0 };
        const init = { pointerType: "pen", pointerId: 7, isPrimary: true, button: 0, bubbles: true, composed: true };
        surface.dispatchEvent(new PointerEvent(type, { ...init, clientX, clientY, pressure }));
      });
    }, { points, pressure });
    const found = (await editor.bounds())?.height ?? 0;
    await editor.button("Clear").click();
    return found;
  };
  expect(await height(0.1)).toBe(await height(1));
  await editor.button("Settings").click();
  await page.getByLabel("Pen pressure changes the size", { exact: true }).check();
  await editor.button("Close").click();
  expect(await height(0.1)).toBeLessThan(40);
  expect(await height(0.5)).toBeLessThan(80);
  expect(await height(1)).toBeGreaterThan(95);
});
