// Where the patches of wide parts may come from. What a person has marked becomes the area and makes way for
// the marks of what is to go; a host's area is shown as well.

import { Mask, Selection } from "../lib/marks.ts";
import type { EditorState } from "./editor-state.ts";
import type { FillOptions } from "./fill-options.ts";

type SearchArea = NonNullable<FillOptions["searchArea"]>;

/** Whether patches come from the area alone, or from all but it. */
export type AreaUse = "only" | "not";

/** The colour that an area is shown in. */
export const AREA_COLOURS: Record<AreaUse, string> = { only: "#2f6bff", not: "#ff8a00" };

export class SearchAreaActions {
  #editor: EditorState;
  /** What a person set here: it ends with its picture, and a host's does not. */
  #own: SearchArea | null = null;
  #shown: SearchArea | null = null;
  #selection: Selection | null = null;

  constructor(editor: EditorState) {
    this.#editor = editor;
  }

  get use(): AreaUse | null {
    const area = this.#area;
    return area && ("only" in area ? "only" : "not");
  }

  /** The area on this picture, for painting and in numbers; nothing where it does not fit. */
  get selection(): Selection | null {
    return this.#area ? this.#selection : null;
  }

  /** Makes the marks the area, and takes them away. */
  take(use: AreaUse): void {
    const { controller, texts } = this.#editor;
    const mask = controller.selection?.mask();
    if (!mask || controller.busy) return;
    const bits = mask.toBytes();
    const coverage = mask.coverage * 100;
    mask.free();
    this.#own = use === "only" ? { only: bits } : { not: bits };
    this.#editor.fillOptions = { ...this.#editor.fillOptions, searchArea: this.#own };
    controller.marks.step((selection) => selection.clear(), true);
    this.#editor.say(texts.fill.areaTaken[use](coverage));
  }

  /** Patches may come from anywhere again. */
  drop(): void {
    this.#leave();
    this.#editor.say(this.#editor.texts.fill.areaDropped);
  }

  /** The options have changed. */
  changed(): void {
    const { picture } = this.#editor.controller;
    const area = this.#area;
    if (area === this.#shown) return;
    this.free();
    this.#shown = area;
    if (!area || !picture) return;
    const bits = "only" in area ? area.only : area.not;
    try {
      const mask = Mask.fromBytes(picture.width, picture.height, bits);
      this.#selection = new Selection(picture.width, picture.height);
      this.#selection.addMask(mask);
      mask.free();
    } catch {
      // Of another size: the repair says so.
    }
  }

  /** Another picture is there. */
  pictureChanged(): void {
    if (this.#own && this.#own === this.#area) this.#leave();
    this.#own = null;
    this.free();
    this.changed();
  }

  free(): void {
    this.#selection?.free();
    this.#selection = this.#shown = null;
  }

  #leave(): void {
    const options = { ...this.#editor.fillOptions };
    delete options.searchArea;
    this.#editor.fillOptions = options;
  }

  get #area(): SearchArea | null {
    return this.#editor.fillOptions.searchArea ?? null;
  }
}
