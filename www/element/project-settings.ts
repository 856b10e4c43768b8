// What a project's file keeps beside the marks: how a person worked. No picture, no key.

import type { EditorState } from "./editor-state.ts";
import { fillOptionsFrom } from "./fill-options.ts";
import { preferencesFrom } from "./preferences.ts";
import { LARGEST_BRUSH } from "./tools/draft.ts";

export function projectSettings(editor: EditorState): unknown {
  const { tool, brushSize, tolerance, growBy, where, preferences } = editor;
  // The mask of a search area would be larger than all the rest, and is the host's.
  const { quality, seed, expand, halo } = editor.fillOptions;
  return { tool, brushSize, tolerance, growBy, where, preferences, fill: { quality, seed, expand, halo } };
}

/** Takes over what can be; all else stays as it is. */
export function takeProjectSettings(editor: EditorState, settings: unknown): void {
  const given = (typeof settings === "object" && settings !== null ? settings : {}) as Record<string, unknown>;
  const number = (name: string, current: number, max: number) => {
    const value = given[name];
    return typeof value === "number" && value >= 0 && value <= max ? Math.round(value) : current;
  };
  editor.tool = editor.toolNames.find((tool) => tool === given.tool) ?? editor.tool;
  editor.brushSize = Math.max(1, number("brushSize", editor.brushSize, LARGEST_BRUSH));
  editor.tolerance = number("tolerance", editor.tolerance, 255);
  editor.growBy = Math.max(1, number("growBy", editor.growBy, 200));
  editor.where = editor.endpoints.profiles.find(({ id }) => id === given.where)?.id ?? editor.where;
  editor.fillOptions = fillOptionsFrom(given.fill, editor.fillOptions);
  editor.preferences = preferencesFrom(given.preferences, editor.preferences);
}
