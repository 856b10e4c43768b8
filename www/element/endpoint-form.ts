// Which endpoint a repair runs at, and what it needs to be told: an address, a key, an upload. What
// is asked for follows from the profile; nothing here knows a single one of them but "server".

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

import type { AtEndpoint, UploadHook } from "../lib/at-endpoint.ts";
import { Endpoint, type BodyForm, type EndpointSettings, type ProfileInfo } from "../lib/marks.ts";
import { getLocale } from "./localize.ts";
import { bodyText, endpointStrings as strings } from "./endpoint-strings.ts";

/** What a person filled in; it is kept in memory, for each profile apart. */
interface Values {
  url: string;
  queryUrl: string;
  header: string;
  scheme: string;
  key: string;
  body: BodyForm;
  asLink: boolean;
  uploadMethod: "PUT" | "POST";
  uploadUrl: string;
  readUrl: string;
}

type TextName = "url" | "queryUrl" | "header" | "scheme" | "key" | "uploadUrl" | "readUrl";

/** The one profile whose endpoint is the page's own server. */
const SERVER = "server";
const CUSTOM = "custom";

export class EndpointForm {
  #profiles: readonly ProfileInfo[] = [];
  #values = new Map<string, Values>();
  #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** The profiles, once the module that knows them is loaded. */
  get profiles(): readonly ProfileInfo[] {
    return this.#profiles;
  }

  /** Reads the profiles; to be called when the main-thread module is there. */
  load(): void {
    this.#profiles = Endpoint.profiles();
    this.#onChange();
  }

  /** A profile's name in the language of the element. */
  name(profile: ProfileInfo): string {
    return profile.names[getLocale() === "zh-Hans" ? 1 : 0];
  }

  /** What is said under the choice. */
  note(id: string): string {
    return id === SERVER ? strings.noteServer() : strings.noteElsewhere();
  }

  /** The repair that the form describes. */
  at(id: string, hook: UploadHook | null): AtEndpoint {
    const profile = this.#profiles.find((known) => known.id === id);
    const values = this.#of(id);
    const isServer = id === SERVER;
    const url = isServer && profile ? new URL(profile.url, location.origin).href : values.url;
    const settings: EndpointSettings = {
      profile: id,
      url,
      body: values.body,
      ...(values.key && { key: values.key }),
      ...(id === CUSTOM && { queryUrl: values.queryUrl, header: values.header, scheme: values.scheme }),
    };
    const { uploadMethod: method, uploadUrl, readUrl } = values;
    const upload = hook ?? (uploadUrl ? { method, url: uploadUrl, ...(readUrl && { readUrl }) } : undefined);
    return { kind: "endpoint", settings, asLink: values.asLink, upload };
  }

  render(id: string, off: boolean, hook: UploadHook | null): TemplateResult | typeof nothing {
    const profile = this.#profiles.find((known) => known.id === id);
    if (!profile) return nothing;
    const isServer = id === SERVER;
    return html`<div class="endpoint">
      ${isServer ? nothing : this.#text(id, "url", strings.address(), off, profile.url || "https://", "url")}
      ${profile.header ? this.#text(id, "key", isServer ? strings.serverKey() : strings.key(), off, "", "password") : nothing}
      ${profile.needsUpload && !hook ? this.#renderUpload(id, off) : nothing}
      ${isServer ? nothing : this.#renderMore(profile, off)}
    </div>`;
  }

  #renderMore(profile: ProfileInfo, off: boolean): TemplateResult | typeof nothing {
    const { id, bodies } = profile;
    const values = this.#of(id);
    const isTask = profile.answers === "task";
    if (!isTask && bodies.length < 2) return nothing;
    const results = [
      ["", strings.resultBase64()],
      ["link", strings.resultLink()],
    ] as const;
    return html`<details>
      <summary>${strings.more()}</summary>
      ${bodies.length > 1
        ? this.#choice(strings.body(), bodies.map((form) => [form, bodyText(form)] as const), values.body, off, (form) =>
            this.#set(id, { body: form as BodyForm }))
        : nothing}
      ${isTask
        ? this.#choice(strings.result(), results, values.asLink ? "link" : "", off, (choice) =>
            this.#set(id, { asLink: choice === "link" }))
        : nothing}
      ${id === CUSTOM
        ? html`${this.#text(id, "header", strings.header(), off, "Authorization")}
            ${this.#text(id, "scheme", strings.scheme(), off, "")}
            <small>${strings.schemeHint()}</small>
            ${this.#text(id, "queryUrl", strings.query(), off, profile.queryUrl)}
            ${this.#renderUpload(id, off)}`
        : nothing}
    </details>`;
  }

  #renderUpload(id: string, off: boolean): TemplateResult {
    const { uploadMethod } = this.#of(id);
    const methods = [
      ["PUT", strings.uploadPut()],
      ["POST", strings.uploadPost()],
    ] as const;
    return html`<div class="upload">
      <small>${strings.uploadNote()}</small>
      ${this.#choice(strings.uploadMethod(), methods, uploadMethod, off, (method) =>
        this.#set(id, { uploadMethod: method === "POST" ? "POST" : "PUT" }))}
      ${this.#text(id, "uploadUrl", strings.uploadAddress(), off, "https://…/{name}?…", "url")}
      ${uploadMethod === "PUT" ? this.#text(id, "readUrl", strings.readAddress(), off, strings.readAddressHint(), "url") : nothing}
    </div>`;
  }

  #text(id: string, name: TextName, label: string, off: boolean, hint: string, type = "text"): TemplateResult {
    return html`<label class="field">
      <span>${label}</span>
      <input type=${type} aria-label=${label} .value=${live(this.#of(id)[name])} ?disabled=${off} autocomplete="off"
        spellcheck="false" placeholder=${hint}
        @input=${(event: Event) => this.#set(id, { [name]: (event.currentTarget as HTMLInputElement).value })} />
    </label>`;
  }

  #choice(
    label: string,
    options: readonly (readonly [string, string])[],
    chosen: string,
    off: boolean,
    choose: (value: string) => void,
  ): TemplateResult {
    return html`<label class="field">
      <span>${label}</span>
      <select aria-label=${label} ?disabled=${off}
        @change=${(event: Event) => choose((event.currentTarget as HTMLSelectElement).value)}>
        ${options.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}
      </select>
    </label>`;
  }

  #of(id: string): Values {
    const known = this.#values.get(id);
    if (known) return known;
    const profile = this.#profiles.find((other) => other.id === id);
    return {
      url: id === SERVER ? "" : (profile?.url ?? ""),
      queryUrl: "",
      header: profile?.header ?? "",
      scheme: profile?.scheme ?? "",
      key: "",
      body: profile?.bodies[0] ?? "json",
      // Of the page's own server a link can be read; elsewhere base64 is what always can.
      asLink: id === SERVER,
      uploadMethod: "PUT",
      uploadUrl: "",
      readUrl: "",
    };
  }

  #set(id: string, change: Partial<Values>): void {
    this.#values.set(id, { ...this.#of(id), ...change });
    this.#onChange();
  }
}
