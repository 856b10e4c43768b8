// Before and after: by the slider, for as long as something is held, and side by side. What is shown is
// told by the picture's own colours: a repair takes the green block away, the red one stays.

import type { ReweaveEditor } from "../element/reweave-editor.ts";
import { expect, png, test, type Editor, type Seen } from "./fixtures.ts";

const GREEN = [0, 200, 0] as const;
const RED = [230, 0, 0] as const;
const WIDTH = 480;
const HEIGHT = 360;

const within = (left: number, top: number, side: number) => (x: number, y: number) =>
  x >= left && x < left + side && y >= top && y < top + side;
const inGreen = within(200, 160, 40);
const inRed = within(300, 100, 20);

const CARD = png(WIDTH, HEIGHT, (x, y) => {
  if (inGreen(x, y)) return [...GREEN];
  return inRed(x, y) ? [...RED] : [110 + (x >> 3), 120 + (y >> 3), 130];
});

async function shows(editor: Editor, what: "before" | "after"): Promise<void> {
  await expect.poll(async () => (await editor.seen(GREEN)).count > 0).toBe(what === "before");
}

test.beforeEach(async ({ editor, page }) => {
  await editor.openPhotograph({ name: "card.png", mimeType: "image/png", buffer: CARD });
  await page.locator("reweave-editor").evaluate((element: ReweaveEditor) => {
    element.preferences = { ...element.preferences, overlayOpacity: 0, outline: false };
  });
  await editor.tool("Rectangle");
  await editor.drag([[190 / WIDTH, 150 / HEIGHT], [250 / WIDTH, 210 / HEIGHT]]);
  await editor.repaired("Version 1");
  await shows(editor, "after");
});

test("the slider is worked by the keyboard, from after to before", async ({ editor, page }) => {
  const slider = page.getByRole("slider", { name: "Compare", exact: true });
  await slider.focus();
  await page.keyboard.press("End");
  await expect(slider).toHaveValue("100");
  await shows(editor, "before");
  const whole = (await editor.seen(GREEN)).count;
  // To the left of the divider the picture before is seen; it stands in the middle of the block.
  await slider.fill("46");
  const half = await editor.seen(GREEN);
  expect(half.count / whole).toBeGreaterThan(0.4);
  expect(half.count / whole).toBeLessThan(0.6);
  await page.keyboard.press("Home");
  await expect(slider).toHaveValue("0");
  await shows(editor, "after");
  await page.keyboard.press("ArrowRight");
  await expect(slider).toHaveValue("1");
});

test("the divider on the picture can be dragged, and lies where it is let go", async ({ editor, page }) => {
  const slider = page.getByRole("slider", { name: "Compare", exact: true });
  await slider.fill("10");
  const divider = page.locator("#divider");
  const box = await divider.boundingBox();
  const red = await editor.seen(RED);
  if (!box) throw new Error("no divider");
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width / 2, y);
  await page.mouse.down();
  await page.mouse.move(red.left, y, { steps: 8 });
  await page.mouse.up();
  // The red block begins at 300 of 480.
  expect(Math.abs(Number(await slider.inputValue()) - (300 / WIDTH) * 100)).toBeLessThan(1.5);
  await shows(editor, "before");
  const after = await divider.boundingBox();
  expect(Math.abs((after?.x ?? 0) + 22 - red.left)).toBeLessThan(5);
  // It marks nothing.
  await expect(editor.version("Version 1")).toBeChecked();
  // Past the edge it stays on the picture.
  await page.mouse.move(red.left, y);
  await page.mouse.down();
  await page.mouse.move(2000, y, { steps: 4 });
  await page.mouse.up();
  await expect(slider).toHaveValue("100");
});

test("before is shown for as long as it is held: by pointer, by key, by X", async ({ editor, page }) => {
  const hold = editor.button("Hold to compare");
  // As after drawing: the picture loses the focus by the press.
  await editor.surface.focus();
  await hold.hover();
  await page.mouse.down();
  await shows(editor, "before");
  await page.mouse.up();
  await shows(editor, "after");
  await page.mouse.down();
  await shows(editor, "before");
  await page.mouse.move(10, 10);
  await shows(editor, "after");
  await page.mouse.up();
  for (const key of [" ", "Enter"]) {
    await hold.focus();
    await page.keyboard.down(key);
    await shows(editor, "before");
    await page.keyboard.up(key);
    await shows(editor, "after");
  }
  await editor.surface.focus();
  await page.keyboard.down("x");
  await shows(editor, "before");
  await page.keyboard.up("x");
  await shows(editor, "after");
  // Who goes elsewhere with the key held does not leave it held.
  await page.keyboard.down("x");
  await shows(editor, "before");
  await editor.button("Settings").focus();
  await shows(editor, "after");
  await page.keyboard.up("x");
  // Nor does who leaves the editor from one of its buttons.
  await editor.button("Settings").focus();
  await page.keyboard.down("x");
  await shows(editor, "before");
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await shows(editor, "after");
  await page.keyboard.up("x");
});

/** The red block in each of the panes, from the pane's own left. */
async function panes(editor: Editor): Promise<{ left: Seen; right: Seen; width: number }> {
  const box = await editor.page.locator("#stage").boundingBox();
  if (!box) throw new Error("no stage");
  const middle = box.x + box.width / 2;
  const left = await editor.seen(RED, (x) => x < middle);
  const right = await editor.seen(RED, (x) => x > middle);
  return { left, right, width: box.width / 2 };
}

async function expectSamePlace(editor: Editor): Promise<Seen> {
  const { left, right, width } = await panes(editor);
  expect(left.count).toBeGreaterThan(50);
  for (const side of ["left", "right"] as const) expect(Math.abs(right[side] - left[side] - width)).toBeLessThanOrEqual(1.5);
  for (const side of ["top", "bottom"] as const) expect(Math.abs(right[side] - left[side])).toBeLessThanOrEqual(1);
  return left;
}

test("side by side both panes show one place, zoomed and moved as well", async ({ editor, page }) => {
  const toggle = editor.button("Side by side");
  await toggle.click();
  await expect(toggle).toHaveAttribute("aria-pressed", "true");
  for (const name of ["Before", "After"]) await expect(page.locator(".pane-name").getByText(name)).toBeVisible();
  const fitted = await expectSamePlace(editor);
  const box = await page.locator("#stage").boundingBox();
  const middle = (box?.x ?? 0) + (box?.width ?? 0) / 2;
  expect((await editor.seen(GREEN, (x) => x > middle)).count).toBe(0);
  expect((await editor.seen(GREEN, (x) => x < middle)).count).toBeGreaterThan(100);
  await page.mouse.move(fitted.left, fitted.top);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -120);
  await page.keyboard.up("Control");
  const zoomed = await expectSamePlace(editor);
  expect(zoomed.right - zoomed.left).toBeGreaterThan((fitted.right - fitted.left) * 1.1);
  // Zoomed at the pointer, what was under it stays there.
  expect(Math.abs(zoomed.left - fitted.left)).toBeLessThan(3);
  await editor.surface.focus();
  await page.keyboard.down(" ");
  await page.mouse.down();
  await page.mouse.move(fitted.left - 30, fitted.top + 20, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up(" ");
  const moved = await expectSamePlace(editor);
  expect(moved.left).toBeLessThan(zoomed.left - 20);
  await toggle.click();
  await shows(editor, "after");
});

for (const pane of ["left", "right"] as const) {
  test(`what is drawn in the ${pane} pane is marked where it was drawn`, async ({ editor, page }) => {
    await editor.button("Side by side").click();
    const red = (await panes(editor))[pane];
    await page.mouse.move(red.left + 1, red.top + 1);
    await page.mouse.down();
    await page.mouse.move(red.right - 1, red.bottom - 1, { steps: 5 });
    await page.mouse.up();
    const drawn = await page.locator("reweave-editor").evaluate((element: ReweaveEditor) => element.rectangles());
    expect(drawn).toHaveLength(1);
    const [{ x, y, width, height } = { x: 0, y: 0, width: 0, height: 0 }] = drawn ?? [];
    for (const [value, expected] of [[x, 300], [y, 100], [x + width, 320], [y + height, 120]] as const) {
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(2);
    }
    await expect(editor.version("Version 1")).toBeChecked();
  });
}
