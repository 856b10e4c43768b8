// From the pointer to marks. The surface hears pointer events; a stroke is drawn from all coalesced
// events, so it is as smooth as the device reports it, and is painted in the handler itself.

import type { EditorController, Tool } from "./controller.ts";
import type { Surface } from "./surface.ts";
import { rectangleBetween, toPicture, type PicturePoint } from "./view.ts";
import type { Rectangle } from "../lib/marks.ts";

export interface DrawingHost {
  readonly controller: EditorController;
  readonly surface: Surface | null;
  readonly tool: Tool;
  readonly brushSize: number;
  /** Shows where the brush is, or that it is nowhere. */
  moveCursor(event: PointerEvent | null): void;
  /** Shows the rectangle that is being drawn, in pixels of the picture. */
  showBand(band: Rectangle | null): void;
}

type Gesture = { pointer: number; box: DOMRect } & (
  | { kind: "stroke" }
  | { kind: "rectangle"; from: PicturePoint; subtract: boolean }
);

export class Drawing {
  #host: DrawingHost;
  #gesture: Gesture | null = null;

  constructor(host: DrawingHost, target: HTMLElement, signal: AbortSignal) {
    this.#host = host;
    const listen = (type: string, heard: (event: PointerEvent) => void) =>
      target.addEventListener(type, heard as (event: Event) => void, { signal });
    listen("pointerdown", (event) => this.#down(event, target));
    listen("pointermove", (event) => this.#move(event));
    listen("pointerup", (event) => this.#up(event));
    listen("pointercancel", (event) => this.#interrupted(event));
    listen("lostpointercapture", (event) => this.#interrupted(event));
    listen("pointerleave", () => host.moveCursor(null));
  }

  #down(event: PointerEvent, target: HTMLElement): void {
    const { controller, surface, tool, brushSize } = this.#host;
    const isFirst = event.isPrimary && event.button === 0 && !this.#gesture;
    if (!isFirst || !surface || !controller.picture || controller.busy) return;
    event.preventDefault();
    target.focus({ preventScroll: true });
    target.setPointerCapture(event.pointerId);
    const box = surface.layers.marks.getBoundingClientRect();
    const at = toPicture(surface.view, surface.layers.marks, box, event.clientX, event.clientY);
    const subtract = event.altKey || tool === "eraser";
    if (tool === "rectangle") {
      this.#gesture = { kind: "rectangle", pointer: event.pointerId, box, from: at, subtract };
      return;
    }
    this.#gesture = { kind: "stroke", pointer: event.pointerId, box };
    this.#paint(controller.beginStroke(at.x, at.y, brushSize, subtract));
  }

  #move(event: PointerEvent): void {
    this.#host.moveCursor(event);
    const gesture = this.#gestureOf(event);
    if (gesture?.kind === "rectangle") this.#host.showBand(this.#band(gesture, event));
    if (gesture?.kind === "stroke") this.#extend(gesture, event);
  }

  #up(event: PointerEvent): void {
    const gesture = this.#gestureOf(event);
    if (!gesture) return;
    const { controller } = this.#host;
    this.#gesture = null;
    if (gesture.kind === "rectangle") {
      const band = this.#band(gesture, event);
      this.#host.showBand(null);
      if (band) controller.addRectangle(band, gesture.subtract);
      return;
    }
    this.#extend(gesture, event);
    controller.endStroke();
  }

  #interrupted(event: PointerEvent): void {
    const gesture = this.#gestureOf(event);
    if (!gesture) return;
    this.#gesture = null;
    this.#host.showBand(null);
    if (gesture.kind === "stroke") this.#host.controller.cancelStroke();
  }

  #extend(gesture: Gesture, event: PointerEvent): void {
    const { controller, surface } = this.#host;
    if (!surface) return;
    // Safari has had them only since 18.2.
    const coalesced = (event as Partial<PointerEvent>).getCoalescedEvents?.() ?? [];
    const events = coalesced.length > 0 ? coalesced : [event];
    const points = new Float32Array(events.length * 2);
    events.forEach((one, i) => {
      const { x, y } = toPicture(surface.view, surface.layers.marks, gesture.box, one.clientX, one.clientY);
      points[2 * i] = x;
      points[2 * i + 1] = y;
    });
    this.#paint(controller.extendStroke(points));
  }

  #band(gesture: Extract<Gesture, { kind: "rectangle" }>, event: PointerEvent): Rectangle | null {
    const { controller, surface } = this.#host;
    if (!surface || !controller.picture) return null;
    const to = toPicture(surface.view, surface.layers.marks, gesture.box, event.clientX, event.clientY);
    return rectangleBetween(gesture.from, to, controller.picture);
  }

  #gestureOf(event: PointerEvent): Gesture | null {
    return this.#gesture?.pointer === event.pointerId ? this.#gesture : null;
  }

  #paint(changed: Rectangle | null): void {
    const { controller, surface } = this.#host;
    if (changed && surface && controller.selection) surface.paintMarks(controller.selection, changed);
  }
}
