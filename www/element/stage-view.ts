// What is painted when: pictures at the next frame, marks at once, and over them what is being made.

import type { Change } from "./controller.ts";
import { patchesOf, type History } from "./history.ts";
import type { PaintOptions, Rectangle } from "../lib/marks.ts";
import type { OpenPicture } from "./open-picture.ts";
import { showOverlay } from "./overlay.ts";
import { AREA_COLOURS } from "./search-area.ts";
import type { EditorState } from "./editor-state.ts";
import { Surface } from "./surface.ts";
import { toCanvas, type PicturePoint } from "./view.ts";

/** Fainter than marks: it is only to be known. */
const AREA_OPACITY = 0.22;

export class StageView {
  readonly surface: Surface;
  /** Where the pointer is, in CSS pixels of the frame. */
  pointer: PicturePoint | null = null;
  #editor: EditorState;
  #root: ParentNode;
  #painting = 0;
  #isBeforePainted = false;

  constructor(editor: EditorState, root: ParentNode) {
    this.#editor = editor;
    this.#root = root;
    const canvas = (id: string) => this.#part(id) as HTMLCanvasElement;
    const layers = { before: canvas("before"), after: canvas("after"), area: canvas("area"), marks: canvas("marks") };
    this.surface = new Surface(this.#part("surface"), this.#part("frame"), layers);
  }

  /** Paints what changed. */
  changed(change: Change): void {
    const { picture } = this.#editor.controller;
    if (change === "picture") this.surface.isFitted = true;
    // At once, not with the next frame: whoever draws before it draws on this picture.
    if (change === "picture" && picture) this.surface.resize(picture);
    if (change === "preview") this.#paintPreview();
    else if (change === "marks") this.paintMarks(null);
    else this.repaintSoon();
  }

  /** Everything, at the next frame. */
  repaintSoon(): void {
    cancelAnimationFrame(this.#painting);
    this.#painting = requestAnimationFrame(() => this.#repaint());
  }

  stop(): void {
    cancelAnimationFrame(this.#painting);
  }

  /** The marks in a box of the picture, or all of them, at once. */
  paintMarks(changed: Rectangle | null): void {
    const { selection } = this.#editor.controller;
    if (selection) this.surface.paintMarks(selection, changed, this.#paintOptions());
  }

  /** Zooms round the middle, or to the fitted picture. */
  zoomTo(scale: number | "fit"): void {
    if (!this.#editor.controller.picture) return;
    if (scale === "fit") this.surface.fit();
    else this.surface.zoom(scale);
    this.repaintSoon();
  }

  /** The draft, the chosen rectangle, the brush and the keyboard's cursor. */
  showOverlay(): void {
    const { surface } = this;
    const { marking, controller, keyboardCursor, tool, chosen } = this.#editor;
    const isPaintable = controller.picture !== null && controller.busy === null;
    showOverlay(this.#part("overlay"), surface, {
      draft: marking.shape,
      chosen: tool === "rectangle" && isPaintable && controller.history?.showsMarks ? chosen : null,
      brush: isPaintable ? this.#brush() : null,
      cursor: isPaintable ? keyboardCursor : null,
    });
  }

  /** Which layers are seen: the result from the divider to the right, marks where they belong. */
  showLayers(): void {
    const { controller, compare, isSplit, isHeld } = this.#editor;
    const { history, picture, preview } = controller;
    const { before, after, area, marks } = this.surface.layers;
    const hasAfter = this.#hasAfter(history);
    after.hidden = !hasAfter || isHeld;
    for (const layer of [area, marks]) {
      layer.classList.toggle("faded", !history?.showsMarks || preview.length > 0 || isHeld);
    }
    const isDivided = hasAfter && compare > 0 && !isSplit && !isHeld;
    const x = picture ? this.#dividerX(picture) : 0;
    after.style.clipPath = isDivided ? `inset(0 0 0 ${x}px)` : "";
    const divider = this.#part("divider");
    divider.hidden = !isDivided;
    divider.style.transform = `translateX(${x}px)`;
    if ((isDivided || isHeld || isSplit || !hasAfter) && !this.#isBeforePainted && picture) {
      this.#isBeforePainted = true;
      this.surface.paint(before, picture, []);
    }
  }

  /** The share of the picture's width at a point of the frame, in percent. */
  shareAt(local: PicturePoint): number {
    const { picture } = this.#editor.controller;
    if (!picture) return 0;
    return Math.min(Math.max((this.surface.toPicture(local).x / picture.width) * 100, 0), 100);
  }

  #repaint(): void {
    const { picture, history, preview } = this.#editor.controller;
    const { surface } = this;
    surface.isSplit = this.#editor.isSplit && picture !== null;
    if (!picture || !history) {
      surface.resize({ width: 1, height: 1 });
      surface.clear();
      this.showOverlay();
      return;
    }
    surface.resize(picture);
    this.#isBeforePainted = false;
    if (this.#hasAfter(history)) {
      const base = preview.length > 0 ? history.base : history.shown;
      surface.paint(surface.layers.after, picture, [...patchesOf(base), ...preview]);
    }
    if (history.showsMarks) this.paintMarks(null);
    this.#paintArea();
    this.showLayers();
    this.showOverlay();
    this.#paintThumbnails(picture, history);
    this.#editor.zoomPercent = surface.view.scale * 100;
  }

  #paintArea(): void {
    const { selection, use } = this.#editor.searchArea;
    const options = { ...this.#paintOptions(), color: AREA_COLOURS[use ?? "only"], opacity: AREA_OPACITY };
    this.surface.paintArea(selection, options);
  }

  #paintPreview(): void {
    const { picture, preview } = this.#editor.controller;
    if (!picture) return;
    if (this.surface.layers.after.hidden) this.#repaint();
    else this.surface.paintPatches(picture, preview);
    this.showLayers();
  }

  #hasAfter(history: History | null): boolean {
    return history !== null && (history.shown.base !== null || this.#editor.controller.preview.length > 0);
  }

  #brush(): { at: PicturePoint; size: number } | null {
    const { tool, brushSize, keyboardCursor, isSpaceHeld } = this.#editor;
    const { surface } = this;
    if ((tool !== "brush" && tool !== "eraser") || isSpaceHeld) return null;
    const size = brushSize * surface.cssScale;
    if (keyboardCursor) return { at: surface.toLocal(keyboardCursor), size };
    if (!this.pointer) return null;
    const { x, y } = surface.toCanvas(this.pointer);
    return { at: { x: x / surface.ratio, y: y / surface.ratio }, size };
  }

  /** Where the divider stands, in CSS pixels of the frame. */
  #dividerX(picture: OpenPicture): number {
    const { compare } = this.#editor;
    const { x } = toCanvas(this.surface.view, { x: (compare / 100) * picture.width, y: 0 });
    return x / this.surface.ratio;
  }

  #paintOptions(): PaintOptions {
    const { overlayColour, overlayOpacity, outline } = this.#editor.preferences;
    const edge = outline ? Math.max(1, Math.round(this.surface.ratio)) : 0;
    return { color: overlayColour, opacity: overlayOpacity, edge };
  }

  #paintThumbnails(picture: OpenPicture, history: History): void {
    const thumbnails = this.#root.querySelectorAll<HTMLCanvasElement>("canvas.thumbnail");
    for (const canvas of thumbnails) {
      const version = history.versions[Number(canvas.dataset.version)];
      // Painted once for each version, again when there is a better copy to paint from.
      const state = `${version?.id} ${picture.levels.length} ${picture.name}`;
      if (!version || canvas.dataset.painted === state) continue;
      canvas.dataset.painted = state;
      paintThumbnail(canvas, picture, version);
    }
  }

  #part(id: string): HTMLElement {
    const found = this.#root.querySelector<HTMLElement>(`#${id}`);
    if (!found) throw new Error(`#${id} is not rendered`);
    return found;
  }
}

/** The longer side of a thumbnail, in device pixels. */
const THUMBNAIL = 112;

function paintThumbnail(canvas: HTMLCanvasElement, picture: OpenPicture, version: Parameters<typeof patchesOf>[0]): void {
  const scale = THUMBNAIL / Math.max(picture.width, picture.height);
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.imageSmoothingQuality = "medium";
  pen.scale(canvas.width / picture.width, canvas.height / picture.height);
  pen.drawImage(picture.levels.at(-1) ?? picture.bitmap, 0, 0, picture.width, picture.height);
  for (const { bounds, bitmap } of patchesOf(version)) pen.drawImage(bitmap, bounds.x, bounds.y);
}
