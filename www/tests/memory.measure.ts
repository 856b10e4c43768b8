// Memory at 4096 × 4096: of the tab's process, and of the wasm modules of the page and of each worker, after
// opening, after marking, after a repair, and after the element is gone.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium, type CDPSession, type Page } from "@playwright/test";

import type { ReweaveEditor } from "../element/reweave-editor.ts";
import { Editor, expect, png, startServer, test } from "./fixtures.ts";

/** Hears of every wasm memory of the page or the worker that it runs in. */
const SPY = `{
  self.wasmMemories = [];
  const { instantiate, instantiateStreaming } = WebAssembly;
  const kept = (loaded) => {
    const { memory } = (loaded.instance ?? loaded).exports;
    if (memory) self.wasmMemories.push(memory);
    return loaded;
  };
  WebAssembly.instantiate = (...args) => instantiate(...args).then(kept);
  WebAssembly.instantiateStreaming = (...args) => instantiateStreaming(...args).then(kept);
}
`;

const PAGE = process.env.REWEAVE_PAGE_DIR ?? "dist";
const MARKS = { "a quarter in 500 strokes": strokes, "5 % in one hole": hole, "5 % in strokes": lines, "5 % in 64 holes": holes };

for (const [name, mark] of Object.entries(MARKS)) {
  test(`memory at 4096 × 4096: ${name}`, async ({}, { project }) => {
    const browser = await chromium.launch(project.use.launchOptions ?? {});
    const spied = spiedPage(PAGE);
    process.env.REWEAVE_PAGE_DIR = spied;
    const server = await startServer();
    try {
      const page = await browser.newPage();
      const session = await browser.newBrowserCDPSession();
      await page.addInitScript(SPY);
      await page.goto(server.url);
      const editor = new Editor(page);
      await report("empty page", page, session);
      const buffer = png(4096, 4096, (x, y) => [(x >> 4) & 255, (y >> 4) & 255, (x ^ y) & 255]);
      await editor.openPhotograph({ name: "large.png", mimeType: "image/png", buffer });
      await expect.poll(() => page.evaluate(() => document.querySelector<ReweaveEditor>("reweave-editor")?.controller.isDecoding)).toBe(false);
      await report("opened", page, session);
      await page.evaluate(mark);
      const history = await page.evaluate(() => document.querySelector<ReweaveEditor>("reweave-editor")?.selection?.memory() ?? 0);
      await report(name, page, session);
      console.log(`  the history holds ${megabytes(history)} MB`);
      await editor.button("Repair").click();
      await expect(editor.status).toContainText(" 0 outside", { timeout: 60_000 });
      await report("repaired", page, session);
      await page.evaluate(() => document.querySelector("reweave-editor")?.remove());
      await page.waitForTimeout(500);
      await report("removed", page, session);
    } finally {
      await browser.close();
      server.stop();
      rmSync(spied, { recursive: true });
    }
  });
}

/** A copy of the page whose workers, helpers among them, tell of their memories. */
function spiedPage(page: string): string {
  const copy = mkdtempSync(join(tmpdir(), "reweave-page-"));
  cpSync(page, copy, { recursive: true });
  for (const name of readdirSync(join(copy, "assets")).filter((name) => /^worker-.*\.js$/.test(name))) {
    const file = join(copy, "assets", name);
    writeFileSync(file, SPY + readFileSync(file, "utf8"));
  }
  return copy;
}

function hole(): void {
  const { controller } = document.querySelector<ReweaveEditor>("reweave-editor") ?? {};
  controller?.marks.addRectangle({ x: 1500, y: 1500, width: 916, height: 916 }, false);
}

function holes(): void {
  const { controller } = document.querySelector<ReweaveEditor>("reweave-editor") ?? {};
  for (let i = 0; i < 64; i++) {
    const [x, y] = [100 + 500 * (i % 8), 100 + 500 * Math.floor(i / 8)];
    controller?.marks.addRectangle({ x, y, width: 114, height: 114 }, false);
  }
}

/** 17 lines of 12 pixels from edge to edge. */
function lines(): void {
  const { controller } = document.querySelector<ReweaveEditor>("reweave-editor") ?? {};
  for (let i = 0; i < 17; i++) {
    controller?.marks.beginStroke(0, 240 * i, 12, false);
    controller?.marks.extendStroke(new Float32Array([4096, 240 * i + 200]));
    controller?.marks.endStroke();
  }
}

/** 500 strokes of 300 points: a quarter of the picture. */
function strokes(): void {
  const { controller } = document.querySelector<ReweaveEditor>("reweave-editor") ?? {};
  for (let i = 0; i < 500; i++) {
    controller?.marks.beginStroke(0, 8 * i, 2, false);
    controller?.marks.extendStroke(new Float32Array(Array.from({ length: 600 }, (_, k) => (k % 2 ? 8 * i + (k % 9) : 6.5 * k))));
    controller?.marks.endStroke();
  }
}

async function report(when: string, page: Page, session: CDPSession): Promise<void> {
  await (await page.context().newCDPSession(page)).send("HeapProfiler.collectGarbage");
  const own = await page.evaluate(sizes);
  const workers = await Promise.all(page.workers().map((worker) => worker.evaluate(sizes)));
  const list = (figures: number[]) => figures.map(megabytes).join(" + ") || "none";
  console.log(`${when}: tab ${await tab(session)} MB; reweave.wasm ${list(own)} MB, engine.wasm ${list(workers.flat())} MB, workers ${workers.length}`);
}

function sizes(): number[] {
  const { wasmMemories = [] } = self as unknown as { wasmMemories?: WebAssembly.Memory[] };
  return wasmMemories.map(({ buffer }) => buffer.byteLength);
}

/** Resident memory of the renderer: pictures for showing are among it where there is no GPU. */
async function tab(session: CDPSession): Promise<string> {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const resident = processInfo
    .filter(({ type }) => type === "renderer")
    .map(({ id }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1]) * 1024);
  // The largest is the page's; others wait for pages to come.
  return megabytes(Math.max(...resident));
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
