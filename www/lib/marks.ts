// The main-thread module, loaded once and again after a failure.

import init, { Mask, type Rectangle } from "../generated/reweave.js";
import { wasm } from "./assets.ts";
import { moduleLost } from "./errors.ts";

export { Endpoint, EndpointRepair, Mask, Selection, Upload } from "../generated/reweave.js";
export type {
  Answers,
  BodyForm,
  Delivery,
  EndpointSettings,
  EndpointStage,
  FieldRole,
  LoggedStep,
  PaintOptions,
  ProfileInfo,
  Rectangle,
  Shape,
  Summary,
  UploadSettings,
  ViewTransform,
} from "../generated/reweave.js";

/** Judges a list of rectangles as a whole, as the contract has it; none is cut to what lies inside. */
export function checkRectangles({ width, height }: { width: number; height: number }, list: readonly Rectangle[]): void {
  Mask.fromRectangles(width, height, [...list]).free();
}

let loading: Promise<unknown> | null = null;
let isLoaded = false;

/** Loads `reweave.wasm`; nothing of this module works before. */
export async function loadMarks(): Promise<void> {
  loading ??= load().catch((error: unknown) => {
    // A start that failed is forgotten: the next call tries again.
    loading = null;
    throw moduleLost("reweave.wasm", error);
  });
  await loading;
}

/** Whether it is there: marks and masks can be made at once. */
export function areMarksLoaded(): boolean {
  return isLoaded;
}

async function load(): Promise<void> {
  await init({ module_or_path: await wasm() });
  isLoaded = true;
}
