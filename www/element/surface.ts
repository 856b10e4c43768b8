// The canvases: the picture before, the picture after, and the marks over both.
//
// Each is as large as the stage, never as the picture: some browsers refuse larger ones. While a mark
// is drawn only the marks are painted, and of those only the box that changed. Nothing is read back.
// Reduced views are painted from halved copies of the picture, so that moving costs no whole picture.

import type { PaintOptions, Rectangle, Selection, ViewTransform } from "../lib/marks.ts";
import type { ShownPatch } from "../lib/protocol.ts";
import {
  boundedScale,
  CRISP_SCALE,
  fit,
  inSight,
  scaledAt,
  sharp,
  toCanvas,
  toPicture,
  type Area,
  type PicturePoint,
  type Size,
} from "./view.ts";

export interface Layers {
  readonly before: HTMLCanvasElement;
  readonly after: HTMLCanvasElement;
  /** Where patches may come from. */
  readonly area: HTMLCanvasElement;
  readonly marks: HTMLCanvasElement;
}

/** A picture for showing: whole, and halved again and again. */
export interface Shown extends Size {
  readonly bitmap: ImageBitmap;
  readonly levels: readonly ImageBitmap[];
  /** Whether some of it may be transparent. */
  readonly hasAlpha: boolean;
}

export class Surface {
  readonly layers: Layers;
  /** The box that all canvases lie in. */
  readonly frame: HTMLElement;
  view: ViewTransform = { scale: 1, offsetX: 0, offsetY: 0 };
  /** Whether the view follows the size of the stage. */
  isFitted = true;
  /** Device pixels of a CSS pixel. */
  ratio = 1;
  /** Before and after beside each other instead of over each other. */
  isSplit = false;
  /** The view before its offsets were rounded: else many small steps would lead astray. */
  #exact: ViewTransform = this.view;
  #surface: HTMLElement;
  #picture: Size = { width: 1, height: 1 };
  #free: Area = { left: 0, top: 0, width: 1, height: 1 };

  constructor(surface: HTMLElement, frame: HTMLElement, layers: Layers) {
    this.#surface = surface;
    this.frame = frame;
    this.layers = layers;
  }

  /** Fits the canvases to their box on the screen, and keeps what is in the middle there. */
  resize(picture: Size): void {
    const { marks } = this.layers;
    const before = { ...this.#middle(), ratio: this.ratio };
    this.ratio = window.devicePixelRatio || 1;
    // A host may lay the element out at no size at first.
    const width = Math.max(1, Math.round(marks.clientWidth * this.ratio));
    const height = Math.max(1, Math.round(marks.clientHeight * this.ratio));
    for (const canvas of Object.values(this.layers) as HTMLCanvasElement[]) {
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
    }
    this.#picture = picture;
    this.#free = this.#freeArea(width, height);
    if (this.isFitted) this.fit();
    else this.#recentre(before);
  }

  /** Shows the whole picture. */
  fit(): void {
    this.isFitted = true;
    this.view = this.#exact = fit(this.#picture, this.#free, this.ratio);
  }

  /** Zooms to `scale` device pixels a pixel; what a point of the canvas shows comes `to` another one,
   * or stays there. */
  zoom(scale: number, at: PicturePoint = this.#middle(), to: PicturePoint = at): void {
    const zoomed = scaledAt(this.#exact, boundedScale(scale, this.#picture, this.#free, this.ratio), at);
    this.#show({ ...zoomed, offsetX: zoomed.offsetX + to.x - at.x, offsetY: zoomed.offsetY + to.y - at.y });
  }

  /** Moves by device pixels; answers whether that changed anything. */
  pan(dx: number, dy: number): boolean {
    const { offsetX, offsetY } = this.#exact;
    this.#show({ ...this.#exact, offsetX: offsetX + dx, offsetY: offsetY + dy });
    return this.#exact.offsetX !== offsetX || this.#exact.offsetY !== offsetY;
  }

  /** Moves a point of the picture into view, if it is not. */
  reveal(at: PicturePoint): boolean {
    const { x, y } = toCanvas(this.view, at);
    const { left, top, width, height } = this.#free;
    const edge = 24 * this.ratio;
    const missing = (v: number, start: number, length: number) =>
      v < start + edge ? start + edge - v : v > start + length - edge ? start + length - edge - v : 0;
    const [dx, dy] = [missing(x, left, width), missing(y, top, height)];
    return (dx !== 0 || dy !== 0) && this.pan(dx, dy);
  }

  /** A point of the frame (CSS pixels) on the canvas that lies there. */
  toCanvas(local: PicturePoint): PicturePoint {
    const half = this.frame.clientWidth / 2;
    const x = this.isSplit && local.x >= half ? local.x - half : local.x;
    const { marks } = this.layers;
    return { x: (x / marks.clientWidth) * marks.width, y: (local.y / marks.clientHeight) * marks.height };
  }

  /** A point of the frame (CSS pixels) in pixels of the picture. */
  toPicture(local: PicturePoint): PicturePoint {
    return toPicture(this.view, this.toCanvas(local));
  }

  /** A point of the picture in CSS pixels of the marks' canvas. */
  toLocal(picture: PicturePoint): PicturePoint {
    const { x, y } = toCanvas(this.view, picture);
    return { x: x / this.ratio, y: y / this.ratio };
  }

  /** What of the picture is in the middle of what no tool floats over. */
  get centre(): PicturePoint {
    return toPicture(this.view, this.#middle());
  }

  /** CSS pixels of one pixel of the picture. */
  get cssScale(): number {
    return this.view.scale / this.ratio;
  }

  /** Paints a picture, and boxes of a repaired one over it, onto one of the canvases. */
  paint(canvas: HTMLCanvasElement, picture: Shown, patches: readonly ShownPatch[]): void {
    const pen = context(canvas);
    pen.resetTransform();
    pen.clearRect(0, 0, canvas.width, canvas.height);
    this.#transform(pen);
    this.#drawPicture(pen, picture, canvas);
    this.#drawPatches(pen, patches, picture.hasAlpha);
  }

  /** Paints boxes over what is there: a preview as it comes. */
  paintPatches(picture: Shown, patches: readonly ShownPatch[]): void {
    const pen = context(this.layers.after);
    this.#transform(pen);
    this.#drawPatches(pen, patches, picture.hasAlpha);
  }

  /** Paints the marks, all or only a box of the picture. */
  paintMarks(selection: Selection, changed: Rectangle | null, options: PaintOptions): void {
    selection.paintView(context(this.layers.marks), this.view, changed, options);
  }

  /** Paints the search area, or takes it away. */
  paintArea(selection: Selection | null, options: PaintOptions): void {
    const { area } = this.layers;
    area.hidden = selection === null;
    selection?.paintView(context(area), this.view, null, options);
  }

  /** Takes all layers away. */
  clear(): void {
    for (const canvas of Object.values(this.layers) as HTMLCanvasElement[]) {
      context(canvas).clearRect(0, 0, canvas.width, canvas.height);
    }
  }

  #show(view: ViewTransform): void {
    this.#exact = inSight(view, this.#picture, this.#free, this.ratio);
    this.view = sharp(this.#exact);
    const fitted = fit(this.#picture, this.#free, this.ratio);
    // Zoomed out as far as it goes, or there again: fitted, not left where it was moved to.
    const { scale } = this.view;
    this.isFitted = fitted.scale <= 1 ? scale <= fitted.scale * 1.0001 : Math.abs(scale / fitted.scale - 1) < 1e-4;
    if (this.isFitted) this.view = this.#exact = fitted;
  }

  #middle(): PicturePoint {
    const { left, top, width, height } = this.#free;
    return { x: left + width / 2, y: top + height / 2 };
  }

  #recentre(before: PicturePoint & { ratio: number }): void {
    const seen = toPicture(this.#exact, before);
    const scale = boundedScale((this.#exact.scale / before.ratio) * this.ratio, this.#picture, this.#free, this.ratio);
    const { x, y } = this.#middle();
    this.#show({ scale, offsetX: x - seen.x * scale, offsetY: y - seen.y * scale });
  }

  /** The part of a canvas that no tool lies over. */
  #freeArea(width: number, height: number): Area {
    const { ratio } = this;
    const [left, top] = [this.#surface.offsetLeft * ratio, this.#surface.offsetTop * ratio];
    const right = this.isSplit ? width : left + this.#surface.clientWidth * ratio;
    const bottom = top + this.#surface.clientHeight * ratio;
    return { left, top, width: Math.max(1, right - left), height: Math.max(1, Math.min(bottom, height) - top) };
  }

  #transform(pen: CanvasRenderingContext2D): void {
    const { scale, offsetX, offsetY } = this.view;
    pen.setTransform(scale, 0, 0, scale, offsetX, offsetY);
    pen.imageSmoothingEnabled = scale < CRISP_SCALE;
    pen.imageSmoothingQuality = "low";
  }

  /** What is in view of the picture, from the smallest copy that has enough pixels. */
  #drawPicture(pen: CanvasRenderingContext2D, picture: Shown, canvas: HTMLCanvasElement): void {
    const { scale } = this.view;
    // A pixel of level n stands for 2ⁿ⁺¹ × 2ⁿ⁺¹ of the picture.
    // Until they are there a quick reduction has to do: a good one of a large picture costs 0.1 s.
    let [source, reduced] = [picture.bitmap, 1];
    picture.levels.forEach((level, n) => {
      if (2 ** -(n + 1) >= scale) [source, reduced] = [level, 2 ** -(n + 1)];
    });
    const from = toPicture(this.view, { x: 0, y: 0 });
    const to = toPicture(this.view, { x: canvas.width, y: canvas.height });
    const [left, top] = [Math.max(0, Math.floor(from.x)), Math.max(0, Math.floor(from.y))];
    const width = Math.min(picture.width, Math.ceil(to.x)) - left;
    const height = Math.min(picture.height, Math.ceil(to.y)) - top;
    if (width <= 0 || height <= 0) return;
    const [x, y, across, down] = [left, top, width, height].map((side) => side * reduced) as [number, number, number, number];
    pen.drawImage(source, x, y, across, down, left, top, width, height);
  }

  #drawPatches(pen: CanvasRenderingContext2D, patches: readonly ShownPatch[], hasAlpha: boolean): void {
    if (this.view.scale < 0.5) pen.imageSmoothingQuality = "medium";
    for (const { bounds, bitmap } of patches) {
      // A box replaces what is under it, so that transparent pixels stay transparent. Cleared edges are
      // smoothed, and would shine through round a box of an opaque picture.
      if (hasAlpha) pen.clearRect(bounds.x, bounds.y, bounds.width, bounds.height);
      pen.drawImage(bitmap, bounds.x, bounds.y);
    }
  }
}

function context(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("this browser gives no 2D canvas");
  return pen;
}
