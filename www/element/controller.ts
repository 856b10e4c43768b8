// The state of one editor and everything that can be done to it. It knows no DOM but the file that
// it is given, so that the element stays a thin shell.

import type { ReactiveController, ReactiveControllerHost } from "lit";

import { EngineClient } from "../lib/engine-client.ts";
import { reweaveError, toReweaveError, type ReweaveError } from "../lib/errors.ts";
import { loadMarks, Selection, type Rectangle, type Summary } from "../lib/marks.ts";
import { openAddress } from "../lib/open-address.ts";
import type { ShownPatch } from "../lib/protocol.ts";
import { repair, type RepairAt, type RepairReport, type Result } from "../lib/repair.ts";

export type Tool = "brush" | "eraser" | "rectangle";
export type SaveAs = "png" | "jpeg";

/** Something that takes a while. */
export type Busy = { doing: "open" } | { doing: "encode" } | { doing: "composite"; whole: boolean } | { doing: "repair"; report: RepairReport | null };

/** The last thing that was told, as data: the element puts it into words. */
export type Told =
  | { what: "opened"; name: string; width: number; height: number; readable: boolean }
  | { what: "repaired"; result: Result }
  | { what: "cancelled" }
  | { what: "saved"; name: string };

/** The picture that is open. */
export interface OpenPicture {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly bitmap: ImageBitmap;
  /** Where it was opened from, if that was an address. */
  readonly url: string | null;
  /** Whether its pixels can be read; a host may allow a page to show a picture only. */
  readonly readable: boolean;
}

/** What changed, for whoever paints. */
export type Change = "picture" | "marks" | "result" | "preview";

const JPEG_QUALITY = 92;
const NOTHING: Summary = { marked: 0, coverage: 0, canUndo: false, canRedo: false, steps: 0 };

export class EditorController implements ReactiveController {
  picture: OpenPicture | null = null;
  selection: Selection | null = null;
  summary: Summary = NOTHING;
  busy: Busy | null = null;
  result: Result | null = null;
  preview: readonly ShownPatch[] = [];
  /** Whether the marks are shown: not over a fresh result. */
  showMarks = true;
  error: ReweaveError | null = null;
  told: Told | null = null;

  onChange: (change: Change) => void = () => undefined;
  onRepaired: (result: Result) => void = () => undefined;
  onLoaded: () => void = () => undefined;
  onError: (error: ReweaveError) => void = () => undefined;

  #engine = new EngineClient();
  #host: ReactiveControllerHost;
  #running: AbortController | null = null;
  #turn = 0;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    void this.#guard(loadMarks().then(() => this.onLoaded()));
  }

  /** Opens a picture. One that is refused leaves everything as it was. */
  async open(file: Blob, name: string): Promise<void> {
    await this.#opening(() => this.#decode(file, name, null));
  }

  /** Opens the picture at an address; where it may only be shown, endpoints can still repair it. */
  async openAddress(address: string): Promise<void> {
    await this.#opening(async () => {
      const { name, url, file, bitmap } = await openAddress(address);
      if (file) return this.#decode(file, name, url);
      await loadMarks();
      return { name, url, bitmap, width: bitmap.width, height: bitmap.height, readable: false };
    });
  }

  async #opening(load: () => Promise<OpenPicture>): Promise<void> {
    const turn = ++this.#turn;
    this.cancel();
    this.#tell(null);
    this.busy = { doing: "open" };
    this.#host.requestUpdate();
    const opened = await this.#guard(load());
    if (turn !== this.#turn) {
      opened?.bitmap.close();
      return;
    }
    this.busy = null;
    if (opened) this.#show(opened);
    this.#host.requestUpdate();
  }

  /** Runs a repair of what is marked. */
  async repair(at: RepairAt): Promise<void> {
    const { selection, picture } = this;
    if (!selection || !picture || this.busy) return;
    const running = new AbortController();
    this.#running = running;
    this.#tell(null);
    this.busy = { doing: "repair", report: null };
    this.#host.requestUpdate();
    try {
      const onReport = (report: RepairReport) => this.#report(running, report);
      const subject = { ...picture, selection };
      const result = await repair(this.#engine, subject, at, running.signal, onReport);
      if (picture === this.picture) this.#take(result);
      else closeAll(result.patches);
    } catch (error) {
      this.#failed(toReweaveError(error));
    } finally {
      this.#dropPreview();
      if (this.#running === running) {
        this.#running = null;
        this.busy = null;
      }
      this.#host.requestUpdate();
    }
  }

  /** Ends a repair that is running. */
  cancel(): void {
    this.#running?.abort();
  }

  /** Shows all of what an endpoint delivered, or the region of it alone. */
  async showWhole(whole: boolean): Promise<void> {
    const { result, busy } = this;
    const delivered = result?.delivered;
    if (!delivered?.file || !delivered.changes || busy) return;
    this.busy = { doing: "composite", whole };
    this.#host.requestUpdate();
    const repaired = await this.#guard(this.#engine.accept(delivered.file, delivered.mask, whole));
    this.busy = null;
    if (repaired && result === this.result) {
      const { patches, changes } = repaired;
      this.#take({ patches, changes, delivered: { ...delivered, whole } });
    }
    this.#host.requestUpdate();
  }

  /** The repaired picture as a file; JPEG encodes the whole of it anew. What is shown as delivered
   * is the endpoint's own file. */
  async encode(as: SaveAs): Promise<Blob | undefined> {
    const delivered = this.result?.delivered;
    if (delivered?.whole) return delivered.file ? new Blob([delivered.file]) : undefined;
    this.busy = { doing: "encode" };
    this.#host.requestUpdate();
    const args = as === "png" ? ({ format: "png" } as const) : ({ format: "jpeg", quality: JPEG_QUALITY } as const);
    const file = await this.#guard(this.#engine.encode(args));
    this.busy = null;
    this.#host.requestUpdate();
    return file;
  }

  beginStroke(x: number, y: number, diameter: number, subtract: boolean): Rectangle | null {
    this.#marksAreDrawn();
    return this.#marked((selection) => selection.beginStroke(x, y, diameter, subtract));
  }

  extendStroke(points: Float32Array): Rectangle | null {
    return this.#marked((selection) => selection.extendStroke(points));
  }

  endStroke(): void {
    this.#marked((selection) => selection.endStroke());
  }

  /** Takes back a stroke that the system interrupted. */
  cancelStroke(): void {
    this.#marked((selection) => selection.cancelStroke());
    this.onChange("marks");
  }

  addRectangle(rectangle: Rectangle, subtract: boolean): void {
    this.#step((selection) => selection.addRectangle(rectangle, subtract));
  }

  undo(): void {
    this.#step((selection) => selection.undo());
  }

  redo(): void {
    this.#step((selection) => selection.redo());
  }

  clear(): void {
    this.#step((selection) => selection.clear());
  }

  saved(name: string): void {
    this.#tell({ what: "saved", name });
  }

  dismiss(): void {
    this.error = null;
    this.#host.requestUpdate();
  }

  /** Shows an error that arose outside. */
  fail(thrown: unknown): void {
    this.#failed(toReweaveError(thrown));
    this.#host.requestUpdate();
  }

  /** Frees the worker and the memory of the picture and its marks. */
  dispose(): void {
    this.cancel();
    this.#engine.dispose();
    this.#dropPreview();
    this.#dropResult();
    this.selection?.free();
    this.picture?.bitmap.close();
    this.selection = null;
    this.picture = null;
    this.summary = NOTHING;
  }

  async #decode(file: Blob, name: string, url: string | null): Promise<OpenPicture> {
    if (file.size === 0) {
      throw reweaveError("the file is empty (0 bytes)", { code: "empty-file" });
    }
    await loadMarks();
    const { width, height, bitmap } = await this.#engine.open(file);
    return { name, width, height, bitmap, url, readable: true };
  }

  #show(opened: OpenPicture): void {
    if (!opened.readable) this.#engine.close();
    this.#dropResult();
    this.picture?.bitmap.close();
    this.selection?.free();
    this.picture = opened;
    this.selection = new Selection(opened.width, opened.height);
    this.showMarks = true;
    this.#summarise();
    const { name, width, height, readable } = opened;
    this.#tell({ what: "opened", name, width, height, readable });
    this.onChange("picture");
  }

  #report(running: AbortController, report: RepairReport): void {
    if (this.#running !== running || running.signal.aborted) {
      closeAll(report.patches ?? []);
      return;
    }
    this.busy = { doing: "repair", report };
    if (report.patches) {
      closeAll(this.preview);
      this.preview = report.patches;
      this.onChange("preview");
    }
    this.#host.requestUpdate();
  }

  #take(result: Result): void {
    this.#dropResult();
    this.result = result;
    this.showMarks = false;
    this.#tell({ what: "repaired", result });
    this.onChange("result");
    this.onRepaired(result);
  }

  #failed(error: ReweaveError): void {
    if (error.code === "cancelled") {
      this.#tell({ what: "cancelled" });
      return;
    }
    if (error.code === "worker-lost") {
      // The composite was lost with the worker; picture and marks are here.
      this.#dropResult();
      this.showMarks = true;
      this.onChange("result");
    }
    this.error = error;
    this.onError(error);
  }

  #marksAreDrawn(): void {
    if (this.showMarks) return;
    this.showMarks = true;
    this.onChange("marks");
  }

  #step(act: (selection: Selection) => unknown): void {
    if (this.busy) return;
    this.showMarks = true;
    this.#marked(act);
    this.onChange("marks");
  }

  #marked<Result>(act: (selection: Selection) => Result): Result | null {
    if (!this.selection) return null;
    try {
      return act(this.selection);
    } catch (error) {
      this.fail(error);
      return null;
    } finally {
      this.#summarise();
    }
  }

  #summarise(): void {
    this.summary = this.selection?.summary() ?? NOTHING;
    this.#host.requestUpdate();
  }

  async #guard<Result>(work: Promise<Result>): Promise<Result | undefined> {
    try {
      return await work;
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  #tell(told: Told | null): void {
    this.told = told;
    this.error = null;
    this.#host.requestUpdate();
  }

  #dropPreview(): void {
    if (this.preview.length === 0) return;
    closeAll(this.preview);
    this.preview = [];
    this.onChange("result");
  }

  #dropResult(): void {
    closeAll(this.result?.patches ?? []);
    this.result = null;
  }
}

function closeAll(patches: readonly ShownPatch[]): void {
  for (const { bitmap } of patches) bitmap.close();
}
