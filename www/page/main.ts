// The page: the element, and pasting anywhere.

import "./language.ts";
import { ReweaveEditor } from "../element/index.ts";

document.addEventListener("paste", (event) => {
  const editor = document.querySelector("reweave-editor");
  const file = event.clipboardData?.files[0];
  if (!file || event.defaultPrevented || !(editor instanceof ReweaveEditor)) return;
  event.preventDefault();
  void editor.open(file);
});
