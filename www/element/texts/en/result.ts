// Repairing, what came of it, and what goes into files.

import { moment, share } from "./formats.ts";

export const repair = {
  repairAt: "Repair at",
  inThisBrowser: "In this browser",
  noteBrowser: "Nothing leaves this device.",
  repair: "Repair",
  cancel: "Cancel",
  progress: "Progress",
  asDelivered: "Show as delivered: the whole picture of the endpoint",
  openResult: "Open the result",
  /** A moment of unix seconds. */
  linkUntil: (seconds: number) => `The link is good until ${moment(seconds)}.`,
};

export const fill = {
  options: "Fill options",
  quality: "Quality",
  fast: "Fast: smooth",
  balanced: "Balanced",
  best: "Best: takes longer",
  expand: "Grow marks by",
  halo: "Take in a rim that the marks left",
  seed: "Variant",
  another: "Another variant",
  area: "Take material from",
  takeArea: { only: "Only what is marked", not: "All but what is marked" },
  areaNote: "Mark where material is, choose, then mark what is to go.",
  areaSet: {
    only: (percent: number | null) => `Only from the area${percent === null ? "" : ` (${share(percent)} of the picture)`}`,
    not: (percent: number | null) => `Not from the area${percent === null ? "" : ` (${share(percent)} of the picture)`}`,
  },
  areaTaken: {
    only: (percent: number) => `Material comes only from ${share(percent)} of the picture. Now mark what is to go.`,
    not: (percent: number) => `Material comes from all but ${share(percent)} of the picture. Now mark what is to go.`,
  },
  areaDropped: "Material comes from anywhere.",
  dropArea: "Anywhere again",
  note: "Variants differ in wide parts only.",
};

export const versions = {
  original: "Original",
  version: (n: number) => `Version ${n}`,
  versionFrom: (n: number, base: number) => `Version ${n}, from version ${base}`,
  continueFromHere: "Continue from here",
};

export const files = {
  format: "Format",
  png: "PNG: exact outside the region",
  jpeg: "JPEG: smaller, the whole picture is encoded anew",
  download: "Download",
  importMask: "Import mask",
  exportMask: "Export mask",
  holePng: "Picture with a transparent hole (PNG)",
  saveProject: "Save project",
  openProject: "Open project",
};
