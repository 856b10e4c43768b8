// What is done to the marks, by whatever tool: strokes, shapes, operations, back and forth. Each is one
// step; what is refused is shown, and leaves the marks as they were.

import { checkRectangles, type Rectangle, type Selection } from "../lib/marks.ts";
import type { EditorController } from "./controller.ts";
import type { Edit, History, RectangleMark } from "./history.ts";
import type { PicturePoint } from "./view.ts";

export class MarkActions {
  #editor: EditorController;

  constructor(editor: EditorController) {
    this.#editor = editor;
  }

  /** The rectangles that are marks, as they are now. */
  get rectangles(): readonly RectangleMark[] {
    return this.#editor.history?.selection.shapes() ?? [];
  }

  beginStroke(x: number, y: number, diameter: number, subtract: boolean): Rectangle | null {
    const begin: Edit<Rectangle | null> = (selection) => selection.beginStroke(x, y, diameter, subtract);
    const before = this.#editor.shown;
    const changed = this.#editor.marked((history) => (subtract ? history.change(begin) : history.add(begin)));
    if (this.#editor.shown !== before || !before) this.#editor.onChange("shown");
    return changed ?? null;
  }

  extendStroke(points: Float32Array, diameters?: Float32Array): Rectangle | null {
    return this.#edit((selection) => selection.extendStroke(points, diameters)) ?? null;
  }

  endStroke(): void {
    this.#edit((selection) => selection.endStroke());
    this.#editor.onChange("stroke");
  }

  /** Takes back a stroke that the system interrupted. */
  cancelStroke(): void {
    this.#edit((selection) => selection.cancelStroke());
    this.#editor.onChange("marks");
  }

  addRectangle(rectangle: Rectangle, subtract: boolean): number | null {
    return this.step((selection) => selection.addRectangle(rectangle, subtract), subtract) ?? null;
  }

  /** Moves or resizes a rectangle; null removes it. */
  changeRectangle(id: number, rectangle: Rectangle | null): void {
    const { picture } = this.#editor;
    this.step((selection) => {
      if (picture && rectangle) checkRectangles(picture, [rectangle]);
      selection.changeRectangle(id, rectangle);
    }, true);
  }

  addPolygon(points: readonly PicturePoint[], subtract: boolean): void {
    const values = new Float32Array(points.flatMap(({ x, y }) => [x, y]));
    this.step((selection) => selection.addPolygon(values, subtract), subtract);
  }

  invert(): void {
    this.step((selection) => selection.invert(), true);
  }

  grow(by: number): void {
    this.step((selection) => selection.grow(by), true);
  }

  shrink(by: number): void {
    this.step((selection) => selection.shrink(by), true);
  }

  clear(): void {
    this.step((selection) => selection.clear(), true);
  }

  undo(): void {
    this.#back((history) => history.undo());
  }

  redo(): void {
    this.#back((history) => history.redo());
  }

  /** One step of marks. What only `changes` the marks that are there brings them into view; what adds
   * goes on from what is shown. */
  step<Answer>(edit: Edit<Answer>, changes: boolean): Answer | undefined {
    if (this.#editor.busy) return undefined;
    const answer = this.#editor.marked((history) => (changes ? history.change(edit) : history.add(edit)));
    this.#editor.onChange("shown");
    return answer;
  }

  /** Puts other marks in the place of those that are there, with a history of their own. */
  replace(selection: Selection): void {
    const { picture, history } = this.#editor;
    if (!picture || !history) return;
    this.#editor.marked(() => history.renew(selection));
    this.#editor.onChange("shown");
  }

  #back(move: (history: History) => boolean): void {
    if (this.#editor.busy || !this.#editor.marked(move)) return;
    this.#editor.onChange("shown");
  }

  #edit<Answer>(edit: Edit<Answer>): Answer | undefined {
    return this.#editor.marked((history) => history.change(edit));
  }
}
