// Dialogs: what is sent, the polarity of a mask, the settings and the help.

import { bytes, count, share } from "./formats.ts";

export const sending = {
  title: (host: string) => `Send to ${host}?`,
  once: "This leaves your device. You are asked once for each host.",
  file: (kind: string, size: number) => `The picture: ${kind}, ${bytes(size)}, without its metadata`,
  jpeg: (quality: number) =>
    `encoded anew as JPEG of quality ${quality}, because the file is over the endpoint's limit`,
  /** A line with what explains it. */
  explained: (line: string, explanation: string) => `${line} (${explanation})`,
  address: "The picture's address; the endpoint fetches it itself",
  rectangles: (n: number) => `The region, as rectangles: ${count(n)}`,
  mask: (size: number) => `The region, as a mask: ${bytes(size)}`,
  key: (header: string) => `Your key, in the header ${header}`,
  upload: (host: string) => `Files are uploaded to ${host} first`,
  hook: "Files are uploaded first, by the way this site provides",
  readable:
    "The address begins with http and leads to another machine: whoever is on the way can read all of this.",
  send: "Send",
  doNotSend: "Do not send",
};

/** Asked where a mask does not tell by itself which half of it is meant. */
export const mask = {
  title: "What is marked in this mask?",
  white: (percent: number) => `White: ${share(percent)} of the picture`,
  black: (percent: number) => `Black: ${share(percent)} of the picture`,
  opaque: (percent: number) => `Opaque: ${share(percent)} of the picture`,
  transparent: (percent: number) => `Transparent: ${share(percent)} of the picture`,
  cancel: "Cancel",
};

export const settings = {
  title: "Settings",
  overlayColour: "Overlay colour",
  overlayOpacity: "Overlay opacity",
  outline: "Outline",
  penPressure: "Pen pressure changes the size",
  language: "Language",
  theme: "Theme",
  automatic: "Automatic",
  light: "Light",
  dark: "Dark",
};

/** The keys themselves stand in shortcuts.ts; a line here without keys there does not compile. */
export const help = {
  title: "Keyboard and pointer",
  gestures: {
    wheel: "Wheel or pinch",
    twoFingers: "Two fingers",
  },
  groups: {
    tools: {
      title: "Tools",
      lines: {
        brush: "Brush",
        eraser: "Eraser",
        rectangle: "Rectangle",
        lasso: "Lasso",
        polygon: "Polygon",
        wand: "Wand",
        pan: "Pan; Space while held",
        brushSize: "Brush smaller, larger",
      },
    },
    marking: {
      title: "Marking",
      lines: {
        arrows: "Move the cursor; Shift: further; Ctrl: one pixel",
        enter: "Start and end a mark, set a corner, pick with the wand",
        escape: "Give up the mark",
        delete: "Remove the chosen rectangle",
        alt: "Held: take away instead of adding",
        shift: "Held: straight lines and squares",
        invert: "Invert",
        undo: "Undo",
        redo: "Redo",
      },
    },
    view: {
      title: "View",
      lines: {
        zoomIn: "Zoom in",
        zoomOut: "Zoom out",
        fit: "Fit",
        actualSize: "100 %",
        wheel: "Zoom",
        twoFingers: "Move and zoom",
        compare: "Held: compare with before",
      },
    },
    commands: {
      title: "Repair",
      lines: {
        repair: "Repair",
        help: "This help",
      },
    },
  },
};
