// Files in and out by a person's hand: masks, rectangles on the clipboard, projects, the result.

import type { ReadMask } from "../lib/protocol.ts";
import { outOfOrder, type EditorController, type SaveAs } from "./controller.ts";
import { chooseFile, saveFile } from "./parts/controls.ts";

export interface FilesHost {
  readonly controller: EditorController;
  /** A mark that is being made is given up where a file brings others. */
  readonly marking: { giveUp(): unknown };
  readonly saveAs: SaveAs;
  /** What a project keeps beside the marks: plain data, no key. */
  projectSettings(): unknown;
  takeProjectSettings(settings: unknown): void;
  /** Asks whether the opposite of what was read is marked; null gives up. */
  askPolarity(mask: ReadMask): Promise<boolean | null>;
}

export class FileActions {
  #host: FilesHost;

  constructor(host: FilesHost) {
    this.#host = host;
  }

  async importMask(given?: Blob): Promise<void> {
    const file = given ?? (await chooseFile("image/png,image/webp,image/*"));
    if (!file) return;
    const { controller } = this.#host;
    const mask = await controller.region.readMask(file);
    if (!mask) return;
    const isInverted = mask.certain ? false : await this.#host.askPolarity(mask);
    if (isInverted === null) return;
    this.#host.marking.giveUp();
    controller.attempt(() => controller.region.addMask(mask, isInverted));
  }

  async exportMask(): Promise<void> {
    const file = await this.#host.controller.region.maskPng();
    if (file) this.#save(file, "mask.png");
  }

  async exportHole(): Promise<void> {
    const { controller } = this.#host;
    const file = await controller.guard(controller.region.holePng());
    if (file) this.#save(file, "hole.png");
  }

  async copyRectangles(): Promise<void> {
    const { controller } = this.#host;
    await controller.guard(
      (async () => {
        const json = controller.region.rectanglesJson();
        await clipboard("copying rectangles", (board) => board.writeText(json));
        controller.tell({ what: "copied", rectangles: (JSON.parse(json) as unknown[]).length });
      })(),
    );
  }

  async pasteRectangles(given?: string): Promise<void> {
    const { controller } = this.#host;
    await controller.guard(
      (async () => {
        const text = given ?? (await clipboard("pasting rectangles", (board) => board.readText()));
        this.#host.marking.giveUp();
        controller.region.pasteRectangles(text);
      })(),
    );
  }

  saveProject(): void {
    const { controller } = this.#host;
    controller.attempt(() => {
      const json = controller.region.projectJson(this.#host.projectSettings());
      this.#save(new Blob([json], { type: "application/json" }), "reweave.json");
    });
  }

  async openProject(given?: Blob): Promise<void> {
    const file = given ?? (await chooseFile("application/json,.json"));
    if (!file) return;
    const text = await file.text();
    const { controller, marking } = this.#host;
    marking.giveUp();
    controller.attempt(() => this.#host.takeProjectSettings(controller.region.openProject(text)));
  }

  async download(): Promise<void> {
    const { controller, saveAs } = this.#host;
    const { shown } = controller;
    const file = shown && (await controller.during({ doing: "encode" }, () => controller.encode(shown, saveAs)));
    if (file) this.#save(file, `reweave.${await extension(file)}`);
  }

  #save(file: Blob, ending: string): void {
    const { controller } = this.#host;
    const stem = (controller.picture?.name ?? "picture").replace(/\.[^.]*$/, "");
    const name = `${stem}-${ending}`;
    saveFile(file, name);
    controller.tell({ what: "saved", name });
  }
}

/** By the first bytes: what an endpoint delivers is often a JPEG. */
async function extension(file: Blob): Promise<string> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (first === 0xff && second === 0xd8) return "jpg";
  return first === 0x52 && second === 0x49 ? "webp" : "png";
}

/** The browser has no clipboard for a page of plain http, and a person can forbid it. */
async function clipboard<Answer>(call: string, use: (board: Clipboard) => Promise<Answer>): Promise<Answer> {
  try {
    return await use(navigator.clipboard);
  } catch {
    throw outOfOrder(call, "the browser does not let this page use the clipboard");
  }
}
