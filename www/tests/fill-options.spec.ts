// What can be chosen of a repair in the browser: the rim that marks left, growing, quality, another variant.

import type { Page } from "@playwright/test";
import { PNG } from "pngjs";

import type { ReweaveEditor } from "../element/reweave-editor.ts";
import { differences, expect, png, test } from "./fixtures.ts";

const [WIDTH, HEIGHT] = [320, 240];
const grain = (x: number, y: number) => ((x * 37) ^ (y * 101)) % 23;
const wall = (x: number, y: number): [number, number, number] => [90 + grain(x, y), 110 + grain(y, x), 80 + (x % 16)];
/** The stamp; what is marked is two pixels smaller on all sides. */
const STAMP = { x: 100, y: 80, width: 90, height: 70 };
const inStamp = (x: number, y: number, by = 0) =>
  x >= STAMP.x - by && x < STAMP.x + STAMP.width + by && y >= STAMP.y - by && y < STAMP.y + STAMP.height + by;
const stamped = png(WIDTH, HEIGHT, (x, y) => (inStamp(x, y) ? [250, 20, 230] : wall(x, y)));
const file = { name: "stamped.png", mimeType: "image/png", buffer: stamped };

async function mark(page: Page, inset: number): Promise<void> {
  const { x, y, width, height } = STAMP;
  const rectangle = { x: x + inset, y: y + inset, width: width - 2 * inset, height: height - 2 * inset };
  await page.locator("reweave-editor").evaluate((editor: ReweaveEditor, rectangle) => {
    editor.mark((selection) => selection.addRectangle(rectangle, false));
  }, rectangle);
}

const options = (page: Page, name = "Fill options") => page.locator("summary").filter({ hasText: name });

test("a rim that the marks left is taken in and told, and it can be left", async ({ editor, page }) => {
  await editor.openPhotograph(file);
  await mark(page, 2);
  await editor.repaired("Version 1");
  await expect(editor.status).toContainText("also took in 624 px around them (see Fill options)");
  await expect(editor.status).toContainText(" 0 outside it");
  const whole = await editor.download();
  expect(differences(stamped, whole.bytes, inStamp)).toEqual({ inside: 90 * 70, outside: 0 });

  await options(page).click();
  await page.getByLabel("Take in a rim that the marks left").uncheck();
  await editor.repaired("Version 2");
  await expect(editor.status).not.toContainText("also took in");
  const marked = (x: number, y: number) => inStamp(x, y, -2);
  expect(differences(stamped, (await editor.download()).bytes, marked).outside).toBe(0);
});

test("another variant repairs the same marks on the same base", async ({ editor, page }) => {
  await editor.openPhotograph(file);
  await mark(page, 0);
  await expect(editor.button("Another variant")).toHaveCount(0);
  await editor.repaired("Version 1");
  const first = (await editor.download()).bytes;
  await editor.button("Another variant").click();
  await expect(editor.version("Version 2")).toBeChecked();
  const second = (await editor.download()).bytes;
  expect(differences(first, second, inStamp).outside).toBe(0);
  expect(differences(first, second, inStamp).inside).toBeGreaterThan(1000);
  expect(differences(stamped, second, inStamp).outside).toBe(0);
  await options(page).click();
  await expect(page.getByLabel("Variant", { exact: true })).toHaveValue("1");
  // The same number is the same repair.
  await page.getByLabel("Variant", { exact: true }).fill("0");
  await editor.repaired("Version 3");
  expect(differences(first, (await editor.download()).bytes, inStamp)).toEqual({ inside: 0, outside: 0 });
  // Gone on from a version, its marks are no longer there to be varied.
  await editor.button("Continue from here").click();
  await expect(editor.button("Another variant")).toBeDisabled();
});

test("the options are reached and set by the keyboard alone", async ({ editor, page }) => {
  await editor.openPhotograph(file);
  await mark(page, 0);
  await options(page).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Quality", { exact: true })).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(page.getByLabel("Quality", { exact: true })).toHaveValue("fast");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await expect(page.getByLabel("Grow marks by (px)", { exact: true })).toHaveValue("2");
  await expect(page.getByLabel("Take in a rim that the marks left")).not.toBeChecked();
  await editor.repaired("Version 1");
  await expect(editor.status).toContainText(" 0 outside it");
  const found = differences(stamped, (await editor.download()).bytes, inStamp);
  expect(found.inside).toBe(90 * 70);
  expect(found.outside).toBeGreaterThan(300);
});

test("what is out of range is told by its name, and nothing is lost", async ({ editor, page }) => {
  await editor.openPhotograph(file);
  await mark(page, 0);
  await options(page).click();
  await page.getByLabel("Grow marks by (px)", { exact: true }).fill("101");
  await editor.button("Repair").click();
  await expect(editor.alert).toContainText("Expand is 101, must be from 0 to 100");
  expect(await editor.count()).toBe(90 * 70);
});

test("a host sets options by attribute and property, a search area among them", async ({ editor, page }) => {
  await editor.openPhotograph(file);
  await mark(page, 2);
  const element = page.locator("reweave-editor");
  await element.evaluate((editor: ReweaveEditor) => editor.setAttribute("fill-options", '{"halo": false, "quality": "best"}'));
  await options(page).click();
  await expect(page.getByLabel("Quality", { exact: true })).toHaveValue("best");
  await expect(page.getByLabel("Take in a rim that the marks left")).not.toBeChecked();
  const added = element.evaluate((editor: ReweaveEditor) => new Promise((told) => {
    editor.addEventListener("reweave-result", ({ detail }) => told(detail.added), { once: true });
  }));
  await editor.repaired("Version 1");
  expect(await added).toEqual({ expand: 0, halo: 0 });
  // Nowhere to take a patch from.
  await element.evaluate((editor: ReweaveEditor) => {
    const mask = editor.mask();
    editor.fillOptions = { searchArea: { only: mask?.toBytes() ?? new Uint8Array() } };
    mask?.free();
  });
  await editor.button("Repair").click();
  await expect(editor.alert).toContainText("search-area");
});

test("material comes from the area that was marked for it, until it may come from anywhere again", async ({ editor, page }) => {
  // Vertical stripes on the left, horizontal ones on the right.
  const stripe = (at: number) => (at % 8 < 4 ? 70 : 180);
  const halves = png(WIDTH, HEIGHT, (x, y) => {
    const value = stripe(x < 200 ? x : y) + (grain(x, y) >> 1);
    return [value, value, value];
  });
  await editor.openPhotograph({ name: "halves.png", mimeType: "image/png", buffer: halves });
  const element = page.locator("reweave-editor");
  const markOnly = (rectangle: { x: number; y: number; width: number; height: number }) =>
    element.evaluate((editor: ReweaveEditor, rectangle) => {
      editor.clear();
      editor.mark((selection) => selection.addRectangle(rectangle, false));
    }, rectangle);
  /** The share of the hole's middle whose stripes are horizontal. */
  const horizontal = async () => {
    const { data } = PNG.sync.read((await editor.download()).bytes);
    const value = (x: number, y: number) => data.readUInt8(4 * (y * WIDTH + x));
    const places = Array.from({ length: 40 * 40 }, (_, i) => [120 + (i % 40), 90 + Math.floor(i / 40)] as const);
    const differs = (x: number, y: number, dx: number, dy: number) => Math.abs(value(x, y) - value(x + dx, y + dy));
    return places.filter(([x, y]) => differs(x, y, 0, 4) > differs(x, y, 4, 0)).length / places.length;
  };
  const hole = { x: 100, y: 70, width: 80, height: 80 };

  await options(page).click();
  await expect(editor.button("Only what is marked")).toBeDisabled();
  await markOnly({ x: 220, y: 20, width: 90, height: 200 });
  await editor.button("Only what is marked").click();
  await expect(page.locator("reweave-editor #area")).toBeVisible();
  expect(await editor.count()).toBe(0);
  await expect(page.locator("reweave-editor .fill")).toContainText("Only from the area (23.4 % of the picture)");
  await markOnly(hole);
  await editor.repaired("Version 1");
  expect(await horizontal()).toBeGreaterThan(0.7);

  await editor.button("Anywhere again").click();
  await expect(page.locator("reweave-editor #area")).toBeHidden();
  await editor.button("Repair").click();
  await expect(editor.version("Version 2")).toBeChecked();
  expect(await horizontal()).toBeLessThan(0.3);

  // All but the left half is the right half.
  await editor.version("Original").check();
  await markOnly({ x: 0, y: 0, width: 200, height: 240 });
  await editor.button("All but what is marked").click();
  await markOnly(hole);
  await editor.button("Repair").click();
  await expect(editor.version("Version 3")).toBeChecked();
  expect(await horizontal()).toBeGreaterThan(0.7);

  // It was of that picture.
  await editor.openPhotograph(file);
  await expect(editor.button("Only what is marked")).toBeVisible();
  expect(await element.evaluate((editor: ReweaveEditor) => editor.fillOptions.searchArea)).toBeUndefined();
});

for (const [lang, name] of [["en", "Fill options"], ["zh", "填充选项"]] as const) {
  for (const [width, height] of [[1280, 800], [390, 844]] as const) {
    test(`the options fit: ${lang}, ${width} × ${height}`, async ({ editor, page }) => {
      await page.setViewportSize({ width, height });
      await editor.openPhotograph(file);
      await mark(page, 2);
      await page.locator("reweave-editor .repair .primary").click();
      await expect(page.locator("reweave-editor .version")).toHaveCount(2);
      await page.locator("reweave-editor").evaluate((editor: ReweaveEditor, lang) => (editor.lang = lang), lang);
      await options(page, name).click();
      // The panel ends with the window; what is too wide makes its box grow, and is cut off.
      const outside = await page.locator("reweave-editor details.fill").evaluate((panel) =>
        [panel, ...panel.querySelectorAll("*")].filter((part) => part.getBoundingClientRect().right > innerWidth)
          .map((part) => part.outerHTML.slice(0, 120)));
      expect(outside).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    });
  }
}
