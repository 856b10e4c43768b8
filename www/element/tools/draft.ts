// A mark that is being made: by the pointer or by the keyboard alike.

import type { EditorController } from "../controller.ts";
import type { Rectangle } from "../../lib/marks.ts";
import type { PicturePoint } from "../view.ts";

export type Tool = "brush" | "eraser" | "rectangle" | "lasso" | "polygon" | "wand" | "pan";

/** In pixels of the picture, as the core has it. */
export const LARGEST_BRUSH = 1000;

export const TOOLS: readonly Tool[] = ["brush", "eraser", "rectangle", "lasso", "polygon", "wand", "pan"];

/** A place on the picture, and how hard a pen is pressed there (0 to 1; null where nothing tells). */
export interface Sample extends PicturePoint {
  readonly pressure: number | null;
}

export interface Keys {
  readonly alt: boolean;
  readonly shift: boolean;
}

/** What is shown of a mark before it is one. */
export type DraftShape = { readonly subtract: boolean } & (
  | { readonly kind: "rectangle"; readonly rectangle: Rectangle }
  | { readonly kind: "path"; readonly points: readonly PicturePoint[]; readonly corners: boolean }
  | { readonly kind: "line"; readonly from: PicturePoint; readonly to: PicturePoint; readonly width: number }
);

/** What tools need of the editor. */
export interface ToolHost {
  readonly controller: EditorController;
  readonly brushSize: number;
  /** Whether a pen's pressure changes the brush. */
  readonly penPressure: boolean;
  /** Of the wand, 0 to 255. */
  readonly tolerance: number;
  /** CSS pixels of one pixel of the picture. */
  readonly cssScale: number;
  /** The rectangle that handles are shown for. */
  chosenRectangle: number | null;
  /** Where the last stroke ended; a straight line can go on from there. */
  lastEnd: PicturePoint | null;
  /** Paints the marks in a box of the picture, or all of them. */
  paint(changed: Rectangle | null): void;
}

export interface Draft {
  drag(samples: readonly Sample[], keys: Keys): void;
  /** Makes the mark. */
  release(at: Sample, keys: Keys): void;
  giveUp(): void;
  shape(): DraftShape | null;
}
