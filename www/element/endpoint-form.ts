// Which endpoint a repair runs at, and what it needs to be told: an address, a key, an upload. What
// is asked for follows from the profile; nothing here knows a single one of them but "server".

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

import type { AtEndpoint, UploadHook } from "../lib/at-endpoint.ts";
import { Endpoint, type Answers, type BodyForm, type EndpointSettings, type FieldRole, type ProfileInfo } from "../lib/marks.ts";
import type { Speaking, Texts } from "./texts/index.ts";

/** What a person filled in; it is kept in memory, for each profile apart. */
interface Values {
  url: string;
  queryUrl: string;
  header: string;
  scheme: string;
  key: string;
  body: BodyForm;
  answers: Answers;
  fields: Readonly<Partial<Record<FieldRole, string>>>;
  asLink: boolean;
  uploadMethod: "PUT" | "POST";
  uploadUrl: string;
  readUrl: string;
}

type TextName = "url" | "queryUrl" | "header" | "scheme" | "key" | "uploadUrl" | "readUrl";

/** The one profile whose endpoint is the page's own server. */
const SERVER = "server";
const CUSTOM = "custom";

const FIELDS: readonly FieldRole[] = [
  "image_url",
  "image_file",
  "image_base64",
  "mask_url",
  "mask_file",
  "mask_base64",
  "rectangles",
  "sync",
  "return_type",
];

/** Who shows the form. */
export interface FormHost extends Speaking {
  requestUpdate(): void;
}

export class EndpointForm {
  #profiles: readonly ProfileInfo[] = [];
  #values = new Map<string, Values>();
  #host: FormHost;

  constructor(host: FormHost) {
    this.#host = host;
  }

  get #texts(): Texts["endpoint"] {
    return this.#host.texts.endpoint;
  }

  /** The profiles, once the module that knows them is loaded. */
  get profiles(): readonly ProfileInfo[] {
    return this.#profiles;
  }

  /** Reads the profiles; to be called when the main-thread module is there. */
  load(): void {
    this.#profiles = Endpoint.profiles();
    this.#host.requestUpdate();
  }

  /** A profile's name in the language of the element. */
  name(profile: ProfileInfo): string {
    return profile.names[this.#host.texts.locale === "zh-Hans" ? 1 : 0];
  }

  /** What is said under the choice. */
  note(id: string): string {
    return id === SERVER ? this.#texts.noteServer : this.#texts.noteElsewhere;
  }

  /** Fills in what a host's attribute says: a profile's id, or an address. Answers the profile, or
   * nothing where there is none of that name. */
  preset(endpoint: string): string | null {
    if (!/^https?:/i.test(endpoint)) return this.#profiles.find(({ id }) => id === endpoint)?.id ?? null;
    this.#set(CUSTOM, { url: endpoint });
    return CUSTOM;
  }

  /** The repair that the form describes, with the host's own key where it gives one. */
  at(id: string, hook: UploadHook | null, hostKey: string | null): AtEndpoint {
    const profile = this.#profiles.find((known) => known.id === id);
    const values = this.#of(id);
    const key = hostKey ?? values.key;
    const isServer = id === SERVER;
    const url = isServer && profile ? new URL(profile.url, location.origin).href : values.url;
    const settings: EndpointSettings = {
      profile: id,
      url,
      body: values.body,
      ...(key && { key }),
      ...(id === CUSTOM && custom(values)),
    };
    const { uploadMethod: method, uploadUrl, readUrl } = values;
    const upload = hook ?? (uploadUrl ? { method, url: uploadUrl, ...(readUrl && { readUrl }) } : undefined);
    return { kind: "endpoint", settings, asLink: values.asLink, upload };
  }

  render(id: string, off: boolean, hook: UploadHook | null): TemplateResult | typeof nothing {
    const profile = this.#profiles.find((known) => known.id === id);
    if (!profile) return nothing;
    const texts = this.#texts;
    const isServer = id === SERVER;
    return html`<div class="endpoint">
      ${isServer ? nothing : this.#text(id, "url", texts.address, off, profile.url || "https://", "url")}
      ${profile.header ? this.#text(id, "key", isServer ? texts.serverKey : texts.key, off, "", "password") : nothing}
      ${profile.needsUpload && !hook ? this.#renderUpload(id, off) : nothing}
      ${isServer ? nothing : this.#renderMore(profile, off)}
    </div>`;
  }

  #renderMore(profile: ProfileInfo, off: boolean): TemplateResult | typeof nothing {
    const texts = this.#texts;
    const { id, bodies } = profile;
    const values = this.#of(id);
    const isTask = id === CUSTOM ? values.answers === "task" : profile.answers === "task";
    if (!isTask && bodies.length < 2) return nothing;
    const kinds = [
      ["task", texts.answersTask],
      ["picture", texts.answersPicture],
    ] as const;
    const results = [
      ["", texts.resultBase64],
      ["link", texts.resultLink],
    ] as const;
    return html`<details>
      <summary>${texts.more}</summary>
      ${bodies.length > 1
        ? this.#choice(texts.body, bodies.map((form) => [form, texts.bodies[form]] as const), values.body, off, (form) =>
            this.#set(id, { body: form as BodyForm }))
        : nothing}
      ${id === CUSTOM
        ? this.#choice(texts.answers, kinds, values.answers, off, (kind) =>
            this.#set(id, { answers: kind === "picture" ? "picture" : "task" }))
        : nothing}
      ${isTask
        ? this.#choice(texts.result, results, values.asLink ? "link" : "", off, (choice) =>
            this.#set(id, { asLink: choice === "link" }))
        : nothing}
      ${id === CUSTOM
        ? html`${this.#text(id, "header", texts.header, off, "Authorization")}
            ${this.#text(id, "scheme", texts.scheme, off, "")}
            <small>${texts.schemeHint}</small>
            ${this.#text(id, "queryUrl", texts.query, off, profile.queryUrl)}
            ${this.#renderFields(id, off)}
            ${this.#renderUpload(id, off)}`
        : nothing}
    </details>`;
  }

  #renderFields(id: string, off: boolean): TemplateResult {
    const texts = this.#texts;
    const { fields } = this.#of(id);
    return html`<details>
      <summary>${texts.fields}</summary>
      <small>${texts.fieldsHint}</small>
      ${FIELDS.map((role) => {
        const set = (event: Event) =>
          this.#set(id, { fields: { ...fields, [role]: (event.currentTarget as HTMLInputElement).value } });
        return html`<label class="field">
          <span translate="no">${role}</span>
          <input type="text" aria-label=${role} .value=${live(fields[role] ?? role)} ?disabled=${off} autocomplete="off"
            spellcheck="false" @input=${set} />
        </label>`;
      })}
    </details>`;
  }

  #renderUpload(id: string, off: boolean): TemplateResult {
    const texts = this.#texts;
    const { uploadMethod } = this.#of(id);
    const methods = [
      ["PUT", texts.uploadPut],
      ["POST", texts.uploadPost],
    ] as const;
    return html`<div class="upload">
      <small>${texts.uploadNote}</small>
      ${this.#choice(texts.uploadMethod, methods, uploadMethod, off, (method) =>
        this.#set(id, { uploadMethod: method === "POST" ? "POST" : "PUT" }))}
      ${this.#text(id, "uploadUrl", texts.uploadAddress, off, "https://…/{name}?…", "url")}
      ${uploadMethod === "PUT" ? this.#text(id, "readUrl", texts.readAddress, off, texts.readAddressHint, "url") : nothing}
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
      answers: profile?.answers ?? "task",
      fields: {},
      // Of the page's own server a link can be read; elsewhere base64 is what always can.
      asLink: id === SERVER,
      uploadMethod: "PUT",
      uploadUrl: "",
      readUrl: "",
    };
  }

  #set(id: string, change: Partial<Values>): void {
    this.#values.set(id, { ...this.#of(id), ...change });
    this.#host.requestUpdate();
  }
}

function custom({ queryUrl, header, scheme, answers, fields }: Values): EndpointSettings {
  return { queryUrl, header, scheme, answers, fields };
}
