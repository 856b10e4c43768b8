// Pictures of the benchmark: decoded by the engine's own codecs, so that all methods get the same
// pixels, and damaged before any method sees them.

import { readFileSync } from "node:fs";
import { basename } from "node:path";

import { PNG } from "pngjs";

import { Engine } from "../generated/engine.js";
import { maskOf, type MaskClass } from "./masks.ts";

/** Most bytes of a picture's samples. */
export const MAX_MEMORY = 1 << 30;

/** Three bytes a pixel, row by row. */
export interface Picture {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** A picture and what has become of it. */
export interface Case {
  readonly kind: MaskClass;
  readonly truth: Picture;
  /** One byte a pixel, 1 where it is damaged. */
  readonly mask: Uint8Array;
  /** The picture, painted over where it is damaged. */
  readonly damaged: Uint8Array;
}

/** What each class of damage is painted with; a method that lets it leak is found out by the measures. */
const PAINT: Record<MaskClass, readonly [number, number, number]> = {
  text: [255, 255, 255],
  stamp: [255, 140, 0],
  logo: [30, 60, 210],
  scribble: [12, 12, 12],
  rects: [255, 0, 255],
  big: [255, 0, 255],
};

export function readPicture(path: string): Picture {
  const engine = opened(path);
  const { width, height } = engine.about();
  const rgba = engine.rgba({ x: 0, y: 0, width, height }, 0);
  engine.free();
  return { name: basename(path), width, height, rgb: withoutAlpha(rgba) };
}

export function damage(truth: Picture, kind: MaskClass): Case {
  const mask = maskOf(kind, truth.name, truth.width, truth.height);
  const damaged = truth.rgb.slice();
  mask.forEach((marked, at) => {
    if (marked) damaged.set(PAINT[kind], at * 3);
  });
  return { kind, truth, mask, damaged };
}

/** The damaged picture as a file. */
export function pngOf({ truth: { width, height }, damaged }: Case): Uint8Array {
  const png = new PNG({ width, height });
  png.data = Buffer.from(damaged);
  return PNG.sync.write(png, { inputColorType: 2, colorType: 2, inputHasAlpha: false, deflateLevel: 1 });
}

/** The mask as a file, white where the picture is damaged. */
export function maskPngOf({ truth: { width, height }, mask }: Case): Uint8Array {
  const png = new PNG({ width, height });
  png.data = Buffer.from(mask.map((marked) => marked * 255));
  return PNG.sync.write(png, { inputColorType: 0, colorType: 0, inputHasAlpha: false, deflateLevel: 1 });
}

/** A mask as the engine takes it: a bit a pixel, lowest bit first, rows of whole 64-bit words. */
export function bitsOf({ truth: { width, height }, mask }: Case): Uint8Array {
  const stride = Math.ceil(width / 64) * 8;
  const bits = new Uint8Array(stride * height);
  mask.forEach((marked, at) => {
    const x = at % width;
    const byte = ((at - x) / width) * stride + (x >> 3);
    bits[byte] = (bits[byte] ?? 0) | (marked << (x & 7));
  });
  return bits;
}

function opened(path: string): Engine {
  try {
    return new Engine(readFileSync(path), MAX_MEMORY);
  } catch (error) {
    throw new Error(`cannot open ${path}`, { cause: error });
  }
}

function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let at = 0; at * 4 < rgba.length; at++) rgb.set(rgba.subarray(at * 4, at * 4 + 3), at * 3);
  return rgb;
}
