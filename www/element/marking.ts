// From presses, drags and releases to marks, whatever makes them: mouse, pen, finger or keyboard.

import type { Draft, DraftShape, Keys, Sample, Tool, ToolHost } from "./tools/draft.ts";
import { freehand } from "./tools/freehand.ts";
import { LassoDraft, PolygonDraft } from "./tools/outline.ts";
import { gripAt, GripDraft, RectangleDraft } from "./tools/rectangle.ts";

/** How near, in CSS pixels, a grip is taken hold of: by a mouse, and by a finger. */
export const REACH = { fine: 9, coarse: 22 } as const;

/** Whose press it is that a mark was begun by. */
export type Hand = "pointer" | "keyboard";

export class Marking {
  #host: ToolHost & { readonly tool: Tool };
  #draft: Draft | null = null;
  #polygon: PolygonDraft | null = null;
  #hand: Hand = "pointer";
  /** Where the draft is, to end it there. */
  #last: { readonly at: Sample; readonly keys: Keys } | null = null;
  #onChange: () => void;

  /** `onChange` is called when the shape of the draft changed. */
  constructor(host: ToolHost & { readonly tool: Tool }, onChange: () => void) {
    this.#host = host;
    this.#onChange = onChange;
  }

  /** Whose mark is being made that ends with a release. */
  get pressedBy(): Hand | null {
    return this.#draft && this.#hand;
  }

  /** Corners of the polygon that is open; 0 without one. */
  get corners(): number {
    return this.#polygon?.corners ?? 0;
  }

  get shape(): DraftShape | null {
    return this.#draft?.shape() ?? this.#polygon?.shape() ?? null;
  }

  press(at: Sample, keys: Keys, reach: number, hand: Hand): void {
    const { controller, tool } = this.#host;
    if (controller.busy || !controller.picture) return;
    this.finishPress();
    [this.#hand, this.#last] = [hand, { at, keys }];
    if (tool !== "rectangle") this.#host.chosenRectangle = null;
    if (tool === "polygon") this.#setCorner(at, keys, reach);
    else if (tool === "wand") void controller.guard(controller.region.wand(at, this.#host.tolerance, keys.alt));
    else this.#draft = this.#begun(at, keys, reach);
    this.#onChange();
  }

  drag(samples: readonly Sample[], keys: Keys): void {
    if (!this.#draft) return;
    this.#draft.drag(samples, keys);
    const at = samples.at(-1);
    if (at) this.#last = { at, keys };
    this.#onChange();
  }

  release(at: Sample, keys: Keys): void {
    const draft = this.#draft;
    this.#draft = null;
    draft?.release(at, keys);
    this.#onChange();
  }

  /** The pointer moves without being pressed. */
  hover(at: Sample, keys: Keys): void {
    if (!this.#polygon) return;
    this.#polygon.hover(at, keys);
    this.#onChange();
  }

  /** Gives up what is being made; answers whether there was something. */
  giveUp(): boolean {
    const was = this.#draft ?? this.#polygon;
    this.#draft?.giveUp();
    this.#draft = null;
    this.#polygon = null;
    if (was) this.#onChange();
    return was !== null;
  }

  /** Ends what ends with a release where it is. */
  finishPress(): void {
    if (this.#draft && this.#last) this.release(this.#last.at, this.#last.keys);
  }

  /** Ends what can be, and gives up the rest: nothing is being made any more. */
  settle(): void {
    this.finishPress();
    if (!this.finishPolygon()) this.giveUp();
  }

  /** Takes back what is being made, of a polygon its last corner; answers whether there was something. */
  takeBack(): boolean {
    if (!this.#draft && !this.#polygon) return false;
    if (this.#draft) this.giveUpPress();
    else this.takeCornerBack();
    return true;
  }

  /** Gives up what ends with a release, not an open polygon. */
  giveUpPress(): void {
    this.#draft?.giveUp();
    this.#draft = null;
    this.#onChange();
  }

  takeCornerBack(): void {
    if (this.#polygon && !this.#polygon.takeBack()) this.#polygon = null;
    this.#onChange();
  }

  finishPolygon(): boolean {
    const polygon = this.#polygon;
    if (!polygon?.finish()) return false;
    this.#polygon = null;
    this.#onChange();
    return true;
  }

  #setCorner(at: Sample, keys: Keys, reach: number): void {
    this.#polygon ??= new PolygonDraft(this.#host, keys.alt);
    if (this.#polygon.press(at, keys, reach) === "complete") this.finishPolygon();
  }

  #begun(at: Sample, keys: Keys, reach: number): Draft | null {
    const host = this.#host;
    switch (host.tool) {
      case "brush":
      case "eraser":
        return freehand(host, at, keys, keys.alt !== (host.tool === "eraser"));
      case "lasso":
        return new LassoDraft(host, at, keys.alt);
      case "rectangle": {
        const chosen = host.controller.marks.rectangles.find(({ id }) => id === host.chosenRectangle);
        const grip = chosen && gripAt(chosen, at, host.cssScale, reach);
        return chosen && grip ? new GripDraft(host, chosen, grip, at) : new RectangleDraft(host, at, keys.alt);
      }
      default:
        return null;
    }
  }
}
