// What goes where, told before the first time that something leaves for a host.

import { html, nothing, type TemplateResult } from "lit";

import type { Sending } from "../lib/at-endpoint.ts";
import { endpointStrings as strings } from "./endpoint-strings.ts";
import { getLocale } from "./localize.ts";

export class SendDialog {
  #sending: Sending | null = null;
  #answered: ((goesOn: boolean) => void) | null = null;
  /** Where a person agreed to send; kept as long as the page is open. */
  #agreed = new Set<string>();
  #update: () => Promise<HTMLDialogElement | null>;

  /** `update` renders and answers the dialog. */
  constructor(update: () => Promise<HTMLDialogElement | null>) {
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
    const { sending } = { sending: this.#sending };
    return html`
      <dialog aria-labelledby="send-title" @close=${this.#closed}>
        <form method="dialog">
          ${sending
            ? html`<h2 id="send-title">${strings.sendTitle(sending.host)}</h2>
                <p>${strings.sendOnce()}</p>
                <ul>
                  ${this.#lines(sending).map((line) => html`<li>${line}</li>`)}
                </ul>
                ${sending.isReadable ? html`<p class="warning">${strings.sendReadable()}</p>` : nothing}`
            : nothing}
          <div class="actions">
            <button value="no" autofocus>${strings.doNotSend()}</button>
            <button value="yes" class="primary">${strings.send()}</button>
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

  #lines({ image, region, keyHeader, upload }: Sending): string[] {
    const lines = [
      "url" in image ? strings.sendAddress() : strings.sendFile(kind(image.mime), size(image.bytes)),
      "rectangles" in region
        ? strings.sendRectangles(region.rectangles.toLocaleString(getLocale()))
        : strings.sendMask(size(region.maskBytes)),
    ];
    if (!("url" in image) && image.jpegQuality !== null) lines[0] += ` (${strings.sendJpeg(String(image.jpegQuality))})`;
    if (keyHeader) lines.push(strings.sendKey(keyHeader));
    if (upload) lines.push(upload.host === null ? strings.sendHook() : strings.sendUpload(upload.host));
    return lines;
  }
}

function kind(mime: string): string {
  return mime.replace("image/", "").toUpperCase();
}

function size(bytes: number): string {
  const [amount, unit] = bytes < 1e6 ? [Math.ceil(bytes / 1e3), "kilobyte"] : [bytes / 1e6, "megabyte"];
  const format = { style: "unit", unit, maximumFractionDigits: bytes < 1e6 ? 0 : 1 } as const;
  return new Intl.NumberFormat(getLocale(), format).format(amount);
}
