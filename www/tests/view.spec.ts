// Zoom and pan: marks lie where they were drawn, whatever lies between screen and picture. Where a
// point of the screen is on the picture is read from the colour that is shown there, not from the
// element's own reckoning: each block of 4 × 4 pixels has a colour of its own.

import type { Page } from "@playwright/test";
import { PNG } from "pngjs";

import { expect, png, test, type Editor } from "./fixtures.ts";

const SIDE = 400;
const BLOCK = 4;
const MAP = {
  name: "map.png",
  mimeType: "image/png",
  buffer: png(SIDE, SIDE, (x, y) => [Math.floor(x / BLOCK) * 2, Math.floor(y / BLOCK) * 2, 128]),
};

interface Point {
  readonly x: number;
  readonly y: number;
}

test.describe("on the page", () => {
  test.beforeEach(async ({ editor }) => editor.openPhotograph(MAP));

  test("zoom at the pointer keeps what is under it", async ({ editor, page }) => {
    const at = (await editor.onScreen())(0.3, 0.7);
    const before = await shownAt(page, at);
    await zoom(page, at, 5);
    expect(apart(await shownAt(page, at), before)).toBeLessThan(BLOCK + 1);
    await drawnWhereShown(editor, at);
    await zoom(page, at, -3);
    await drawnWhereShown(editor, { x: at.x + 40, y: at.y - 30 });
  });

  test("the wheel moves a zoomed picture; so do Space, the Pan tool and the middle button", async ({ editor, page }) => {
    const at = (await editor.onScreen())(0.5, 0.5);
    await zoom(page, at, 6);
    const ways = [
      () => page.mouse.wheel(30, 20),
      () => dragBy(page, at, () => page.keyboard.down(" "), () => page.keyboard.up(" ")),
      () => dragBy(page, at, () => editor.tool("Pan"), () => editor.tool("Brush")),
      () => dragBy(page, at, null, null, "middle"),
    ];
    for (const way of ways) {
      await editor.surface.focus();
      await page.mouse.move(at.x, at.y);
      const before = await shownAt(page, at);
      await way();
      await painted(page);
      expect(apart(await shownAt(page, at), before)).toBeGreaterThan(3);
      expect(await editor.count(), "nothing was drawn").toBe(0);
    }
    await drawnWhereShown(editor, at);
  });

  test("keys and buttons zoom from fit to 3200 %", async ({ editor, page }) => {
    const value = () => page.locator("reweave-editor .zoom .value").textContent();
    const ofTheSmaller = await value();
    await editor.openPhotograph({ ...MAP, buffer: png(1600, 1200, (x, y) => [(x >> 3) & 254, (y >> 3) & 254, 128]) });
    // The zoom follows the new picture a frame later.
    await expect.poll(value).not.toBe(ofTheSmaller);
    const fitted = await value();
    await editor.surface.focus();
    await page.keyboard.press("1");
    await expect.poll(value).toBe("100 %");
    for (let i = 0; i < 30; i++) await page.keyboard.press("+");
    await expect.poll(value).toBe("3,200 %");
    await page.keyboard.press("0");
    await expect.poll(value).toBe(fitted);
    await editor.button("Zoom out").click();
    await expect.poll(value).toBe(fitted);
    await editor.button("Zoom in").click();
    await expect.poll(value).not.toBe(fitted);
    await editor.button("Fit").click();
    await expect.poll(value).toBe(fitted);
  });

  test("pixels are crisp from 300 %", async ({ editor, page }) => {
    const at = await middle(editor);
    await editor.surface.focus();
    await page.keyboard.press("1");
    for (let i = 0; i < 6; i++) await page.keyboard.press("+");
    await painted(page);
    const image = PNG.sync.read(await page.screenshot());
    const row = Array.from({ length: 120 }, (_, i) => pixel(image, { x: at.x - 60 + i, y: at.y - 90 })[0]);
    // Every red is that of a block; smoothed, there would be ones between.
    expect(row.every((red) => red % 2 === 0)).toBe(true);
    expect(new Set(row).size).toBeGreaterThan(5);
  });

  test("the brush that is shown is as large as what it marks", async ({ editor, page }) => {
    await page.getByRole("slider", { name: "Brush size", exact: true }).fill("60");
    const at = await middle(editor);
    await zoom(page, at, 2);
    await page.mouse.move(at.x, at.y);
    const shown = await page.locator("reweave-editor #overlay .brush .over").boundingBox();
    await page.mouse.down();
    await page.mouse.up();
    await painted(page);
    const scale = await page.locator("reweave-editor .zoom .value").textContent();
    const marked = ((await editor.bounds())?.width ?? 0) * (Number.parseFloat(scale ?? "") / 100);
    expect(Math.abs((shown?.width ?? 0) - marked)).toBeLessThan(6);
  });
});

for (const deviceScaleFactor of [1, 1.5, 2, 3]) {
  test.describe(`${deviceScaleFactor} device pixels a CSS pixel`, () => {
    test.use({ deviceScaleFactor });

    test("marks lie where they were drawn", async ({ editor, page }) => {
      await editor.openPhotograph(MAP);
      const at = (await editor.onScreen())(0.6, 0.4);
      await drawnWhereShown(editor, at);
      await zoom(page, at, 4);
      await drawnWhereShown(editor, { x: at.x - 50, y: at.y + 40 });
    });
  });
}

test.describe("in a host that", () => {
  for (const [does, style] of [
    ["is scrolled", "margin-top: 500px"],
    ["is scaled", "transform: scale(0.7); transform-origin: 0 0"],
    ["is turned", "transform: rotate(8deg)"],
    ["is skewed and turned over", "transform: skewX(12deg) scaleX(-0.9)"],
    ["is zoomed", "zoom: 1.3"],
  ] as const) {
    test(`${does}: marks lie where they were drawn`, async ({ editor, page, server }) => {
      await hosted(page, server.url, style);
      await editor.openPhotograph(MAP);
      if (does === "is scrolled") await page.evaluate(() => scrollTo(0, 420));
      const at = await anywhereOn(page);
      await drawnWhereShown(editor, at);
      await zoom(page, at, 4);
      await drawnWhereShown(editor, { x: at.x + 25, y: at.y + 15 });
    });
  }

  test("scrolls: a wheel over the fitted picture scrolls it, over a zoomed one not", async ({ editor, page, server }) => {
    await hosted(page, server.url, "margin-bottom: 2000px");
    await editor.openPhotograph(MAP);
    const at = await middle(editor);
    await page.mouse.move(at.x, at.y);
    await page.mouse.wheel(0, 100);
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(100);
    await zoom(page, at, 5);
    await page.mouse.wheel(0, 100);
    await painted(page);
    expect(await page.evaluate(() => scrollY)).toBe(100);
    for (let i = 0; i < 12; i++) await page.mouse.wheel(0, 400);
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => scrollY), "nor where the picture can be moved no further").toBe(100);
  });
});

/** Draws a small mark and looks that it lies on what was shown there. */
async function drawnWhereShown(editor: Editor, at: Point, brush = 5): Promise<void> {
  const { page } = editor;
  await page.mouse.move(at.x + 200, at.y);
  await painted(page);
  const shown = await shownAt(page, at);
  await page.getByRole("slider", { name: "Brush size", exact: true }).fill(String(brush));
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  await page.mouse.up();
  const { x, y, width, height } = (await editor.bounds()) ?? { x: 0, y: 0, width: 0, height: 0 };
  expect(width).toBeLessThan(brush + 3);
  expect(apart({ x: x + width / 2, y: y + height / 2 }, shown)).toBeLessThan(BLOCK);
  await editor.button("Clear").click();
}

/** The middle of the block whose colour is shown at a point. */
async function shownAt(page: Page, at: Point): Promise<Point> {
  await painted(page);
  const { deviceScaleFactor } = await page.evaluate(() => ({ deviceScaleFactor: devicePixelRatio }));
  const [red, green] = pixel(PNG.sync.read(await page.screenshot()), { x: at.x * deviceScaleFactor, y: at.y * deviceScaleFactor });
  return { x: (red / 2 + 0.5) * BLOCK, y: (green / 2 + 0.5) * BLOCK };
}

/** A point of the screen where the picture is shown, for which its blue speaks. */
async function anywhereOn(page: Page): Promise<Point> {
  await painted(page);
  const image = PNG.sync.read(await page.screenshot());
  const found: Point[] = [];
  for (let y = 0; y < image.height; y += 10) {
    for (let x = 0; x < image.width; x += 10) if (isPicture(image, { x, y })) found.push({ x, y });
  }
  const middle = found[Math.floor(found.length / 2)];
  if (!middle) throw new Error("no picture is shown");
  return middle;
}

function isPicture(image: PNG, { x, y }: Point): boolean {
  const round = [{ x, y }, { x: x + 30, y }, { x, y: y + 30 }, { x: x + 30, y: y + 30 }];
  return round.every((at) => pixel(image, at)[2] === 128);
}

async function hosted(page: Page, url: string, style: string): Promise<void> {
  const body = `<!doctype html><title>Host</title><link rel="icon" href="data:," />
    <script type="module" src="/reweave-editor.js"></script>
    <div style="width: 900px; height: 600px; ${style}"><reweave-editor></reweave-editor></div>`;
  await page.route(`${url}/host.html`, (route) => route.fulfill({ body, contentType: "text/html" }));
  await page.goto(`${url}/host.html`);
}

async function zoom(page: Page, at: Point, notches: number): Promise<void> {
  await page.mouse.move(at.x, at.y);
  await page.keyboard.down("Control");
  for (let i = 0; i < Math.abs(notches); i++) await page.mouse.wheel(0, notches > 0 ? -120 : 120);
  await page.keyboard.up("Control");
  await painted(page);
}

async function dragBy(
  page: Page,
  at: Point,
  before: (() => Promise<void>) | null,
  after: (() => Promise<void>) | null,
  button: "left" | "middle" = "left",
): Promise<void> {
  await before?.();
  await page.mouse.move(at.x, at.y);
  await page.mouse.down({ button });
  await page.mouse.move(at.x + 60, at.y + 40, { steps: 4 });
  await page.mouse.up({ button });
  await after?.();
  await page.mouse.move(at.x, at.y);
}

async function middle(editor: Editor): Promise<Point> {
  return (await editor.onScreen())(0.5, 0.5);
}

function apart(a: Point, b: Point): number {
  return Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y));
}

function pixel(image: PNG, { x, y }: Point): [number, number, number] {
  const i = (Math.round(y) * image.width + Math.round(x)) * 4;
  return [image.data[i] ?? 0, image.data[i + 1] ?? 0, image.data[i + 2] ?? 0];
}

async function painted(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}
