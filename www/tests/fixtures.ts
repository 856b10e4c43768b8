// What the page tests share: a real endpoint, the editor as a person uses it, and pixels.

import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { PNG } from "pngjs";

import type { ReweaveEditor } from "../element/reweave-editor.ts";

export { expect };

/** The bundled sample: a photograph of 512 × 512. */
export const PHOTOGRAPH = join(import.meta.dirname, "../page/public/astronaut.png");

export interface Server {
  readonly url: string;
}

/** Starts the endpoint program on a free port. */
export async function startServer(
  env: Record<string, string> = {},
  ...options: string[]
): Promise<Server & { stop: () => void }> {
  const program = process.env.REWEAVE_ENDPOINT_BIN ?? join(import.meta.dirname, "../../target/release/reweave-endpoint");
  const pages = process.env.REWEAVE_PAGE_DIR ?? join(import.meta.dirname, "../dist");
  const data = mkdtempSync(join(tmpdir(), "reweave-data-"));
  // Tests ask more often than a person does.
  const rate = options.includes("--qps") ? [] : ["--qps", "0"];
  const child = spawn(program, ["--port", "0", ...rate, "--data-dir", data, "--page-dir", pages, ...options], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const stop = () => {
    child.kill();
    rmSync(data, { recursive: true, force: true });
  };
  return { url: await firstAddress(child), stop };
}

async function firstAddress(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("the endpoint has no output");
  for await (const line of createInterface(child.stdout)) {
    const address = /http:\/\/\S+/.exec(line)?.[0];
    if (address) return address;
  }
  throw new Error("the endpoint ended without an address");
}

interface Fixtures {
  editor: Editor;
  /** Console errors that the test expects: to the browser a refused request is one. */
  expectedErrors: RegExp;
}

export const test = base.extend<Fixtures, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      server.stop();
    },
    { scope: "worker" },
  ],
  expectedErrors: [/^$/, { option: true }],
  page: async ({ page, server, expectedErrors }, use) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      const text = message.text();
      if (message.type() === "error" && !expectedErrors.test(text)) errors.push(text);
    });
    await page.goto(server.url);
    await use(page);
    expect(errors, "errors in the console").toEqual([]);
  },
  editor: async ({ page }, use) => {
    await use(new Editor(page));
  },
});

/** The editor by roles and names, as a person or a screen reader finds it. */
export class Editor {
  readonly page: Page;
  readonly surface: Locator;
  readonly status: Locator;
  readonly alert: Locator;

  constructor(page: Page) {
    this.page = page;
    this.surface = page.getByRole("application", { name: "Picture", exact: true });
    this.status = page.getByRole("status");
    this.alert = page.getByRole("alert");
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  async open(file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    await this.page.getByLabel("Open picture", { exact: true }).setInputFiles(file);
  }

  /** Opens a picture and waits until it can be drawn on. */
  async openPhotograph(file: string | { name: string; mimeType: string; buffer: Buffer } = PHOTOGRAPH): Promise<void> {
    await this.open(file);
    await expect(this.surface).toHaveAttribute("aria-busy", "false");
  }

  async tool(name: "Brush" | "Eraser" | "Rectangle" | "Lasso" | "Polygon" | "Wand" | "Pan"): Promise<void> {
    const tools = this.page.getByRole("radiogroup", { name: "Tool", exact: true });
    await tools.getByRole("radio", { name, exact: true }).check();
  }

  /** Presses Repair and agrees to what is told before something leaves for a host the first time. */
  async send(): Promise<void> {
    await this.button("Repair").click();
    await this.button("Send").click();
  }

  async repair(where: "In this browser" | "This server"): Promise<void> {
    if (where === "In this browser") await this.button("Repair").click();
    else await this.send();
  }

  async repairAt(name: string): Promise<void> {
    await this.page.getByLabel("Repair at", { exact: true }).selectOption({ label: name });
  }

  async custom(url: string, header: string, key: string): Promise<void> {
    await this.repairAt("Custom endpoint");
    await this.page.getByLabel("Endpoint address", { exact: true }).fill(url);
    await this.page.getByLabel("Key", { exact: true }).fill(key);
    await this.page.getByText("More settings", { exact: true }).click();
    await this.page.getByLabel("Header name", { exact: true }).fill(header);
  }

  /** Drags over the picture: points as shares of it, 0 to 1. */
  async drag(points: readonly (readonly [number, number])[]): Promise<void> {
    const at = await this.onScreen();
    const [first, ...rest] = points.map(([x, y]) => at(x, y));
    if (!first) return;
    await this.page.mouse.move(first.x, first.y);
    await this.page.mouse.down();
    for (const { x, y } of rest) await this.page.mouse.move(x, y, { steps: 6 });
    await this.page.mouse.up();
  }

  async click(x: number, y: number): Promise<void> {
    const at = (await this.onScreen())(x, y);
    await this.page.mouse.click(at.x, at.y);
  }

  /** The box of what is marked, in pixels of the picture. */
  async bounds(): Promise<{ x: number; y: number; width: number; height: number } | null> {
    return this.page.locator("reweave-editor").evaluate((editor: ReweaveEditor) => editor.selection?.bounds() ?? null);
  }

  /** Whether pixels of the picture are marked. */
  async marks(...pixels: readonly (readonly [number, number])[]): Promise<boolean[]> {
    return this.page.locator("reweave-editor").evaluate((editor: ReweaveEditor, pixels) => {
      const mask = editor.mask();
      const found = pixels.map(([x, y]) => mask?.get(x, y) ?? false);
      mask?.free();
      return found;
    }, pixels);
  }

  /** Marked pixels. */
  async count(): Promise<number> {
    return this.page.locator("reweave-editor").evaluate((editor: ReweaveEditor) => editor.selection?.summary().marked ?? 0);
  }

  async markCorner(): Promise<void> {
    await this.tool("Rectangle");
    await this.drag([[0.8, 0.85], [1.05, 1.05]]);
    await expect(this.button("Undo")).toBeEnabled();
  }

  /** The marked share as it is shown, in percent. */
  async marked(): Promise<number> {
    const text = await this.page.getByText("of the picture is marked").textContent();
    return Number(/[\d.]+/.exec(text ?? "")?.[0]);
  }

  async download(): Promise<{ name: string; bytes: Buffer }> {
    return this.saved(() => this.button("Download").click());
  }

  /** The file that an act gives. */
  async saved(act: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
    const [download] = await Promise.all([this.page.waitForEvent("download"), act()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  }

  /** Chooses a file after an act that asks for one. */
  async choose(act: () => Promise<void>, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    const [chooser] = await Promise.all([this.page.waitForEvent("filechooser"), act()]);
    await chooser.setFiles(file);
  }

  /** One version of the strip: "Original", "Version 1", "Version 2, from version 1". */
  version(name: string): Locator {
    return this.page.getByRole("radiogroup", { name: "Versions", exact: true }).getByRole("radio", { name, exact: true });
  }

  /** Repairs here, and waits for the version that comes of it. */
  async repaired(name: string): Promise<void> {
    await this.button("Repair").click();
    await expect(this.version(name)).toBeChecked();
    await expect(this.button("Cancel")).toBeDisabled();
  }

  /** The marked pixels, as the element's own mask tells them. */
  async bits(): Promise<string> {
    return this.page.locator("reweave-editor").evaluate((element: ReweaveEditor) => {
      const mask = element.mask();
      const bits = mask?.toBytes() ?? new Uint8Array();
      mask?.free();
      return Array.from(bits, (byte) => byte.toString(16).padStart(2, "0")).join("");
    });
  }

  /** What of the stage has a colour, on the screen: its pixels and the box round them. */
  async seen(colour: readonly [number, number, number], part?: (x: number, y: number) => boolean): Promise<Seen> {
    const stage = this.page.locator("reweave-editor #stage");
    const box = await stage.boundingBox();
    if (!box) throw new Error("no stage");
    // What is painted is painted at the next frame.
    await this.page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
    return findColour(PNG.sync.read(await stage.screenshot()), colour, box, part);
  }

  /** The picture lies in the middle of the surface, as large as it fits, with 16 px around it. */
  async onScreen(): Promise<(x: number, y: number) => { x: number; y: number }> {
    const box = await this.surface.boundingBox();
    const picture = (await this.page.locator("reweave-editor").evaluate((editor) => {
      const { picture } = (editor as unknown as { controller: { picture: { width: number; height: number } } }).controller;
      return { width: picture.width, height: picture.height };
    })) satisfies { width: number; height: number };
    if (!box) throw new Error("no surface");
    const scale = Math.min((box.width - 32) / picture.width, (box.height - 32) / picture.height, 3);
    const left = box.x + (box.width - picture.width * scale) / 2;
    const top = box.y + (box.height - picture.height * scale) / 2;
    return (x, y) => ({ x: left + x * picture.width * scale, y: top + y * picture.height * scale });
  }
}

export interface Seen {
  readonly count: number;
  /** On the page, in CSS pixels. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function findColour(
  { width, height, data }: PNG,
  [red, green, blue]: readonly [number, number, number],
  { x: dx, y: dy }: { x: number; y: number },
  part: (x: number, y: number) => boolean = () => true,
): Seen {
  const found = { count: 0, left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  const near = (a: number | undefined, b: number) => Math.abs((a ?? 0) - b) < 30;
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [dx + (i % width), dy + Math.floor(i / width)];
    if (!near(data[i * 4], red) || !near(data[i * 4 + 1], green) || !near(data[i * 4 + 2], blue) || !part(x, y)) continue;
    found.count++;
    found.left = Math.min(found.left, x);
    found.top = Math.min(found.top, y);
    found.right = Math.max(found.right, x + 1);
    found.bottom = Math.max(found.bottom, y + 1);
  }
  return found;
}

/** A host of files: what is PUT there can be read there. Pages may read it where `cors` says so. */
export async function startFiles(cors: boolean): Promise<Server & { files: Map<string, Buffer>; stop: () => void }> {
  const files = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    if (cors) response.setHeader("Access-Control-Allow-Origin", "*").setHeader("Access-Control-Allow-Methods", "GET, PUT");
    if (cors) response.setHeader("Access-Control-Allow-Headers", "*");
    const name = new URL(request.url ?? "", "http://h").pathname;
    const file = files.get(name);
    if (request.method === "PUT") void whole(request).then((bytes) => response.end(void files.set(name, bytes)));
    else if (request.method === "OPTIONS") response.writeHead(204).end();
    else response.writeHead(file ? 200 : 404).end(file);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, files, stop: () => server.close() };
}

async function whole(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** A photograph's pixels with some of them lost: how many differ in and outside a box. */
export function differences(before: Buffer, after: Buffer, inside: (x: number, y: number) => boolean) {
  const [a, b] = [PNG.sync.read(before), PNG.sync.read(after)];
  expect([b.width, b.height], "size of the result").toEqual([a.width, a.height]);
  const found = { inside: 0, outside: 0 };
  for (let i = 0; i < a.width * a.height; i++) {
    if (a.data.readUInt32BE(i * 4) === b.data.readUInt32BE(i * 4)) continue;
    if (inside(i % a.width, Math.floor(i / a.width))) found.inside++;
    else found.outside++;
  }
  return found;
}

/** A PNG of this size whose pixels follow a rule. */
export function png(width: number, height: number, pixel: (x: number, y: number) => [number, number, number]): Buffer {
  const image = new PNG({ width, height });
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) image.data.set([...pixel(x, y), 255], (y * width + x) * 4);
  }
  return PNG.sync.write(image, { deflateLevel: 1 });
}

/** A file with one key a line, for `REWEAVE_KEYS_FILE`. */
export function keysFile(...keys: string[]): string {
  const file = join(mkdtempSync(join(tmpdir(), "reweave-keys-")), "keys");
  writeFileSync(file, keys.join("\n"));
  return file;
}
