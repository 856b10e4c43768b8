// Where the picture lies on the canvases: fitted, zoomed and moved. Canvas = picture × scale + offset,
// in device pixels; 100 % is one pixel of the picture on one of the device.

import type { Rectangle, ViewTransform } from "../lib/marks.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface PicturePoint {
  readonly x: number;
  readonly y: number;
}

/** Part of a canvas, in device pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Free space round a fitted picture, in CSS pixels. */
const MARGIN = 16;

/** A small picture is not blown up further than this many CSS pixels for one of its own. */
const MAX_FIT = 3;

/** 3200 %: one pixel of the picture can be aimed at with a finger. */
export const MAX_SCALE = 32;

/** From here on pixels are shown as the squares that they are. */
export const CRISP_SCALE = 3;

/** How much of a moved picture stays in view, in CSS pixels. */
const KEPT = 48;

/** The whole picture in the middle of the free part of a canvas. */
export function fit(picture: Size, free: Area, pixelRatio: number): ViewTransform {
  const scale = fitScale(picture, free, pixelRatio);
  return {
    scale,
    offsetX: Math.round(free.left + (free.width - picture.width * scale) / 2),
    offsetY: Math.round(free.top + (free.height - picture.height * scale) / 2),
  };
}

/** The view with another scale; the point of the canvas keeps what it shows. */
export function scaledAt(view: ViewTransform, scale: number, at: PicturePoint): ViewTransform {
  const ratio = scale / view.scale;
  return { scale, offsetX: at.x - (at.x - view.offsetX) * ratio, offsetY: at.y - (at.y - view.offsetY) * ratio };
}

/** A scale within its bounds: from the fitted one, or 100 % where that is smaller, to the largest. */
export function boundedScale(scale: number, picture: Size, free: Area, pixelRatio: number): number {
  const least = Math.min(fitScale(picture, free, pixelRatio), 1);
  return Math.min(Math.max(scale, least), MAX_SCALE);
}

/** The view of a scale within its bounds, moved so that it is never out of sight. */
export function inSight({ scale, offsetX, offsetY }: ViewTransform, picture: Size, free: Area, pixelRatio: number): ViewTransform {
  const kept = KEPT * pixelRatio;
  return {
    scale,
    offsetX: within(offsetX, picture.width * scale, free.left, free.width, kept),
    offsetY: within(offsetY, picture.height * scale, free.top, free.height, kept),
  };
}

/** With offsets of whole device pixels, so that what is still stays sharp. */
export function sharp({ scale, offsetX, offsetY }: ViewTransform): ViewTransform {
  return { scale, offsetX: Math.round(offsetX), offsetY: Math.round(offsetY) };
}

/** The smallest scale: that of the fitted picture. */
export function fitScale(picture: Size, free: Area, pixelRatio: number): number {
  const room = (side: number) => Math.max(1, side - 2 * MARGIN * pixelRatio);
  const across = room(free.width) / picture.width;
  return Math.min(across, room(free.height) / picture.height, MAX_FIT * pixelRatio);
}

export function toPicture(view: ViewTransform, canvas: PicturePoint): PicturePoint {
  return { x: (canvas.x - view.offsetX) / view.scale, y: (canvas.y - view.offsetY) / view.scale };
}

export function toCanvas(view: ViewTransform, picture: PicturePoint): PicturePoint {
  return { x: picture.x * view.scale + view.offsetX, y: picture.y * view.scale + view.offsetY };
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

/** One axis: a picture can be moved until little of it is left in view. */
function within(offset: number, length: number, start: number, room: number, kept: number): number {
  const least = Math.min(kept, length);
  return Math.min(Math.max(offset, start + least - length), start + room - least);
}
