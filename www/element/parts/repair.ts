// Where a repair runs, and how far it is.

import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

import { icons } from "../icons.ts";
import type { EditorState } from "../editor-state.ts";
import { renderFillOptions } from "./fill-options.ts";
import { statusText } from "../status-text.ts";

export function renderRepair(editor: EditorState): TemplateResult {
  const { controller, texts, endpoints, where } = editor;
  const { picture, busy, summary } = controller;
  const isRunning = busy?.doing === "repair";
  return html`<section class="repair" aria-label=${texts.menus.repair}>
    ${renderMeter(editor, summary.coverage)}
    <label class="field where">
      <span>${texts.repair.repairAt}</span>
      <select aria-label=${texts.repair.repairAt} ?disabled=${isRunning}
        @change=${(event: Event) => (editor.where = (event.target as HTMLSelectElement).value)}>
        <option value="browser" .selected=${live(where === "browser")}>${texts.repair.inThisBrowser}</option>
        ${endpoints.profiles.map((profile) => {
          return html`<option value=${profile.id} .selected=${live(where === profile.id)}>${endpoints.name(profile)}</option>`;
        })}
      </select>
      <small>${where === "browser" ? texts.repair.noteBrowser : endpoints.note(where)}</small>
    </label>
    ${where === "browser" ? renderFillOptions(editor, isRunning) : endpoints.render(where, isRunning, editor.upload)}
    <div class="actions">
      <button class="primary" ?disabled=${!picture || busy !== null} @click=${() => void editor.repair()}>
        ${icons.repair}<span>${texts.repair.repair}</span>
      </button>
      <button ?disabled=${!isRunning} @click=${() => controller.cancel()}>${texts.repair.cancel}</button>
    </div>
    ${renderStatus(editor)}
  </section>`;
}

function renderMeter({ texts }: EditorState, coverage: number): TemplateResult {
  const isOver = coverage > 0.5;
  return html`<div class="field meter">
    <span>${texts.tools.marked(coverage * 100)}</span>
    <meter aria-label=${texts.tools.markedShare} min="0" max="100" high="50.0001" .value=${coverage * 100}></meter>
    <small class=${isOver ? "warning" : ""}>${isOver ? texts.tools.overLimit : texts.tools.limit}</small>
  </div>`;
}

function renderStatus({ controller, texts }: EditorState): TemplateResult {
  const { busy, told } = controller;
  const fraction = busy?.doing === "repair" ? (busy.report?.fraction ?? null) : null;
  return html`<div class="status" part="status">
    <progress aria-label=${texts.repair.progress} max="1" .value=${fraction ?? 0}
      class=${busy ? (fraction === null ? "waiting" : "") : "idle"}></progress>
    <div role="status">${statusText(texts, busy, told)}</div>
  </div>`;
}
