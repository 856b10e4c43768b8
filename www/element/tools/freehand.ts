// Brush and eraser: a stroke that is drawn as it comes, or with Shift one straight line.

import type { PicturePoint } from "../view.ts";
import type { Draft, DraftShape, Keys, Sample, ToolHost } from "./draft.ts";

/** A stroke of the lightest pressure is this share of the brush wide. */
const LIGHTEST = 0.2;

/** A press that moved less than this, in CSS pixels, is a click. */
const CLICK = 3;

export class FreehandDraft implements Draft {
  #host: ToolHost;

  constructor(host: ToolHost, at: Sample, subtract: boolean) {
    this.#host = host;
    host.paint(host.controller.marks.beginStroke(at.x, at.y, diameter(host, at), subtract));
  }

  drag(samples: readonly Sample[]): void {
    const host = this.#host;
    const points = new Float32Array(samples.flatMap(({ x, y }) => [x, y]));
    const isPressed = host.penPressure && samples.some(({ pressure }) => pressure !== null);
    const diameters = isPressed ? new Float32Array(samples.map((at) => diameter(host, at))) : undefined;
    host.paint(host.controller.marks.extendStroke(points, diameters));
  }

  release(at: Sample): void {
    this.drag([at]);
    this.#host.lastEnd = at;
    this.#host.controller.marks.endStroke();
  }

  giveUp(): void {
    this.#host.controller.marks.cancelStroke();
  }

  shape(): null {
    return null;
  }
}

/** A straight line from where it was pressed; from the end of the last stroke when it was a click. */
export class LineDraft implements Draft {
  #host: ToolHost;
  #from: PicturePoint;
  #to: PicturePoint;
  #subtract: boolean;

  constructor(host: ToolHost, at: Sample, subtract: boolean) {
    this.#host = host;
    this.#from = at;
    this.#to = at;
    this.#subtract = subtract;
  }

  drag(samples: readonly Sample[]): void {
    this.#to = samples.at(-1) ?? this.#to;
  }

  release(at: Sample): void {
    const host = this.#host;
    const isClick = Math.hypot(at.x - this.#from.x, at.y - this.#from.y) * host.cssScale < CLICK;
    const from = isClick ? (host.lastEnd ?? at) : this.#from;
    host.paint(host.controller.marks.beginStroke(from.x, from.y, host.brushSize, this.#subtract));
    host.paint(host.controller.marks.extendStroke(new Float32Array([at.x, at.y])));
    host.controller.marks.endStroke();
    host.lastEnd = at;
  }

  giveUp(): void {
    this.#to = this.#from;
  }

  shape(): DraftShape {
    return { kind: "line", from: this.#from, to: this.#to, width: this.#host.brushSize, subtract: this.#subtract };
  }
}

export function freehand(host: ToolHost, at: Sample, keys: Keys, subtract: boolean): Draft {
  return keys.shift ? new LineDraft(host, at, subtract) : new FreehandDraft(host, at, subtract);
}

function diameter({ brushSize, penPressure }: ToolHost, { pressure }: Sample): number {
  if (!penPressure || pressure === null) return brushSize;
  return Math.max(1, brushSize * (LIGHTEST + (1 - LIGHTEST) * pressure));
}
