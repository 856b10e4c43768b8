// Rectangles stay rectangles: chosen, moved, resized, typed, removed, and sent as such.

import type { ReweaveEditor } from "../element/reweave-editor.ts";
import { expect, png, test, type Editor } from "./fixtures.ts";

const PICTURE = { name: "grey.png", mimeType: "image/png", buffer: png(400, 400, (x, y) => [x & 255, y & 255, 90]) };

test.beforeEach(async ({ editor }) => {
  await editor.openPhotograph(PICTURE);
  await editor.tool("Rectangle");
  await editor.drag([[0.25, 0.25], [0.75, 0.5]]);
  await set(editor, { X: 100, Y: 100, Width: 200, Height: 100 });
});

test("one is moved by its middle and its sides, and resized by its grips", async ({ editor }) => {
  await editor.drag([[0.5, 0.375], [0.6, 0.475]]);
  await near(editor, { x: 140, y: 140, width: 200, height: 100 });
  await set(editor, { X: 100, Y: 100, Width: 200, Height: 100 });
  // By a side, away from its grips: moved.
  await editor.drag([[0.35, 0.25], [0.4, 0.3]]);
  await near(editor, { x: 120, y: 120, width: 200, height: 100 });
  await set(editor, { X: 100, Y: 100, Width: 200, Height: 100 });
  await editor.drag([[0.75, 0.5], [0.9, 0.8]]);
  await near(editor, { x: 100, y: 100, width: 260, height: 220 });
  await editor.drag([[0.25, 0.525], [0.1, 0.9]]);
  await near(editor, { x: 40, y: 100, width: 320, height: 220 });
  for (let i = 0; i < 2; i++) await editor.button("Undo").click();
  await near(editor, { x: 100, y: 100, width: 200, height: 100 });
  expect(await sent(editor)).toHaveLength(1);
});

test("a press inside begins another one, a click chooses", async ({ editor, page }) => {
  await editor.drag([[0.3, 0.3], [0.4, 0.35]]);
  expect(await sent(editor)).toHaveLength(2);
  await editor.click(0.7, 0.45);
  await expect(page.getByLabel("Width", { exact: true })).toHaveValue("200");
  await editor.click(0.9, 0.9);
  await expect(page.getByLabel("Width", { exact: true })).toBeDisabled();
});

test("Delete and the button remove the chosen one", async ({ editor, page }) => {
  await page.keyboard.press("Delete");
  // The field that was typed into has the focus: its key is its own.
  expect(await sent(editor)).toHaveLength(1);
  await editor.click(0.5, 0.45);
  await page.keyboard.press("Delete");
  expect(await sent(editor)).toBeNull();
  await editor.button("Undo").click();
  await editor.click(0.5, 0.45);
  await editor.button("Delete rectangle").click();
  expect(await editor.count()).toBe(0);
});

test.describe("a number that cannot be", () => {
  for (const [field, value, code, says] of [
    ["X", "350", "rectangle-outside", "550"],
    ["X", "-3", "rectangle-too-small", "-3"],
    ["Width", "0", "rectangle-too-small", "0"],
    ["Height", "7.5", "rectangle-not-integer", "7.5"],
    ["Y", "", "rectangle-not-integer", "y"],
  ] as const) {
    test(`${field} = "${value}": ${code}`, async ({ editor, page }) => {
      await page.getByLabel(field, { exact: true }).fill(value);
      await page.keyboard.press("Enter");
      await expect(editor.alert).toContainText(code);
      await expect(editor.alert).toContainText(says);
      expect(await sent(editor)).toEqual([{ x: 100, y: 100, width: 200, height: 100 }]);
      await expect(page.getByLabel("Width", { exact: true })).toHaveValue("200");
    });
  }
});

test("what is drawn after it stays drawn when it moves", async ({ editor }) => {
  await editor.tool("Eraser");
  await editor.drag([[0.3, 0.375], [0.7, 0.375]]);
  expect(await editor.marks([200, 150], [200, 110])).toEqual([false, true]);
  await editor.tool("Rectangle");
  await editor.click(0.5, 0.3);
  await set(editor, { Y: 120 });
  expect(await editor.marks([200, 150], [200, 110], [200, 210])).toEqual([false, false, true]);
  expect(await sent(editor)).toBeNull();
});

async function set(editor: Editor, values: Record<string, number>): Promise<void> {
  for (const [label, value] of Object.entries(values)) {
    const field = editor.page.getByLabel(label, { exact: true });
    await field.fill(String(value));
    await field.press("Enter");
    await expect(field).toHaveValue(String(value));
  }
}

async function sent(editor: Editor) {
  return editor.page.locator("reweave-editor").evaluate((element: ReweaveEditor) => element.rectangles());
}

/** Within the pixel that a screen's point may be off. */
async function near(editor: Editor, expected: Record<string, number>): Promise<void> {
  const found = (await editor.bounds()) as Record<string, number> | null;
  for (const [side, value] of Object.entries(expected)) {
    expect(Math.abs((found?.[side] ?? NaN) - value), `${side} of ${JSON.stringify(found)}`).toBeLessThanOrEqual(2);
  }
}
