// Project files: what was saved is opened, and what is none is refused with its place and value.
// Nothing here needs a page: the module runs in Node.js as well.

import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";

import { initSync } from "../generated/reweave.js";
import type { ReweaveError } from "../lib/errors.ts";
import { Mask, Selection } from "../lib/marks.ts";
import { openProject, saveProject } from "../lib/project.ts";

let memory: WebAssembly.Memory;

test.beforeAll(() => {
  ({ memory } = initSync({ module: readFileSync(new URL("../generated/reweave.wasm", import.meta.url)) }));
});

/** A selection with a step of each kind, and something undone. */
function everything(): Selection {
  const marks = new Selection(300, 200);
  const runs = (...list: number[]) => Mask.fromRuns(300, 200, Uint32Array.from(list));
  marks.beginStroke(10.1, 20.7, 9.3, false);
  marks.extendStroke(new Float32Array([50.123, 20, 90, 33.3]));
  marks.endStroke();
  marks.beginStroke(10, 20, 9, true);
  marks.extendStroke(new Float32Array([50, 20]), new Float32Array([3.3]));
  marks.endStroke();
  const id = marks.addRectangle({ x: 100, y: 100, width: 50, height: 50 }, false);
  marks.addPolygon(new Float32Array([200, 10, 280, 20.5, 240, 90]), false);
  marks.addMask(runs(150, 3, 80, 151, 3, 80), true);
  marks.replaceArea({ x: 100, y: 100, width: 20, height: 20 }, runs(110, 105, 110));
  marks.changeRectangle(id, { x: 130, y: 110, width: 40, height: 10 });
  marks.grow(3);
  marks.shrink(1);
  marks.invert();
  marks.changeRectangle(id, null);
  marks.clear();
  marks.undo();
  return marks;
}

test("what was saved is opened", () => {
  const marks = everything();
  const text = saveProject(marks, { tool: "brush", size: 12 });
  const { width, height, selection, settings } = openProject(text);
  expect([width, height, settings]).toEqual([300, 200, { tool: "brush", size: 12 }]);
  expect(selection.mask().toBytes()).toEqual(marks.mask().toBytes());
  expect(selection.log()).toEqual(marks.log());
  expect(selection.shapes()).toEqual(marks.shapes());
  expect(saveProject(selection, settings)).toBe(text);
  expect(selection.undo()).toBe(true);
  expect(selection.shapes()).toEqual([{ id: 2, x: 130, y: 110, width: 40, height: 10, subtract: false }]);
});

/** Why a text is refused. */
function refusal(text: string): unknown {
  try {
    openProject(text);
  } catch (thrown) {
    const error = thrown as ReweaveError;
    expect(error).toMatchObject({ name: "ReweaveError", code: error.details.code });
    return error.details;
  }
  throw new Error(`it was opened: ${text.slice(0, 80)}`);
}

const project = (...steps: unknown[]) => JSON.stringify({ reweave: 1, width: 30, height: 20, steps, settings: null });
const sized = (width: unknown, height: unknown) => JSON.stringify({ reweave: 1, width, height, steps: [] });
const stroke = { kind: "stroke", points: [1, 2, 3, 4], diameter: 3, subtract: false };
const box = { kind: "rectangle", x: 0, y: 0, width: 5, height: 5, subtract: false };

test("a later version is told from what is no project", () => {
  expect(refusal('{"reweave":2}')).toEqual({ code: "project-version", version: 2, max: 1 });
  for (const text of ["", "null", "[]", "{}", '"reweave"', '{"reweave":0}', '{"reweave":"1"}', '{"reweave":1.5}']) {
    expect(refusal(text), text).toMatchObject({ code: "project-malformed" });
  }
});

const cases: [string, string][] = [
  [sized(0, 20), "the size: the picture has 0 × 20 pixels"],
  [sized(1.5, 20), "the size: width is 1.5, must be a whole number"],
  [sized(30, "20"), 'the size: height is "20", must be a number'],
  [sized(30, 70_000), "the size: the picture has 30 × 70000 pixels, at most 65535 × 65535"],
  [project(3), "step 0: it is 3, must be an object"],
  [project(box, { kind: "toString" }), 'step 1: kind is "toString"'],
  [project({ ...stroke, points: [] }), "step 0: points has no point"],
  [project({ ...stroke, points: [1, 2, 3] }), "1 numbers are no pairs"],
  [project({ ...stroke, points: [1, null] }), "step 0: points[1] is null, must be a number"],
  [project({ ...stroke, diameter: 3000 }), "step 0: brush size is 3000, must be from 1 to 1000"],
  [project({ ...stroke, diameters: [1] }), "0 are given for 1 points"],
  [project({ ...stroke, diameters: [] }), "step 0: diameters is empty"],
  [project({ ...stroke, subtract: 1 }), "step 0: subtract is 1, must be true or false"],
  [project({ ...box, width: 0 }), "width is 0, must be at least 1"],
  [project({ ...box, x: 1.5 }), "x is 1.5, must be an integer"],
  [project({ ...box, x: 100 }), "x ends at 105, the picture ends at 30"],
  [project({ kind: "polygon", points: [1, 2, 3, 4], subtract: false }), "the number of points is 2, must be from 3 to"],
  [project({ kind: "mask", runs: [1, 2, 2.5], subtract: false }), "runs[2] is 2.5, must be a whole number"],
  [project({ kind: "mask", runs: [0, 1, 2, 20, 2, 3], subtract: false }), "run 1: y is 20, must be from 0 to 19"],
  [project({ kind: "replace", area: null, runs: [] }), "step 0: area is null, must be an object"],
  [project(box, { kind: "change", id: 1, rectangle: null }), "1 is no rectangle that is marked now"],
  [project(box, { kind: "change", id: 0 }), "step 1: rectangle is missing, must be an object"],
  [project({ kind: "grow", by: 3 }), "step 0: it changes nothing"],
  [project(box, { kind: "shrink", by: 1.5 }), "it must be a whole number"],
  [project(box, { kind: "grow", by: 201 }), "step 1: by is 201, must be from 1 to 200"],
];

for (const [text, reason] of cases) {
  test(`refused: ${reason}`, () => {
    const refused = refusal(text) as { code: string; reason: string };
    expect(refused.code).toBe("project-malformed");
    expect(refused.reason).toContain(reason);
  });
}

test("an open that failed leaves no memory behind", () => {
  const broken = JSON.stringify({ reweave: 1, width: 8000, height: 8000, steps: [{ ...box, kind: "box" }] });
  refusal(broken);
  const { byteLength } = memory.buffer;
  // 8 MB of marks each.
  for (let i = 0; i < 20; i++) expect(refusal(broken)).toMatchObject({ code: "project-malformed" });
  expect(memory.buffer.byteLength).toBe(byteLength);
});
