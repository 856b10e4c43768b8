// The dialogs of settings and help.

import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

import type { Preferences } from "../preferences.ts";
import type { EditorState, Theme } from "../editor-state.ts";
import { shortcutsIn, type Shortcut } from "../shortcuts.ts";
import { LANGUAGE_NAMES, type Locale } from "../texts/index.ts";
import { input } from "./controls.ts";

export function renderSettings(editor: EditorState): TemplateResult {
  const { texts, preferences } = editor;
  const { settings } = texts;
  const set = (change: Partial<Preferences>) => (editor.preferences = { ...preferences, ...change });
  const check = (label: string, name: "outline" | "penPressure") => html`<label class="check">
    <input type="checkbox" .checked=${live(preferences[name])}
      @change=${(event: Event) => set({ [name]: input(event).checked })} />
    <span>${label}</span>
  </label>`;
  return html`<dialog id="settings" aria-labelledby="settings-title">
    <form method="dialog" @change=${() => editor.tellPreferences()}>
      <h2 id="settings-title">${settings.title}</h2>
      <label class="line"><span>${settings.overlayColour}</span>
        <input type="color" .value=${live(preferences.overlayColour)}
          @input=${(event: Event) => set({ overlayColour: input(event).value })} /></label>
      <label class="line"><span>${settings.overlayOpacity}</span>
        <input type="range" min="0" max="100" .value=${live(String(preferences.overlayOpacity * 100))}
          @input=${(event: Event) => set({ overlayOpacity: Number(input(event).value) / 100 })} /></label>
      ${check(settings.outline, "outline")} ${check(settings.penPressure, "penPressure")}
      ${renderLanguage(editor)} ${renderTheme(editor)}
      <div class="actions"><button class="primary">${texts.menus.close}</button></div>
    </form>
  </dialog>`;
}

function renderLanguage(editor: EditorState): TemplateResult {
  const languages = Object.entries(LANGUAGE_NAMES) as [Locale, string][];
  return html`<label class="line"><span>${editor.texts.settings.language}</span>
    <select @change=${(event: Event) => (editor.lang = (event.target as HTMLSelectElement).value)}>
      ${languages.map(([locale, name]) => {
        return html`<option value=${locale} lang=${locale} .selected=${live(editor.texts.locale === locale)}>${name}</option>`;
      })}
    </select></label>`;
}

function renderTheme(editor: EditorState): TemplateResult {
  const { settings } = editor.texts;
  const themes = [["auto", settings.automatic], ["light", settings.light], ["dark", settings.dark]] as const;
  return html`<label class="line"><span>${settings.theme}</span>
    <select @change=${(event: Event) => (editor.theme = (event.target as HTMLSelectElement).value as Theme)}>
      ${themes.map(([theme, name]) => html`<option value=${theme} .selected=${live(editor.theme === theme)}>${name}</option>`)}
    </select></label>`;
}

export function renderHelp({ texts }: EditorState): TemplateResult {
  const keys = ({ keys, gesture }: Shortcut) => gesture ?? keys.map((key) => html`<kbd>${key}</kbd> `);
  return html`<dialog id="help" aria-labelledby="help-title">
    <form method="dialog">
      <h2 id="help-title">${texts.help.title}</h2>
      <div class="shortcuts">
        ${shortcutsIn(texts).map(({ title, shortcuts }) => html`<div>
          <h3>${title}</h3>
          <dl>${shortcuts.map((line) => html`<div><dt>${keys(line)}</dt><dd>${line.text}</dd></div>`)}</dl>
        </div>`)}
      </div>
      <div class="actions"><button class="primary" autofocus>${texts.menus.close}</button></div>
    </form>
  </dialog>`;
}
