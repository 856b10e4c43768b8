// A mark that is being made when something else comes: another hand, another key, another place.

import type { Page } from "@playwright/test";

import { expect, test, type Editor } from "./fixtures.ts";

test.beforeEach(async ({ editor }) => editor.openPhotograph());

test("a mouse that begins while the keyboard draws ends that stroke where it is", async ({ editor, page }) => {
  await begun(editor);
  await editor.drag([[0.2, 0.2], [0.3, 0.2]]);
  expect(await editor.marks([270, 256], [128, 102])).toEqual([true, true]);
  await expect(editor.alert).toBeEmpty();
  await page.keyboard.press("Control+z");
  expect(await editor.marks([270, 256], [128, 102]), "each is a step").toEqual([true, false]);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect(editor.alert).toBeEmpty();
});

test("Enter and arrows leave a stroke of the mouse alone", async ({ editor, page }) => {
  const at = await editor.onScreen();
  const [from, to] = [at(0.2, 0.2), at(0.3, 0.2)];
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  for (const key of ["Enter", "ArrowDown", "Enter", "ArrowRight"]) await page.keyboard.press(key);
  await page.mouse.move(to.x, to.y);
  await page.mouse.up();
  const { width, height } = (await editor.bounds()) ?? { width: 0, height: 0 };
  expect(width).toBeGreaterThan(50);
  expect(height, "nothing led to where the keyboard's cursor would be").toBeLessThan(40);
  expect(await editor.marks([150, 102])).toEqual([true]);
});

test("Ctrl+Z gives up the stroke that is being drawn, and no other", async ({ editor, page }) => {
  await editor.drag([[0.2, 0.2], [0.3, 0.2]]);
  const before = await editor.count();
  await begun(editor);
  await page.keyboard.press("Control+z");
  expect(await editor.count()).toBe(before);
  await page.keyboard.press("ArrowDown");
  expect(await editor.count()).toBe(before);
  await page.keyboard.press("Control+z");
  expect(await editor.count()).toBe(0);
});

for (const way of ["Ctrl+Z", "the button"] as const) {
  test(`${way} takes a polygon's corner back, before any mark`, async ({ editor, page }) => {
    await editor.tool("Rectangle");
    await editor.drag([[0.8, 0.8], [0.9, 0.9]]);
    const before = await editor.count();
    await editor.tool("Polygon");
    for (const [x, y] of [[0.2, 0.2], [0.6, 0.2], [0.6, 0.6], [0.1, 0.9]] as const) await editor.click(x, y);
    const undo = () => (way === "Ctrl+Z" ? page.keyboard.press("Control+z") : editor.button("Undo").click());
    await undo();
    expect(await editor.count()).toBe(before);
    await editor.click(0.6, 0.6);
    expect(await editor.marks([290, 200], [100, 400])).toEqual([true, false]);
    await undo();
    await undo();
    expect(await editor.count()).toBe(0);
  });
}

test("Invert waits for the stroke's end", async ({ editor, page }) => {
  await begun(editor);
  await page.keyboard.press("i");
  await expect(editor.alert).toBeEmpty();
  await page.keyboard.press("Enter");
  expect(await editor.marks([270, 256], [20, 20])).toEqual([true, false]);
});

test("whoever leaves the picture ends the stroke, and finds the cursor again where it was", async ({ editor, page }) => {
  await begun(editor);
  await page.keyboard.press("Shift+Tab");
  const drawn = await editor.count();
  expect(drawn).toBeGreaterThan(0);
  await expect(editor.button("Undo")).toBeEnabled();
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  expect(await editor.count(), "it goes on no more").toBe(drawn);
  const [x, y] = await spokenCursor(page);
  expect(x).toBeGreaterThan(270);
  expect(y).toBeGreaterThan(256);
});

test("what is being drawn is repaired too", async ({ editor, page }) => {
  await begun(editor);
  await page.keyboard.press("Control+Enter");
  await expect(editor.status).toContainText(" 0 outside");
  await editor.tool("Polygon");
  for (const [x, y] of [[0.2, 0.2], [0.3, 0.2], [0.3, 0.3]] as const) await editor.click(x, y);
  await editor.button("Repair").click();
  await expect(editor.version("Version 2, from version 1")).toBeChecked();
});

test("a stroke of the mouse goes on over the panel, and ends there", async ({ editor, page }) => {
  const at = await editor.onScreen();
  const [from, back] = [at(0.5, 0.3), at(0.5, 0.6)];
  const panel = await editor.button("Repair").boundingBox();
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((panel?.x ?? 0) + 20, from.y, { steps: 5 });
  await page.mouse.move((panel?.x ?? 0) + 20, back.y, { steps: 5 });
  await page.mouse.move(back.x, back.y, { steps: 5 });
  await page.mouse.move((panel?.x ?? 0) + 20, back.y, { steps: 5 });
  await page.mouse.up();
  expect(await editor.marks([500, 154], [500, 307], [500, 230])).toEqual([true, true, false]);
  await page.mouse.move(from.x, back.y - 60);
  const drawn = await editor.count();
  await page.mouse.move(from.x - 100, back.y - 60, { steps: 4 });
  expect(await editor.count()).toBe(drawn);
});

test("a touch that the system takes away leaves nothing", async ({ editor, page }) => {
  const session = await page.context().newCDPSession(page);
  const at = await editor.onScreen();
  const touch = (type: "touchStart" | "touchMove" | "touchCancel", ...touchPoints: { x: number; y: number }[]) =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints });
  await touch("touchStart", at(0.2, 0.5));
  await touch("touchMove", at(0.5, 0.5));
  expect(await editor.count()).toBeGreaterThan(0);
  await touch("touchCancel");
  expect(await editor.count()).toBe(0);
  await expect(editor.button("Undo")).toBeDisabled();
  await editor.drag([[0.2, 0.2], [0.4, 0.2]]);
  expect(await editor.count(), "and the next one is heard").toBeGreaterThan(0);
});

/** Begins a stroke by keys, in the middle, and draws it to the right. */
async function begun({ page, surface }: Editor): Promise<void> {
  await surface.focus();
  await page.keyboard.press("Enter");
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
}

async function spokenCursor(page: Page): Promise<[number, number]> {
  const text = await page.locator("reweave-editor #announcer").textContent();
  const [x, y] = /(\d+), (\d+)/.exec(text ?? "")?.slice(1).map(Number) ?? [];
  return [x ?? NaN, y ?? NaN];
}
