// `<reweave-editor>`: the shell that shows the controller's state and passes on what a person does.

import { LitElement, html, type PropertyValues, type TemplateResult } from "lit";

import type { Sending, UploadHook } from "../lib/at-endpoint.ts";
import { reweaveError } from "../lib/errors.ts";
import type { Mask, Rectangle, Selection } from "../lib/marks.ts";
import type { ReadMask } from "../lib/protocol.ts";
import type { RepairAt } from "../lib/repair.ts";
import { EditorController, type Change, type SaveAs } from "./controller.ts";
import { EndpointForm } from "./endpoint-form.ts";
import type { EditorEvents } from "./events.ts";
import { FileActions } from "./file-actions.ts";
import type { RectangleMark, Version } from "./history.ts";
import { isTyping, Keyboard, type Spoken } from "./keyboard.ts";
import { Marking } from "./marking.ts";
import { renderHelp, renderSettings } from "./parts/dialogs.ts";
import { renderHeader } from "./parts/header.ts";
import { renderRegion } from "./parts/region.ts";
import { renderRepair } from "./parts/repair.ts";
import { renderResult, versionName } from "./parts/result.ts";
import { renderStage } from "./parts/stage.ts";
import { measurePlace } from "./place.ts";
import { Pointers } from "./pointers.ts";
import { PolarityDialog } from "./polarity-dialog.ts";
import { DEFAULT_PREFERENCES, preferencesFrom, type Preferences } from "./preferences.ts";
import { SendDialog } from "./send-dialog.ts";
import { StageView } from "./stage-view.ts";
import { doneText } from "./status-text.ts";
import { style } from "./style/index.ts";
import type { Surface } from "./surface.ts";
import { en, loadTexts, localeOf, type Locale, type Speaking, type Texts } from "./texts/index.ts";
import { TOOLS, type Tool } from "./tools/draft.ts";
import type { PicturePoint } from "./view.ts";

/** In this browser, or the id of an endpoint's profile. */
export type Where = "browser" | (string & {});

export type Theme = "auto" | "light" | "dark";

/** A key, or what gives it when it is needed. It is never kept. */
export type Credentials = string | (() => string | Promise<string>);

const LARGEST_BRUSH = 1000;

/**
 * Marks a region of a picture and has it repaired.
 *
 * @fires reweave-change - `{ marked, coverage, canUndo, canRedo, version }` when marks or the shown
 *   version changed
 * @fires reweave-progress - `{ stage, fraction }` while a repair runs; `fraction` is null where it cannot be known
 * @fires reweave-result - `{ changes, version }` when a repair is there; `changes` is null where the
 *   original may not be read
 * @fires reweave-error - `{ error }`, a `ReweaveError` with a stable code
 * @fires reweave-preferences - `{ preferences, theme, lang }` when a person changed them in the settings
 */
export class ReweaveEditor extends LitElement implements Speaking {
  static override styles = style;
  static override properties = {
    src: { type: String },
    sample: { type: String },
    theme: { type: String, reflect: true },
    tools: { type: String },
    endpoint: { type: String },
    upload: { attribute: false },
    credentials: { attribute: false },
    preferences: { attribute: false },
    texts: { state: true },
    tool: { state: true },
    brushSize: { state: true },
    tolerance: { state: true },
    growBy: { state: true },
    where: { state: true },
    saveAs: { state: true },
    compare: { state: true },
    isSplit: { state: true },
    isHeld: { state: true },
    isSpaceHeld: { state: true },
    chosenRectangle: { state: true },
    zoomPercent: { state: true },
    corners: { state: true },
    announced: { state: true },
  };

  /** Address of the picture that is opened first. */
  declare src: string | null;
  /** Address of a picture that "Try the sample" opens; without it there is no such button. */
  declare sample: string | null;
  declare theme: Theme;
  /** Names of the tools that are offered, apart by spaces; without it all are. */
  declare tools: string | null;
  /** Where repairs run at first: an endpoint's address, or the id of a profile. */
  declare endpoint: string | null;
  /** Gives a file an address that an endpoint can reach, where one takes addresses only. */
  declare upload: UploadHook | null;
  /** The endpoint's key, where the host has it; never an attribute. */
  declare credentials: Credentials | null;
  declare preferences: Preferences;
  declare texts: Texts;
  declare tool: Tool;
  declare brushSize: number;
  declare tolerance: number;
  declare growBy: number;
  declare where: Where;
  declare saveAs: SaveAs;
  declare compare: number;
  declare isSplit: boolean;
  declare isHeld: boolean;
  declare isSpaceHeld: boolean;
  declare chosenRectangle: number | null;
  declare zoomPercent: number;
  /** Of the polygon that is open. */
  declare corners: number;
  declare announced: string;

  readonly controller = new EditorController(this);
  readonly marking = new Marking(this, () => this.#draftChanged());
  readonly endpoints = new EndpointForm(this);
  readonly files = new FileActions(this);
  stage: StageView | null = null;
  lastEnd: PicturePoint | null = null;

  #listeners = new AbortController();
  #resizing: ResizeObserver | null = null;
  #keyboardCursor: PicturePoint | null = null;
  #opened: string | null = null;
  #wanted: Locale = "en";
  #polarity = new PolarityDialog(this);
  #sending = new SendDialog(this, async () => {
    this.requestUpdate();
    await this.updateComplete;
    return this.renderRoot.querySelector<HTMLDialogElement>("#sending");
  });

  constructor() {
    super();
    this.src = this.sample = this.tools = this.endpoint = this.upload = this.credentials = this.chosenRectangle = null;
    this.theme = "auto";
    this.preferences = DEFAULT_PREFERENCES;
    this.texts = en;
    this.tool = "brush";
    this.brushSize = 40;
    this.tolerance = 24;
    this.growBy = 4;
    this.where = "browser";
    this.saveAs = "png";
    this.compare = 0;
    this.isSplit = this.isHeld = this.isSpaceHeld = false;
    this.zoomPercent = 100;
    this.corners = 0;
    this.announced = "";
    this.controller.onChange = (change) => this.#changed(change);
    this.controller.onDone = (done) => this.#say(doneText(this.texts, done));
    this.controller.onProgress = ({ stage, fraction }) => this.#fire("reweave-progress", { stage, fraction });
    this.controller.onRepaired = ({ number, changes }) => this.#fire("reweave-result", { changes, version: number });
    this.controller.onLoaded = () => this.#loaded();
    this.controller.onError = (error) => this.#fire("reweave-error", { error });
  }

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, "lang"];
  }

  // ---- for hosts ----

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
    return this.controller.step(edit, true);
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
    this.marking.giveUp();
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
    this.controller.undo();
  }

  redo(): void {
    this.controller.redo();
  }

  clear(): void {
    this.controller.clear();
  }

  // ---- for the parts of the element ----

  get surface(): Surface | null {
    return this.stage?.surface ?? null;
  }

  get toolNames(): readonly Tool[] {
    const wanted = this.tools?.split(/[\s,]+/) ?? [];
    const known = TOOLS.filter((tool) => wanted.includes(tool));
    return known.length > 0 ? known : TOOLS;
  }

  get largestBrush(): number {
    const { picture } = this.controller;
    return picture ? Math.min(LARGEST_BRUSH, Math.max(picture.width, picture.height)) : LARGEST_BRUSH;
  }

  get penPressure(): boolean {
    return this.preferences.penPressure;
  }

  get cssScale(): number {
    return this.surface?.cssScale ?? 1;
  }

  get chosen(): RectangleMark | null {
    if (this.chosenRectangle === null) return null;
    return this.controller.rectangleMarks.find(({ id }) => id === this.chosenRectangle) ?? null;
  }

  get keyboardCursor(): PicturePoint | null {
    return this.#keyboardCursor;
  }

  set keyboardCursor(at: PicturePoint | null) {
    this.#keyboardCursor = at;
    this.stage?.showOverlay();
  }

  paint(changed: Rectangle | null): void {
    if (changed) this.stage?.paintMarks(changed);
  }

  pointAt(at: PicturePoint | null, isTouch: boolean): void {
    if (!this.stage) return;
    this.stage.pointer = isTouch ? null : at;
    if (at) this.#keyboardCursor = null;
    this.stage.showOverlay();
  }

  viewChanged(): void {
    this.stage?.repaintSoon();
  }

  zoomBy(factor: number): void {
    if (this.surface) this.zoomTo(this.surface.view.scale * factor);
  }

  zoomTo(scale: number | "fit"): void {
    this.stage?.zoomTo(scale);
    if (this.surface && this.controller.picture) this.#say(this.texts.announce.zoomedTo(this.surface.view.scale * 100));
  }

  zoomToFit(): void {
    this.zoomTo("fit");
  }

  holdCompare(isHeld: boolean): void {
    const was = this.isHeld;
    this.isHeld = isHeld && this.controller.shown?.base != null;
    const { showingBefore, showingAfter } = this.texts.announce;
    if (this.isHeld !== was) this.#say(this.isHeld ? showingBefore : showingAfter);
  }

  startRepair(): void {
    void this.repair();
  }

  showVersion(version: Version): void {
    this.controller.show(version);
    this.#say(this.texts.announce.versionShown(versionName(this.texts, version)));
  }

  deleteChosen(): void {
    if (this.chosenRectangle !== null) this.controller.changeRectangle(this.chosenRectangle, null);
    this.chosenRectangle = null;
  }

  async tighten(): Promise<void> {
    await this.controller.guard(this.controller.region.tighten(this.tool === "rectangle" ? this.chosen : null));
    // The box has done its work; moved now, it would leave the strokes behind.
    this.chosenRectangle = null;
  }

  async openSample(): Promise<void> {
    if (this.sample) await this.open(this.sample);
  }

  showDialog(id: "settings" | "help"): void {
    this.renderRoot.querySelector<HTMLDialogElement>(`#${id}`)?.showModal();
  }

  /** Tells the host what a person set, so that it can be kept. */
  tellPreferences(): void {
    const { preferences, theme } = this;
    this.#fire("reweave-preferences", { preferences, theme, lang: this.lang || this.texts.locale });
  }

  showHelp(): void {
    this.showDialog("help");
  }

  askPolarity(mask: ReadMask): Promise<boolean | null> {
    return this.#polarity.ask(mask);
  }

  projectSettings(): unknown {
    const { tool, brushSize, tolerance, growBy, where, preferences } = this;
    return { tool, brushSize, tolerance, growBy, where, preferences };
  }

  takeProjectSettings(settings: unknown): void {
    const given = (typeof settings === "object" && settings !== null ? settings : {}) as Record<string, unknown>;
    const number = (name: string, current: number, max: number) => {
      const value = given[name];
      return typeof value === "number" && value >= 0 && value <= max ? Math.round(value) : current;
    };
    this.tool = this.toolNames.find((tool) => tool === given.tool) ?? this.tool;
    this.brushSize = Math.max(1, number("brushSize", this.brushSize, LARGEST_BRUSH));
    this.tolerance = number("tolerance", this.tolerance, 255);
    this.growBy = Math.max(1, number("growBy", this.growBy, 200));
    this.where = this.endpoints.profiles.find(({ id }) => id === given.where)?.id ?? this.where;
    this.preferences = preferencesFrom(given.preferences, this.preferences);
  }

  speak(spoken: Spoken): void {
    const { announce } = this.texts;
    switch (spoken.what) {
      case "cursor":
        this.#say(announce.cursorAt(Math.round(spoken.at.x), Math.round(spoken.at.y)));
        return;
      case "corner":
        this.#say(announce.cornerSet(spoken.count));
        return;
      default:
        this.#say({ started: announce.markStarted, ended: announce.markEnded, givenUp: announce.markGivenUp }[spoken.what]);
    }
  }

  // ---- life ----

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    void this.#speakOwn();
    this.addEventListener("dragover", (event) => event.preventDefault(), { signal });
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
      ${this.#sending.render()} ${this.#polarity.render()} ${renderSettings(this)} ${renderHelp(this)}
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

  /** Said again, the same needs another text to be heard. */
  #say(text: string): void {
    this.announced = text === this.announced ? `${text}\u00a0` : text;
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

  #draftChanged(): void {
    this.stage?.showOverlay();
    this.corners = this.marking.corners;
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
      this.#keyboardCursor = null;
      this.brushSize = defaultBrush(this.controller.picture);
    }
    if (change !== "stroke") this.stage?.changed(change);
    if (change !== "preview" && change !== "levels") this.#tellHost();
  }

  #tellHost(): void {
    const { history, summary } = this.controller;
    const { marked, coverage } = summary;
    const [canUndo, canRedo] = [history?.canUndo ?? false, history?.canRedo ?? false];
    this.#fire("reweave-change", { marked, coverage, canUndo, canRedo, version: history?.shown.number ?? 0 });
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
    if (this.where === "browser") return { kind: "browser" };
    const confirm = (sending: Sending) => this.#sending.ask(sending);
    const { credentials } = this;
    const key = typeof credentials === "function" ? await credentials() : credentials;
    return { ...this.endpoints.at(this.where, this.upload, key), confirm };
  }

  #fire<Name extends keyof EditorEvents>(type: Name, detail: EditorEvents[Name]["detail"]): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

/** A twentieth of the shorter side: a stroke that one can see and steer. */
function defaultBrush(picture: { width: number; height: number } | null): number {
  const side = picture ? Math.min(picture.width, picture.height) : 800;
  return Math.min(LARGEST_BRUSH, Math.max(8, Math.round(side / 20)));
}
