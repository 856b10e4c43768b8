// Every text of the element but the errors. The ids are the keys of the translations.

import { msg, str } from "@lit/localize";

import type { Stage } from "../lib/repair.ts";

export const strings = {
  openPicture: () => msg("Open picture", { id: "open-picture" }),
  trySample: () => msg("Try the sample", { id: "try-sample" }),
  dropHere: () => msg("Drop a picture here, paste it, or open one", { id: "drop-here" }),
  formats: () => msg("JPEG, PNG, WebP, BMP or TIFF. It stays on this device.", { id: "formats" }),
  rights: () => msg("Only for pictures that you may edit.", { id: "rights" }),
  picture: () => msg("Picture", { id: "picture" }),
  tool: () => msg("Tool", { id: "tool" }),
  brush: () => msg("Brush", { id: "brush" }),
  eraser: () => msg("Eraser", { id: "eraser" }),
  rectangle: () => msg("Rectangle", { id: "rectangle" }),
  brushSize: () => msg("Brush size", { id: "brush-size" }),
  pixels: (n: number) => msg(str`${n} px`, { id: "pixels" }),
  undo: () => msg("Undo", { id: "undo" }),
  redo: () => msg("Redo", { id: "redo" }),
  clear: () => msg("Clear", { id: "clear" }),
  markedShare: () => msg("Marked share", { id: "marked-share" }),
  marked: (percent: string) => msg(str`${percent} % of the picture is marked`, { id: "marked" }),
  limit: () => msg("Endpoints take at most 50 %", { id: "limit" }),
  overLimit: () => msg("Over the 50 % that endpoints take; this browser still repairs it", { id: "over-limit" }),
  repairAt: () => msg("Repair at", { id: "repair-at" }),
  inThisBrowser: () => msg("In this browser", { id: "in-this-browser" }),
  noteBrowser: () => msg("Nothing leaves this device.", { id: "note-browser" }),
  repair: () => msg("Repair", { id: "repair" }),
  cancel: () => msg("Cancel", { id: "cancel" }),
  progress: () => msg("Progress", { id: "progress" }),
  compare: () => msg("Compare", { id: "compare" }),
  before: () => msg("Before", { id: "before" }),
  after: () => msg("After", { id: "after" }),
  format: () => msg("Format", { id: "format" }),
  png: () => msg("PNG: exact outside the region", { id: "format-png" }),
  jpeg: () => msg("JPEG: smaller, the whole picture is encoded anew", { id: "format-jpeg" }),
  download: () => msg("Download", { id: "download" }),
  dismiss: () => msg("Dismiss", { id: "dismiss" }),
  openAddress: () => msg("Open an address", { id: "open-address" }),
  pictureAddress: () => msg("Picture address", { id: "picture-address" }),
  open: () => msg("Open", { id: "open" }),
  asDelivered: () => msg("Show as delivered: the whole picture of the endpoint", { id: "as-delivered" }),
  openResult: () => msg("Open the result", { id: "open-result" }),
  linkUntil: (time: string) => msg(str`The link is good until ${time}.`, { id: "link-until" }),
  opening: () => msg("Opening the picture", { id: "opening" }),
  opened: (name: string, width: number, height: number) =>
    msg(str`${name} is open: ${width} × ${height} pixels. Mark what does not belong.`, { id: "opened" }),
  repaired: (inside: string, outside: string) =>
    msg(str`Repaired: ${inside} pixels changed inside the region, ${outside} outside it.`, { id: "repaired" }),
  openedUnreadable: (name: string, width: number, height: number) =>
    msg(
      str`${name} is shown: ${width} × ${height} pixels. Its host does not let this page read it, so only an endpoint that takes addresses can repair it.`,
      { id: "opened-unreadable" },
    ),
  delivered: (inside: string, outside: string) =>
    msg(str`Shown as delivered: ${inside} pixels changed inside the region, ${outside} outside it.`, {
      id: "delivered",
    }),
  deliveredUnproven: () =>
    msg("Shown as delivered: this page may not read the original, so nothing can be said of the pixels outside.", {
      id: "delivered-unproven",
    }),
  putBack: (count: string) =>
    msg(str`The endpoint had changed ${count} pixels outside; they were put back.`, { id: "put-back" }),
  linkExpires: (time: string) =>
    msg(str`The endpoint's link is good until ${time}; the picture is kept here.`, { id: "link-expires" }),
  repairedNothing: () =>
    msg("The repair came back, but nothing inside the region changed.", { id: "repaired-nothing" }),
  cancelled: () => msg("Cancelled. The picture and your marks are as they were.", { id: "cancelled" }),
  encoding: () => msg("Encoding the picture", { id: "encoding" }),
  saved: (name: string) => msg(str`${name} is saved.`, { id: "saved" }),
};

/** What a repair is doing. */
export function stageText(stage: Stage): string {
  switch (stage) {
    case "plan":
      return msg("Looking at the region", { id: "stage-plan" });
    case "solve":
      return msg("Filling the region", { id: "stage-solve" });
    case "finish":
      return msg("Finishing", { id: "stage-finish" });
    case "prepare":
      return msg("Preparing what is sent", { id: "stage-prepare" });
    case "upload":
      return msg("Uploading the files", { id: "stage-upload" });
    case "send":
      return msg("Sending the request", { id: "stage-send" });
    case "fetch":
      return msg("Fetching the result", { id: "stage-fetch" });
    case "wait":
      return msg("Waiting for the endpoint", { id: "stage-wait" });
    case "composite":
      return msg("Putting the region into the picture", { id: "stage-composite" });
  }
}
