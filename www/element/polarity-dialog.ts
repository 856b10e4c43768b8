// Asks what an imported mask marks, where the file does not tell.

import { html, nothing, type LitElement, type TemplateResult } from "lit";

import type { ReadMask } from "../lib/protocol.ts";
import type { Speaking } from "./texts/index.ts";

const OPPOSITE = { white: "black", black: "white", opaque: "transparent", transparent: "opaque" } as const;

export class PolarityDialog {
  #mask: ReadMask | null = null;
  #answered: ((isInverted: boolean | null) => void) | null = null;
  #editor: LitElement & Speaking;

  constructor(editor: LitElement & Speaking) {
    this.#editor = editor;
  }

  /** Whether the opposite of what was read is marked; null where the person gave up. */
  async ask(mask: ReadMask): Promise<boolean | null> {
    this.#mask = mask;
    this.#editor.requestUpdate();
    await this.#editor.updateComplete;
    const dialog = this.#editor.renderRoot.querySelector<HTMLDialogElement>("#polarity");
    if (!dialog) return null;
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((answer) => (this.#answered = answer));
  }

  render(): TemplateResult {
    const { mask: texts } = this.#editor.texts;
    const mask = this.#mask;
    return html`<dialog id="polarity" aria-labelledby="polarity-title" @close=${this.#closed}>
      <form method="dialog">
        ${mask
          ? html`<h2 id="polarity-title">${texts.title}</h2>
              <div class="list">
                <button value="read">${texts[mask.marked](mask.share * 100)}</button>
                <button value="inverted">${texts[OPPOSITE[mask.marked]]((1 - mask.share) * 100)}</button>
              </div>
              <div class="actions"><button value="">${texts.cancel}</button></div>`
          : nothing}
      </form>
    </dialog>`;
  }

  #closed = (event: Event): void => {
    const { returnValue } = event.currentTarget as HTMLDialogElement;
    this.#answered?.(returnValue === "" ? null : returnValue === "inverted");
    this.#answered = null;
    // Closed, it has no names that stand elsewhere too.
    this.#mask = null;
    this.#editor.requestUpdate();
  };
}
