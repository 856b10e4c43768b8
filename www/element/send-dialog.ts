// What goes where, told before the first time that something leaves for a host.

import { html, nothing, type TemplateResult } from "lit";

import type { Sending } from "../lib/at-endpoint.ts";
import type { Speaking, Texts } from "./texts/index.ts";

export class SendDialog {
  #sending: Sending | null = null;
  #answered: ((goesOn: boolean) => void) | null = null;
  /** Where a person agreed to send; kept as long as the page is open. */
  #agreed = new Set<string>();
  #host: Speaking;
  #update: () => Promise<HTMLDialogElement | null>;

  /** `update` renders and answers the dialog. */
  constructor(host: Speaking, update: () => Promise<HTMLDialogElement | null>) {
    this.#host = host;
    this.#update = update;
  }

  /** Asks, unless this was agreed to already. */
  async ask(sending: Sending): Promise<boolean> {
    const where = JSON.stringify([sending.host, sending.upload, sending.isReadable, sending.keyHeader]);
    if (this.#agreed.has(where)) return true;
    this.#sending = sending;
    const dialog = await this.#update();
    if (!dialog) return false;
    dialog.returnValue = "no";
    dialog.showModal();
    const goesOn = await new Promise<boolean>((answer) => (this.#answered = answer));
    if (goesOn) this.#agreed.add(where);
    return goesOn;
  }

  render(): TemplateResult {
    const { sending: texts } = this.#host.texts;
    const sending = this.#sending;
    return html`
      <dialog id="sending" aria-labelledby="send-title" @close=${this.#closed}>
        <form method="dialog">
          ${sending
            ? html`<h2 id="send-title">${texts.title(sending.host)}</h2>
                <p>${texts.once}</p>
                <ul>
                  ${lines(texts, sending).map((line) => html`<li>${line}</li>`)}
                </ul>
                ${sending.isReadable ? html`<p class="warning">${texts.readable}</p>` : nothing}`
            : nothing}
          <div class="actions">
            <button value="no" autofocus>${texts.doNotSend}</button>
            <button value="yes" class="primary">${texts.send}</button>
          </div>
        </form>
      </dialog>
    `;
  }

  #closed = (event: Event): void => {
    const dialog = event.currentTarget as HTMLDialogElement;
    this.#answered?.(dialog.returnValue === "yes");
    this.#answered = null;
  };
}

function lines(texts: Texts["sending"], { image, region, keyHeader, upload }: Sending): string[] {
  const told = [
    imageLine(texts, image),
    "rectangles" in region ? texts.rectangles(region.rectangles) : texts.mask(region.maskBytes),
  ];
  if (keyHeader) told.push(texts.key(keyHeader));
  if (upload) told.push(upload.host === null ? texts.hook : texts.upload(upload.host));
  return told;
}

function imageLine(texts: Texts["sending"], image: Sending["image"]): string {
  if ("url" in image) return texts.address;
  const line = texts.file(kind(image.mime), image.bytes);
  return image.jpegQuality === null ? line : texts.explained(line, texts.jpeg(image.jpegQuality));
}

function kind(mime: string): string {
  return mime.replace("image/", "").toUpperCase();
}
