// `<reweave-editor>`: what it is for hosts, and its life in a page.

import { html, type PropertyValues, type TemplateResult } from "lit";

import type { Sending } from "../lib/at-endpoint.ts";
import { reweaveError } from "../lib/errors.ts";
import type { Mask, Rectangle, Selection } from "../lib/marks.ts";
import type { RepairAt } from "../lib/repair.ts";
import type { Change, SaveAs } from "./controller.ts";
import { EditorState } from "./editor-state.ts";
import { Keyboard } from "./keyboard.ts";
import { renderHelp, renderSettings } from "./parts/dialogs.ts";
import { renderHeader } from "./parts/header.ts";
import { renderRegion } from "./parts/region.ts";
import { renderRepair } from "./parts/repair.ts";
import { renderResult } from "./parts/result.ts";
import { renderStage } from "./parts/stage.ts";
import { measurePlace } from "./place.ts";
import { Pointers } from "./pointers.ts";
import type { ReweaveEditorElement } from "./public.ts";
import { SendDialog } from "./send-dialog.ts";
import { StageView } from "./stage-view.ts";
import { doneText } from "./status-text.ts";
import { style } from "./style/index.ts";
import { loadTexts, localeOf, type Locale } from "./texts/index.ts";
import { LARGEST_BRUSH } from "./tools/draft.ts";
import { isTyping } from "./typing.ts";

/**
 * Marks a region of a picture and has it repaired.
 *
 * @fires reweave-change - `{ marked, coverage, canUndo, canRedo, version }` when marks or the shown
 *   version changed
 * @fires reweave-progress - `{ stage, fraction }` while a repair runs; `fraction` is null where it cannot be known
 * @fires reweave-result - `{ changes, added, version }` when a repair is there; `changes` is null where the
 *   original may not be read, `added` where an endpoint repaired
 * @fires reweave-error - `{ error }`, a `ReweaveError` with a stable code
 * @fires reweave-preferences - `{ preferences, theme, lang }` when a person changed them in the settings
 */
export class ReweaveEditor extends EditorState implements ReweaveEditorElement {
  static override styles = style;

  #listeners = new AbortController();
  #resizing: ResizeObserver | null = null;
  #opened: string | null = null;
  #wanted: Locale = "en";
  #sending = new SendDialog(this, async () => {
    this.requestUpdate();
    await this.updateComplete;
    return this.renderRoot.querySelector<HTMLDialogElement>("#sending");
  });

  constructor() {
    super();
    this.controller.onChange = (change) => this.#changed(change);
    this.controller.onDone = (done) => this.say(doneText(this.texts, done));
    this.controller.onProgress = ({ stage, fraction }) => this.fire("reweave-progress", { stage, fraction });
    this.controller.onRepaired = ({ number, changes, added }) => this.fire("reweave-result", { changes, added, version: number });
    this.controller.onLoaded = () => this.#loaded();
    this.controller.onError = (error) => this.fire("reweave-error", { error });
  }

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, "lang"];
  }

  /** Opens a picture: a file, or one at an http or https address. A refused one is told by
   * `reweave-error`, and what was open stays. Where an address may not be read by this page, the
   * picture is shown, and an endpoint that takes addresses can repair it. */
  async open(picture: Blob | string | URL): Promise<void> {
    if (!(picture instanceof Blob)) {
      // What is no address is judged there.
      const isAddress = URL.canParse(picture, document.baseURI);
      await this.controller.openAddress(isAddress ? new URL(picture, document.baseURI).href : String(picture));
      return;
    }
    await this.controller.open(picture, picture instanceof File && picture.name ? picture.name : "picture");
  }

  /** The marks, for reading; nothing without a picture. They are changed by `mark`. */
  get selection(): Selection | null {
    return this.controller.selection;
  }

  /** Changes the marks by `edit`, as a step that can be undone, and shows them. */
  mark<Answer>(edit: (selection: Selection) => Answer): Answer | undefined {
    return this.controller.marks.step(edit, true);
  }

  /** What is marked; to be freed by the caller. Nothing without a picture. */
  mask(): Mask | null {
    return this.selection?.mask() ?? null;
  }

  /** The marks as 1 to 50 rectangles, where they are nothing else. */
  rectangles(): Rectangle[] | null {
    return this.selection?.rectangles() ?? null;
  }

  /** Repairs what is marked; answers whether a result is there. Why not, `reweave-error` tells. */
  async repair(): Promise<boolean> {
    this.marking.settle();
    const at = await this.controller.guard(this.#repairAt());
    return at !== undefined && this.controller.repair(at);
  }

  cancel(): void {
    this.controller.cancel();
  }

  /** The shown repair, else the last one, as a file; nothing without one. */
  async result(saveAs: SaveAs = "png"): Promise<Blob | undefined> {
    const { result } = this.controller;
    return result ? this.controller.encode(result, saveAs) : undefined;
  }

  undo(): void {
    this.controller.marks.undo();
  }

  redo(): void {
    this.controller.marks.redo();
  }

  clear(): void {
    this.controller.marks.clear();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    void this.#speakOwn();
    this.addEventListener("dragover", (event) => !isTyping(event) && event.preventDefault(), { signal });
    this.addEventListener("drop", (event) => this.#dropped(event), { signal });
    this.addEventListener("paste", (event) => this.#pasted(event), { signal });
    // A key that is let go of elsewhere is not heard.
    this.addEventListener("focusout", () => this.holdCompare(false), { signal });
    // Whoever comes near will open a picture: the engine is loaded while a file is being chosen, and
    // not by a page that nobody uses.
    const loadEngine = () => this.controller.engine.preload();
    for (const type of ["pointerenter", "focusin", "dragenter"]) {
      this.addEventListener(type, loadEngine, { signal, once: true });
    }
    if (this.hasUpdated) this.#startStage();
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    if (name === "lang" && this.isConnected) void this.#speakOwn();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listeners.abort();
    // Moved, they would stand in the page, no longer over it; and what was asked has its answer: no.
    for (const dialog of this.renderRoot.querySelectorAll("dialog")) dialog.close();
    this.#resizing?.disconnect();
    this.stage?.stop();
    // A host that only moves the element keeps its state: what is gone for good is freed.
    setTimeout(() => {
      if (this.isConnected) return;
      this.marking.giveUp();
      this.controller.dispose();
      this.#opened = null;
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const [first] = this.toolNames;
    if (changed.has("tools") && first && !this.toolNames.includes(this.tool)) this.tool = first;
    if (changed.has("fillOptions")) this.searchArea.changed();
  }

  protected override firstUpdated(): void {
    this.#startStage();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("endpoint")) this.#takeEndpoint();
    if (this.src && this.src !== this.#opened) {
      this.#opened = this.src;
      void this.open(this.src);
    }
    if (changed.has("tool") && changed.get("tool")) this.#toolChanged();
    if (changed.has("preferences")) this.stage?.paintMarks(null);
    if (changed.has("fillOptions")) this.stage?.repaintSoon();
    if (changed.has("isSplit")) this.stage?.repaintSoon();
    this.stage?.showLayers();
    this.stage?.showOverlay();
  }

  protected override render(): TemplateResult {
    return html`<div class="layout" lang=${this.texts.locale}>
      ${renderHeader(this)} ${renderStage(this)}
      <div class="panel" part="panel">
        ${renderRepair(this)} ${renderResult(this)} ${renderRegion(this)}
        <slot name="panel"></slot>
        <p class="foot rights">${this.texts.picture.rights}</p>
      </div>
      ${this.#sending.render()} ${this.polarity.render()} ${renderSettings(this)} ${renderHelp(this)}
    </div>`;
  }

  /** The module of the main thread is there, and with it the profiles of endpoints. */
  #loaded(): void {
    // Not again when a host only moved the element: what a person typed stays.
    if (this.endpoints.profiles.length > 0) return;
    this.endpoints.load();
    this.#takeEndpoint();
  }

  #takeEndpoint(): void {
    const { endpoint, endpoints } = this;
    if (!endpoint || endpoints.profiles.length === 0) return;
    const profile = endpoints.preset(endpoint);
    if (profile !== null) this.where = profile;
    else {
      const reason = `there is no profile "${endpoint}"`;
      this.controller.fail(reweaveError(`endpoint is not what it must be: ${reason}`, { code: "argument", name: "endpoint", reason }));
    }
  }

  #startStage(): void {
    const { signal } = this.#listeners;
    const part = (id: string) => this.renderRoot.querySelector<HTMLElement>(`#${id}`) as HTMLElement;
    this.stage ??= new StageView(this, this.renderRoot);
    const surface = part("surface");
    new Pointers(this, surface, signal);
    new Keyboard(this, this, surface, signal);
    this.#hearDivider(part("divider"), signal);
    this.#resizing = new ResizeObserver(() => this.stage?.repaintSoon());
    this.#resizing.observe(part("frame"));
    this.#hearPixelRatio(signal);
  }

  /** A window that is moved to another screen, or zoomed, has other device pixels. */
  #hearPixelRatio(signal: AbortSignal): void {
    if (signal.aborted) return;
    this.stage?.repaintSoon();
    const query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener("change", () => this.#hearPixelRatio(signal), { once: true, signal });
  }

  #hearDivider(divider: HTMLElement, signal: AbortSignal): void {
    divider.addEventListener("pointerdown", (event) => divider.setPointerCapture(event.pointerId), { signal });
    const moved = (event: PointerEvent) => {
      if (!divider.hasPointerCapture(event.pointerId) || !this.stage) return;
      const local = measurePlace(this.stage.surface.frame).toLocal(event.clientX, event.clientY);
      this.compare = Math.max(1, Math.round(this.stage.shareAt(local)));
    };
    divider.addEventListener("pointermove", moved, { signal });
  }

  #toolChanged(): void {
    this.marking.giveUp();
    if (this.tool !== "rectangle") this.chosenRectangle = null;
  }

  #changed(change: Change): void {
    if (change === "picture") {
      this.compare = 0;
      this.isSplit = this.isHeld = false;
      this.chosenRectangle = this.lastEnd = null;
      this.searchArea.pictureChanged();
      this.keyboardCursor = null;
      this.brushSize = defaultBrush(this.controller.picture);
    }
    if (change !== "stroke") this.stage?.changed(change);
    if (change !== "preview" && change !== "levels") this.#tellHost();
  }

  #tellHost(): void {
    const { history, summary } = this.controller;
    const { marked, coverage } = summary;
    const [canUndo, canRedo] = [history?.canUndo ?? false, history?.canRedo ?? false];
    this.fire("reweave-change", { marked, coverage, canUndo, canRedo, version: history?.shown.number ?? 0 });
  }

  /** The language of the element, else of what it stands in, else of the browser. */
  async #speakOwn(): Promise<void> {
    const locale = localeOf(this);
    this.#wanted = locale;
    // A language that cannot be loaded leaves the one that is spoken.
    const texts = await loadTexts(locale).catch(() => null);
    if (texts && this.#wanted === locale) this.texts = texts;
  }

  #dropped(event: DragEvent): void {
    // Text that is dragged into a field is the field's.
    if (isTyping(event)) return;
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) void this.#take(file);
  }

  #pasted(event: ClipboardEvent): void {
    // Fields, the host's in slots as well, take what is theirs.
    if (isTyping(event)) return;
    const file = event.clipboardData?.files[0];
    const text = event.clipboardData?.getData("text/plain").trim() ?? "";
    if (!file && !text.startsWith("[")) return;
    event.preventDefault();
    if (file) void this.open(file);
    else void this.files.pasteRectangles(text);
  }

  /** A project's file brings its marks; anything else is a picture. */
  async #take(file: File): Promise<void> {
    if (/\.json$/i.test(file.name) || file.type === "application/json") await this.files.openProject(file);
    else await this.open(file);
  }

  async #repairAt(): Promise<RepairAt> {
    if (this.where === "browser") return { kind: "browser", options: this.fillOptions };
    const confirm = (sending: Sending) => this.#sending.ask(sending);
    const { credentials } = this;
    const key = typeof credentials === "function" ? await credentials() : credentials;
    return { ...this.endpoints.at(this.where, this.upload, key), confirm };
  }

}

/** A twentieth of the shorter side: a stroke that one can see and steer. */
function defaultBrush(picture: { width: number; height: number } | null): number {
  const side = picture ? Math.min(picture.width, picture.height) : 800;
  return Math.min(LARGEST_BRUSH, Math.max(8, Math.round(side / 20)));
}
