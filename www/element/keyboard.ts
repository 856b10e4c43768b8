// The keyboard alone does everything: arrows move a cursor over the picture, Enter starts and ends a
// mark there. Keys are heard only inside the element, and those that were used go no further, so a
// host keeps its own Ctrl+Z.

import type { EditorController } from "./controller.ts";
import { REACH, type Marking } from "./marking.ts";
import type { Surface } from "./surface.ts";
import type { Keys, Sample, Tool } from "./tools/draft.ts";
import { isEditing, isTyping } from "./typing.ts";
import type { PicturePoint } from "./view.ts";

export type Spoken =
  | { readonly what: "cursor"; readonly at: PicturePoint }
  | { readonly what: "started" | "ended" | "givenUp" }
  | { readonly what: "corner"; readonly count: number };

export interface KeyboardHost {
  readonly controller: EditorController;
  readonly surface: Surface | null;
  readonly marking: Marking;
  tool: Tool;
  readonly toolNames: readonly Tool[];
  brushSize: number;
  readonly largestBrush: number;
  chosenRectangle: number | null;
  isSpaceHeld: boolean;
  /** Where the keyboard's cursor is; nothing while the pointer is used. */
  keyboardCursor: PicturePoint | null;
  holdCompare(isHeld: boolean): void;
  zoomBy(factor: number): void;
  zoomTo(scale: number): void;
  zoomToFit(): void;
  viewChanged(): void;
  /** Undoes what is being made, else the last step. */
  takeBack(): void;
  startRepair(): void;
  showHelp(): void;
  speak(spoken: Spoken): void;
}

const TOOL_KEYS: Readonly<Record<string, Tool>> = {
  b: "brush",
  e: "eraser",
  r: "rectangle",
  l: "lasso",
  p: "polygon",
  w: "wand",
  h: "pan",
};

const ARROWS: Readonly<Partial<Record<string, PicturePoint>>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** What an arrow moves the cursor by, in CSS pixels; with Shift further. */
const STEP = 10;
const FURTHER = 5;

/** What a key of + or − zooms by. */
export const ZOOM_STEP = 1.25;

export class Keyboard {
  #host: KeyboardHost;
  #element: HTMLElement;
  #target: HTMLElement;
  /** Where the cursor was when the focus left, and on which picture. */
  #left: { readonly at: PicturePoint; readonly picture: WeakRef<object> } | null = null;

  constructor(host: KeyboardHost, element: HTMLElement, target: HTMLElement, signal: AbortSignal) {
    this.#host = host;
    this.#element = element;
    this.#target = target;
    element.addEventListener("keydown", (event) => this.#down(event), { signal });
    element.addEventListener("keyup", (event) => this.#up(event), { signal });
    target.addEventListener("blur", () => this.#leave(), { signal });
  }

  #down(event: KeyboardEvent): void {
    this.#target.toggleAttribute("data-pointed", false);
    if (event.defaultPrevented || event.isComposing) return;
    if (isTyping(event)) {
      // To a host the field looks like the element: what is typed must not be taken for its shortcuts.
      if (this.#isOwn(event) && isEditing(event)) event.stopPropagation();
      return;
    }
    if (this.#isInDialog(event)) return;
    const isUsed = this.#command(event) || this.#onPicture(event) || this.#single(event);
    if (!isUsed) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #up(event: KeyboardEvent): void {
    if (event.key === " ") this.#host.isSpaceHeld = false;
    if (event.key.toLowerCase() === "x") this.#host.holdCompare(false);
  }

  #leave(): void {
    const { marking, controller, keyboardCursor } = this.#host;
    this.#host.isSpaceHeld = false;
    this.#host.holdCompare(false);
    if (marking.pressedBy === "keyboard") marking.finishPress();
    if (keyboardCursor && controller.picture) this.#left = { at: keyboardCursor, picture: new WeakRef(controller.picture) };
    this.#host.keyboardCursor = null;
  }

  #isInDialog(event: KeyboardEvent): boolean {
    const path = event.composedPath();
    return path.slice(0, path.indexOf(this.#element)).some((one) => one instanceof HTMLDialogElement);
  }

  /** Whether a key goes to a part of the element, not to what a host has put into a slot. */
  #isOwn(event: KeyboardEvent): boolean {
    const [origin] = event.composedPath();
    return origin instanceof Node && origin.getRootNode() === this.#target.getRootNode();
  }

  /** With Ctrl or ⌘. */
  #command(event: KeyboardEvent): boolean {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
    const { controller } = this.#host;
    switch (event.key.toLowerCase()) {
      case "z":
        if (event.shiftKey) controller.marks.redo();
        else this.#host.takeBack();
        return true;
      case "y":
        controller.marks.redo();
        return true;
      case "enter":
        this.#host.startRepair();
        return true;
      default:
        return false;
    }
  }

  /** What means something on the picture alone; elsewhere these keys work the control they are on. */
  #onPicture(event: KeyboardEvent): boolean {
    const { controller, marking } = this.#host;
    if (event.composedPath()[0] !== this.#target || !controller.picture) return false;
    const arrow = ARROWS[event.key];
    if (arrow) return this.#arrow(arrow, event);
    switch (event.key) {
      case "Enter":
        return this.#enter(keysOf(event));
      case "Escape":
        if (!marking.giveUp()) return false;
        this.#host.speak({ what: "givenUp" });
        return true;
      case "Delete":
      case "Backspace":
        return this.#delete();
      case " ":
        this.#host.isSpaceHeld = true;
        return true;
      default:
        return false;
    }
  }

  #single(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const { controller, marking } = this.#host;
    const key = event.key.toLowerCase();
    const tool = TOOL_KEYS[key];
    if (tool && this.#host.toolNames.includes(tool)) return this.#do(() => (this.#host.tool = tool));
    switch (key) {
      case "[":
        return this.#do(() => this.#resize(1 / 1.2));
      case "]":
        return this.#do(() => this.#resize(1.2));
      case "+":
      case "=":
        return this.#do(() => this.#host.zoomBy(ZOOM_STEP));
      case "-":
      case "−":
        return this.#do(() => this.#host.zoomBy(1 / ZOOM_STEP));
      case "0":
        return this.#do(() => this.#host.zoomToFit());
      case "1":
        return this.#do(() => this.#host.zoomTo(1));
      case "i":
        return this.#do(() => marking.pressedBy ?? controller.marks.invert());
      case "x":
        return this.#do(() => this.#host.holdCompare(true));
      case "?":
        return this.#do(() => this.#host.showHelp());
      default:
        return false;
    }
  }

  #do(act: () => unknown): true {
    act();
    return true;
  }

  #arrow(arrow: PicturePoint, event: KeyboardEvent): boolean {
    const { surface, marking, controller } = this.#host;
    const { picture } = controller;
    // Alt and ⌘ with arrows are the browser's: back and forth, up and down the page.
    if (!surface || !picture || event.altKey || event.metaKey) return false;
    if (marking.pressedBy === "pointer") return true;
    if (this.#host.tool === "pan") {
      const by = -4 * STEP * surface.ratio;
      surface.pan(arrow.x * by, arrow.y * by);
      this.#host.viewChanged();
      return true;
    }
    const from = this.#cursor();
    const step = event.ctrlKey ? 1 : Math.max(1, Math.round((STEP * (event.shiftKey ? FURTHER : 1)) / surface.cssScale));
    const clamp = (v: number, side: number) => Math.min(Math.max(v, 0), side);
    const at = { x: clamp(from.x + arrow.x * step, picture.width), y: clamp(from.y + arrow.y * step, picture.height) };
    this.#host.keyboardCursor = at;
    if (surface.reveal(at)) this.#host.viewChanged();
    const keys = { alt: false, shift: false };
    if (marking.pressedBy) marking.drag([sample(at)], keys);
    else marking.hover(sample(at), keys);
    this.#host.speak({ what: "cursor", at });
    return true;
  }

  #enter(keys: Keys): boolean {
    const { marking, tool } = this.#host;
    if (tool === "pan") return false;
    if (marking.pressedBy === "pointer") return true;
    const at = sample(tool === "wand" ? this.#onPixel(this.#cursor()) : this.#cursor());
    if (marking.pressedBy) {
      marking.release(at, keys);
      this.#host.speak({ what: "ended" });
      return true;
    }
    const corners = marking.corners;
    marking.press(at, keys, REACH.fine, "keyboard");
    const now = marking.corners;
    if (now > 0) this.#host.speak({ what: "corner", count: now });
    else if (corners > 0) this.#host.speak({ what: "ended" });
    else if (tool !== "wand") this.#host.speak({ what: "started" });
    return true;
  }

  #delete(): boolean {
    const { marking, controller, chosenRectangle } = this.#host;
    if (marking.corners > 0) {
      marking.takeCornerBack();
      return true;
    }
    if (chosenRectangle === null) return false;
    controller.marks.changeRectangle(chosenRectangle, null);
    this.#host.chosenRectangle = null;
    return true;
  }

  /** The wand picks pixels; the cursor goes to the far edges of the last ones. */
  #onPixel({ x, y }: PicturePoint): PicturePoint {
    const { width, height } = this.#host.controller.picture ?? { width: 1, height: 1 };
    return { x: Math.min(x, width - 1), y: Math.min(y, height - 1) };
  }

  /** Where it was left, else the middle of what is seen, until it has been moved. */
  #cursor(): PicturePoint {
    const { surface, controller, keyboardCursor } = this.#host;
    const { width, height } = controller.picture ?? { width: 0, height: 0 };
    if (keyboardCursor || !surface) return keyboardCursor ?? { x: 0, y: 0 };
    const seen = surface.centre;
    const clamp = (v: number, side: number) => Math.round(Math.min(Math.max(v, 0), side));
    const left = this.#left && this.#left.picture.deref() === controller.picture ? this.#left.at : null;
    const at = left ?? { x: clamp(seen.x, width), y: clamp(seen.y, height) };
    this.#left = null;
    this.#host.keyboardCursor = at;
    if (surface.reveal(at)) this.#host.viewChanged();
    return at;
  }

  #resize(factor: number): void {
    const { brushSize, largestBrush } = this.#host;
    const size = factor > 1 ? Math.max(brushSize + 1, brushSize * factor) : Math.min(brushSize - 1, brushSize * factor);
    this.#host.brushSize = Math.round(Math.min(Math.max(size, 1), largestBrush));
  }
}

function sample(at: PicturePoint): Sample {
  return { ...at, pressure: null };
}

function keysOf({ altKey, shiftKey }: KeyboardEvent): Keys {
  return { alt: altKey, shift: shiftKey };
}
