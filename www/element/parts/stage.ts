// The stage: the picture and what lies over it, and the invitation to open one.

import { html, nothing, type TemplateResult } from "lit";

import type { EditorState } from "../editor-state.ts";
import { renderHistory, renderOptions, renderTools, renderZoom } from "./toolbar.ts";

export function renderStage(editor: EditorState): TemplateResult {
  const { controller, texts, isSplit, tool } = editor;
  const { picture, busy } = controller;
  const state = [picture ? "" : "empty", isSplit ? "split" : "", editor.isHeld ? "held" : ""].join(" ");
  return html`
    <div id="stage" part="stage" class=${state}>
      <div id="surface" role="application" tabindex="0" aria-label=${texts.picture.picture}
        aria-describedby="surface-help" aria-busy=${picture && !busy ? "false" : "true"} class=${tool}>
        <div id="frame">
          <canvas id="before"></canvas>
          <canvas id="after"></canvas>
          <canvas id="area" hidden></canvas>
          <canvas id="marks"></canvas>
          <svg id="overlay" aria-hidden="true"></svg>
          <i class="probe origin"></i><i class="probe right"></i><i class="probe bottom"></i>
          ${isSplit && picture ? renderPaneNames(editor) : nothing}
        </div>
      </div>
      <div id="divider" hidden><i></i></div>
      <span id="surface-help" hidden>${texts.picture.surfaceHelp}</span>
      <div class="rail">${renderTools(editor)} ${renderHistory(editor)}</div>
      ${renderOptions(editor)} ${renderZoom(editor)}
      ${picture ? nothing : renderInvitation(editor)}
      ${renderMessages(editor)}
      <div id="announcer" aria-live="polite" class="spoken">${editor.announced}</div>
    </div>
  `;
}

function renderPaneNames({ texts }: EditorState): TemplateResult {
  return html`<span class="pane-name before">${texts.view.before}</span>
    <span class="pane-name after">${texts.view.after}</span>`;
}

function renderInvitation(editor: EditorState): TemplateResult {
  const { picture } = editor.texts;
  return html`
    <div class="invitation">
      <p class="lead">${picture.dropHere}</p>
      <p>${picture.formats}</p>
      ${editor.sample
        ? html`<button class="button" @click=${() => void editor.openSample()}>${picture.trySample}</button>`
        : nothing}
    </div>
  `;
}

function renderMessages({ controller, texts }: EditorState): TemplateResult {
  const { error } = controller;
  if (!error) return html`<div class="messages"><div role="alert"></div></div>`;
  const { details } = error;
  const link = details.code === "result-unreachable" ? details : null;
  return html`<div class="messages">
    <div role="alert" class="alert">
      <p>
        ${texts.errorText(error)} <code translate="no">${error.code}</code>
        ${link
          ? html`<br /><a href=${link.link} target="_blank" rel="noopener noreferrer">${texts.repair.openResult}</a>
              ${link.expires ? texts.repair.linkUntil(link.expires) : nothing}`
          : nothing}
      </p>
      <button class="quiet" @click=${() => controller.dismiss()}>${texts.menus.dismiss}</button>
    </div>
  </div>`;
}
