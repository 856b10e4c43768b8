// What the editor does and did, for the status line and for those who listen.

import type { Stage } from "../../../lib/repair.ts";
import { count, moment, plural, share, zoom } from "./formats.ts";

const pixels = (n: number) => plural(n, { one: "1 pixel", other: `${count(n)} pixels` });
const rectangles = (n: number) => plural(n, { one: "1 rectangle", other: `${count(n)} rectangles` });
const steps = (n: number) => plural(n, { one: "1 step", other: `${count(n)} steps` });

/** What a repair is doing. */
export const stages: Readonly<Record<Stage, string>> = {
  plan: "Looking at the region",
  solve: "Filling the region",
  finish: "Finishing",
  prepare: "Preparing what is sent",
  upload: "Uploading the files",
  send: "Sending the request",
  fetch: "Fetching the result",
  wait: "Waiting for the endpoint",
  composite: "Putting the region into the picture",
};

export const status = {
  opening: "Opening the picture",
  encoding: "Encoding the picture",
  importing: "Reading the mask",
  lookingForStrokes: "Looking for strokes",
  lookingForLikeColours: "Looking for like colours",

  opened: (name: string, width: number, height: number) =>
    `${name} is open: ${width} × ${height} pixels. Mark what does not belong.`,
  openedUnreadable: (name: string, width: number, height: number) =>
    `${name} is shown: ${width} × ${height} pixels. Its host does not let this page read it, so only an endpoint that takes addresses can repair it.`,
  repaired: (inside: number, outside: number) =>
    `Repaired: ${pixels(inside)} changed inside the region, ${count(outside)} outside it.`,
  repairedNothing: "The repair came back, but nothing inside the region changed.",
  delivered: (inside: number, outside: number) =>
    `Shown as delivered: ${pixels(inside)} changed inside the region, ${count(outside)} outside it.`,
  deliveredUnproven:
    "Shown as delivered: this page may not read the original, so nothing can be said of the pixels outside.",
  halo: (n: number) =>
    `The marks were a little small: also took in ${n === 1 ? "1 px" : `${count(n)} px`} around them (see Fill options).`,
  putBack: (n: number) =>
    `The endpoint had changed ${pixels(n)} outside; ${plural(n, { one: "it was", other: "they were" })} put back.`,
  /** A moment of unix seconds. */
  linkExpires: (seconds: number) => `The endpoint's link is good until ${moment(seconds)}; the picture is kept here.`,
  cancelled: "Cancelled. The picture and your marks are as they were.",
  saved: (name: string) => `${name} is saved.`,

  /** Sentences in a row. */
  join: (sentences: readonly string[]) => sentences.join(" "),
};

/** Said aloud only. Short where keys are held down, as for the cursor. */
export const announce = {
  cursorAt: (x: number, y: number) => `${x}, ${y}`,
  markStarted: "Mark started",
  markEnded: "Mark ended",
  markGivenUp: "Mark given up",
  cornerSet: (n: number) => `Corner ${n} set`,
  wandPicked: (percent: number) => `Picked ${share(percent)} of the picture`,

  undone: "Undone",
  redone: "Redone",
  nothingToUndo: "Nothing to undo",
  nothingToRedo: "Nothing to redo",
  cleared: "Marks cleared",
  inverted: (percent: number) => `Inverted: ${share(percent)} marked`,
  grown: (n: number) => `Grown by ${pixels(n)}`,
  shrunk: (n: number) => `Shrunk by ${pixels(n)}`,
  tightened: (before: number, after: number) =>
    `Tightened to the strokes: from ${share(before)} to ${share(after)} of the picture`,

  rectangleDeleted: "Rectangle deleted",
  rectanglesCopied: (n: number) => `${rectangles(n)} copied`,
  rectanglesPasted: (n: number) => `${rectangles(n)} pasted`,

  zoomedTo: (percent: number) => `Zoom ${zoom(percent)}`,
  showingBefore: "Before",
  showingAfter: "After",
  maskImported: (percent: number) => `Mask imported: ${share(percent)} marked`,
  projectOpened: (n: number) => `Project opened: ${steps(n)}`,
  versionShown: (name: string) => `Shown: ${name}`,
};
