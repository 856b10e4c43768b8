// What is to be repaired, as a page has it.

import type { EngineClient } from "./engine-client.ts";
import { checkSize } from "./errors.ts";
import { Mask, type Rectangle, type Selection } from "./marks.ts";
import { isMask, isSelection, markOf } from "./masks.ts";
import type { Pixels } from "./protocol.ts";
import type { Marked } from "./repair.ts";

/**
 * What is to be repaired: a mask, marks, 1 to 50 rectangles, a canvas or pixels with what is opaque
 * marked, or a mask's file (white or black is marked; `readMask` tells which, where that is in doubt).
 */
export type Region = Mask | Selection | Iterable<Rectangle> | HTMLCanvasElement | OffscreenCanvas | Pixels | Blob;

/** The region of a picture of this size; one of another size is refused. Masks that it answers are freed by
 * the caller. */
export async function markedBy(region: Region, size: { width: number; height: number }, engine: EngineClient): Promise<Marked> {
  if (isMask(region) || isSelection(region)) {
    checkSize("the mask", region, size);
    return markedOnce(region);
  }
  if (region instanceof Blob) {
    const { width, height, bits } = await engine.readMask(region);
    checkSize("the mask", { width, height }, size);
    return { mask: () => Mask.fromBytes(width, height, bits), rectangles: () => null };
  }
  if (Symbol.iterator in region) {
    const rectangles = [...region];
    return { mask: () => Mask.fromRectangles(size.width, size.height, rectangles), rectangles: () => rectangles };
  }
  checkSize("the mask", region, size);
  return { mask: () => markOf(region), rectangles: () => null };
}

/** As it is now: it may be changed or freed while the repair runs. */
function markedOnce(region: Mask | Selection): Marked {
  const mask = isMask(region) ? region : region.mask();
  const { width, height } = mask;
  const bits = mask.toBytes();
  const rectangles = isMask(region) ? null : region.rectangles();
  if (mask !== region) mask.free();
  return { mask: () => Mask.fromBytes(width, height, bits), rectangles: () => rectangles };
}
