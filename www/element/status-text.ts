// What the element says of what it is doing and of what it did.

import type { Busy, Done, Told } from "./controller.ts";
import type { Texts } from "./texts/index.ts";
import type { Version } from "./history.ts";

/** The text of the status line. */
export function statusText({ status, stages, announce }: Texts, busy: Busy | null, told: Told | null): string {
  switch (busy?.doing) {
    case "open":
      return status.opening;
    case "encode":
      return status.encoding;
    case "wand":
      return status.lookingForLikeColours;
    case "strokes":
      return status.lookingForStrokes;
    case "import":
      return status.importing;
    case "composite":
      return stages.composite;
    case "repair":
      return stages[busy.report?.stage ?? "prepare"];
  }
  switch (told?.what) {
    case "opened":
      return told.readable
        ? status.opened(told.name, told.width, told.height)
        : status.openedUnreadable(told.name, told.width, told.height);
    case "repaired":
      return repairedText(status, told.result);
    case "cancelled":
      return status.cancelled;
    case "saved":
      return status.saved(told.name);
    case "picked":
      return announce.wandPicked(told.coverage * 100);
    case "tightened":
      return announce.tightened(told.before * 100, told.after * 100);
    case "imported":
      return announce.maskImported(told.coverage * 100);
    case "copied":
      return announce.rectanglesCopied(told.rectangles);
    case "pasted":
      return announce.rectanglesPasted(told.rectangles);
    case "project":
      return announce.projectOpened(told.steps);
    case undefined:
      return "";
  }
}

/** What is said aloud of what was done to the marks. */
export function doneText({ announce }: Texts, done: Done): string {
  switch (done.what) {
    case "inverted":
      return announce.inverted(done.coverage * 100);
    case "grown":
    case "shrunk":
      return announce[done.what](done.by);
    default:
      return announce[done.what];
  }
}

function repairedText(status: Texts["status"], { changes, added, delivered }: Version): string {
  const sentences: string[] = [];
  if (!changes) sentences.push(status.deliveredUnproven);
  else if (changes.inside === 0) sentences.push(status.repairedNothing);
  else if (delivered?.whole) sentences.push(status.delivered(changes.inside, changes.outside));
  else sentences.push(status.repaired(changes.inside, changes.outside));
  if (added?.halo) sentences.push(status.halo(added.halo));
  const outside = delivered?.whole ? 0 : (delivered?.changes?.outside ?? 0);
  if (outside > 0) sentences.push(status.putBack(outside));
  if (delivered?.expires) sentences.push(status.linkExpires(delivered.expires));
  return status.join(sentences);
}
