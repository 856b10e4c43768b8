// What stands round the picture: opening it, the tools, the view and the menus.

import { count, share, zoom } from "./formats.ts";

export const picture = {
  picture: "Picture",
  openPicture: "Open picture",
  trySample: "Try the sample",
  dropHere: "Drop a picture here, paste it, or open one",
  formats: "JPEG, PNG, WebP, BMP or TIFF. It stays on this device.",
  rights: "Only for pictures that you may edit.",
  openAddress: "Open an address",
  pictureAddress: "Picture address",
  open: "Open",
  /** Describes the picture's surface to a screen reader. */
  surfaceHelp: "Arrow keys move a cursor, Enter marks",
};

export const tools = {
  tool: "Tool",
  brush: "Brush",
  eraser: "Eraser",
  rectangle: "Rectangle",
  lasso: "Lasso",
  polygon: "Polygon",
  wand: "Wand",
  pan: "Pan",

  brushSize: "Brush size",
  tolerance: "Tolerance",
  pixels: (n: number) => `${count(n)} px`,

  undo: "Undo",
  redo: "Redo",
  clear: "Clear",
  invert: "Invert",
  grow: "Grow",
  shrink: "Shrink",
  /** Beside the number of it. */
  pixelUnit: "px",
  growOrShrinkBy: "Grow or shrink by",
  tighten: "Tighten to strokes",
  finishPolygon: "Finish polygon",

  x: "X",
  y: "Y",
  width: "Width",
  height: "Height",
  deleteRectangle: "Delete rectangle",
  copyRectangles: "Copy rectangles",
  pasteRectangles: "Paste rectangles",

  markedShare: "Marked share",
  marked: (percent: number) => `${share(percent)} of the picture is marked`,
  limit: "Endpoints take at most 50 %",
  overLimit: "Over the 50 % that endpoints take; this browser still repairs it",
};

export const view = {
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  fit: "Fit",
  percent: (n: number) => zoom(n),
  compare: "Compare",
  before: "Before",
  after: "After",
  holdToCompare: "Hold to compare",
  sideBySide: "Side by side",
};

export const menus = {
  more: "More",
  region: "Region",
  result: "Result",
  repair: "Repair",
  versions: "Versions",
  settings: "Settings",
  help: "Help",
  close: "Close",
  dismiss: "Dismiss",
};
