// Rectangles: drawn, chosen, moved and resized. One that is changed stays the same mark.

import type { Rectangle } from "../../lib/marks.ts";
import type { RectangleMark } from "../history.ts";
import { rectangleBetween, type PicturePoint } from "../view.ts";
import type { Draft, DraftShape, Keys, Sample, ToolHost } from "./draft.ts";

/** What a rectangle is held by: its sides and corners as −1, 0 or 1 on each axis, or its middle. */
export interface Grip {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

const GRIPS: readonly Grip[] = [
  ...([-1, 1] as const).flatMap((x) => ([-1, 1] as const).map((y) => ({ x, y }))),
  ...([-1, 1] as const).flatMap((side) => [{ x: side, y: 0 } as const, { x: 0, y: side } as const]),
  { x: 0, y: 0 },
];

/** A press that moved less than this, in CSS pixels, is a click. */
const CLICK = 3;

/** Where the grips of a rectangle lie; a small one has only its corners and its middle. */
export function gripsOf(rectangle: Rectangle, cssScale: number): { grip: Grip; at: PicturePoint }[] {
  const { x, y, width, height } = rectangle;
  const fits = (side: number) => side * cssScale >= 48;
  const shown = GRIPS.filter((grip) => {
    if (grip.x === 0 && grip.y === 0) return fits(width) && fits(height);
    return (grip.x !== 0 || fits(width)) && (grip.y !== 0 || fits(height));
  });
  return shown.map((grip) => ({ grip, at: { x: x + (width * (grip.x + 1)) / 2, y: y + (height * (grip.y + 1)) / 2 } }));
}

/** The grip at a point, within `reach` CSS pixels. The sides can be taken hold of all along to move. */
export function gripAt(rectangle: Rectangle, at: PicturePoint, cssScale: number, reach: number): Grip | null {
  const near = ({ at: grip }: { at: PicturePoint }) => Math.hypot(grip.x - at.x, grip.y - at.y) * cssScale <= reach;
  const grip = gripsOf(rectangle, cssScale).find(near);
  if (grip) return grip.grip;
  const { x, y, width, height } = rectangle;
  const outside = Math.max(x - at.x, at.x - x - width, y - at.y, at.y - y - height) * cssScale;
  const onSide = Math.abs(outside) <= Math.min(reach, 8) / 2;
  return onSide ? { x: 0, y: 0 } : null;
}

/** A new rectangle; a click chooses the one that is there. */
export class RectangleDraft implements Draft {
  #host: ToolHost;
  #from: PicturePoint;
  #to: PicturePoint;
  #subtract: boolean;
  #isSquare = false;

  constructor(host: ToolHost, at: Sample, subtract: boolean) {
    this.#host = host;
    this.#from = at;
    this.#to = at;
    this.#subtract = subtract;
  }

  drag(samples: readonly Sample[], keys: Keys): void {
    this.#to = samples.at(-1) ?? this.#to;
    this.#isSquare = keys.shift;
  }

  release(at: Sample, keys: Keys): void {
    this.drag([at], keys);
    const { controller, cssScale } = this.#host;
    const isClick = Math.hypot(at.x - this.#from.x, at.y - this.#from.y) * cssScale < CLICK;
    if (isClick) {
      this.#host.chosenRectangle = rectangleAt(controller.marks.rectangles, at);
      return;
    }
    const rectangle = this.#rectangle();
    if (rectangle) this.#host.chosenRectangle = controller.marks.addRectangle(rectangle, this.#subtract);
  }

  giveUp(): void {
    this.#to = this.#from;
  }

  shape(): DraftShape | null {
    const rectangle = this.#rectangle();
    return rectangle && { kind: "rectangle", rectangle, subtract: this.#subtract };
  }

  #rectangle(): Rectangle | null {
    const { picture } = this.#host.controller;
    return picture && rectangleBetween(this.#from, this.#isSquare ? squared(this.#from, this.#to) : this.#to, picture);
  }
}

/** A rectangle that is moved or resized. */
export class GripDraft implements Draft {
  #host: ToolHost;
  #mark: RectangleMark;
  #grip: Grip;
  #from: PicturePoint;
  #to: PicturePoint;
  #isSquare = false;

  constructor(host: ToolHost, mark: RectangleMark, grip: Grip, at: Sample) {
    this.#host = host;
    this.#mark = mark;
    this.#grip = grip;
    this.#from = at;
    this.#to = at;
  }

  drag(samples: readonly Sample[], keys: Keys): void {
    this.#to = samples.at(-1) ?? this.#to;
    this.#isSquare = keys.shift;
  }

  release(at: Sample, keys: Keys): void {
    this.drag([at], keys);
    const { x, y, width, height } = this.#mark;
    const to = this.#rectangle();
    const isSame = to && to.x === x && to.y === y && to.width === width && to.height === height;
    if (to && !isSame) this.#host.controller.marks.changeRectangle(this.#mark.id, to);
  }

  giveUp(): void {
    this.#to = this.#from;
  }

  shape(): DraftShape | null {
    const rectangle = this.#rectangle();
    return rectangle && { kind: "rectangle", rectangle, subtract: this.#mark.subtract };
  }

  #rectangle(): Rectangle | null {
    const { picture } = this.#host.controller;
    if (!picture) return null;
    const { x, y, width, height } = this.#mark;
    const [dx, dy] = [Math.round(this.#to.x - this.#from.x), Math.round(this.#to.y - this.#from.y)];
    if (this.#grip.x === 0 && this.#grip.y === 0) return moved(this.#mark, dx, dy, picture);
    const fixed = { x: this.#grip.x < 0 ? x + width : x, y: this.#grip.y < 0 ? y + height : y };
    const free = {
      x: this.#grip.x < 0 ? x + dx : x + width + (this.#grip.x && dx),
      y: this.#grip.y < 0 ? y + dy : y + height + (this.#grip.y && dy),
    };
    const isCorner = this.#grip.x !== 0 && this.#grip.y !== 0;
    return rectangleBetween(fixed, isCorner && this.#isSquare ? squared(fixed, free) : free, picture);
  }
}

/** The last drawn rectangle that holds a point. */
export function rectangleAt(marks: readonly RectangleMark[], { x, y }: PicturePoint): number | null {
  const holds = (mark: Rectangle) => x >= mark.x && y >= mark.y && x < mark.x + mark.width && y < mark.y + mark.height;
  return marks.findLast(holds)?.id ?? null;
}

function moved({ x, y, width, height }: Rectangle, dx: number, dy: number, picture: { width: number; height: number }) {
  const clamp = (value: number, max: number) => Math.min(Math.max(value, 0), max);
  return { x: clamp(x + dx, picture.width - width), y: clamp(y + dy, picture.height - height), width, height };
}

function squared(from: PicturePoint, to: PicturePoint): PicturePoint {
  const side = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y));
  const sign = (v: number) => (v < 0 ? -1 : 1);
  return { x: from.x + side * sign(to.x - from.x), y: from.y + side * sign(to.y - from.y) };
}
