// Mouse, pen and fingers: one draws, two fingers move and zoom, and while a pen is down fingers are
// not heard at all (a hand rests on the screen). Strokes are drawn from all coalesced events, so they
// are as smooth as the device reports them, and are painted in the handler itself.

import type { EditorController } from "./controller.ts";
import { REACH, type Marking } from "./marking.ts";
import { measurePlace, type Place } from "./place.ts";
import type { Surface } from "./surface.ts";
import type { Keys, Sample, Tool } from "./tools/draft.ts";
import type { PicturePoint } from "./view.ts";

export interface PointerHost {
  readonly controller: EditorController;
  readonly surface: Surface | null;
  readonly marking: Marking;
  readonly tool: Tool;
  /** Whether Space is held, which makes any tool move the picture. */
  readonly isSpaceHeld: boolean;
  /** Shows where the pointer is, in CSS pixels of the frame, or that it is nowhere. */
  pointAt(at: PicturePoint | null, isTouch: boolean): void;
  /** The view was moved or zoomed. */
  viewChanged(): void;
}

type Gesture =
  | { readonly kind: "mark"; readonly pointer: number }
  | { readonly kind: "pan"; readonly pointer: number; last: PicturePoint }
  | { readonly kind: "pinch"; last: readonly [PicturePoint, PicturePoint] };

/** Zoom of a wheel: a notch of a mouse (100) is about a fifth, a trackpad sends many small ones. */
const WHEEL = 0.002;
const PINCH_WHEEL = 0.01;
const LINE = 16;
const PAGE = 400;

export class Pointers {
  #host: PointerHost;
  #target: HTMLElement;
  #gesture: Gesture | null = null;
  #fingers = new Map<number, PicturePoint>();
  #pen: number | null = null;

  constructor(host: PointerHost, target: HTMLElement, signal: AbortSignal) {
    this.#host = host;
    this.#target = target;
    const listen = (type: string, heard: (event: PointerEvent) => void) =>
      target.addEventListener(type, heard as (event: Event) => void, { signal });
    listen("pointerdown", (event) => this.#down(event));
    listen("pointermove", (event) => this.#move(event));
    listen("pointerup", (event) => this.#up(event));
    listen("pointercancel", (event) => this.#lost(event));
    listen("lostpointercapture", (event) => this.#lost(event));
    listen("pointerleave", () => host.pointAt(null, false));
    target.addEventListener("wheel", (event) => this.#wheel(event), { signal, passive: false });
    this.#hearSafariPinch(signal);
  }

  #down(event: PointerEvent): void {
    const { surface, controller } = this.#host;
    if (!surface || !controller.picture) return;
    const isTouch = event.pointerType === "touch";
    if (isTouch && this.#pen !== null) return;
    if (event.pointerType === "pen") this.#penDown(event.pointerId);
    event.preventDefault();
    // Focus that a pointer brings is not shown; a script's focus would be.
    this.#target.toggleAttribute("data-pointed", true);
    this.#target.focus({ preventScroll: true });
    const place = this.#place();
    const local = place.toLocal(event.clientX, event.clientY);
    if (isTouch) this.#fingers.set(event.pointerId, local);
    if (this.#fingers.size === 2) this.#beginPinch();
    if (this.#gesture || this.#fingers.size > 1) return;
    this.#capture(event.pointerId);
    const pans = this.#host.isSpaceHeld || this.#host.tool === "pan" || event.button === 1;
    if (pans) this.#gesture = { kind: "pan", pointer: event.pointerId, last: local };
    else if (event.button === 0) this.#beginMark(event, place);
  }

  #beginMark(event: PointerEvent, place: Place): void {
    const { marking, controller } = this.#host;
    if (controller.busy) return;
    this.#gesture = { kind: "mark", pointer: event.pointerId };
    const reach = event.pointerType === "mouse" ? REACH.fine : REACH.coarse;
    marking.press(this.#sample(event, place), keysOf(event), reach);
  }

  /** Two fingers: what the first one began to draw is given up. */
  #beginPinch(): void {
    if (this.#gesture?.kind === "mark") this.#host.marking.giveUpPress();
    this.#gesture = { kind: "pinch", last: this.#firstTwo() };
    for (const finger of this.#fingers.keys()) this.#capture(finger);
  }

  #move(event: PointerEvent): void {
    const { surface, marking } = this.#host;
    if (!surface || (event.pointerType === "touch" && this.#pen !== null)) return;
    const gesture = this.#gesture;
    const place = this.#place();
    const local = place.toLocal(event.clientX, event.clientY);
    if (this.#fingers.has(event.pointerId)) this.#fingers.set(event.pointerId, local);
    this.#host.pointAt(local, event.pointerType === "touch");
    if (!gesture) marking.hover(this.#sample(event, place), keysOf(event));
    else if (gesture.kind === "pinch") this.#pinch(gesture, surface);
    else if (gesture.pointer !== event.pointerId) return;
    else if (gesture.kind === "pan") this.#pan(gesture, local, surface);
    else marking.drag(this.#samples(event, place), keysOf(event));
  }

  #up(event: PointerEvent): void {
    const gesture = this.#gesture;
    this.#forget(event);
    if (gesture?.kind === "mark" && gesture.pointer === event.pointerId) {
      this.#gesture = null;
      this.#host.marking.release(this.#sample(event, this.#place()), keysOf(event));
    } else this.#endView(event);
  }

  #lost(event: PointerEvent): void {
    const gesture = this.#gesture;
    this.#forget(event);
    if (gesture?.kind === "mark" && gesture.pointer === event.pointerId) {
      this.#gesture = null;
      this.#host.marking.giveUpPress();
    } else this.#endView(event);
  }

  #forget(event: PointerEvent): void {
    this.#fingers.delete(event.pointerId);
    if (this.#pen === event.pointerId) this.#pen = null;
  }

  /** A pinch ends when its fingers are gone: the last one does not begin to draw. */
  #endView(event: PointerEvent): void {
    const gesture = this.#gesture;
    if (gesture?.kind === "pan" && gesture.pointer === event.pointerId) this.#gesture = null;
    if (gesture?.kind !== "pinch") return;
    if (this.#fingers.size === 0) this.#gesture = null;
    else if (this.#fingers.size > 1) gesture.last = this.#firstTwo();
  }

  #penDown(pointer: number): void {
    this.#pen = pointer;
    this.#fingers.clear();
    if (this.#gesture?.kind === "mark") this.#host.marking.giveUpPress();
    this.#gesture = null;
  }

  #pan(gesture: Extract<Gesture, { kind: "pan" }>, local: PicturePoint, surface: Surface): void {
    const { ratio } = surface;
    surface.pan((local.x - gesture.last.x) * ratio, (local.y - gesture.last.y) * ratio);
    gesture.last = local;
    this.#host.viewChanged();
  }

  #pinch(gesture: Extract<Gesture, { kind: "pinch" }>, surface: Surface): void {
    if (this.#fingers.size < 2) return;
    const now = this.#firstTwo();
    const ratio = distance(now) / Math.max(1, distance(gesture.last));
    surface.zoom(surface.view.scale * ratio, surface.toCanvas(middle(gesture.last)), surface.toCanvas(middle(now)));
    gesture.last = now;
    this.#host.viewChanged();
  }

  #firstTwo(): [PicturePoint, PicturePoint] {
    return [...this.#fingers.values()].slice(0, 2) as [PicturePoint, PicturePoint];
  }

  /** With Ctrl (a trackpad's pinch sends it too) zooms; else moves. Over a fitted picture the host's page
   * scrolls; over a zoomed one it does not, also not where the picture can be moved no further. */
  #wheel(event: WheelEvent): void {
    const { surface, controller } = this.#host;
    if (!surface || !controller.picture) return;
    const unit = { [WheelEvent.DOM_DELTA_LINE]: LINE, [WheelEvent.DOM_DELTA_PAGE]: PAGE }[event.deltaMode] ?? 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    if (event.ctrlKey || event.metaKey) {
      const rate = Math.abs(dy) < 50 ? PINCH_WHEEL : WHEEL;
      this.#zoomAt(event, Math.exp(-dy * rate));
      event.preventDefault();
      return;
    }
    const [across, down] = event.shiftKey && dx === 0 ? [dy, 0] : [dx, dy];
    if (surface.isFitted) return;
    event.preventDefault();
    if (surface.pan(-across * surface.ratio, -down * surface.ratio)) this.#host.viewChanged();
  }

  /** Safari tells of a trackpad's pinch by events of its own. */
  #hearSafariPinch(signal: AbortSignal): void {
    let last = 1;
    const listen = (type: string, heard: (event: MouseEvent & { scale: number }) => void) =>
      this.#target.addEventListener(type, heard as (event: Event) => void, { signal });
    listen("gesturestart", (event) => {
      event.preventDefault();
      last = 1;
    });
    listen("gesturechange", (event) => {
      event.preventDefault();
      if (this.#fingers.size === 0) this.#zoomAt(event, event.scale / last);
      last = event.scale;
    });
  }

  #zoomAt(event: MouseEvent, factor: number): void {
    const { surface } = this.#host;
    if (!surface) return;
    const local = this.#place().toLocal(event.clientX, event.clientY);
    surface.zoom(surface.view.scale * factor, surface.toCanvas(local));
    this.#host.viewChanged();
  }

  #place(): Place {
    return measurePlace(this.#host.surface?.frame ?? this.#target);
  }

  #capture(pointer: number): void {
    try {
      this.#target.setPointerCapture(pointer);
    } catch {
      // It has been lifted meanwhile; its events come without it.
    }
  }

  #samples(event: PointerEvent, place: Place): Sample[] {
    // Safari has had them only since 18.2.
    const coalesced = (event as Partial<PointerEvent>).getCoalescedEvents?.() ?? [];
    return (coalesced.length > 0 ? coalesced : [event]).map((one) => this.#sample(one, place));
  }

  #sample(event: PointerEvent, place: Place): Sample {
    const local = place.toLocal(event.clientX, event.clientY);
    const at = this.#host.surface?.toPicture(local) ?? local;
    return { ...at, pressure: event.pointerType === "pen" ? event.pressure : null };
  }
}

function keysOf({ altKey, shiftKey }: PointerEvent): Keys {
  return { alt: altKey, shift: shiftKey };
}

function middle([a, b]: readonly [PicturePoint, PicturePoint]): PicturePoint {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function distance([a, b]: readonly [PicturePoint, PicturePoint]): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
