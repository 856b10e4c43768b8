// The canvases: the picture before, the picture after, and the marks over both.
//
// Each is as large as the view, never as the picture: some browsers refuse larger ones. While a mark
// is drawn only the marks are painted, and of those only the box that changed. Nothing is read back.

import type { PaintOptions, Rectangle, Selection, ViewTransform } from "../lib/marks.ts";
import type { ShownPatch } from "../lib/protocol.ts";
import { fit } from "./view.ts";

export interface Layers {
  readonly before: HTMLCanvasElement;
  readonly after: HTMLCanvasElement;
  readonly marks: HTMLCanvasElement;
}

const PAINT: PaintOptions = { color: "#ff1fc8", opacity: 0.6 };

export class Surface {
  readonly layers: Layers;
  view: ViewTransform = { scale: 1, offsetX: 0, offsetY: 0 };
  #marksContext: CanvasRenderingContext2D;

  constructor(layers: Layers) {
    this.layers = layers;
    this.#marksContext = context(layers.marks);
  }

  /** Fits the canvases to their box on the screen. */
  resize(picture: ImageBitmap): void {
    const ratio = window.devicePixelRatio || 1;
    const { marks } = this.layers;
    // A host may lay the element out at no size at first.
    const width = Math.max(1, Math.round(marks.clientWidth * ratio));
    const height = Math.max(1, Math.round(marks.clientHeight * ratio));
    for (const canvas of Object.values(this.layers) as HTMLCanvasElement[]) {
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
    }
    this.view = fit(picture, { width, height }, ratio);
  }

  /** Paints the picture as it was opened. */
  paintBefore(picture: ImageBitmap): void {
    const pen = this.#prepared(this.layers.before);
    pen.drawImage(picture, 0, 0);
  }

  /** Paints the picture with the repaired boxes in it. */
  paintAfter(picture: ImageBitmap, patches: readonly ShownPatch[]): void {
    const pen = this.#prepared(this.layers.after);
    pen.drawImage(picture, 0, 0);
    this.paintPatches(patches, pen);
  }

  /** Paints boxes over what is there: a preview as it comes. */
  paintPatches(patches: readonly ShownPatch[], pen = this.#transformed(this.layers.after)): void {
    for (const { bounds, bitmap } of patches) {
      // A box replaces what is under it, so that transparent pixels stay transparent.
      pen.clearRect(bounds.x, bounds.y, bounds.width, bounds.height);
      pen.drawImage(bitmap, bounds.x, bounds.y);
    }
  }

  /** Paints the marks, all or only a box of the picture. */
  paintMarks(selection: Selection, changed: Rectangle | null): void {
    selection.paintView(this.#marksContext, this.view, changed, PAINT);
  }

  /** Takes all layers away. */
  clear(): void {
    for (const canvas of Object.values(this.layers) as HTMLCanvasElement[]) {
      context(canvas).clearRect(0, 0, canvas.width, canvas.height);
    }
  }

  #prepared(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
    const pen = context(canvas);
    pen.resetTransform();
    pen.clearRect(0, 0, canvas.width, canvas.height);
    return this.#transformed(canvas);
  }

  #transformed(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
    const pen = context(canvas);
    const { scale, offsetX, offsetY } = this.view;
    pen.setTransform(scale, 0, 0, scale, offsetX, offsetY);
    pen.imageSmoothingQuality = "high";
    return pen;
  }
}

function context(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("this browser gives no 2D canvas");
  return pen;
}
