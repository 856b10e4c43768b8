// What is shown over the marks: drafts, the chosen rectangle with its grips, the brush and the
// keyboard's cursor. Lines are white on black, so that they can be seen on any picture.

import { nothing, render, svg, type TemplateResult } from "lit";

import type { RectangleMark } from "./history.ts";
import type { Surface } from "./surface.ts";
import type { DraftShape } from "./tools/draft.ts";
import { gripsOf } from "./tools/rectangle.ts";
import type { PicturePoint } from "./view.ts";

export interface Overlay {
  readonly draft: DraftShape | null;
  readonly chosen: RectangleMark | null;
  /** Where the brush is, in CSS pixels of its layer. */
  readonly brush: { readonly at: PicturePoint; readonly size: number } | null;
  readonly cursor: PicturePoint | null;
}

export function showOverlay(root: HTMLElement, surface: Surface, overlay: Overlay): void {
  const { draft, chosen, brush, cursor } = overlay;
  const isMoved = draft?.kind === "rectangle" && chosen !== null;
  render(
    svg`${chosen && !isMoved ? chosenRectangle(chosen, surface) : nothing}
      ${draft ? draftShape(draft, surface) : nothing}
      ${brush ? svg`<g class="brush">${twice(circle(brush.at, brush.size / 2))}</g>` : nothing}
      ${cursor ? crosshair(surface.toLocal(cursor)) : nothing}`,
    root,
  );
}

function draftShape(draft: DraftShape, surface: Surface): TemplateResult {
  const state = draft.subtract ? "draft subtract" : "draft";
  switch (draft.kind) {
    case "rectangle": {
      const { x, y, width, height } = draft.rectangle;
      const corners = [{ x, y }, { x: x + width, y }, { x: x + width, y: y + height }, { x, y: y + height }];
      return svg`<g class=${state}>${twice(outline(corners, surface, true))}</g>`;
    }
    case "path":
      return svg`<g class=${state}>${twice(outline(draft.points, surface, false))}
        ${draft.corners ? draft.points.map((at) => twice(circle(surface.toLocal(at), 4))) : nothing}</g>`;
    case "line": {
      const [from, to] = [surface.toLocal(draft.from), surface.toLocal(draft.to)];
      return svg`<line class=${`${state} stroke`} x1=${from.x} y1=${from.y} x2=${to.x} y2=${to.y}
        stroke-width=${draft.width * surface.cssScale} />`;
    }
  }
}

function chosenRectangle(mark: RectangleMark, surface: Surface): TemplateResult {
  const { x, y, width, height } = mark;
  const corners = [{ x, y }, { x: x + width, y }, { x: x + width, y: y + height }, { x, y: y + height }];
  const grips = gripsOf(mark, surface.cssScale).map(({ grip, at }) => {
    const place = surface.toLocal(at);
    return svg`<circle class=${grip.x === 0 && grip.y === 0 ? "grip middle" : "grip"} cx=${place.x} cy=${place.y} r="6" />`;
  });
  return svg`<g class="chosen">${twice(outline(corners, surface, true))}${grips}</g>`;
}

function crosshair({ x, y }: PicturePoint): TemplateResult {
  const path = `M${x - 14},${y}H${x - 4}M${x + 4},${y}H${x + 14}M${x},${y - 14}V${y - 4}M${x},${y + 4}V${y + 14}`;
  return svg`<g class="crosshair">${twice(path)}</g>`;
}

/** A path in black with white over it. */
function twice(path: string): TemplateResult {
  return svg`<path class="under" d=${path} /><path class="over" d=${path} />`;
}

function outline(points: readonly PicturePoint[], surface: Surface, isClosed: boolean): string {
  const places = points.map((at) => surface.toLocal(at)).map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`);
  return places.length > 0 ? `M${places.join("L")}${isClosed ? "Z" : ""}` : "";
}

function circle({ x, y }: PicturePoint, radius: number): string {
  return `M${x - radius},${y}a${radius},${radius} 0 1 0 ${2 * radius},0a${radius},${radius} 0 1 0 ${-2 * radius},0`;
}
