// A page with the worker's client alone, without the element. The modules are served as they are written.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { test as base, type Page } from "@playwright/test";
import { createServer, type Plugin, type ViteDevServer } from "vite";

import type { EngineClient } from "../lib/engine-client.ts";
import { PHOTOGRAPH, png } from "./fixtures.ts";

declare global {
  interface Window {
    /** The client under test. */
    client: EngineClient;
    /** The photograph of 512 × 512, and other files by name. */
    file: (name: string) => Promise<Blob>;
    /** The bits of a mask of one rectangle. */
    bits: (width: number, height: number, area: [number, number, number, number]) => Uint8Array;
    /** A picture of 1800 × 1200, and the bits of 48 pieces of it. */
    many: () => Promise<{ file: Blob; mask: Uint8Array }>;
    /** A digest of a file's bytes. */
    digest: (file: Blob) => Promise<string>;
    /** The code of the error that a call ends with, or nothing. */
    code: (work: Promise<unknown>) => Promise<string | null>;
    /** Ends the worker as a crash would. */
    lose: () => void;
    started: Worker[];
  }
}

const PRELUDE = `
  window.started = [];
  window.Worker = class extends Worker {
    constructor(...args) { super(...args); window.started.push(this); }
  };
  const { EngineClient } = await import("/lib/engine-client.ts");
  window.client = new EngineClient();
  window.file = async (name) => (await fetch("/files/" + name)).blob();
  window.digest = async (file) => {
    const hash = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  window.bits = (width, height, [x, y, w, h]) => {
    const row = Math.ceil(width / 64) * 8;
    const bits = new Uint8Array(row * height);
    for (let py = y; py < y + h; py++) {
      for (let px = x; px < x + w; px++) bits[py * row + (px >> 3)] |= 1 << (px & 7);
    }
    return bits;
  };
  window.many = async () => {
    const tile = await createImageBitmap(await window.file("coffee"));
    const canvas = new OffscreenCanvas(1800, 1200);
    for (let i = 0; i < 9; i++) canvas.getContext("2d").drawImage(tile, (i % 3) * 600, Math.floor(i / 3) * 400);
    const mask = new Uint8Array(232 * 1200);
    for (let i = 0; i < 48; i++) {
      const piece = window.bits(1800, 1200, [60 + (i % 8) * 210, 50 + Math.floor(i / 8) * 185, 90 + i % 7, 66 + i % 5]);
      for (let byte = 0; byte < mask.length; byte++) mask[byte] |= piece[byte];
    }
    return { file: await canvas.convertToBlob(), mask };
  };
  window.code = (work) => work.then(() => null, (error) => error.code ?? String(error));
  window.lose = () => window.started.at(-1).dispatchEvent(new ErrorEvent("error", { message: "made to end" }));
`;

/** A JPEG's header behind more bytes than are read at first. */
function longHeader(jpeg: Buffer): Buffer {
  const segment = Buffer.alloc(60_000, 0x55);
  segment.writeUInt16BE(0xffed, 0);
  segment.writeUInt16BE(segment.length - 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), segment, segment, segment, jpeg.subarray(2)]);
}

const COFFEE = readFileSync(join(import.meta.dirname, "../../tests/segment_golden/coffee.jpg"));

const FILES: Readonly<Record<string, Buffer>> = {
  photograph: readFileSync(PHOTOGRAPH),
  coffee: COFFEE,
  "coffee-long": longHeader(COFFEE),
  wide: png(1100, 60, (x, y) => [x & 255, y * 4, (x + y) & 255]),
  // A line of 100 × 4 on a slope.
  line: png(200, 120, (x, y) => (x >= 50 && x < 150 && y >= 60 && y < 64 ? [250, 250, 250] : [x >> 1, x >> 1, y >> 1])),
  gif: Buffer.from("GIF89a\x01\x00\x01\x00\x00\x00\x00;", "latin1"),
  text: Buffer.from("just a text"),
  empty: Buffer.alloc(0),
};

/** How often the worker's script was asked for: once for each worker. */
export interface Starts {
  count: number;
}

export const test = base.extend<{ page: Page; starts: Starts }, { vite: ViteDevServer; allStarts: Starts }>({
  allStarts: [async ({}, use) => use({ count: 0 }), { scope: "worker" }],
  starts: async ({ allStarts }, use) => {
    allStarts.count = 0;
    await use(allStarts);
  },
  vite: [
    async ({ allStarts }, use) => {
      const root = join(import.meta.dirname, "..");
      const counting: Plugin = {
        name: "counting",
        configureServer: (server) => {
          server.middlewares.use((request, _, next) => {
            if (/\/lib\/worker\.ts\?.*worker_file/.test(request.url ?? "")) allStarts.count++;
            next();
          });
        },
      };
      const server = { port: 0 };
      const vite = await createServer({ configFile: false, root, logLevel: "error", server, plugins: [counting] });
      await vite.listen();
      await use(vite);
      await vite.close();
    },
    { scope: "worker" },
  ],
  page: async ({ page, vite }, use) => {
    const address = vite.resolvedUrls?.local[0] ?? "";
    await page.route("**/files/*", (route) =>
      route.fulfill({ body: FILES[new URL(route.request().url()).pathname.split("/").pop() ?? ""] ?? "" }),
    );
    await page.route("**/blank", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
    await page.goto(`${address}blank`);
    await page.addScriptTag({ type: "module", content: `${PRELUDE} window.ready = true;` });
    await page.waitForFunction("window.ready");
    await use(page);
  },
});
