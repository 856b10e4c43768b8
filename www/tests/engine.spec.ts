// The worker's client, without the element: versions, what is kept when the worker is lost, and the
// calls that start no repair. The modules are served as they are written.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { test as base, expect, type Page } from "@playwright/test";
import { createServer, type ViteDevServer } from "vite";

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

const test = base.extend<{ page: Page }, { vite: ViteDevServer }>({
  vite: [
    async ({}, use) => {
      const root = join(import.meta.dirname, "..");
      const vite = await createServer({ configFile: false, root, logLevel: "error", server: { port: 0 } });
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

test("versions outlive the worker, forgetting and a refused picture", async ({ page }) => {
  const found = await page.evaluate(async () => {
    const { client, file, bits, digest, code, lose } = window;
    const png = async (version: number) => digest(await client.encode({ format: "png", version }));
    await client.open(await file("photograph"), { bitmap: false });
    const first = await client.fill(bits(512, 512, [30, 40, 60, 50]), 0, {});
    const second = await client.fill(bits(512, 512, [300, 200, 90, 80]), first.version, {});
    const other = await client.fill(bits(512, 512, [300, 200, 90, 80]), 0, {});
    const delivered = new Uint8Array(await (await client.encode({ format: "png", version: other.version })).arrayBuffer());
    const third = await client.accept(delivered, bits(512, 512, [5, 5, 9, 9]), true, second.version);
    const numbers = [first, second, other, third].map((repaired) => repaired.version);
    const before = [await png(0), await png(second.version), await png(third.version)];
    lose();
    const after = [await png(0), await png(second.version), await png(third.version)];
    client.forget(first.version);
    const gone = await code(png(first.version));
    lose();
    const again = [await png(0), await png(second.version), await png(third.version)];
    const refused = [await code(client.open(await file("gif"))), await code(client.open(await file("text")))];
    const kept = [await png(0), await png(second.version), await png(third.version)];
    await client.open(await file("coffee"));
    const replaced = await code(png(second.version));
    const next = await client.fill(bits(600, 400, [3, 4, 5, 6]), 0, {});
    return {
      numbers, before, after, again, kept, gone, refused, replaced, next: next.version,
      workers: window.started.length,
      changes: [first, second, third].map((repaired) => repaired.changes.outside),
      shown: second.patches.map((patch) => [patch.bounds.x, patch.bitmap.width]),
    };
  });
  expect(found.numbers).toEqual([1, 2, 3, 4]);
  expect(new Set(found.before).size).toBe(3);
  expect(found.after, "after the worker was lost").toEqual(found.before);
  expect(found.again, "lost again, with a version forgotten that others need").toEqual(found.before);
  expect(found.kept, "after a picture was refused").toEqual(found.before);
  expect(found.gone).toBe("no-such-version");
  expect(found.refused).toEqual(["gif-refused", "not-a-picture"]);
  expect(found.replaced, "of another picture").toBe("no-such-version");
  expect(found.next, "numbers are not given twice").toBe(5);
  expect(found.workers).toBe(3);
  expect(found.changes.slice(0, 2)).toEqual([0, 0]);
  expect(found.shown).toEqual([[300, 90]]);
});

test("calls that run when the worker is lost or the picture changes end with an error", async ({ page }) => {
  const found = await page.evaluate(async () => {
    const { client, file, bits, code, lose } = window;
    await client.open(await file("photograph"), { bitmap: false });
    const large = bits(512, 512, [10, 10, 480, 480]);
    const lost = code(client.fill(large, 0, { onReport: () => setTimeout(lose) }));
    const first = await lost;
    const abort = new AbortController();
    const cancelled = await code(client.fill(large, 0, { signal: abort.signal, onReport: () => abort.abort() }));
    const next = await file("coffee");
    const running = code(client.fill(large, 0, {}));
    await client.open(next, { bitmap: false });
    const replaced = await running;
    const small = await client.fill(bits(600, 400, [10, 10, 20, 20]), 0, {});
    client.close();
    const closed = await code(client.wand({ version: 0, x: 1, y: 1, tolerance: 1 }));
    return { first, cancelled, replaced, outside: small.changes.outside, closed };
  });
  expect(found).toEqual({ first: "worker-lost", cancelled: "cancelled", replaced: "cancelled", outside: 0, closed: "out-of-order" });
});

test("a header is read without the pixels, and levels come with an opened picture", async ({ page }) => {
  const found = await page.evaluate(async () => {
    const { client, file, code } = window;
    client.preload();
    const probed = [];
    for (const name of ["photograph", "coffee", "coffee-long", "wide"]) probed.push(await client.probe(await file(name)));
    const refused = [];
    for (const name of ["gif", "text", "empty"]) refused.push(await code(client.probe(await file(name))));
    const wide = await client.open(await file("wide"), { bitmap: false });
    const whole = await client.open(await file("coffee"));
    const size = (bitmap: ImageBitmap) => [bitmap.width, bitmap.height];
    return { probed, refused, bitmap: wide.bitmap, wide: wide.levels.map(size), whole: whole.bitmap && size(whole.bitmap), levels: whole.levels.map(size) };
  });
  const coffee = { width: 600, height: 400, format: "jpeg" };
  const photograph = { width: 512, height: 512, format: "png" };
  expect(found.probed).toEqual([photograph, coffee, coffee, { width: 1100, height: 60, format: "png" }]);
  expect(found.refused).toEqual(["gif-refused", "not-a-picture", "empty-file"]);
  expect(found.bitmap).toBeNull();
  expect(found.wide).toEqual([[550, 30], [275, 15]]);
  expect([found.whole, found.levels]).toEqual([[600, 400], [[300, 200]]]);
});

test("masks are found, come in and go out", async ({ page }) => {
  const found = await page.evaluate(async () => {
    const { client, file, bits, code } = window;
    await client.open(await file("photograph"), { bitmap: false });
    const count = (mask: Uint8Array) => mask.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
    const wand = await client.wand({ version: 0, x: 100, y: 370, tolerance: 60 });
    const area = { x: 60, y: 300, width: 80, height: 60 };
    const strokes = await code(client.strokes({ version: 0, area, grow: 3 }));
    const mask = bits(512, 512, [100, 90, 40, 30]);
    const read = await client.readMask(await client.holePng(mask, 0));
    const white = await client.readMask(new Blob([await client.maskPng({ width: 512, height: 512, mask })]));
    const same = [read, white].map((read) => read.bits.every((byte, i) => byte === mask[i]));
    const range = await code(client.wand({ version: 0, x: 512, y: 0, tolerance: 1 }));
    await client.open(await file("line"), { bitmap: false });
    const frame = { x: 40, y: 40, width: 120, height: 40 };
    const line = [0, 2].map(async (grow) => count(await client.strokes({ version: 0, area: frame, grow })));
    return {
      wand: count(wand), strokes, line: await Promise.all(line), length: wand.length, same, range,
      marked: [read.marked, white.marked], certain: [read.certain, white.certain], share: read.share,
    };
  });
  expect(found.wand).toBeGreaterThan(2000);
  expect(found.strokes).toBe("no-strokes");
  expect(found.length).toBe(64 * 512);
  expect(found.line[0]).toBe(400);
  // Two more on each side, less the corners.
  expect(found.line[1]).toBe(104 * 8 - 4);
  expect(found.same).toEqual([true, true]);
  expect(found.marked).toEqual(["transparent", "white"]);
  expect(found.certain).toEqual([true, true]);
  expect(found.share).toBeCloseTo(1200 / 512 / 512, 6);
  expect(found.range).toBe("out-of-range");
});
