// `<reweave-editor>`: the shell that shows the controller's state and passes on what a person does.

import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

import type { Sending, UploadHook } from "../lib/at-endpoint.ts";
import type { Rectangle } from "../lib/marks.ts";
import type { RepairAt } from "../lib/repair.ts";
import { EditorController, type Change, type SaveAs, type Tool } from "./controller.ts";
import { Drawing, type DrawingHost } from "./drawing.ts";
import { EndpointForm } from "./endpoint-form.ts";
import { endpointStyle } from "./endpoint-style.ts";
import { icons } from "./icons.ts";
import { SendDialog } from "./send-dialog.ts";
import { statusText } from "./status-text.ts";
import { style } from "./style.ts";
import { Surface } from "./surface.ts";
import { en, loadTexts, localeOf, type Locale, type Speaking, type Texts } from "./texts/index.ts";

/** In this browser, or the id of an endpoint's profile. */
type Where = "browser" | (string & {});

/** Formats that the file dialog offers; what a file really is, its first bytes say. */
const ACCEPT = "image/jpeg,image/png,image/webp,image/bmp,image/tiff,.jpg,.jpeg,.png,.webp,.bmp,.tif,.tiff";

const LARGEST_BRUSH = 1000;

/**
 * Marks a region of a picture and has it repaired.
 *
 * @fires reweave-result - `{ changes }` when a repair is there; `changes` is null where the original
 *   may not be read
 * @fires reweave-error - `{ error }`, a `ReweaveError` with a stable code
 */
export class ReweaveEditor extends LitElement implements DrawingHost, Speaking {
  static override styles = [style, endpointStyle];
  static override properties = {
    sample: { type: String },
    upload: { attribute: false },
    texts: { state: true },
    tool: { state: true },
    brushSize: { state: true },
    where: { state: true },
    saveAs: { state: true },
    compare: { state: true },
  };

  /** Address of a picture that "Try the sample" opens; without it there is no such button. */
  declare sample: string | null;
  /** Gives a file an address that an endpoint can reach, where one takes addresses only. */
  declare upload: UploadHook | null;
  /** Of this element alone: another editor on the page may speak another language. */
  declare texts: Texts;
  declare tool: Tool;
  declare brushSize: number;
  declare where: Where;
  declare saveAs: SaveAs;
  declare compare: number;

  readonly controller = new EditorController(this);
  surface: Surface | null = null;

  #listeners = new AbortController();
  #resizing: ResizeObserver | null = null;
  #painting = 0;
  #wanted: Locale = "en";
  #endpoints = new EndpointForm(this);
  #sending = new SendDialog(this, async () => {
    this.requestUpdate();
    await this.updateComplete;
    return this.renderRoot.querySelector("dialog");
  });

  constructor() {
    super();
    this.sample = null;
    this.upload = null;
    this.texts = en;
    this.tool = "brush";
    this.brushSize = 40;
    this.where = "browser";
    this.saveAs = "png";
    this.compare = 0;
    this.controller.onChange = (change) => this.#changed(change);
    this.controller.onRepaired = ({ changes }) => this.#fire("reweave-result", { changes });
    this.controller.onLoaded = () => this.#endpoints.load();
    this.controller.onError = (error) => this.#fire("reweave-error", { error });
  }

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, "lang"];
  }

  /** Opens a picture. A refused one is told by `reweave-error`, and what was open stays. */
  async open(file: Blob): Promise<void> {
    const name = file instanceof File && file.name ? file.name : "picture";
    await this.controller.open(file, name);
  }

  /** Opens the picture at an http or https address. Where its host does not let this page read it, it
   * is shown, and an endpoint that takes addresses can repair it. */
  async openAddress(address: string): Promise<void> {
    await this.controller.openAddress(address);
  }

  /** The repaired picture as a file, or undefined when there is none. */
  async result(saveAs: SaveAs = "png"): Promise<Blob | undefined> {
    return this.controller.result ? this.controller.encode(saveAs) : undefined;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    void this.#speak();
    this.addEventListener("dragover", (event) => event.preventDefault(), { signal });
    this.addEventListener("drop", (event) => this.#dropped(event), { signal });
    this.addEventListener("paste", (event) => this.#pasted(event), { signal });
    this.addEventListener("keydown", (event) => this.#keyDown(event), { signal });
    if (this.hasUpdated) this.#startSurface();
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    if (name === "lang" && this.isConnected) void this.#speak();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listeners.abort();
    this.#resizing?.disconnect();
    cancelAnimationFrame(this.#painting);
    // A host that only moves the element keeps its state: what is gone for good is freed.
    setTimeout(() => {
      if (!this.isConnected) this.controller.dispose();
    });
  }

  protected override firstUpdated(): void {
    this.#startSurface();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("compare")) this.#showSplit();
    this.#showMarks();
  }

  protected override render(): TemplateResult {
    return html`<div class="layout" lang=${this.texts.locale}>
      <header part="header">
        <span class="name" translate="no">Reweave</span>
        <label class="button open">
          ${icons.open}<span>${this.texts.picture.openPicture}</span>
          <input type="file" accept=${ACCEPT} @change=${this.#chosen} />
        </label>
        ${this.#renderAddress()}
        <span class="rights">${this.texts.picture.rights}</span>
      </header>
      ${this.#renderStage()} ${this.#renderTools()} ${this.#renderPanel()} ${this.#sending.render()}
    </div>`;
  }

  moveCursor(event: PointerEvent | null): void {
    const cursor = this.#part("cursor");
    const shown = event && this.tool !== "rectangle" && this.controller.picture && event.pointerType !== "touch";
    cursor.hidden = !shown;
    if (!event || !shown || !this.surface) return;
    const box = this.#part("stage").getBoundingClientRect();
    const stage = this.#part("stage");
    // The stage may be scaled by the host: from screen to its own pixels.
    const toOwn = stage.clientWidth / box.width;
    const size = (this.brushSize * this.surface.view.scale * stage.clientWidth) / this.surface.layers.marks.width;
    cursor.style.width = cursor.style.height = `${size}px`;
    const [x, y] = [(event.clientX - box.left) * toOwn - size / 2, (event.clientY - box.top) * toOwn - size / 2];
    cursor.style.transform = `translate(${x}px, ${y}px)`;
  }

  showBand(band: Rectangle | null): void {
    const shown = this.#part("band");
    shown.hidden = !band;
    if (!band || !this.surface) return;
    const { view, layers } = this.surface;
    const perPixel = layers.marks.clientWidth / layers.marks.width;
    shown.style.width = `${band.width * view.scale * perPixel}px`;
    shown.style.height = `${band.height * view.scale * perPixel}px`;
    const x = (band.x * view.scale + view.offsetX) * perPixel;
    const y = (band.y * view.scale + view.offsetY) * perPixel;
    shown.style.transform = `translate(${x}px, ${y}px)`;
  }

  #renderStage(): TemplateResult {
    const { picture, busy } = this.controller;
    return html`
      <main id="stage" class=${picture ? "" : "empty"}>
        <div id="surface" role="application" tabindex="0" aria-label=${this.texts.picture.picture}
          aria-busy=${picture && !busy ? "false" : "true"} class=${this.tool}>
          <canvas id="before"></canvas>
          <canvas id="after"></canvas>
          <canvas id="marks"></canvas>
          <div id="band" hidden></div>
          <div id="cursor" hidden></div>
          <div id="split" hidden></div>
        </div>
        ${picture ? nothing : this.#renderEmpty()}
        ${this.#renderMessages()}
      </main>
    `;
  }

  #renderMessages(): TemplateResult {
    const { error } = this.controller;
    if (!error) return html`<div class="messages"><div role="alert"></div></div>`;
    const { details } = error;
    const link = details.code === "result-unreachable" ? details : null;
    return html`<div class="messages">
      <div role="alert" class="alert">
        <p>
          ${this.texts.errorText(error)} <code translate="no">${error.code}</code>
          ${link
            ? html`<br /><a href=${link.link} target="_blank" rel="noopener noreferrer">${this.texts.repair.openResult}</a>
                ${link.expires ? this.texts.repair.linkUntil(link.expires) : nothing}`
            : nothing}
        </p>
        <button class="quiet" @click=${() => this.controller.dismiss()}>${this.texts.menus.dismiss}</button>
      </div>
    </div>`;
  }

  #renderAddress(): TemplateResult {
    return html`<details class="address">
      <summary class="button" title=${this.texts.picture.openAddress}>${icons.address}<span>${this.texts.picture.openAddress}</span></summary>
      <form @submit=${this.#addressGiven}>
        <input type="url" name="address" required placeholder="https://" aria-label=${this.texts.picture.pictureAddress}
          autocomplete="off" spellcheck="false" />
        <button>${this.texts.picture.open}</button>
      </form>
    </details>`;
  }

  #renderEmpty(): TemplateResult {
    return html`
      <div class="invitation">
        <p class="lead">${this.texts.picture.dropHere}</p>
        <p>${this.texts.picture.formats}</p>
        ${this.sample
          ? html`<button class="button" @click=${this.#openSample}>${this.texts.picture.trySample}</button>`
          : nothing}
      </div>
    `;
  }

  #renderTools(): TemplateResult {
    const { picture, summary, busy } = this.controller;
    const off = !picture || busy !== null;
    const largest = picture ? Math.min(LARGEST_BRUSH, Math.max(picture.width, picture.height)) : LARGEST_BRUSH;
    const tool = (name: Tool, label: string) => html`
      <label class="tool" title=${label}>
        <input type="radio" name="tool" .value=${name} .checked=${live(this.tool === name)}
          @change=${() => (this.tool = name)} aria-label=${label} />
        ${icons[name]}<span>${label}</span>
      </label>
    `;
    const button = (label: string, icon: TemplateResult, disabled: boolean, act: () => void) => html`
      <button class="icon" title=${label} aria-label=${label} ?disabled=${disabled} @click=${act}>${icon}</button>
    `;
    return html`
      <div class="tools" part="tools">
        <div role="radiogroup" aria-label=${this.texts.tools.tool} class="group">
          ${tool("brush", this.texts.tools.brush)} ${tool("eraser", this.texts.tools.eraser)}
          ${tool("rectangle", this.texts.tools.rectangle)}
        </div>
        <label class="size">
          <span>${this.texts.tools.brushSize}</span>
          <input type="range" min="1" max=${largest} aria-label=${this.texts.tools.brushSize} .value=${live(String(this.brushSize))}
            ?disabled=${this.tool === "rectangle"} aria-valuetext=${this.texts.tools.pixels(this.brushSize)}
            @input=${(event: Event) => (this.brushSize = Number(input(event).value))} />
          <span class="value" aria-hidden="true">${this.texts.tools.pixels(this.brushSize)}</span>
        </label>
        <div class="group">
          ${button(this.texts.tools.undo, icons.undo, off || !summary.canUndo, () => this.controller.undo())}
          ${button(this.texts.tools.redo, icons.redo, off || !summary.canRedo, () => this.controller.redo())}
          ${button(this.texts.tools.clear, icons.clear, off || summary.marked === 0, () => this.controller.clear())}
        </div>
      </div>
    `;
  }

  #renderPanel(): TemplateResult {
    const { picture, busy, summary } = this.controller;
    const running = busy?.doing === "repair";
    return html`
      <aside part="panel">
        ${this.#renderMeter(summary.coverage)}
        <label class="field">
          <span>${this.texts.repair.repairAt}</span>
          <select aria-label=${this.texts.repair.repairAt} @change=${this.#choseWhere} .value=${live(this.where)} ?disabled=${running}>
            <option value="browser">${this.texts.repair.inThisBrowser}</option>
            ${this.#endpoints.profiles.map((profile) => {
              return html`<option value=${profile.id}>${this.#endpoints.name(profile)}</option>`;
            })}
          </select>
          <small>${this.where === "browser" ? this.texts.repair.noteBrowser : this.#endpoints.note(this.where)}</small>
        </label>
        ${this.#endpoints.render(this.where, running, this.upload)}
        <div class="actions">
          <button class="primary" ?disabled=${!picture || busy !== null} @click=${this.#repair}>
            ${icons.repair}<span>${this.texts.repair.repair}</span>
          </button>
          <button ?disabled=${!running} @click=${() => this.controller.cancel()}>${this.texts.repair.cancel}</button>
        </div>
        ${this.#renderStatus()} ${this.#renderResult()}
      </aside>
    `;
  }

  #renderMeter(coverage: number): TemplateResult {
    const over = coverage > 0.5;
    return html`
      <div class="field">
        <span>${this.texts.tools.marked(coverage * 100)}</span>
        <meter aria-label=${this.texts.tools.markedShare} min="0" max="100" high="50.0001" .value=${coverage * 100}></meter>
        <small class=${over ? "warning" : ""}>${over ? this.texts.tools.overLimit : this.texts.tools.limit}</small>
      </div>
    `;
  }

  #renderStatus(): TemplateResult {
    const { busy, told } = this.controller;
    const fraction = busy?.doing === "repair" ? (busy.report?.fraction ?? null) : null;
    return html`
      <div class="status">
        <progress aria-label=${this.texts.repair.progress} max="1" .value=${fraction ?? 0}
          class=${busy ? (fraction === null ? "waiting" : "") : "idle"}></progress>
        <div role="status">${statusText(this.texts, busy, told)}</div>
      </div>
    `;
  }

  #renderResult(): TemplateResult {
    const { result, busy } = this.controller;
    const none = !result || busy !== null;
    const delivered = result?.delivered;
    return html`
      <div class="result">
        <label class="field">
          <span>${this.texts.view.compare}</span>
          <input type="range" min="0" max="100" .value=${live(String(this.compare))} ?disabled=${none}
            aria-label=${this.texts.view.compare}
            @input=${(event: Event) => (this.compare = Number(input(event).value))} />
          <span class="ends" aria-hidden="true"><small>${this.texts.view.after}</small><small>${this.texts.view.before}</small></span>
        </label>
        ${delivered?.file && delivered.changes
          ? html`<label class="check">
              <input type="checkbox" aria-label=${this.texts.repair.asDelivered} .checked=${live(busy?.doing === "composite" ? busy.whole : delivered.whole)} ?disabled=${none}
                @change=${(event: Event) => void this.controller.showWhole(input(event).checked)} />
              <span>${this.texts.repair.asDelivered}</span>
            </label>`
          : nothing}
        <label class="field">
          <span>${this.texts.files.format}</span>
          <select aria-label=${this.texts.files.format} @change=${this.#choseFormat} .value=${live(this.saveAs)}
            ?disabled=${none || delivered?.whole === true}>
            <option value="png">${this.texts.files.png}</option>
            <option value="jpeg">${this.texts.files.jpeg}</option>
          </select>
        </label>
        ${delivered && !delivered.file && delivered.link
          ? html`<a class="button" href=${delivered.link} target="_blank" rel="noopener noreferrer">${this.texts.repair.openResult}</a>`
          : html`<button ?disabled=${none} @click=${this.#download}>
              ${icons.download}<span>${this.texts.files.download}</span>
            </button>`}
      </div>
    `;
  }

  async #speak(): Promise<void> {
    const locale = localeOf(this);
    this.#wanted = locale;
    // A language that cannot be loaded leaves the one that is spoken.
    const texts = await loadTexts(locale).catch(() => null);
    if (texts && this.#wanted === locale) this.texts = texts;
  }

  #startSurface(): void {
    const canvas = (id: string) => this.#part(id) as HTMLCanvasElement;
    this.surface ??= new Surface({ before: canvas("before"), after: canvas("after"), marks: canvas("marks") });
    new Drawing(this, this.#part("surface"), this.#listeners.signal);
    this.#resizing = new ResizeObserver(() => this.#repaintSoon());
    this.#resizing.observe(this.#part("surface"));
  }

  #changed(change: Change): void {
    if (change === "picture") {
      this.compare = 0;
      this.brushSize = defaultBrush(this.controller.picture);
    }
    if (change === "result") this.compare = 0;
    if (change === "preview") {
      this.#paintPreview();
      return;
    }
    this.#repaintSoon(change === "marks");
  }

  /** Everything, or the marks alone, at the next frame. */
  #repaintSoon(onlyMarks = false): void {
    if (onlyMarks) {
      const { selection } = this.controller;
      if (selection) this.surface?.paintMarks(selection, null);
      return;
    }
    cancelAnimationFrame(this.#painting);
    this.#painting = requestAnimationFrame(() => this.#repaint());
  }

  #repaint(): void {
    const { picture, selection, result } = this.controller;
    const { surface } = this;
    if (!surface) return;
    if (!picture || !selection) {
      surface.clear();
      return;
    }
    surface.resize(picture.bitmap);
    surface.paintBefore(picture.bitmap);
    surface.paintMarks(selection, null);
    surface.layers.after.hidden = !result;
    if (result) surface.paintAfter(picture.bitmap, result.patches);
    this.#showSplit();
  }

  #paintPreview(): void {
    const { picture, preview } = this.controller;
    const { surface } = this;
    if (!surface || !picture) return;
    if (surface.layers.after.hidden) {
      surface.layers.after.hidden = false;
      surface.paintAfter(picture.bitmap, preview);
    } else {
      surface.paintPatches(preview);
    }
    this.#showMarks();
  }

  #showMarks(): void {
    const { showMarks, preview } = this.controller;
    this.#part("marks").classList.toggle("faded", !showMarks || preview.length > 0);
  }

  /** The result from the divider to the right, what was before to the left of it. */
  #showSplit(): void {
    const { surface } = this;
    const { picture, result } = this.controller;
    const split = this.#part("split");
    split.hidden = !result || this.compare === 0;
    if (!surface || !picture) return;
    const { view, layers } = surface;
    const perPixel = layers.marks.clientWidth / layers.marks.width;
    const x = (view.offsetX + (this.compare / 100) * picture.width * view.scale) * perPixel;
    layers.after.style.clipPath = this.compare === 0 ? "" : `inset(0 0 0 ${x}px)`;
    split.style.transform = `translateX(${x}px)`;
  }

  #chosen(event: Event): void {
    const chosen = input(event);
    const file = chosen.files?.[0];
    // The same file can be chosen again.
    if (file) void this.open(file).finally(() => (chosen.value = ""));
  }

  #dropped(event: DragEvent): void {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) void this.open(file);
  }

  #pasted(event: ClipboardEvent): void {
    const file = event.clipboardData?.files[0];
    if (!file) return;
    event.preventDefault();
    void this.open(file);
  }

  #keyDown(event: KeyboardEvent): void {
    const command = event.ctrlKey || event.metaKey;
    const origin = event.composedPath()[0];
    const isTyping = origin instanceof HTMLInputElement && !["radio", "range", "file"].includes(origin.type);
    if (!command || isTyping) return;
    const key = event.key.toLowerCase();
    const redo = key === "y" || (key === "z" && event.shiftKey);
    if (!redo && key !== "z") return;
    event.preventDefault();
    event.stopPropagation();
    if (redo) this.controller.redo();
    else this.controller.undo();
  }

  #addressGiven(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const address = form.querySelector("input")?.value ?? "";
    form.closest("details")?.removeAttribute("open");
    void this.openAddress(address).then(() => form.reset());
  }

  #choseWhere(event: Event): void {
    this.where = (event.target as HTMLSelectElement).value;
  }

  #choseFormat(event: Event): void {
    this.saveAs = (event.target as HTMLSelectElement).value as SaveAs;
  }

  async #openSample(): Promise<void> {
    if (!this.sample) return;
    try {
      const address = new URL(this.sample, document.baseURI);
      const response = await fetch(address);
      const name = address.pathname.split("/").pop() ?? "sample";
      await this.open(new File([await response.blob()], name));
    } catch (error) {
      this.controller.fail(error);
    }
  }

  async #repair(): Promise<void> {
    await this.controller.repair(this.#repairAt());
  }

  #repairAt(): RepairAt {
    if (this.where === "browser") return { kind: "browser" };
    const confirm = (sending: Sending) => this.#sending.ask(sending);
    return { ...this.#endpoints.at(this.where, this.upload), confirm };
  }

  async #download(): Promise<void> {
    const file = await this.result(this.saveAs);
    if (!file) return;
    const stem = (this.controller.picture?.name ?? "picture").replace(/\.[^.]*$/, "");
    const name = `${stem}-reweave.${await extension(file)}`;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = name;
    link.click();
    // The download has its own hold on the data once it has begun.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    this.controller.saved(name);
  }

  #fire(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  #part(id: string): HTMLElement {
    const found = this.renderRoot.querySelector<HTMLElement>(`#${id}`);
    if (!found) throw new Error(`#${id} is not rendered`);
    return found;
  }
}

function input(event: Event): HTMLInputElement {
  return event.currentTarget as HTMLInputElement;
}

/** By the first bytes: what an endpoint delivers is often a JPEG. */
async function extension(file: Blob): Promise<string> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (first === 0xff && second === 0xd8) return "jpg";
  return first === 0x52 && second === 0x49 ? "webp" : "png";
}

/** A twentieth of the shorter side: a stroke that one can see and steer. */
function defaultBrush(picture: { width: number; height: number } | null): number {
  const side = picture ? Math.min(picture.width, picture.height) : 800;
  return Math.min(LARGEST_BRUSH, Math.max(8, Math.round(side / 20)));
}
