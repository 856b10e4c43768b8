// The page: the element in the browser's language, and pasting anywhere.

import { ReweaveEditor } from "../element/index.ts";
import { pickLocale } from "../element/texts/index.ts";

const editor = document.querySelector("reweave-editor");
const language = pickLocale(navigator.languages);
document.documentElement.lang = language;
editor?.setAttribute("lang", language);

document.addEventListener("paste", (event) => {
  const file = event.clipboardData?.files[0];
  if (!file || event.defaultPrevented || !(editor instanceof ReweaveEditor)) return;
  event.preventDefault();
  void editor.open(file);
});
