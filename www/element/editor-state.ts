// The state of an element, and what its parts ask of it: which tool, what is chosen, what is seen. The
// element itself, in `reweave-editor.ts`, adds its life in a page and what it is for hosts.

import { LitElement } from "lit";

import type { UploadHook } from "../lib/at-endpoint.ts";
import type { Rectangle } from "../lib/marks.ts";
import type { ReadMask } from "../lib/protocol.ts";
import { EditorController, type SaveAs } from "./controller.ts";
import { EndpointForm } from "./endpoint-form.ts";
import type { EditorEvents } from "./events.ts";
import { nextSeed, type FillOptions } from "./fill-options.ts";
import { FileActions } from "./file-actions.ts";
import type { RectangleMark, Version } from "./history.ts";
import type { Spoken } from "./keyboard.ts";
import { Marking } from "./marking.ts";
import { versionName } from "./parts/result.ts";
import { PolarityDialog } from "./polarity-dialog.ts";
import { DEFAULT_PREFERENCES, type Preferences } from "./preferences.ts";
import type { Credentials, Theme } from "./public.ts";
import { projectSettings, takeProjectSettings } from "./project-settings.ts";
import { SearchAreaActions } from "./search-area.ts";
import type { StageView } from "./stage-view.ts";
import type { Surface } from "./surface.ts";
import { en, type Speaking, type Texts } from "./texts/index.ts";
import { LARGEST_BRUSH, TOOLS, type Tool } from "./tools/draft.ts";
import type { PicturePoint } from "./view.ts";

/** In this browser, or the id of an endpoint's profile. */
export type Where = "browser" | (string & {});

export type { Credentials, Theme };

export abstract class EditorState extends LitElement implements Speaking {
  static override properties = {
    src: { type: String },
    sample: { type: String },
    theme: { type: String, reflect: true },
    tools: { type: String },
    endpoint: { type: String },
    upload: { attribute: false },
    credentials: { attribute: false },
    preferences: { attribute: false },
    fillOptions: { attribute: "fill-options", type: Object },
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
  /** What is chosen of repairs in this browser; what is not named is as it is by default. */
  declare fillOptions: FillOptions;
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
  readonly polarity = new PolarityDialog(this);
  readonly searchArea = new SearchAreaActions(this);
  stage: StageView | null = null;
  lastEnd: PicturePoint | null = null;

  #keyboardCursor: PicturePoint | null = null;

  constructor() {
    super();
    this.src = this.sample = this.tools = this.endpoint = this.upload = this.credentials = this.chosenRectangle = null;
    this.theme = "auto";
    this.preferences = DEFAULT_PREFERENCES;
    this.fillOptions = {};
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
  }

  abstract open(picture: Blob | string | URL): Promise<void>;
  abstract repair(): Promise<boolean>;

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
    return this.controller.marks.rectangles.find(({ id }) => id === this.chosenRectangle) ?? null;
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
    if (this.surface && this.controller.picture) this.say(this.texts.announce.zoomedTo(this.surface.view.scale * 100));
  }

  zoomToFit(): void {
    this.zoomTo("fit");
  }

  holdCompare(isHeld: boolean): void {
    const was = this.isHeld;
    this.isHeld = isHeld && this.controller.shown?.base != null;
    const { showingBefore, showingAfter } = this.texts.announce;
    if (this.isHeld !== was) this.say(this.isHeld ? showingBefore : showingAfter);
  }

  startRepair(): void {
    void this.repair();
  }

  /** Whether what is shown was repaired here, from marks that are still there. */
  get canVary(): boolean {
    const { history, shown, busy } = this.controller;
    const isOwn = shown?.added != null && shown.base === history?.base;
    return isOwn && busy === null && this.where === "browser";
  }

  /** Repairs the same marks on the same base again: wide parts come out differently. */
  repairAnew(): void {
    this.fillOptions = { ...this.fillOptions, seed: nextSeed(this.fillOptions) };
    this.startRepair();
  }

  showVersion(version: Version): void {
    this.controller.show(version);
    this.say(this.texts.announce.versionShown(versionName(this.texts, version)));
  }

  /** Undoes what is being made, of a polygon its last corner, else the last step. */
  takeBack(): void {
    if (!this.marking.takeBack()) this.controller.marks.undo();
  }

  deleteChosen(): void {
    if (this.chosenRectangle !== null) this.controller.marks.changeRectangle(this.chosenRectangle, null);
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

  /** Tells the host what a person set, so that it can be kept. */
  tellPreferences(): void {
    const { preferences, theme } = this;
    this.fire("reweave-preferences", { preferences, theme, lang: this.lang || this.texts.locale });
  }

  showDialog(id: "settings" | "help"): void {
    this.renderRoot.querySelector<HTMLDialogElement>(`#${id}`)?.showModal();
  }

  showHelp(): void {
    this.showDialog("help");
  }

  askPolarity(mask: ReadMask): Promise<boolean | null> {
    return this.polarity.ask(mask);
  }

  projectSettings(): unknown {
    return projectSettings(this);
  }

  takeProjectSettings(settings: unknown): void {
    takeProjectSettings(this, settings);
  }

  speak(spoken: Spoken): void {
    const { announce } = this.texts;
    switch (spoken.what) {
      case "cursor":
        this.say(announce.cursorAt(Math.round(spoken.at.x), Math.round(spoken.at.y)));
        return;
      case "corner":
        this.say(announce.cornerSet(spoken.count));
        return;
      default:
        this.say({ started: announce.markStarted, ended: announce.markEnded, givenUp: announce.markGivenUp }[spoken.what]);
    }
  }

  /** Said again, the same needs another text to be heard. */
  say(text: string): void {
    this.announced = text === this.announced ? `${text}\u00a0` : text;
  }

  protected fire<Name extends keyof EditorEvents>(type: Name, detail: EditorEvents[Name]["detail"]): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  #draftChanged(): void {
    this.stage?.showOverlay();
    this.corners = this.marking.corners;
  }
}
