// The region as a whole: turned round, grown, tightened, brought in and taken out.

import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

import { icons } from "../icons.ts";
import type { EditorState } from "../editor-state.ts";
import { input, namedButton } from "./controls.ts";

export function renderRegion(editor: EditorState): TemplateResult {
  const { controller, texts, growBy, files } = editor;
  const { picture, busy, summary } = controller;
  const isOff = !picture || busy !== null;
  const isEmpty = isOff || summary.marked === 0;
  const isUnread = isEmpty || !picture.readable;
  return html`<section class="region" aria-label=${texts.menus.region}>
    <h2>${texts.menus.region}</h2>
    <div class="grid">
      ${namedButton(texts.tools.invert, icons.invert, isOff, () => controller.marks.invert())}
      <label class="number by" title=${texts.tools.growOrShrinkBy}>
        <span aria-hidden="true">±</span>
        <input type="number" min="1" max="200" step="1" aria-label=${texts.tools.growOrShrinkBy} ?disabled=${isOff}
          .value=${live(String(growBy))} @change=${(event: Event) => (editor.growBy = input(event).valueAsNumber)} />
        <span aria-hidden="true">${texts.tools.pixelUnit}</span>
      </label>
      ${namedButton(texts.tools.grow, icons.grow, isEmpty, () => controller.marks.grow(growBy))}
      ${namedButton(texts.tools.shrink, icons.shrink, isEmpty, () => controller.marks.shrink(growBy))}
    </div>
    ${namedButton(texts.tools.tighten, icons.tighten, isUnread, () => void editor.tighten())}
    <div class="grid">
      ${namedButton(texts.files.importMask, icons.importing, isOff, () => void files.importMask())}
      ${namedButton(texts.files.exportMask, icons.exporting, isEmpty, () => void files.exportMask())}
    </div>
    <details class="more">
      <summary>${texts.menus.more}</summary>
      <div class="list">
        ${namedButton(texts.files.holePng, icons.exporting, isUnread, () => void files.exportHole())}
        ${namedButton(texts.tools.copyRectangles, icons.rectangle, isEmpty, () => void files.copyRectangles())}
        ${namedButton(texts.tools.pasteRectangles, icons.rectangle, isOff, () => void files.pasteRectangles())}
        ${namedButton(texts.files.saveProject, icons.download, isOff, () => files.saveProject())}
        ${namedButton(texts.files.openProject, icons.open, isOff, () => void files.openProject())}
      </div>
    </details>
  </section>`;
}
