// Where the picture lies on the canvas, and the ways between the two.

import type { Rectangle, ViewTransform } from "../lib/marks.ts";

/** Free space round the picture, in CSS pixels. */
const MARGIN = 16;

/** A small picture is not blown up further than this many CSS pixels for one of its own. */
const MAX_FIT = 3;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The whole picture in the middle of a canvas of `canvas` device pixels. */
export function fit(picture: Size, canvas: Size, pixelRatio: number): ViewTransform {
  const room = (side: number) => Math.max(1, side - 2 * MARGIN * pixelRatio);
  const across = room(canvas.width) / picture.width;
  const scale = Math.min(across, room(canvas.height) / picture.height, MAX_FIT * pixelRatio);
  return {
    scale,
    offsetX: Math.round((canvas.width - picture.width * scale) / 2),
    offsetY: Math.round((canvas.height - picture.height * scale) / 2),
  };
}

/** A point of the screen in pixels of the picture, whatever CSS transforms lie between. */
export function toPicture(view: ViewTransform, canvas: HTMLCanvasElement, box: DOMRect, x: number, y: number) {
  const across = ((x - box.left) / box.width) * canvas.width;
  const down = ((y - box.top) / box.height) * canvas.height;
  return { x: (across - view.offsetX) / view.scale, y: (down - view.offsetY) / view.scale };
}

export interface PicturePoint {
  readonly x: number;
  readonly y: number;
}

/** The whole pixels between two corners, within the picture; nothing where there are none. */
export function rectangleBetween(a: PicturePoint, b: PicturePoint, picture: Size): Rectangle | null {
  const clamp = (value: number, max: number) => Math.min(Math.max(value, 0), max);
  const left = clamp(Math.floor(Math.min(a.x, b.x)), picture.width);
  const top = clamp(Math.floor(Math.min(a.y, b.y)), picture.height);
  const right = clamp(Math.ceil(Math.max(a.x, b.x)), picture.width);
  const bottom = clamp(Math.ceil(Math.max(a.y, b.y)), picture.height);
  if (right <= left || bottom <= top) return null;
  return { x: left, y: top, width: right - left, height: bottom - top };
}
