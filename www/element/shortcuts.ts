// The help's lines: keys and gestures beside what they do. Keys are the same in every language; what
// they do stands in the texts. The table is complete by its type: a line of the texts without its
// keys does not compile, nor do keys without a line.

import type { Texts } from "./texts/index.ts";

export interface Shortcut {
  /** Any one of these, each a key or keys joined by "+"; none for a gesture. */
  readonly keys: readonly string[];
  /** What is done without a key, in words. */
  readonly gesture: string | null;
  readonly text: string;
}

export interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

type Gesture = keyof Texts["help"]["gestures"];
type Groups = Texts["help"]["groups"];
type Keys = readonly string[] | Gesture;

const KEYS: { readonly [Group in keyof Groups]: Readonly<Record<keyof Groups[Group]["lines"], Keys>> } = {
  tools: {
    brush: ["B"],
    eraser: ["E"],
    rectangle: ["R"],
    lasso: ["L"],
    polygon: ["P"],
    wand: ["W"],
    pan: ["H"],
    brushSize: ["[", "]"],
  },
  marking: {
    arrows: ["←", "↑", "→", "↓"],
    enter: ["Enter"],
    escape: ["Esc"],
    delete: ["Delete"],
    alt: ["Alt"],
    shift: ["Shift"],
    invert: ["I"],
    undo: ["Ctrl+Z"],
    redo: ["Ctrl+Shift+Z", "Ctrl+Y"],
  },
  view: {
    zoomIn: ["+"],
    zoomOut: ["−"],
    fit: ["0"],
    actualSize: ["1"],
    wheel: "wheel",
    twoFingers: "twoFingers",
    compare: ["X"],
  },
  commands: {
    repair: ["Ctrl+Enter"],
    help: ["?"],
  },
};

/** All of the help, in the order of the texts. */
export function shortcutsIn({ help }: Texts): readonly ShortcutGroup[] {
  return Object.entries(help.groups).map(([group, { title, lines }]) => {
    const keys: Readonly<Record<string, Keys>> = KEYS[group as keyof Groups];
    const shortcuts = Object.entries(lines).map(([line, text]) => shortcut(help, keys[line] ?? [], text));
    return { title, shortcuts };
  });
}

function shortcut({ gestures }: Texts["help"], keys: Keys, text: string): Shortcut {
  return typeof keys === "string" ? { keys: [], gesture: gestures[keys], text } : { keys, gesture: null, text };
}
