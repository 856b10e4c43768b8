// Lasso and polygon: a closed outline, drawn freely or corner by corner.

import type { PicturePoint } from "../view.ts";
import type { Draft, DraftShape, Keys, Sample, ToolHost } from "./draft.ts";

/** Points of a lasso nearer to each other than this, in CSS pixels, are one. */
const SPACING = 1;

/** A corner that is as near to the last one as this share of the reach is the same again. */
const SAME = 1 / 3;

export class LassoDraft implements Draft {
  #host: ToolHost;
  #points: PicturePoint[];
  #subtract: boolean;
  #isStraight = false;

  constructor(host: ToolHost, at: Sample, subtract: boolean) {
    this.#host = host;
    this.#points = [at];
    this.#subtract = subtract;
  }

  /** With Shift the outline goes straight from where Shift was pressed. */
  drag(samples: readonly Sample[], keys: Keys): void {
    if (keys.shift) {
      const to = samples.at(-1);
      if (!to) return;
      if (this.#isStraight) this.#points.pop();
      this.#points.push(to);
      this.#isStraight = true;
      return;
    }
    this.#isStraight = false;
    for (const at of samples) {
      const last = this.#points.at(-1) ?? at;
      if (Math.hypot(at.x - last.x, at.y - last.y) * this.#host.cssScale >= SPACING) this.#points.push(at);
    }
  }

  release(at: Sample, keys: Keys): void {
    this.drag([at], keys);
    if (this.#points.length >= 3) this.#host.controller.marks.addPolygon(this.#points, this.#subtract);
  }

  giveUp(): void {
    this.#points = [];
  }

  shape(): DraftShape {
    return { kind: "path", points: this.#points, corners: false, subtract: this.#subtract };
  }
}

/** A polygon outlives single presses: each sets a corner. */
export class PolygonDraft {
  #host: ToolHost;
  #corners: PicturePoint[] = [];
  #next: PicturePoint | null = null;
  #subtract: boolean;

  constructor(host: ToolHost, subtract: boolean) {
    this.#host = host;
    this.#subtract = subtract;
  }

  get corners(): number {
    return this.#corners.length;
  }

  /** Sets a corner; on the first one, within `reach` CSS pixels, or the last one again, the polygon is
   * complete. */
  press(at: Sample, keys: Keys, reach: number): "open" | "complete" {
    const corner = this.#placed(at, keys);
    const first = this.#corners[0];
    const last = this.#corners.at(-1);
    const isNear = (other: PicturePoint | undefined, within: number) =>
      other !== undefined && Math.hypot(other.x - at.x, other.y - at.y) * this.#host.cssScale <= within;
    const isSame = isNear(last, reach * SAME);
    if (this.#corners.length >= 3 && (isSame || isNear(first, reach))) return "complete";
    if (!isSame) this.#corners.push(corner);
    return "open";
  }

  hover(at: Sample, keys: Keys): void {
    this.#next = this.#placed(at, keys);
  }

  /** Takes the last corner back; answers whether one is left. */
  takeBack(): boolean {
    this.#corners.pop();
    return this.#corners.length > 0;
  }

  /** Makes the mark, if there are corners enough. */
  finish(): boolean {
    if (this.#corners.length < 3) return false;
    this.#host.controller.marks.addPolygon(this.#corners, this.#subtract);
    return true;
  }

  shape(): DraftShape {
    const points = this.#next ? [...this.#corners, this.#next] : this.#corners;
    return { kind: "path", points, corners: true, subtract: this.#subtract };
  }

  /** With Shift a side lies on a multiple of 45°. */
  #placed(at: PicturePoint, keys: Keys): PicturePoint {
    const from = this.#corners.at(-1);
    if (!keys.shift || !from) return { x: at.x, y: at.y };
    const length = Math.hypot(at.x - from.x, at.y - from.y);
    const angle = Math.round(Math.atan2(at.y - from.y, at.x - from.x) / (Math.PI / 4)) * (Math.PI / 4);
    return { x: from.x + Math.cos(angle) * length, y: from.y + Math.sin(angle) * length };
  }
}
