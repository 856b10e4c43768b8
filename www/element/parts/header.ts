// The head: opening a picture, settings, help.

import { html, type TemplateResult } from "lit";

import { icons } from "../icons.ts";
import type { EditorState } from "../editor-state.ts";
import { iconButton, input } from "./controls.ts";

/** Formats that the file dialog offers; what a file really is, its first bytes say. */
const ACCEPT = "image/jpeg,image/png,image/webp,image/bmp,image/tiff,.jpg,.jpeg,.png,.webp,.bmp,.tif,.tiff";

export function renderHeader(editor: EditorState): TemplateResult {
  const { texts } = editor;
  return html`<div class="header" part="header">
    <span class="name" translate="no">Reweave</span>
    <label class="button open">
      ${icons.open}<span>${texts.picture.openPicture}</span>
      <input type="file" accept=${ACCEPT} @change=${(event: Event) => chosen(editor, input(event))} />
    </label>
    ${renderAddress(editor)}
    <slot name="header"></slot>
    <span class="rights">${texts.picture.rights}</span>
    ${iconButton(texts.menus.settings, icons.settings, false, () => editor.showDialog("settings"))}
    ${iconButton(texts.menus.help, icons.help, false, () => editor.showDialog("help"))}
  </div>`;
}

function renderAddress(editor: EditorState): TemplateResult {
  const { picture } = editor.texts;
  const given = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const address = form.querySelector("input")?.value ?? "";
    form.closest("details")?.removeAttribute("open");
    void editor.open(address).then(() => form.reset());
  };
  return html`<details class="address">
    <summary class="button" title=${picture.openAddress}>${icons.address}<span>${picture.openAddress}</span></summary>
    <form @submit=${given}>
      <input type="url" name="address" required placeholder="https://" aria-label=${picture.pictureAddress}
        autocomplete="off" spellcheck="false" />
      <button>${picture.open}</button>
    </form>
  </details>`;
}

function chosen(editor: EditorState, chooser: HTMLInputElement): void {
  const file = chooser.files?.[0];
  // The same file can be chosen again.
  if (file) void editor.open(file).finally(() => (chooser.value = ""));
}
