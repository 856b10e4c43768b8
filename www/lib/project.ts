// A project file: the marks and the settings of a picture, without the picture and without any key.
//
// The marks are the log of a selection's steps. To open it they are done again through the calls that
// a person's own marks go through, so every number is judged at the same doors, and undo, redo and the
// ids of rectangles are those of the day when it was saved.

import { checkSize, reweaveError, toReweaveError, type ReweaveError } from "./errors.ts";
import { Mask, Selection } from "./marks.ts";

/** The version that is written, and the latest that is read. */
const VERSION = 1;

/** What a project file held. */
export interface OpenedProject {
  /** Of the picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** The marks; whoever opened the project frees them. */
  readonly selection: Selection;
  /** The settings as they were given to `saveProject`: not judged yet. */
  readonly settings: unknown;
}

/** The marks of a selection, and settings as plain data, as the text of a project file. */
export function saveProject(selection: Selection, settings: unknown): string {
  const { width, height } = selection;
  return JSON.stringify({ reweave: VERSION, width, height, steps: selection.log(), settings });
}

/**
 * Reads a project file; `loadMarks` must have been called before. One that cannot be read throws
 * "project-malformed" or "project-version", one of another size than `picture` "mask-size", before
 * memory is taken; nothing is left behind.
 */
export function openProject(text: string, picture?: { width: number; height: number }): OpenedProject {
  const { reweave, width, height, steps, settings } = fields(parse(text), "the file");
  const version = whole(reweave, "reweave");
  if (version > VERSION) {
    const message = `the project's file has the version ${version}, at most ${VERSION} is read here`;
    throw reweaveError(message, { code: "project-version", version, max: VERSION });
  }
  if (version < 1) throw malformed("reweave is 0");
  const list = array(steps, "steps");
  if (picture) checkSize("the project", { width: whole(width, "width"), height: whole(height, "height") }, picture);
  const selection = judged("the size", () => new Selection(whole(width, "width"), whole(height, "height")));
  try {
    list.forEach((step, index) => judged(`step ${index}`, () => redo(selection, step)));
  } catch (error) {
    selection.free();
    throw error;
  }
  return { width: selection.width, height: selection.height, selection, settings };
}

/** Does one logged step again. */
function redo(selection: Selection, logged: unknown): void {
  const step = fields(logged, "it");
  const before = selection.summary().steps;
  switch (step["kind"]) {
    case "stroke":
      redoStroke(selection, step);
      break;
    case "rectangle":
      selection.addRectangle(rectangle(step), truth(step["subtract"], "subtract"));
      break;
    case "polygon":
      selection.addPolygon(floats(step["points"], "points"), truth(step["subtract"], "subtract"));
      break;
    case "mask": {
      const subtract = truth(step["subtract"], "subtract");
      withMask(selection, step["runs"], (mask) => selection.addMask(mask, subtract));
      break;
    }
    case "replace": {
      const area = rectangle(fields(step["area"], "area"));
      withMask(selection, step["runs"], (mask) => selection.replaceArea(area, mask));
      break;
    }
    case "change": {
      const to = step["rectangle"];
      const id = whole(step["id"], "id");
      selection.changeRectangle(id, to === null ? null : rectangle(fields(to, "rectangle")));
      break;
    }
    case "invert":
      selection.invert();
      break;
    case "grow":
      selection.grow(number(step["by"], "by"));
      break;
    case "shrink":
      selection.shrink(number(step["by"], "by"));
      break;
    case "clear":
      selection.clear();
      break;
    default:
      throw malformed(`kind is ${shown(step["kind"])}`);
  }
  // Later steps name rectangles by their place in the list.
  if (selection.summary().steps !== before + 1) throw malformed("it changes nothing");
}

function redoStroke(selection: Selection, step: Fields): void {
  const points = floats(step["points"], "points");
  const [x, y] = points;
  if (x === undefined || y === undefined) throw malformed("points has no point");
  const given = step["diameters"];
  const diameters = given === undefined ? undefined : floats(given, "diameters");
  if (diameters?.length === 0) throw malformed("diameters is empty");
  const subtract = truth(step["subtract"], "subtract");
  selection.beginStroke(x, y, number(step["diameter"], "diameter"), subtract);
  if (points.length > 2) selection.extendStroke(points.subarray(2), diameters?.subarray(1));
  selection.endStroke();
}

function withMask(selection: Selection, runs: unknown, use: (mask: Mask) => void): void {
  const checked = array(runs, "runs").map((value, index) => whole(value, `runs[${index}]`));
  const mask = Mask.fromRuns(selection.width, selection.height, Uint32Array.from(checked));
  try {
    use(mask);
  } finally {
    mask.free();
  }
}

/** Says of what is refused where in the file it stands. A fault of ours stays one. */
function judged<Result>(where: string, work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    const error = toReweaveError(thrown);
    if (error.code === "internal") throw error;
    const reason = error.details.code === "project-malformed" ? error.details.reason : error.message;
    throw malformed(`${where}: ${reason}`);
  }
}

function malformed(reason: string): ReweaveError {
  return reweaveError(`the project's file cannot be read: ${reason}`, { code: "project-malformed", reason });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed("it is not JSON");
  }
}

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown, name: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed(`${name} is ${shown(value)}, must be an object`);
  }
  return value as Fields;
}

function array(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(`${name} is ${shown(value)}, must be a list`);
  return value;
}

function truth(value: unknown, name: string): boolean {
  if (typeof value !== "boolean") throw malformed(`${name} is ${shown(value)}, must be true or false`);
  return value;
}

function number(value: unknown, name: string): number {
  if (typeof value !== "number") throw malformed(`${name} is ${shown(value)}, must be a number`);
  return value;
}

/** What the 32 bits of the call's argument hold; anything else would be cut down to them. */
function whole(value: unknown, name: string): number {
  const n = number(value, name);
  if (!Number.isInteger(n) || n < 0 || n > 0xffff_ffff) {
    throw malformed(`${name} is ${n}, must be a whole number from 0 to 4294967295`);
  }
  return n;
}

function floats(value: unknown, name: string): Float32Array {
  return Float32Array.from(array(value, name).map((one, index) => number(one, `${name}[${index}]`)));
}

/** The fields are judged where they are used. */
function rectangle({ x, y, width, height }: Fields) {
  return {
    x: number(x, "x"),
    y: number(y, "y"),
    width: number(width, "width"),
    height: number(height, "height"),
  };
}

/** In the words of an error, and never more than the start of a text. */
function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return JSON.stringify(typeof value === "string" ? value.slice(0, 40) : value);
}
