// The small controls that parts share.

import { html, type TemplateResult } from "lit";

/** A button that is an icon alone. */
export function iconButton(label: string, icon: TemplateResult, isOff: boolean, act: (event: Event) => void): TemplateResult {
  return html`<button class="icon" title=${label} aria-label=${label} ?disabled=${isOff} @click=${act}>${icon}</button>`;
}

/** A button of an icon and its name. */
export function namedButton(label: string, icon: TemplateResult, isOff: boolean, act: () => unknown): TemplateResult {
  return html`<button class="named" ?disabled=${isOff} @click=${act}>${icon}<span>${label}</span></button>`;
}

export function input(event: Event): HTMLInputElement {
  return event.currentTarget as HTMLInputElement;
}

/** Has a person choose a file. */
export function chooseFile(accept: string): Promise<File | null> {
  return new Promise((resolve) => {
    const chooser = document.createElement("input");
    chooser.type = "file";
    chooser.accept = accept;
    chooser.addEventListener("change", () => resolve(chooser.files?.[0] ?? null));
    chooser.addEventListener("cancel", () => resolve(null));
    chooser.click();
  });
}

/** Gives a person a file. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The download has its own hold on the data once it has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
