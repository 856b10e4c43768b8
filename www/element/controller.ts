// The state of one editor and everything that can be done to it. It knows no DOM, so that the element
// stays a thin shell. Every failure leaves picture, marks and versions as they were.

import type { ReactiveController, ReactiveControllerHost } from "lit";

import { EngineClient } from "../lib/engine-client.ts";
import { cancelled, reweaveError, toReweaveError, type ReweaveError } from "../lib/errors.ts";
import { loadMarks, type Selection, type Summary } from "../lib/marks.ts";
import type { ShownPatch } from "../lib/protocol.ts";
import { repair, type RepairAt, type RepairReport } from "../lib/repair.ts";
import { closeAll, engineNumber, History, type Version } from "./history.ts";
import { closePicture, openFile, openUrl, type OpenPicture, type Opening } from "./open-picture.ts";
import { MarkActions } from "./mark-actions.ts";
import { RegionActions } from "./region-actions.ts";

export type SaveAs = "png" | "jpeg";

/** Something that takes a while. */
export type Busy =
  | { doing: "open" }
  | { doing: "encode" }
  | { doing: "wand" }
  | { doing: "strokes" }
  | { doing: "import" }
  | { doing: "composite"; whole: boolean }
  | { doing: "repair"; report: RepairReport | null };

/** The last thing that was told, as data: the element puts it into words. */
export type Told =
  | { what: "opened"; name: string; width: number; height: number; readable: boolean }
  | { what: "repaired"; result: Version }
  | { what: "cancelled" }
  | { what: "saved"; name: string }
  | { what: "picked"; coverage: number }
  | { what: "tightened"; before: number; after: number }
  | { what: "imported"; coverage: number }
  | { what: "copied" | "pasted"; rectangles: number }
  | { what: "project"; steps: number };

/** What was done to the marks, for those who do not see it. */
export type Done =
  | { what: "undone" | "redone" | "nothingToUndo" | "nothingToRedo" | "cleared" | "rectangleDeleted" }
  | { what: "inverted"; coverage: number }
  | { what: "grown" | "shrunk"; by: number };

/** What changed, for whoever paints; a stroke is painted already when it ends. */
export type Change = "picture" | "levels" | "marks" | "shown" | "preview" | "stroke";

const JPEG_QUALITY = 92;
const NOTHING: Summary = { marked: 0, coverage: 0, canUndo: false, canRedo: false, steps: 0 };

export class EditorController implements ReactiveController {
  picture: OpenPicture | null = null;
  history: History | null = null;
  busy: Busy | null = null;
  /** Whether the engine still decodes the picture that is shown. */
  isDecoding = false;
  preview: readonly ShownPatch[] = [];
  error: ReweaveError | null = null;
  told: Told | null = null;
  readonly marks = new MarkActions(this);
  readonly region = new RegionActions(this);

  onChange: (change: Change) => void = () => undefined;
  onDone: (done: Done) => void = () => undefined;
  onProgress: (report: RepairReport) => void = () => undefined;
  onRepaired: (version: Version) => void = () => undefined;
  onLoaded: () => void = () => undefined;
  onError: (error: ReweaveError) => void = () => undefined;

  readonly engine = new EngineClient();
  #host: ReactiveControllerHost;
  #running: AbortController | null = null;
  #decoded: Promise<void> = Promise.resolve();
  #turn = 0;
  #isDisposed = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get summary(): Summary {
    return this.history?.summary ?? NOTHING;
  }

  get selection(): Selection | null {
    return this.history?.selection ?? null;
  }

  /** The version that is shown. */
  get shown(): Version | null {
    return this.history?.shown ?? null;
  }

  /** The repair that is shown, else the last one that there is. */
  get result(): Version | null {
    const { history } = this;
    if (!history) return null;
    return history.shown.base ? history.shown : (history.versions.findLast(({ base }) => base) ?? null);
  }

  hostConnected(): void {
    this.#isDisposed = false;
    void this.guard(loadMarks().then(() => this.onLoaded()));
  }

  /** Opens a picture. One that is refused leaves everything as it was. */
  async open(file: Blob, name: string): Promise<void> {
    await this.#opening(() => openFile(this.engine, file, name, null));
  }

  /** Opens the picture at an address; where it may only be shown, endpoints can still repair it. */
  async openAddress(address: string): Promise<void> {
    await this.#opening(() => openUrl(this.engine, address));
  }

  /** Runs a repair of what is marked; answers whether a result is there. */
  async repair(at: RepairAt): Promise<boolean> {
    const { history, picture } = this;
    if (!history || !picture || this.busy) return false;
    const running = new AbortController();
    this.#running = running;
    this.tell(null);
    this.busy = { doing: "repair", report: null };
    this.#update();
    const { base, summary } = history;
    let made: Version | null = null;
    try {
      await this.#decoded;
      const onReport = (report: RepairReport) => this.#report(running, report);
      const subject = { ...picture, selection: history.selection, base: engineNumber(base) };
      const result = await repair(this.engine, subject, at, running.signal, onReport);
      const { version: id, patches, changes, added, delivered } = result;
      if (running.signal.aborted || history !== this.history) {
        // It was done before it heard of that.
        closeAll(patches);
        if (id !== null) this.engine.forget(id);
        throw cancelled();
      }
      made = history.take({ id, patches, changes, added, delivered }, base, summary.steps);
    } catch (error) {
      if (history === this.history) this.#failed(toReweaveError(error));
    } finally {
      this.#dropPreview();
      if (this.#running === running) {
        this.#running = null;
        this.busy = null;
      }
      this.#update();
    }
    // Told when it has ended: whoever hears of a result may ask for it at once.
    if (made) this.#tellRepaired(made);
    return made !== null;
  }

  /** Ends a repair that is running. */
  cancel(): void {
    this.#running?.abort();
  }

  /** Shows a version; marks are there where it is their base. */
  show(version: Version): void {
    const { history } = this;
    if (!history || this.busy) return;
    history.shown = version;
    this.onChange("shown");
    this.#update();
  }

  /** Begins anew on the version that is shown. */
  goOn(): void {
    if (this.busy || !this.history) return;
    this.marked((history) => history.goOn());
    this.onChange("shown");
  }

  /** Shows all of what an endpoint delivered, or the region of it alone. */
  async showWhole(whole: boolean): Promise<void> {
    const { history } = this;
    const version = history?.shown;
    const delivered = version?.delivered;
    const { file, changes: all, mask } = delivered ?? {};
    if (!history || !version?.base || !delivered || !file || !all || !mask) return;
    const base = engineNumber(version.base);
    await this.during({ doing: "composite", whole }, async () => {
      const repaired = await this.engine.accept(file, mask, whole, base);
      if (history !== this.history) return;
      const { version: id, patches, changes } = repaired;
      history.replace(version, { id, patches, changes, delivered: { ...delivered, whole } });
      this.#tellRepaired(version);
    });
  }

  /** A repaired picture as a file; JPEG encodes the whole of it anew. What is shown as delivered is
   * the endpoint's own file. */
  async encode(version: Version, as: SaveAs): Promise<Blob | undefined> {
    const { delivered } = version;
    if (delivered?.whole) return delivered.file ? new Blob([delivered.file]) : undefined;
    const format = as === "png" ? ({ format: "png" } as const) : ({ format: "jpeg", quality: JPEG_QUALITY } as const);
    return this.guard((async () => this.engine.encode({ ...format, version: engineNumber(version) }))());
  }

  /** Does something to the marks; what it throws is shown. */
  marked<Answer>(act: (history: History) => Answer): Answer | undefined {
    const { history } = this;
    if (!history) return undefined;
    try {
      return act(history);
    } catch (error) {
      this.fail(error);
      return undefined;
    } finally {
      this.#update();
    }
  }

  /** Does something that takes a while; picture and marks cannot be changed meanwhile. */
  async during<Answer>(busy: Busy, work: () => Promise<Answer>): Promise<Answer | undefined> {
    if (this.busy) return undefined;
    this.busy = busy;
    this.#update();
    try {
      await this.#decoded;
      return await work();
    } catch (error) {
      this.#failed(toReweaveError(error));
      return undefined;
    } finally {
      if (this.busy === busy) this.busy = null;
      this.#update();
    }
  }

  tell(told: Told | null): void {
    this.told = told;
    this.error = null;
    this.#update();
  }

  dismiss(): void {
    this.error = null;
    this.#update();
  }

  /** Shows an error that arose outside. */
  fail(thrown: unknown): void {
    this.#failed(toReweaveError(thrown));
    this.#update();
  }

  /** Does something at once; what it throws is shown. */
  attempt(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.fail(error);
    }
  }

  async guard<Answer>(work: Promise<Answer>): Promise<Answer | undefined> {
    try {
      return await work;
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  /** Frees the worker and the memory of the picture, its marks and its versions. */
  dispose(): void {
    this.#turn++;
    this.#isDisposed = true;
    this.cancel();
    this.engine.dispose();
    this.#dropPreview();
    this.history?.free();
    closePicture(this.picture);
    [this.history, this.picture, this.busy, this.isDecoding] = [null, null, null, false];
    this.onChange("picture");
  }

  async #opening(load: () => Promise<Opening>): Promise<void> {
    const turn = ++this.#turn;
    this.cancel();
    this.tell(null);
    this.busy = { doing: "open" };
    this.#update();
    const opening = await this.guard(load());
    if (turn !== this.#turn) {
      opening?.decoded.catch(() => undefined);
      closePicture(opening?.picture ?? null);
      // What was still loading may have started the worker again.
      if (this.#isDisposed) this.engine.dispose();
      return;
    }
    this.busy = null;
    if (opening) this.#begin(opening, turn);
    this.#update();
  }

  /** Shows a picture. The one before is kept until the engine has decoded this one. */
  #begin({ picture, decoded }: Opening, turn: number): void {
    const before = { picture: this.picture, history: this.history };
    if (!picture.readable) this.engine.close();
    this.picture = picture;
    this.history = new History(picture.width, picture.height);
    this.isDecoding = true;
    const { name, width, height, readable } = picture;
    this.tell({ what: "opened", name, width, height, readable });
    this.onChange("picture");
    this.#decoded = decoded.then(
      () => this.#isDecoded(picture, before),
      (error: unknown) => {
        // A file that only looked like a picture: the one before is still there, with its marks.
        if (turn === this.#turn) this.#goBack(before);
        else this.#giveUp(before);
        throw error;
      },
    );
    this.#decoded.catch((error: unknown) => {
      if (this.busy?.doing !== "repair" && turn === this.#turn) this.fail(error);
    });
  }

  #isDecoded(picture: OpenPicture, before: { picture: OpenPicture | null; history: History | null }): void {
    this.#giveUp(before);
    if (picture !== this.picture) return;
    this.isDecoding = false;
    this.onChange("levels");
    this.#update();
  }

  #giveUp({ picture, history }: { picture: OpenPicture | null; history: History | null }): void {
    closePicture(picture);
    history?.free();
  }

  #goBack(before: { picture: OpenPicture | null; history: History | null }): void {
    this.history?.free();
    closePicture(this.picture);
    Object.assign(this, before, { isDecoding: false });
    this.onChange("picture");
  }

  #report(running: AbortController, report: RepairReport): void {
    if (this.#running !== running || running.signal.aborted) {
      closeAll(report.patches ?? []);
      return;
    }
    this.busy = { doing: "repair", report };
    this.onProgress(report);
    if (report.patches) {
      closeAll(this.preview);
      this.preview = report.patches;
      this.onChange("preview");
    }
    this.#update();
  }

  #tellRepaired(result: Version): void {
    this.tell({ what: "repaired", result });
    this.onChange("shown");
    this.onRepaired(result);
  }

  #failed(error: ReweaveError): void {
    if (error.code === "cancelled") {
      this.tell({ what: "cancelled" });
      return;
    }
    this.error = error;
    this.onError(error);
  }

  #dropPreview(): void {
    if (this.preview.length === 0) return;
    closeAll(this.preview);
    this.preview = [];
    this.onChange("shown");
  }

  #update(): void {
    this.#host.requestUpdate();
  }
}

/** What no caller can do now. */
export function outOfOrder(call: string, reason: string): ReweaveError {
  return reweaveError(`${call} is not possible now: ${reason}`, { code: "out-of-order", call, reason });
}
