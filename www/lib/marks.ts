// The main-thread module, loaded once and again after a failure.

import init from "../generated/reweave.js";

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

let loading: Promise<unknown> | null = null;

/** Loads `reweave.wasm`; nothing of this module works before. */
export async function loadMarks(): Promise<void> {
  loading ??= init({ module_or_path: new URL("../generated/reweave.wasm", import.meta.url) }).catch(
    (error: unknown) => {
      // A start that failed is forgotten: the next call tries again.
      loading = null;
      throw error;
    },
  );
  await loading;
}
