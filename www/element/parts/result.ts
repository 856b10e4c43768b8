// What came of it: before and after, the versions, the file.

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

import type { Version } from "../history.ts";
import { icons } from "../icons.ts";
import type { EditorState } from "../editor-state.ts";
import type { Texts } from "../texts/index.ts";
import { input, namedButton } from "./controls.ts";

export function renderResult(editor: EditorState): TemplateResult {
  const { controller } = editor;
  const { shown, busy } = controller;
  const result = shown?.base ? shown : null;
  const isOff = !result || busy !== null;
  return html`<section class="result" aria-label=${editor.texts.menus.result}>
    ${renderCompare(editor, isOff)} ${renderVersions(editor)} ${renderDelivered(editor, result, isOff)}
    ${renderFile(editor, result, isOff)}
  </section>`;
}

function renderCompare(editor: EditorState, isOff: boolean): TemplateResult {
  const { texts, compare, isSplit } = editor;
  return html`<label class="field compare">
      <span>${texts.view.compare}</span>
      <input type="range" min="0" max="100" .value=${live(String(compare))} ?disabled=${isOff || isSplit}
        aria-label=${texts.view.compare} @input=${(event: Event) => (editor.compare = Number(input(event).value))} />
      <span class="ends" aria-hidden="true"><small>${texts.view.after}</small><small>${texts.view.before}</small></span>
    </label>
    <div class="row">
      ${renderHold(editor, isOff || isSplit)}
      <button class="named side" aria-pressed=${isSplit ? "true" : "false"} ?disabled=${isOff && !isSplit}
        @click=${() => (editor.isSplit = !isSplit)}>${icons.sideBySide}<span>${texts.view.sideBySide}</span></button>
    </div>`;
}

/** Shows the picture before for as long as it is pressed, by pointer or key. */
function renderHold(editor: EditorState, isOff: boolean): TemplateResult {
  const hold = () => editor.holdCompare(true);
  const letGo = () => editor.holdCompare(false);
  const byKey = (isHeld: boolean) => (event: KeyboardEvent) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    editor.holdCompare(isHeld);
  };
  // The picture keeps the focus that it has: to lose it lets go of what is held.
  const keepFocus = (event: Event) => event.preventDefault();
  return html`<button class="named" ?disabled=${isOff} @mousedown=${keepFocus}
    @pointerdown=${hold} @pointerup=${letGo} @pointerleave=${letGo} @pointercancel=${letGo}
    @blur=${letGo} @keydown=${byKey(true)} @keyup=${byKey(false)}>
    ${icons.eye}<span>${editor.texts.view.holdToCompare}</span>
  </button>`;
}

function renderVersions(editor: EditorState): TemplateResult | typeof nothing {
  const { controller, texts } = editor;
  const { history, busy } = controller;
  if (!history || history.versions.length < 2) return nothing;
  const one = (version: Version) => {
    const name = versionName(texts, version);
    return html`<label class="version" title=${name}>
      <input type="radio" name="version" .checked=${live(history.shown === version)} ?disabled=${busy !== null}
        aria-label=${name} @change=${() => editor.showVersion(version)} />
      <canvas class="thumbnail" data-version=${version.number}></canvas>
      <span aria-hidden="true">${version.number === 0 ? texts.versions.original : version.number}</span>
    </label>`;
  };
  return html`<div class="field">
    <span id="versions-name">${texts.menus.versions}</span>
    <div class="versions" role="radiogroup" aria-labelledby="versions-name">${history.versions.map(one)}</div>
    <div class="grid">
      ${namedButton(texts.versions.continueFromHere, icons.goOn, history.showsMarks || busy !== null, () => controller.goOn())}
      ${namedButton(texts.fill.another, icons.repair, !editor.canVary, () => editor.repairAnew())}
    </div>
  </div>`;
}

function renderDelivered(editor: EditorState, result: Version | null, isOff: boolean): TemplateResult | typeof nothing {
  const { controller, texts } = editor;
  const { busy } = controller;
  const delivered = result?.delivered;
  if (!delivered?.file || !delivered.changes) return nothing;
  return html`<label class="check">
    <input type="checkbox" aria-label=${texts.repair.asDelivered} ?disabled=${isOff}
      .checked=${live(busy?.doing === "composite" ? busy.whole : delivered.whole)}
      @change=${(event: Event) => void controller.showWhole(input(event).checked)} />
    <span>${texts.repair.asDelivered}</span>
  </label>`;
}

function renderFile(editor: EditorState, result: Version | null, isOff: boolean): TemplateResult {
  const { texts, saveAs } = editor;
  const delivered = result?.delivered;
  const choose = (event: Event) => {
    editor.saveAs = (event.target as HTMLSelectElement).value === "jpeg" ? "jpeg" : "png";
  };
  return html`<label class="field">
      <span>${texts.files.format}</span>
      <select aria-label=${texts.files.format} .value=${live(saveAs)} ?disabled=${isOff || delivered?.whole === true}
        @change=${choose}>
        <option value="png">${texts.files.png}</option>
        <option value="jpeg">${texts.files.jpeg}</option>
      </select>
    </label>
    <div class="row">
      ${delivered && !delivered.file && delivered.link
        ? html`<a class="button" href=${delivered.link} target="_blank" rel="noopener noreferrer">${texts.repair.openResult}</a>`
        : html`<button class="wide" ?disabled=${isOff} @click=${() => void editor.files.download()}>
            ${icons.download}<span>${texts.files.download}</span>
          </button>`}
      <slot name="actions"></slot>
    </div>`;
}

export function versionName({ versions }: Texts, { number, base }: Version): string {
  if (number === 0) return versions.original;
  return base?.number ? versions.versionFrom(number, base.number) : versions.version(number);
}
