// What is done to the region as a whole: picked by the wand, tightened, brought in, taken out.

import { checkSize, reweaveError } from "../lib/errors.ts";
import { checkRectangles, Mask, type Rectangle, type Selection } from "../lib/marks.ts";
import { openProject, saveProject } from "../lib/project.ts";
import type { ReadMask } from "../lib/protocol.ts";
import { unreadable } from "../lib/repair.ts";
import { outOfOrder, type EditorController } from "./controller.ts";
import { engineNumber } from "./history.ts";
import type { OpenPicture } from "./open-picture.ts";
import type { PicturePoint } from "./view.ts";

/** How many pixels a tightened region is wider than the strokes themselves. */
const STROKE_MARGIN = 3;

export class RegionActions {
  #editor: EditorController;

  constructor(editor: EditorController) {
    this.#editor = editor;
  }

  /** Marks the connected region of like colour round a point, or takes it away. */
  async wand(at: PicturePoint, tolerance: number, subtract: boolean): Promise<void> {
    const { picture, shown } = this.#editor;
    const [x, y] = [Math.floor(at.x), Math.floor(at.y)];
    if (!picture || !shown || x < 0 || y < 0 || x >= picture.width || y >= picture.height) return;
    this.#checkReadable();
    const bits = await this.#editor.during({ doing: "wand" }, () =>
      this.#editor.engine.wand({ version: engineNumber(shown), x, y, tolerance }));
    if (!bits || picture !== this.#editor.picture) return;
    this.#withMask(bits, (mask) => {
      this.#editor.marks.step((selection) => selection.addMask(mask, subtract), subtract);
      this.#editor.tell({ what: "picked", coverage: mask.coverage });
    });
  }

  /** Inside a rectangle, or the box of all marks, keeps what stands out as strokes. */
  async tighten(chosen: Rectangle | null): Promise<void> {
    const { picture, history } = this.#editor;
    const area = chosen ?? history?.selection.bounds();
    if (!picture || !history) return;
    if (!area) throw reweaveError("nothing is marked: 0 pixels to repair, at least 1 is needed", { code: "empty-mask" });
    this.#checkReadable();
    const version = engineNumber(history.base);
    const bits = await this.#editor.during({ doing: "strokes" }, () =>
      this.#editor.engine.strokes({ version, area, grow: STROKE_MARGIN }));
    if (!bits || history !== this.#editor.history) return;
    const before = history.summary.coverage;
    this.#withMask(bits, (mask) => this.#editor.marks.step((selection) => selection.replaceArea(area, mask), true));
    this.#editor.tell({ what: "tightened", before, after: history.summary.coverage });
  }

  /** Reads the file of a mask for this picture; whoever called decides what is marked in it where
   * that is not clear. */
  async readMask(file: Blob): Promise<ReadMask | undefined> {
    const { picture } = this.#editor;
    return this.#editor.during({ doing: "import" }, async () => {
      const mask = await this.#editor.engine.readMask(file);
      if (picture) checkSize("the mask", mask, picture);
      return mask;
    });
  }

  /** Marks what a read mask marks, or the opposite of it. */
  addMask({ width, height, bits }: ReadMask, inverted: boolean): void {
    const mask = Mask.fromBytes(width, height, bits);
    const marked = inverted ? mask.invert() : mask;
    try {
      const add = (selection: Selection) => {
        selection.addMask(marked, false);
        return true;
      };
      if (this.#editor.marks.step(add, false)) this.#editor.tell({ what: "imported", coverage: marked.coverage });
    } finally {
      if (inverted) marked.free();
      mask.free();
    }
  }

  /** The marks as a PNG of strictly 0 and 255, white where they are. */
  async maskPng(): Promise<Blob | undefined> {
    const { picture, selection } = this.#editor;
    if (!picture || !selection) return undefined;
    const { width, height } = picture;
    const mask = this.#bits();
    const png = await this.#editor.during({ doing: "encode" }, () => this.#editor.engine.maskPng({ width, height, mask }));
    return png && new Blob([png], { type: "image/png" });
  }

  /** The picture that the marks are on, transparent where they are. */
  async holePng(): Promise<Blob | undefined> {
    const { history } = this.#editor;
    if (!history) return undefined;
    this.#checkReadable();
    const bits = this.#bits();
    return this.#editor.during({ doing: "encode" }, () => this.#editor.engine.holePng(bits, engineNumber(history.base)));
  }

  /** The marks as the contract's list of rectangles. */
  rectanglesJson(): string {
    const rectangles = this.#editor.selection?.rectangles();
    if (!rectangles) throw outOfOrder("copying rectangles", "the marks are not 1 to 50 added rectangles and nothing else");
    return JSON.stringify(rectangles);
  }

  /** Adds the rectangles of a list; all of them or none. */
  pasteRectangles(text: string): void {
    const picture = this.#idlePicture("pasting rectangles");
    const list = parsed(text);
    // Judged as one list first: a wrong one in the middle adds nothing.
    checkRectangles(picture, list);
    for (const rectangle of list) this.#editor.marks.addRectangle(rectangle, false);
    this.#editor.tell({ what: "pasted", rectangles: list.length });
  }

  /** Marks and settings as JSON: no picture, no key. */
  projectJson(settings: unknown): string {
    const { selection } = this.#editor;
    if (!selection) throw outOfOrder("saving a project", "no picture is open");
    return saveProject(selection, settings);
  }

  /** Takes the marks of a project for a picture of this size; answers its settings. */
  openProject(text: string): unknown {
    const picture = this.#idlePicture("opening a project");
    const { selection, settings } = openProject(text, picture);
    this.#editor.marks.replace(selection);
    this.#editor.tell({ what: "project", steps: this.#editor.summary.steps });
    return settings;
  }

  /** The picture, where its marks can be changed now. */
  #idlePicture(call: string): OpenPicture {
    const { picture, busy } = this.#editor;
    if (!picture) throw outOfOrder(call, "no picture is open");
    if (busy) throw outOfOrder(call, "something else is not done yet");
    return picture;
  }

  #bits(): Uint8Array {
    const mask = this.#editor.selection?.mask();
    const bits = mask?.toBytes() ?? new Uint8Array();
    mask?.free();
    return bits;
  }

  #withMask(bits: Uint8Array, act: (mask: Mask) => void): void {
    const { picture } = this.#editor;
    if (!picture) return;
    const mask = Mask.fromBytes(picture.width, picture.height, bits);
    try {
      act(mask);
    } finally {
      mask.free();
    }
  }

  #checkReadable(): void {
    if (!this.#editor.picture?.readable) throw unreadable();
  }
}

function parsed(text: string): Rectangle[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = null;
  }
  if (Array.isArray(value)) return value as Rectangle[];
  const reason = "it is not a list";
  throw reweaveError(`rectangles must be a list of objects with x, y, width and height: ${reason}`, {
    code: "rectangles-malformed",
    reason,
  });
}
