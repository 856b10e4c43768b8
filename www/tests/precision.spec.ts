// Marks lie on the very pixel that is shown under the pointer. Which one that is tells its colour on the
// screen, not the element's own reckoning: every pixel of the picture has a colour of its own.

import type { Page } from "@playwright/test";
import { PNG } from "pngjs";

import { expect, png, test, type Editor } from "./fixtures.ts";

const SIDE = 256;
const OWN_COLOURS = { name: "own.png", mimeType: "image/png", buffer: png(SIDE, SIDE, (x, y) => [x, y, 128]) };

interface Point {
  readonly x: number;
  readonly y: number;
}

for (const deviceScaleFactor of [1, 1.25, 1.5, 2, 3]) {
  test.describe(`${deviceScaleFactor} device pixels a CSS pixel`, () => {
    test.use({ deviceScaleFactor });

    test("a rectangle goes from the pixel pressed to the pixel released", async ({ editor, page }) => {
      await editor.openPhotograph(OWN_COLOURS);
      await drawnExactly(editor, (await editor.onScreen())(0.53, 0.41));
      await page.keyboard.press("0");
      const at = (await editor.onScreen())(0.71, 0.32);
      await zoomed(page, at, 1.3);
      await drawnExactly(editor, at);
      await zoomed(page, at, 6);
      await drawnExactly(editor, at);
    });
  });
}

for (const [does, style] of [
  ["stands between pixels and has a broken size", "margin: 10.4px 0 0 7.7px; width: 777.77px; height: 577.3px"],
  ["is scaled up", "transform: scale(1.37); transform-origin: 0 0"],
  ["is scaled differently across and down", "transform: scale(0.6, 1.1) translate(31px, 17px)"],
  ["is turned and skewed", "margin: 60px 120px; transform: rotate(7deg) skewX(-9deg)"],
  ["is turned over", "transform: rotate(180deg)"],
  ["is zoomed by CSS", "zoom: 0.83"],
] as const) {
  test(`in a host that ${does}`, async ({ editor, page, server }) => {
    await hosted(page, server.url, style);
    await editor.openPhotograph(OWN_COLOURS);
    const at = await someWhereOn(page);
    await zoomed(page, at, 12);
    await drawnExactly(editor, at);
  });
}

test("beside each other, both pictures are marked where they show a pixel", async ({ editor, page }) => {
  await editor.openPhotograph(OWN_COLOURS);
  await editor.tool("Rectangle");
  await editor.drag([[0.02, 0.02], [0.05, 0.05]]);
  await editor.repaired("Version 1");
  await editor.button("Side by side").click();
  await painted(page);
  const frame = await page.locator("reweave-editor #frame").boundingBox();
  if (!frame) throw new Error("no frame");
  const [left, right] = [0.25, 0.75].map((share) => ({ x: frame.x + frame.width * share, y: frame.y + frame.height * 0.45 }));
  if (!left || !right) throw new Error("no panes");
  await zoomed(page, right, 5);
  await drawnExactly(editor, right);
  await drawnExactly(editor, left);
});

test("the pixel under the pointer stays there through many small steps of zoom", async ({ editor, page }) => {
  await editor.openPhotograph(OWN_COLOURS);
  const near = (await editor.onScreen())(0.287, 0.643);
  await zoomed(page, near, 1.5);
  const { at, pixel } = await clear(page, near);
  await page.mouse.move(at.x, at.y);
  await page.keyboard.down("Control");
  for (let i = 0; i < 240; i++) await page.mouse.wheel(0, -1);
  expect(await shownAt(page, at), "a trackpad's steps").toEqual(pixel);
  for (let i = 0; i < 30; i++) await page.mouse.wheel(0, -40);
  await expect(page.locator("reweave-editor .zoom .value")).toHaveText("3,200 %");
  expect(await shownAt(page, at), "up to the largest scale").toEqual(pixel);
  for (let i = 0; i < 200; i++) await page.mouse.wheel(0, 1);
  await page.keyboard.up("Control");
  expect(await shownAt(page, at), "and back").toEqual(pixel);
});

test("many small steps of a wheel move the picture as far as they are together", async ({ editor, page }) => {
  await editor.openPhotograph(OWN_COLOURS);
  const at = (await editor.onScreen())(0.5, 0.5);
  await zoomed(page, at, 4);
  const from = await clear(page, at);
  // A brush would be shown over what is looked at.
  await editor.tool("Pan");
  await page.mouse.move(from.at.x, from.at.y);
  for (let i = 0; i < 120; i++) await page.mouse.wheel(0.4, 0.4);
  expect(await shownAt(page, { x: from.at.x - 48, y: from.at.y - 48 })).toEqual(from.pixel);
});

test("a host that scrolls while a mark is made does not shift it", async ({ editor, page, server }) => {
  await hosted(page, server.url, "margin-bottom: 3000px");
  await editor.openPhotograph(OWN_COLOURS);
  const middle = await someWhereOn(page);
  await zoomed(page, middle, 4);
  await editor.tool("Rectangle");
  const from = await clear(page, middle);
  // Where what is to be the last pixel will be once the page has been scrolled.
  const to = await clear(page, { x: from.at.x + 60, y: from.at.y + 130 });
  await page.mouse.move(from.at.x, from.at.y);
  await page.mouse.down();
  await page.mouse.move(from.at.x + 10, from.at.y + 10);
  await page.evaluate(() => scrollTo(0, 90));
  await painted(page);
  await page.mouse.move(to.at.x, to.at.y - 90);
  await page.mouse.up();
  const [x, y] = [from.pixel.x, from.pixel.y];
  expect(await editor.bounds()).toEqual({ x, y, width: to.pixel.x - x + 1, height: to.pixel.y - y + 1 });
});

/** Draws a rectangle and looks that its corners are the pixels that were shown there. */
async function drawnExactly(editor: Editor, at: Point): Promise<void> {
  const { page } = editor;
  await editor.tool("Rectangle");
  const [from, to] = [await clear(page, at), await clear(page, { x: at.x + 37, y: at.y + 23 })];
  await page.mouse.move(from.at.x, from.at.y);
  await page.mouse.down();
  await page.mouse.move(to.at.x, to.at.y, { steps: 3 });
  await page.mouse.up();
  const corners = [from.pixel, to.pixel];
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const expected = { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 };
  expect(await editor.bounds()).toEqual(expected);
  await editor.button("Clear").click();
}

/** A point near one that lies well inside a shown pixel, and the pixel. */
async function clear(page: Page, near: Point): Promise<{ at: Point; pixel: Point }> {
  await painted(page);
  const image = PNG.sync.read(await page.screenshot());
  const ratio = await page.evaluate(() => devicePixelRatio);
  for (let step = 0; step < 400; step++) {
    const at = { x: Math.round(near.x) + (step % 20), y: Math.round(near.y) + Math.floor(step / 20) };
    // A mouse's point is the corner of a device pixel: all round it the colour is the same.
    const round = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => colour(image, { x: at.x * ratio + dx, y: at.y * ratio + dy })));
    const [first] = round;
    if (first && first[2] === 128 && round.every((one) => one.every((v, i) => v === first[i]))) return { at, pixel: { x: first[0], y: first[1] } };
  }
  throw new Error("no pixel of the picture is shown clearly there");
}

async function shownAt(page: Page, at: Point): Promise<Point> {
  await painted(page);
  const ratio = await page.evaluate(() => devicePixelRatio);
  const [x, y] = colour(PNG.sync.read(await page.screenshot()), { x: at.x * ratio, y: at.y * ratio });
  return { x, y };
}

/** A point of the screen in the middle of where the picture is shown, for which its blue speaks. */
async function someWhereOn(page: Page): Promise<Point> {
  await painted(page);
  const image = PNG.sync.read(await page.screenshot());
  const found: Point[] = [];
  for (let y = 0; y < image.height; y += 5) {
    for (let x = 0; x < image.width; x += 5) if (colour(image, { x, y })[2] === 128) found.push({ x, y });
  }
  const mean = (of: (at: Point) => number) => Math.round(found.reduce((sum, at) => sum + of(at), 0) / found.length);
  if (found.length < 100) throw new Error("no picture is shown");
  return { x: mean(({ x }) => x), y: mean(({ y }) => y) };
}

async function zoomed(page: Page, at: Point, times: number): Promise<void> {
  await page.mouse.move(at.x, at.y);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -Math.log(times) * 100 * (Math.log(times) * 100 < 50 ? 1 : 5));
  await page.keyboard.up("Control");
  await painted(page);
}

async function hosted(page: Page, url: string, style: string): Promise<void> {
  const body = `<!doctype html><title>Host</title><link rel="icon" href="data:," />
    <script type="module" src="/reweave-editor.js"></script>
    <div style="width: 900px; height: 600px; ${style}"><reweave-editor></reweave-editor></div>`;
  await page.route(`${url}/host.html`, (route) => route.fulfill({ body, contentType: "text/html" }));
  await page.goto(`${url}/host.html`);
}

function colour(image: PNG, { x, y }: Point): [number, number, number] {
  const i = (Math.floor(y) * image.width + Math.floor(x)) * 4;
  return [image.data[i] ?? 0, image.data[i + 1] ?? 0, image.data[i + 2] ?? 0];
}

async function painted(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}
