// Masks in and out: of every custom, of the wrong size, and the way back to the same marks.

import { readFileSync } from "node:fs";

import { PNG } from "pngjs";

import { expect, PHOTOGRAPH, png, test, type Editor } from "./fixtures.ts";

type Rgba = readonly [number, number, number, number];

const SIDE = 512;
const isHole = (x: number, y: number) => x >= 100 && x < 160 && y >= 200 && y < 230;
const HOLE = { x: 100, y: 200, width: 60, height: 30 };

function rgba(pixel: (x: number, y: number) => Rgba): Buffer {
  const image = new PNG({ width: SIDE, height: SIDE });
  for (let i = 0; i < SIDE * SIDE; i++) image.data.set(pixel(i % SIDE, Math.floor(i / SIDE)), i * 4);
  return PNG.sync.write(image);
}

async function importMask(editor: Editor, buffer: Buffer): Promise<void> {
  await editor.choose(() => editor.button("Import mask").click(), { name: "mask.png", mimeType: "image/png", buffer });
}

/** Its own hole, no more. */
async function expectHole(editor: Editor): Promise<void> {
  await expect(editor.status).toHaveText("Mask imported: 0.7 % marked");
  expect(await editor.bounds()).toEqual(HOLE);
  expect(await editor.count()).toBe(HOLE.width * HOLE.height);
}

const certain: readonly (readonly [string, Buffer])[] = [
  ["white on black", png(SIDE, SIDE, (x, y) => (isHole(x, y) ? [255, 255, 255] : [0, 0, 0]))],
  ["strokes on nothing", rgba((x, y) => (isHole(x, y) ? [255, 0, 80, 180] : [0, 0, 0, 0]))],
  ["a photograph with a hole", rgba((x, y) => [(x * 7) & 255, (y * 5) & 255, (x ^ y) & 255, isHole(x, y) ? 0 : 255])],
];

for (const [what, buffer] of certain) {
  test(`a mask of ${what} is imported as it is meant`, async ({ editor }) => {
    await editor.openPhotograph();
    await importMask(editor, buffer);
    await expectHole(editor);
    await editor.button("Undo").click();
    expect(await editor.count()).toBe(0);
  });
}

const INVERTED = png(SIDE, SIDE, (x, y) => (isHole(x, y) ? [0, 0, 0] : [255, 255, 255]));

test("an inverted mask is asked about: either half, or neither", async ({ editor, page }) => {
  await editor.openPhotograph();
  const dialog = page.getByRole("dialog", { name: "What is marked in this mask?", exact: true });
  await importMask(editor, INVERTED);
  await expect(dialog.getByRole("button", { name: "White: 99.3 % of the picture", exact: true })).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel", exact: true }).click();
  await expect(dialog).toBeHidden();
  expect(await editor.count()).toBe(0);
  await importMask(editor, INVERTED);
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  expect(await editor.count()).toBe(0);
  await importMask(editor, INVERTED);
  await dialog.getByRole("button", { name: "Black: 0.7 % of the picture", exact: true }).click();
  await expectHole(editor);
  await editor.button("Undo").click();
  await importMask(editor, INVERTED);
  await dialog.getByRole("button", { name: "White: 99.3 % of the picture", exact: true }).click();
  await expect(editor.status).toContainText("Mask imported: 99.3 %");
  expect(await editor.count()).toBe(SIDE * SIDE - HOLE.width * HOLE.height);
});

test("a mask adds to what is marked", async ({ editor }) => {
  await editor.openPhotograph();
  await editor.markCorner();
  const corner = await editor.count();
  await importMask(editor, certain[0]?.[1] ?? Buffer.alloc(0));
  await expect.poll(() => editor.count()).toBe(corner + HOLE.width * HOLE.height);
});

test("a mask of another size, and what is no picture, are refused; nothing is lost", async ({ editor, page }) => {
  await editor.openPhotograph();
  await editor.markCorner();
  const marks = await editor.bits();
  // Also one that would have to be asked about: that question is not put.
  for (const [inside, outside] of [[255, 0], [0, 255]] as const) {
    await importMask(editor, png(300, 200, (x) => (x < 30 ? [inside, inside, inside] : [outside, outside, outside])));
    await expect(editor.alert).toContainText("mask-size");
    for (const size of ["300 × 200", "512 × 512"]) await expect(editor.alert).toContainText(size);
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await editor.button("Dismiss").click();
  }
  await importMask(editor, Buffer.from("a text"));
  await expect(editor.alert).toContainText("not-a-picture");
  await importMask(editor, png(40, 40, (x, y) => [x, y, x ^ y]).subarray(0, 300));
  await expect(editor.alert).toContainText("picture-broken");
  expect(await editor.bits()).toBe(marks);
  await importMask(editor, certain[0]?.[1] ?? Buffer.alloc(0));
  await expect(editor.alert).toBeEmpty();
});

test("the mask that is exported is strictly black and white, and comes back as the same marks", async ({ editor }) => {
  await editor.openPhotograph();
  await editor.drag([[0.2, 0.3], [0.4, 0.35], [0.7, 0.3]]);
  await editor.markCorner();
  await editor.tool("Eraser");
  await editor.drag([[0.3, 0.25], [0.3, 0.4]]);
  const marks = await editor.bits();
  const { name, bytes } = await editor.saved(() => editor.button("Export mask").click());
  expect(name).toBe("astronaut-mask.png");
  await expect(editor.status).toContainText("astronaut-mask.png is saved");
  const mask = PNG.sync.read(bytes);
  expect([mask.width, mask.height]).toEqual([SIDE, SIDE]);
  const values = new Set<number>();
  let white = 0;
  for (let i = 0; i < mask.data.length; i += 4) {
    for (const channel of [0, 1, 2]) values.add(mask.data[i + channel] ?? -1);
    if (mask.data[i] === 255) white++;
  }
  expect([...values].sort((a, b) => a - b)).toEqual([0, 255]);
  expect(white).toBe(await editor.count());
  await editor.button("Clear").click();
  await importMask(editor, bytes);
  await expect(editor.status).toContainText("Mask imported");
  expect(await editor.bits()).toBe(marks);
});

test("the picture with a hole is transparent on the marks alone, all else as in the file", async ({ editor, page }) => {
  await editor.openPhotograph();
  await editor.drag([[0.2, 0.3], [0.7, 0.3]]);
  const marked = await editor.count();
  const marks = await editor.bits();
  await page.getByText("More", { exact: true }).click();
  const { name, bytes } = await editor.saved(() => editor.button("Picture with a transparent hole (PNG)").click());
  expect(name).toBe("astronaut-hole.png");
  const [file, hole] = [PNG.sync.read(readFileSync(PHOTOGRAPH)), PNG.sync.read(bytes)];
  let transparent = 0;
  for (let i = 0; i < hole.data.length; i += 4) {
    if (hole.data.readUInt32BE(i) >>> 8 !== file.data.readUInt32BE(i) >>> 8) throw new Error(`sample ${i} differs`);
    if (hole.data[i + 3] === 0) transparent++;
    else if (hole.data[i + 3] !== 255) throw new Error(`alpha ${hole.data[i + 3]}`);
  }
  expect(transparent).toBe(marked);
  // Read as a mask it is the same marks again.
  await editor.button("Clear").click();
  await importMask(editor, bytes);
  await expect(editor.status).toContainText("Mask imported");
  expect(await editor.bits()).toBe(marks);
});

test("on a version, the hole is in the version", async ({ editor, page }) => {
  await editor.openPhotograph();
  await editor.markCorner();
  await editor.repaired("Version 1");
  const repaired = PNG.sync.read((await editor.download()).bytes);
  await editor.tool("Brush");
  await editor.drag([[0.2, 0.3], [0.3, 0.3]]);
  await page.getByText("More", { exact: true }).click();
  const hole = PNG.sync.read((await editor.saved(() => editor.button("Picture with a transparent hole (PNG)").click())).bytes);
  for (let i = 0; i < hole.data.length; i += 4) {
    if (hole.data.readUInt32BE(i) >>> 8 !== repaired.data.readUInt32BE(i) >>> 8) throw new Error(`sample ${i} differs`);
  }
});
