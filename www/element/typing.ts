// What goes into a field is the field's own: no tool of the editor, no shortcut of a host.

/** Whether a key that goes into a field writes there; all others are for nobody yet. */
export function isEditing({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey) return !altKey && /^([acvxyz]|Backspace|Delete|Arrow\w+|Home|End)$/i.test(key);
  return key.length === 1 || /^(Backspace|Delete|Arrow\w+|Home|End|Enter)$/.test(key);
}

/** Whether a key, or what is pasted, goes into a field; sliders, radios and buttons take no letters. */
export function isTyping(event: Event): boolean {
  const origin = event.composedPath()[0];
  if (origin instanceof HTMLInputElement) return !["radio", "range", "file", "checkbox", "color"].includes(origin.type);
  return origin instanceof HTMLTextAreaElement || origin instanceof HTMLSelectElement || (origin instanceof HTMLElement && origin.isContentEditable);
}
