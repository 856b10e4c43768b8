// The events of the element. All bubble and cross shadow roots.

import type { ReweaveError } from "../lib/errors.ts";
import type { Added, Changes } from "../lib/protocol.ts";
import type { Stage } from "../lib/repair.ts";
import type { Preferences } from "./preferences.ts";
import type { ReweaveEditorElement, Theme } from "./public.ts";

export interface EditorEvents {
  /** Marks, or the shown version, changed. */
  "reweave-change": CustomEvent<{
    /** Marked pixels, and their share of the picture, 0 to 1. */
    readonly marked: number;
    readonly coverage: number;
    readonly canUndo: boolean;
    readonly canRedo: boolean;
    /** The version that is shown; 0 is the opened picture. */
    readonly version: number;
  }>;
  /** A repair is under way; `fraction` is null where it cannot be known. */
  "reweave-progress": CustomEvent<{ readonly stage: Stage; readonly fraction: number | null }>;
  /** A repair is there; `changes` is null where the original may not be read. `added` says how many pixels
   * were repaired beside the marked ones; it is null where an endpoint repaired. */
  "reweave-result": CustomEvent<{ readonly changes: Changes | null; readonly added: Added | null; readonly version: number }>;
  "reweave-error": CustomEvent<{ readonly error: ReweaveError }>;
  /** A person set how things look; to be kept by the host, and given back by the same properties. */
  "reweave-preferences": CustomEvent<{ readonly preferences: Preferences; readonly theme: Theme; readonly lang: string }>;
}

declare global {
  interface HTMLElementTagNameMap {
    "reweave-editor": ReweaveEditorElement;
  }
  interface HTMLElementEventMap {
    "reweave-change": EditorEvents["reweave-change"];
    "reweave-progress": EditorEvents["reweave-progress"];
    "reweave-result": EditorEvents["reweave-result"];
    "reweave-error": EditorEvents["reweave-error"];
    "reweave-preferences": EditorEvents["reweave-preferences"];
  }
}
