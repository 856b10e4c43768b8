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
    const change: Edit<void> = (selection) => {
      if (picture && rectangle) checkRectangles(picture, [rectangle]);
      selection.changeRectangle(id, rectangle);
    };
    if (this.#isDone(change) && !rectangle) this.#editor.onDone({ what: "rectangleDeleted" });
  }

  addPolygon(points: readonly PicturePoint[], subtract: boolean): void {
    const values = new Float32Array(points.flatMap(({ x, y }) => [x, y]));
    this.step((selection) => selection.addPolygon(values, subtract), subtract);
  }

  invert(): void {
    if (!this.#isDone((selection) => selection.invert())) return;
    this.#editor.onDone({ what: "inverted", coverage: this.#editor.summary.coverage });
  }

  grow(by: number): void {
    if (this.#isDone((selection) => selection.grow(by))) this.#editor.onDone({ what: "grown", by });
  }

  shrink(by: number): void {
    if (this.#isDone((selection) => selection.shrink(by))) this.#editor.onDone({ what: "shrunk", by });
  }

  clear(): void {
    if (this.#isDone((selection) => selection.clear())) this.#editor.onDone({ what: "cleared" });
  }

  undo(): void {
    this.#back((history) => history.undo(), "undone", "nothingToUndo");
  }

  redo(): void {
    this.#back((history) => history.redo(), "redone", "nothingToRedo");
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

  #back(move: (history: History) => boolean, done: "undone" | "redone", nothing: "nothingToUndo" | "nothingToRedo"): void {
    const editor = this.#editor;
    if (editor.busy || !editor.history) return;
    const isMoved = editor.marked(move);
    if (isMoved) editor.onChange("shown");
    // What threw is an error that is shown.
    if (isMoved !== undefined) editor.onDone({ what: isMoved ? done : nothing });
  }

  /** Changes the marks that are there, as one step; answers whether that was possible. */
  #isDone(edit: Edit<void>): boolean {
    const done = (selection: Selection) => {
      edit(selection);
      return true;
    };
    return this.step(done, true) ?? false;
  }

  #edit<Answer>(edit: Edit<Answer>): Answer | undefined {
    return this.#editor.marked((history) => history.change(edit));
  }
}
