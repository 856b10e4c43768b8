// How the fill in this browser works: out of the way until somebody wants it.

import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

import type { EditorState } from "../editor-state.ts";
import type { AreaUse } from "../search-area.ts";
import { DEFAULT_FILL, LARGEST_EXPAND, LARGEST_SEED, QUALITIES, type FillOptions } from "../fill-options.ts";
import { input } from "./controls.ts";

export function renderFillOptions(editor: EditorState, isOff: boolean): TemplateResult {
  const { texts, fillOptions } = editor;
  const chosen = { ...DEFAULT_FILL, ...fillOptions };
  const set = (change: FillOptions) => (editor.fillOptions = { ...fillOptions, ...change });
  const number = (label: string, name: "expand" | "seed", max: number) => html`<label class="line"><span>${label}</span>
    <input type="number" aria-label=${label} min="0" max=${max} step="1" ?disabled=${isOff} .value=${live(String(chosen[name]))}
      @change=${(event: Event) => set({ [name]: input(event).valueAsNumber })} /></label>`;
  return html`<details class="more fill">
    <summary>${texts.fill.options}</summary>
    <div class="list">
      <label class="line"><span>${texts.fill.quality}</span>
        <select aria-label=${texts.fill.quality} ?disabled=${isOff} @change=${(event: Event) => {
          const quality = QUALITIES.find((known) => known === (event.target as HTMLSelectElement).value);
          if (quality) set({ quality });
        }}>
          ${QUALITIES.map((quality) => {
            return html`<option value=${quality} .selected=${live(chosen.quality === quality)}>${texts.fill[quality]}</option>`;
          })}
        </select></label>
      ${number(`${texts.fill.expand} (${texts.tools.pixelUnit})`, "expand", LARGEST_EXPAND)}
      <label class="check">
        <input type="checkbox" ?disabled=${isOff} .checked=${live(chosen.halo)}
          @change=${(event: Event) => set({ halo: input(event).checked })} />
        <span>${texts.fill.halo}</span>
      </label>
      ${renderSearchArea(editor, isOff)} ${number(texts.fill.seed, "seed", LARGEST_SEED)}
      <small>${texts.fill.note}</small>
    </div>
  </details>`;
}

/** Where the patches of wide parts may come from: what is marked now, or anywhere again. */
function renderSearchArea({ controller, searchArea, texts }: EditorState, isOff: boolean): TemplateResult {
  const { fill } = texts;
  const { use, selection } = searchArea;
  const take = (use: AreaUse) => html`<button class="button" ?disabled=${isOff || controller.summary.marked === 0}
    @click=${() => searchArea.take(use)}>${fill.takeArea[use]}</button>`;
  return html`<fieldset class="area">
    <legend>${fill.area}</legend>
    ${use
      ? html`<p>${fill.areaSet[use](selection ? selection.summary().coverage * 100 : null)}</p>
          <button class="button" ?disabled=${isOff} @click=${() => searchArea.drop()}>${fill.dropArea}</button>`
      : html`${take("only")} ${take("not")}<small>${fill.areaNote}</small>`}
  </fieldset>`;
}
