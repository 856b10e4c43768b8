// What is compared: Reweave as WebAssembly, OpenCV's two methods as WebAssembly, and where it is
// asked for Reweave's native build. Each is timed from a decoded picture and a mask to a whole
// repaired picture in its own memory: files and copies of pixels between JavaScript and wasm are left
// out for all alike. The native build tells the time of the fill alone, so that is kept too.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import opencv, { type Mat } from "@techstark/opencv-js";

import { Engine } from "../generated/engine.js";
import { bitsOf, maskPngOf, MAX_MEMORY, pngOf, type Case } from "./picture.ts";
import { NATIVE, REWEAVE, TELEA } from "./report.ts";

/** One repair. */
export interface Run {
  readonly milliseconds: number;
  /** Of it the fill, where the repair is more than that. */
  readonly fill?: number;
  /** Three bytes a pixel; nothing from a method that is asked for its time alone. */
  readonly rgb: Uint8Array | null;
}

export interface Method {
  readonly name: string;
  readonly run: (damaged: Case) => Run;
}

interface Starting {
  onRuntimeInitialized: () => void;
}

/** The pixels round a damaged one that OpenCV looks at; most of its examples take 3. */
const RADIUS = 3;

export const reweave: Method = {
  name: REWEAVE,
  run(damaged) {
    const engine = new Engine(pngOf(damaged), MAX_MEMORY);
    const bits = bitsOf(damaged);
    const start = performance.now();
    const job = engine.fill(bits, 0, undefined);
    while (job.step().kind !== "done");
    const filled = performance.now();
    const { version } = engine.acceptFill(job);
    const milliseconds = performance.now() - start;
    const rgb = patched(engine, version, damaged);
    engine.free();
    return { milliseconds, fill: filled - start, rgb };
  },
};

/** Both methods of OpenCV; resolves when its module has started. */
export async function opencvMethods(): Promise<Method[]> {
  // The module has a `then` that resolves to itself: awaited as such, it would wait for ever.
  if (!("Mat" in opencv)) await new Promise<void>((resolve) => ((opencv as Starting).onRuntimeInitialized = resolve));
  return [inpaint(TELEA, opencv.INPAINT_TELEA), inpaint("OpenCV Navier-Stokes", opencv.INPAINT_NS)];
}

/** The example `fill`, in a process of its own for each run; it prints the time of the fill alone. */
export function nativeMethod(program: string): Method {
  const run = (damaged: Case): Run => {
    const folder = mkdtempSync(join(tmpdir(), "reweave-bench-"));
    try {
      const [picture, mask, out] = ["picture.png", "mask.png", "out.png"].map((name) => join(folder, name)) as [string, string, string];
      writeFileSync(picture, pngOf(damaged));
      writeFileSync(mask, maskPngOf(damaged));
      const printed = execFileSync(program, ["--threads", "1", picture, mask, out], { encoding: "utf8" });
      const time = /engine_ms=([\d.]+)/.exec(printed)?.[1];
      if (time === undefined) throw new Error(`${program} printed no engine_ms`);
      return { milliseconds: Number(time), rgb: null };
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  return { name: NATIVE, run };
}

function inpaint(name: string, flags: unknown): Method {
  const run = ({ truth: { width, height }, mask, damaged }: Case): Run => {
    const from = matrix(width, height, opencv.CV_8UC3, damaged);
    const where = matrix(width, height, opencv.CV_8UC1, mask);
    const to = new opencv.Mat();
    const start = performance.now();
    opencv.inpaint(from, where, to, RADIUS, flags as number);
    const milliseconds = performance.now() - start;
    const rgb = to.data.slice();
    for (const used of [from, where, to]) used.delete();
    return { milliseconds, rgb };
  };
  return { name, run };
}

/** The package has no types for its constants. */
function matrix(width: number, height: number, type: unknown, bytes: Uint8Array): Mat {
  const made = new opencv.Mat(height, width, type as number);
  made.data.set(bytes);
  return made;
}

/** The damaged picture with a version's patches. */
function patched(engine: Engine, version: number, { truth: { width }, mask, damaged }: Case): Uint8Array {
  const rgb = damaged.slice();
  for (const patch of engine.shown(version)) {
    const { x: left, y: top, width: across } = patch.bounds;
    const rgba = patch.takeRgba();
    patch.free();
    for (let from = 0; from * 4 < rgba.length; from++) {
      const x = from % across;
      const to = (top + (from - x) / across) * width + left + x;
      if (mask[to]) rgb.set(rgba.subarray(from * 4, from * 4 + 3), to * 3);
    }
  }
  return rgb;
}
