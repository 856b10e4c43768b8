// Fingers and pens: one draws, two move and zoom, and a pen silences fingers.

import type { CDPSession } from "@playwright/test";

import type { ReweaveEditor } from "../element/reweave-editor.ts";
import { expect, test, type Editor } from "./fixtures.ts";

/** Where it is, as shares of the picture, and which it is; by default its place in the list. */
type Finger = readonly [x: number, y: number, id?: number];

test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

test.beforeEach(async ({ editor }) => editor.openPhotograph());

test("one finger draws, past the edge as well, and the page stays where it is", async ({ editor, page }) => {
  const touch = await touching(editor);
  await touch("touchStart", [[0.2, 0.5]]);
  for (const x of [0.4, 0.6, 0.8, 1.3]) await touch("touchMove", [[x, 0.5]]);
  await touch("touchEnd", []);
  const { x, width } = (await editor.bounds()) ?? { x: 0, width: 0 };
  expect(x).toBeGreaterThan(70);
  expect(x + width, "to the picture's edge").toBe(512);
  expect(await page.evaluate(() => [scrollX, scrollY, document.querySelector("reweave-editor")?.shadowRoot?.querySelector(".layout")?.scrollTop])).toEqual([0, 0, 0]);
  const action = await editor.surface.evaluate((surface) => getComputedStyle(surface).touchAction);
  expect(action).toBe("none");
});

test("two fingers move and zoom; what the first began is given up, and the last draws nothing", async ({ editor }) => {
  const touch = await touching(editor);
  const before = await zoomOf(editor);
  await touch("touchStart", [[0.4, 0.5]]);
  await touch("touchMove", [[0.45, 0.5]]);
  expect(await editor.count()).toBeGreaterThan(0);
  await touch("touchStart", [[0.45, 0.5], [0.6, 0.5]]);
  expect(await editor.count()).toBe(0);
  for (const spread of [0.05, 0.1, 0.15, 0.2]) await touch("touchMove", [[0.45 - spread, 0.5], [0.6 + spread, 0.5]]);
  await touch("touchEnd", [[0.25, 0.5, 0]]);
  for (const x of [0.7, 0.6, 0.5]) await touch("touchMove", [[x, 0.6, 1]]);
  await touch("touchEnd", []);
  expect(await editor.count()).toBe(0);
  await expect(editor.button("Undo")).toBeDisabled();
  await expect.poll(() => zoomOf(editor)).toBeGreaterThan(before * 2.5);
  await touch("touchStart", [[0.5, 0.5]]);
  await touch("touchMove", [[0.6, 0.5]]);
  await touch("touchEnd", []);
  expect(await editor.count(), "one finger draws again").toBeGreaterThan(0);
});

test("two fingers side by side move the picture", async ({ editor }) => {
  const touch = await touching(editor);
  await editor.button("Zoom in").click();
  await editor.button("Zoom in").click();
  const before = await viewOf(editor);
  await touch("touchStart", [[0.4, 0.5], [0.6, 0.5]]);
  for (const by of [0.05, 0.1]) await touch("touchMove", [[0.4 + by, 0.5 + by], [0.6 + by, 0.5 + by]]);
  await touch("touchEnd", []);
  const after = await viewOf(editor);
  expect(after.scale).toBeCloseTo(before.scale, 3);
  expect(after.offsetX - before.offsetX).toBeGreaterThan(20);
  expect(after.offsetY - before.offsetY).toBeGreaterThan(20);
});

test("while a pen is down fingers are not heard", async ({ editor }) => {
  await pointer(editor, "pointerdown", "pen", 1, 0.3, 0.3);
  await pointer(editor, "pointermove", "pen", 1, 0.5, 0.3);
  const drawn = await editor.count();
  await pointer(editor, "pointerdown", "touch", 2, 0.8, 0.8);
  await pointer(editor, "pointerdown", "touch", 3, 0.2, 0.8);
  await pointer(editor, "pointermove", "touch", 3, 0.1, 0.9);
  expect(await editor.count()).toBe(drawn);
  await pointer(editor, "pointermove", "pen", 1, 0.7, 0.3);
  await pointer(editor, "pointerup", "pen", 1, 0.7, 0.3);
  expect(await editor.count()).toBeGreaterThan(drawn);
  const all = await editor.bounds();
  expect((all?.y ?? 999) + (all?.height ?? 999), "nothing where the hand lay").toBeLessThan(200);
});

test("a pen that comes down ends what a finger began", async ({ editor }) => {
  await pointer(editor, "pointerdown", "touch", 2, 0.5, 0.8);
  await pointer(editor, "pointermove", "touch", 2, 0.6, 0.8);
  await pointer(editor, "pointerdown", "pen", 1, 0.3, 0.3);
  await pointer(editor, "pointerup", "pen", 1, 0.3, 0.3);
  const { y, height } = (await editor.bounds()) ?? { y: 999, height: 999 };
  expect(y + height).toBeLessThan(200);
});

test("two fingers move and zoom in one, from the fitted view on", async ({ editor }) => {
  const touch = await touching(editor);
  const at = await editor.onScreen();
  const to = at(0.6, 0.65);
  await touch("touchStart", [[0.45, 0.5], [0.55, 0.5]]);
  await touch("touchMove", [[0.4, 0.65], [0.8, 0.65]]);
  const view = await viewOf(editor);
  const box = await editor.page.locator("reweave-editor #frame").boundingBox();
  const shown = { x: (to.x - (box?.x ?? 0) - view.offsetX) / view.scale, y: (to.y - (box?.y ?? 0) - view.offsetY) / view.scale };
  expect(Math.abs(shown.x - 256), "what was between the fingers is").toBeLessThan(1.5);
  expect(Math.abs(shown.y - 256)).toBeLessThan(1.5);
  await touch("touchEnd", []);
});

test("of three fingers the last two go on without a jump", async ({ editor }) => {
  const touch = await touching(editor);
  await touch("touchStart", [[0.3, 0.5], [0.6, 0.5]]);
  await touch("touchMove", [[0.2, 0.5], [0.8, 0.5]]);
  await touch("touchStart", [[0.2, 0.5], [0.8, 0.5], [0.8, 0.9]]);
  const before = await viewOf(editor);
  await touch("touchEnd", [[0.2, 0.5, 0]]);
  await touch("touchMove", [[0.8, 0.501, 1], [0.8, 0.901, 2]]);
  const after = await viewOf(editor);
  expect(after.scale).toBeCloseTo(before.scale, 2);
  expect(Math.abs(after.offsetX - before.offsetX)).toBeLessThan(3);
  expect(Math.abs(after.offsetY - before.offsetY)).toBeLessThan(3);
  await touch("touchEnd", []);
  expect(await editor.count()).toBe(0);
});

test("taps set a polygon's corners; one near the first closes it, as near as a finger can", async ({ editor, page }) => {
  await editor.tool("Polygon");
  const at = await editor.onScreen();
  for (const [x, y] of [[0.3, 0.3], [0.7, 0.3], [0.7, 0.7]] as const) {
    const { x: left, y: top } = at(x, y);
    await page.touchscreen.tap(left, top);
  }
  const first = at(0.3, 0.3);
  await page.touchscreen.tap(first.x + 13, first.y - 12);
  expect(await editor.marks([300, 200], [200, 300])).toEqual([true, false]);
  await expect(editor.button("Finish polygon")).toBeDisabled();
});

test("a hand that moves under a pen does not hide the brush", async ({ editor, page }) => {
  const brush = page.locator("reweave-editor #overlay .brush");
  await pointer(editor, "pointerdown", "pen", 1, 0.3, 0.3);
  await pointer(editor, "pointermove", "pen", 1, 0.4, 0.3);
  await expect(brush).toHaveCount(1);
  await pointer(editor, "pointerdown", "touch", 2, 0.8, 0.8);
  await pointer(editor, "pointermove", "touch", 2, 0.7, 0.8);
  await expect(brush).toHaveCount(1);
  await pointer(editor, "pointerup", "pen", 1, 0.4, 0.3);
});

/** Real touches of the browser. An end names the fingers that are lifted; one of none lifts all. */
async function touching(editor: Editor): Promise<(type: string, fingers: readonly Finger[]) => Promise<void>> {
  const session: CDPSession = await editor.page.context().newCDPSession(editor.page);
  const at = await editor.onScreen();
  return async (type, fingers) => {
    const touchPoints = fingers.map(([x, y, id], i) => ({ ...at(x, y), id: id ?? i }));
    await session.send("Input.dispatchTouchEvent", { type: type as "touchStart", touchPoints });
    await editor.page.evaluate(() => new Promise(requestAnimationFrame));
  };
}

/** Chromium's protocol has no pen beside touches. */
async function pointer(editor: Editor, type: string, pointerType: string, pointerId: number, x: number, y: number) {
  const { x: clientX, y: clientY } = (await editor.onScreen())(x, y);
  await editor.surface.evaluate((surface, { type, init }) => {
    surface.setPointerCapture = () => undefined;
    surface.dispatchEvent(new PointerEvent(type, init));
  }, { type, init: { pointerType, pointerId, clientX, clientY, button: 0, isPrimary: pointerId < 3, bubbles: true, composed: true, pressure: 0.5 } });
}

async function viewOf(editor: Editor): Promise<{ scale: number; offsetX: number; offsetY: number }> {
  await editor.page.evaluate(() => new Promise(requestAnimationFrame));
  return editor.page.evaluate(() => ({ ...document.querySelector<ReweaveEditor>("reweave-editor")?.surface?.view })) as Promise<never>;
}

async function zoomOf(editor: Editor): Promise<number> {
  return (await viewOf(editor)).scale;
}
