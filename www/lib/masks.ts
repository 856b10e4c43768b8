// Masks between canvases, files and WebAssembly; what `Mask` has for that beside its own methods.

import { loadMarks, Mask, Selection } from "./marks.ts";
import { withEngine } from "./pool.ts";
import type { FromCanvasOptions } from "../generated/reweave.js";
import type { Pixels, ReadMask } from "./protocol.ts";

declare module "../generated/reweave.js" {
  interface Mask {
    /** A PNG of strictly 0 and 255, white where it is marked. */
    toBlob(): Promise<Blob>;
    /** Opaque pixels, white where it is marked and black elsewhere. */
    toImageData(): ImageData;
  }
}

/** A mask as it was read from a file. */
export type MaskFile = Omit<ReadMask, "bits" | "width" | "height"> & { readonly mask: Mask };

Mask.prototype.toBlob = async function (this: Mask): Promise<Blob> {
  const { width, height } = this;
  const mask = this.toBytes();
  const png = await withEngine((engine) => engine.maskPng({ width, height, mask }));
  return new Blob([png], { type: "image/png" });
};

Mask.prototype.toImageData = function (this: Mask): ImageData {
  const { width, height } = this;
  const image = new ImageData(width, height);
  // Alpha is the last byte of a pixel, and the highest of a number: all browsers' machines are little-endian.
  const pixels = new Uint32Array(image.data.buffer).fill(0xff000000);
  const bits = this.toBytes();
  const row = bits.length / height;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (((bits[y * row + (x >> 3)] ?? 0) >> (x & 7)) & 1) pixels[y * width + x] = 0xffffffff;
    }
  }
  return image;
};

/**
 * A mask from what a host drew: by default what is at least half opaque is marked. `channel` and
 * `threshold` look at another value, `invert` marks the rest. Reading a canvas back can be noised by
 * privacy browsers: keep some distance between what you draw and the threshold.
 */
export async function maskFromCanvas(
  source: HTMLCanvasElement | OffscreenCanvas | Pixels,
  options?: FromCanvasOptions,
): Promise<Mask> {
  await loadMarks();
  return markOf(source, options);
}

/** A mask from a picture file that somebody else made, and how its polarity was recognised. */
export async function readMask(file: Blob): Promise<MaskFile> {
  const [{ width, height, bits, ...about }] = await Promise.all([withEngine((engine) => engine.readMask(file)), loadMarks()]);
  return { ...about, mask: Mask.fromBytes(width, height, bits) };
}

/** Once the module is loaded. */
export function markOf(source: HTMLCanvasElement | OffscreenCanvas | Pixels, options?: FromCanvasOptions): Mask {
  return Mask.fromCanvas(source as ImageData, options);
}

export function isMask(value: object): value is Mask {
  return value instanceof Mask;
}

export function isSelection(value: object): value is Selection {
  return value instanceof Selection;
}
