// The benchmark's measures, by pictures whose values are known, and its masks. Runs in Node alone.

import { expect, test } from "@playwright/test";

import { CLASSES, maskOf } from "../bench/masks.ts";
import { measure } from "../bench/measures.ts";
import { median, tables } from "../bench/report.ts";

const WIDTH = 64;
const HEIGHT = 48;

/** Three bytes a pixel. */
function picture(value: (x: number, y: number) => number): Uint8Array {
  return Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return value(pixel % WIDTH, Math.floor(pixel / WIDTH));
  });
}

/** A box of 20 × 16 that touches no edge, or one in the corner. */
function box(left: number, top: number): Uint8Array {
  const inside = (x: number, y: number) => x >= left && x < left + 20 && y >= top && y < top + 16;
  return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) => Number(inside(at % WIDTH, Math.floor(at / WIDTH))));
}

const TEXTURE = picture((x, y) => 60 + ((x * 37 + y * 91) % 101));
const GREY = picture(() => 100);

for (const [name, mask] of [["inside", box(20, 16)], ["in a corner", box(0, 0)]] as const) {
  test(`what is equal has SSIM 1 and GMSD 0, ${name}`, () => {
    const { psnr, ssim, gmsd } = measure(WIDTH, TEXTURE, TEXTURE, mask);
    expect(ssim).toBeCloseTo(1, 12);
    expect(gmsd).toBe(0);
    // The bound for what has no difference.
    expect(psnr).toBeCloseTo(10 * Math.log10(255 ** 2 / 1e-3), 10);
  });

  test(`a constant difference has its PSNR, ${name}`, () => {
    for (const difference of [1, 5, 40]) {
      const { psnr } = measure(WIDTH, GREY, picture(() => 100 + difference), mask);
      expect(psnr).toBeCloseTo(20 * Math.log10(255 / difference), 10);
    }
  });
}

test("a mask of everything: a constant difference has the SSIM of two means, and no GMSD", () => {
  const everything = new Uint8Array(WIDTH * HEIGHT).fill(1);
  const { ssim, gmsd } = measure(WIDTH, GREY, picture(() => 120), everything);
  expect(ssim).toBeCloseTo((2 * 100 * 120 + 6.5025) / (100 ** 2 + 120 ** 2 + 6.5025), 9);
  expect(gmsd).toBeCloseTo(0, 12);
});

test("a step that was lost has the GMSD of its two columns", () => {
  const everything = new Uint8Array(WIDTH * HEIGHT).fill(1);
  const step = picture((x) => (x < 32 ? 100 : 130));
  const { gmsd } = measure(WIDTH, step, GREY, everything);
  const similarity = 170 / (30 ** 2 + 170);
  const share = 2 / WIDTH;
  expect(gmsd).toBeCloseTo((1 - similarity) * Math.sqrt(share * (1 - share)), 10);
});

test("what differs outside of the mask does not count", () => {
  const mask = box(20, 16);
  const other = TEXTURE.map((value, at) => (mask[Math.floor(at / 3)] ? value : 255 - value));
  expect(measure(WIDTH, TEXTURE, other, mask)).toEqual(measure(WIDTH, TEXTURE, TEXTURE, mask));
});

test("a blur is worse than what is equal by every measure", () => {
  const mask = box(20, 16);
  const equal = measure(WIDTH, TEXTURE, TEXTURE, mask);
  const blur = measure(WIDTH, TEXTURE, picture(() => 110), mask);
  expect(blur.psnr).toBeLessThan(equal.psnr - 30);
  expect(blur.ssim).toBeLessThan(0.6);
  expect(blur.gmsd).toBeGreaterThan(0.1);
});

/** The least and the most of a picture that a class marks. */
const SHARES = { text: [0.08, 0.3], stamp: [0.001, 0.03], logo: [0.028, 0.042], scribble: [0.01, 0.2], rects: [0.03, 0.1], big: [0.24, 0.26] };

for (const kind of CLASSES) {
  test(`masks of the class ${kind} are as large as they should be, and the same each time`, () => {
    const [least, most] = SHARES[kind] as [number, number];
    for (const name of ["a.png", "b.png", "c.jpg"]) {
      for (const [width, height] of [[600, 400], [300, 500]] as const) {
        const mask = maskOf(kind, name, width, height);
        expect(mask).toHaveLength(width * height);
        const share = mask.reduce((sum, marked) => sum + marked, 0) / mask.length;
        expect(share, `${name} ${width} × ${height}`).toBeGreaterThan(least);
        expect(share, `${name} ${width} × ${height}`).toBeLessThan(most);
        expect(maskOf(kind, name, width, height).every((marked, at) => marked === mask[at])).toBe(true);
      }
    }
  });
}

test("masks differ from picture to picture", () => {
  const other = maskOf("scribble", "b.png", 600, 400);
  expect(maskOf("scribble", "a.png", 600, 400).some((marked, at) => marked !== other[at])).toBe(true);
});

test("medians are of the sorted values", () => {
  expect(median([30, 1, 200])).toBe(30);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test("a table has a row for each method, and ratios of the pictures", () => {
  const quality = { psnr: 20, ssim: 0.5, gmsd: 0.1 };
  const times = [["Reweave", 1, 40], ["OpenCV Telea", 4, 10]] as const;
  const measured = times.flatMap(([method, a, b]) => [
    { kind: "logo" as const, picture: "a", method, quality, milliseconds: [a] },
    { kind: "logo" as const, picture: "b", method, quality, milliseconds: [b] },
  ]);
  // Four times faster on one, four times slower on the other.
  expect(tables(measured)).toContain("| Reweave      |    20.00 | 0.5000 | 0.1000 |     20.5 |         1.00 |");
});
