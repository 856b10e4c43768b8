/**
 * What can be done without the element: pictures, regions, repairs, in pages, workers and Node.js.
 *
 * @module reweave
 */

export { init, ready, type InitOptions, type ModuleSource } from "./init.ts";
export { ReweaveError, type ErrorCode, type ErrorDetails } from "./errors.ts";
export { Endpoint, EndpointRepair, Mask, Selection, Upload } from "./init.ts";
export { maskFromCanvas, readMask, type MaskFile } from "./masks.ts";
export { openPicture, repair } from "./picture.ts";
export type { Picture, Repaired, Version } from "./picture.ts";
export type { RepairOptions, RepairProgress, RepairTask } from "./task.ts";
export type { PictureSource, Pixels } from "./sources.ts";
export type { Region } from "./regions.ts";
export type { Sending, UploadHook } from "./at-endpoint.ts";
export type { Stage } from "./repair.ts";
export { openProject, saveProject, type OpenedProject } from "./project.ts";
export type { Added, Changes, FillOptions, Format, ShownPatch } from "./protocol.ts";
export type {
  Answers,
  BodyForm,
  Delivery,
  EndpointSettings,
  EndpointStage,
  EndpointTiming,
  FieldRole,
  FromCanvasOptions,
  LoggedStep,
  PaintOptions,
  ProfileInfo,
  Rectangle,
  RepairRequest,
  Shape,
  Summary,
  UploadSettings,
  ViewTransform,
} from "../generated/reweave.js";
