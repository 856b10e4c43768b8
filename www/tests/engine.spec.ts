// The worker's client, without the element: versions, what is kept when the worker is lost, and the
// calls that start no repair.

import { expect } from "@playwright/test";

import { test } from "./client-page.ts";

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
