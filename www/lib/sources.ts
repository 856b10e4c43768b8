// Pictures as a page has them: files, addresses, canvases, pixels.

import { reasonOf, reweaveError } from "./errors.ts";
import { readAddress } from "./open-address.ts";
import type { Pixels } from "./protocol.ts";
import { unreadable } from "./repair.ts";

export type { Pixels };

/**
 * A picture: a file as `Blob` or bytes (exact, of 8 and 16 bits), its http or https address, pixels
 * (`ImageData`, exact), or whatever a canvas can draw; that is read back through a canvas, which rounds
 * half-transparent colours, and which privacy browsers put noise on.
 */
export type PictureSource =
  | Blob
  | ArrayBuffer
  | Uint8Array
  | Pixels
  | ImageBitmap
  | HTMLCanvasElement
  | OffscreenCanvas
  | HTMLImageElement
  | string
  | URL;

/** What the engine opens. */
export async function fileOf(source: PictureSource): Promise<Blob | Pixels> {
  if (source instanceof Blob) return source;
  if (source instanceof ArrayBuffer || source instanceof Uint8Array) return new Blob([source as BlobPart]);
  if (typeof source === "string" || source instanceof URL) {
    const { file } = await readAddress(String(source));
    if (!file) throw unreadable();
    return file;
  }
  return "data" in source ? source : drawn(source);
}

/** The pixels of what a canvas can draw. */
export function drawn(source: Exclude<PictureSource, Blob | ArrayBuffer | Uint8Array | Pixels | string | URL>): ImageData {
  const width = "naturalWidth" in source ? source.naturalWidth : source.width;
  const height = "naturalHeight" in source ? source.naturalHeight : source.height;
  try {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
    context.drawImage(source, 0, 0);
    return context.getImageData(0, 0, width, height);
  } catch (error) {
    const reason = reasonOf(error);
    throw reweaveError(`the canvas cannot be used: ${reason}`, { code: "canvas", reason });
  }
}
