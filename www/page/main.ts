// The page: the element in the browser's language, pasting anywhere, and what a person likes, kept for
// the next visit. Pictures, marks and keys are not kept.

import { ReweaveEditor } from "../element/index.ts";
import { preferencesFrom } from "../element/preferences.ts";
import { pickLocale } from "../element/texts/index.ts";

const KEPT = "reweave-preferences";

const editor = document.querySelector("reweave-editor");
const kept = read();
const language = pickLocale([...(typeof kept.lang === "string" ? [kept.lang] : []), ...navigator.languages]);
document.documentElement.lang = language;

if (editor instanceof ReweaveEditor) {
  editor.lang = language;
  editor.preferences = preferencesFrom(kept.preferences, editor.preferences);
  if (kept.theme === "light" || kept.theme === "dark") editor.theme = kept.theme;
  editor.addEventListener("reweave-preferences", ({ detail }) => {
    document.documentElement.lang = detail.lang;
    document.documentElement.dataset.theme = detail.theme;
    keep(detail);
  });
  document.documentElement.dataset.theme = editor.theme;
}

document.addEventListener("paste", (event) => {
  const file = event.clipboardData?.files[0];
  if (!file || event.defaultPrevented || !(editor instanceof ReweaveEditor)) return;
  event.preventDefault();
  void editor.open(file);
});

/** Storage can be forbidden, and what lies in it can be anything. */
function read(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function keep(preferences: unknown): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(preferences));
  } catch {
    // Then they are good for this visit.
  }
}
