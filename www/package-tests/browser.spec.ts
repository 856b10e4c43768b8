// The library in a page of its own: how it starts, what it takes, what it gives, and what goes wrong.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Page } from "@playwright/test";

import type * as Reweave from "../lib/index.ts";
import { startServer } from "../tests/fixtures.ts";
import { expect, MARK, PICTURE, test as base } from "./fixtures.ts";
import { serveFiles, type Project } from "./project.ts";

declare global {
  interface Window {
    reweave: typeof Reweave;
    /** The picture's file. */
    picture: Blob;
    /** The code of the error that a call ends with, or nothing. */
    codeOf: (work: () => unknown) => Promise<string | null>;
  }
}

/** One installation for all of these tests. */
const test = base.extend<{ library: Page }, { installed: Project }>({
  installed: [
    async ({}, use) => {
      const { Project } = await import("./project.ts");
      const own = new Project(null);
      await own.install();
      own.writeBytes("picture.png", PICTURE);
      own.write("index.html", `<!doctype html><script type="module">
        window.picture = await (await fetch("/picture.png")).blob();
        window.codeOf = async (work) => {
          try { await work(); return null; } catch (error) { return error instanceof reweave.ReweaveError ? error.code : String(error); }
        };
        window.reweave = await import("/node_modules/reweave/dist/index.js");
      </script>`);
      await use(own);
      own.remove();
    },
    { scope: "worker" },
  ],
  library: async ({ page, installed }, use) => {
    const site = await installed.serve(".");
    await page.goto(site.url);
    await page.waitForFunction(() => "reweave" in window);
    await use(page);
    site.stop();
  },
});

test("it starts once, tells what is missing, and starts again after a failure", async ({ library, faults }) => {
  let isThere = false;
  let asked = 0;
  await library.route("**/reweave.wasm", (route) => {
    asked++;
    return isThere ? route.continue() : route.abort();
  });
  const early = await library.evaluate(async () => {
    const { init, Mask, ready, Selection } = window.reweave;
    const { codeOf } = window;
    const before = [await codeOf(() => new Selection(3, 3)), await codeOf(() => Mask.fromRectangles(3, 3, [])), ready()];
    return [...before, await codeOf(() => init()), ready()];
  });
  expect(early).toEqual(["out-of-order", "out-of-order", false, "module-lost", false]);
  isThere = true;
  const late = await library.evaluate(async () => {
    const { init, Mask, ready, Selection } = window.reweave;
    await Promise.all([init(), init()]);
    await init();
    const selection = new Selection(30, 20);
    selection.addRectangle({ x: 1, y: 2, width: 3, height: 4 }, false);
    const isMask = selection.mask() instanceof Mask;
    return [ready(), isMask, selection instanceof Selection, await window.codeOf(() => Mask.fromRectangles(3, 3, []))];
  });
  expect(late).toEqual([true, true, true, "empty-mask"]);
  expect(asked).toBe(2);
  faults.splice(0, 1);
});

test("its parts can be elsewhere: bytes, a module, a worker that somebody makes", async ({ library }) => {
  const found = await library.evaluate(async ({ mark }) => {
    const at = (name: string) => new URL(`/node_modules/reweave/dist/${name}`, location.href);
    const bytes = await (await fetch(at("reweave.wasm"))).arrayBuffer();
    const engine = await WebAssembly.compileStreaming(fetch(at("engine.wasm")));
    let made = 0;
    const worker = () => {
      made++;
      return new Worker(at("worker.js"), { type: "module" });
    };
    await window.reweave.init({ wasm: bytes, engine, worker });
    const repaired = await window.reweave.repair(window.picture, [mark]);
    repaired.close();
    return { made, changes: repaired.changes };
  }, { mark: MARK });
  expect(found).toEqual({ made: 1, changes: { inside: MARK.width * MARK.height, outside: 0 } });
});

test("pictures and regions of every kind make the same repair", async ({ library }) => {
  const found = await library.evaluate(async ({ mark }) => {
    const { init, Mask, openPicture, repair, Selection } = window.reweave;
    await init();
    const bitmap = await createImageBitmap(window.picture);
    const canvas = Object.assign(document.createElement("canvas"), { width: bitmap.width, height: bitmap.height });
    const context = canvas.getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    const image = new Image();
    image.src = "/picture.png";
    await image.decode();
    const offscreen = new OffscreenCanvas(bitmap.width, bitmap.height);
    offscreen.getContext("2d")?.drawImage(bitmap, 0, 0);
    const pixels = context?.getImageData(0, 0, bitmap.width, bitmap.height) as ImageData;
    const file = await window.picture.arrayBuffer();
    const drawn = new OffscreenCanvas(bitmap.width, bitmap.height);
    drawn.getContext("2d")?.fillRect(mark.x, mark.y, mark.width, mark.height);
    const mask = Mask.fromRectangles(bitmap.width, bitmap.height, [mark]);
    const selection = new Selection(bitmap.width, bitmap.height);
    selection.addRectangle(mark, false);
    const pictures = [window.picture, file, new Uint8Array(file), pixels, bitmap, canvas, offscreen, image, new URL("/picture.png", location.href)];
    const regions = [[mark], new Set([mark]), mask, selection, drawn, drawn.getContext("2d")?.getImageData(0, 0, bitmap.width, bitmap.height) as ImageData, await mask.toBlob()];
    const digests: string[] = [];
    const digest = async (repaired: Reweave.Repaired) => {
      const { data } = await repaired.toImageData();
      const hash = await crypto.subtle.digest("SHA-256", data);
      digests.push(String(new Uint32Array(hash)));
      repaired.close();
    };
    for (const picture of pictures) await digest(await repair(picture, [mark]));
    const opened = await openPicture(window.picture);
    for (const region of regions) await digest(await opened.repair(region));
    opened.close();
    return { count: digests.length, kinds: new Set(digests).size };
  }, { mark: MARK });
  expect(found).toEqual({ count: 16, kinds: 1 });
});

test("it works in a module worker, which has workers of its own", async ({ library, installed }) => {
  installed.write("own-worker.js", `
    import { repair } from "/node_modules/reweave/dist/index.js";
    self.addEventListener("message", async ({ data: { picture, mark } }) => {
      const repaired = await repair(picture, [mark]);
      self.postMessage({ changes: repaired.changes, type: (await repaired.toBlob()).type });
    });
  `);
  const found = await library.evaluate(async (mark) => {
    const worker = new Worker("/own-worker.js", { type: "module" });
    worker.postMessage({ picture: window.picture, mark });
    return new Promise((answered) => worker.addEventListener("message", ({ data }) => answered(data)));
  }, MARK);
  expect(found).toEqual({ changes: { inside: MARK.width * MARK.height, outside: 0 }, type: "image/png" });
});

test("masks go to canvases, files and rectangles, and come from any channel", async ({ library }) => {
  const found = await library.evaluate(async () => {
    const { init, Mask, maskFromCanvas, readMask } = window.reweave;
    await init();
    const mask = Mask.fromRectangles(40, 30, [{ x: 3, y: 4, width: 5, height: 6 }, { x: 30, y: 20, width: 2, height: 2 }]);
    const image = mask.toImageData();
    const at = (x: number, y: number) => [...image.data.slice(4 * (y * 40 + x), 4 * (y * 40 + x) + 4)];
    const context = new OffscreenCanvas(40, 30).getContext("2d") as OffscreenCanvasRenderingContext2D;
    context.fillStyle = "#0000ff";
    context.fillRect(0, 0, 40, 30);
    mask.paintOnto(context, { color: "#ff0000", opacity: 1 });
    const painted = [...context.getImageData(3, 4, 1, 1).data, ...context.getImageData(2, 4, 1, 1).data];
    const file = await mask.toBlob();
    const read = await readMask(file);
    const red = await maskFromCanvas(context.canvas, { channel: "red", threshold: 200 });
    const blue = await maskFromCanvas(context.canvas, { channel: "blue", invert: true });
    const same = [read.mask, red, blue].map((other) => other.toBytes().every((byte, i) => byte === mask.toBytes()[i]));
    return {
      pixels: [at(3, 4), at(2, 4)], painted, type: file.type, same, marked: read.marked,
      cover: [mask.toRectangles(), mask.toRectangles(1)],
      refused: await window.codeOf(() => maskFromCanvas(context.canvas, { channel: "cyan" as "red" })),
    };
  });
  expect(found).toEqual({
    pixels: [[255, 255, 255, 255], [0, 0, 0, 255]],
    painted: [255, 0, 0, 255, 0, 0, 255, 255],
    type: "image/png",
    same: [true, true, true],
    marked: "white",
    cover: [expect.arrayContaining([{ x: 3, y: 4, width: 5, height: 6 }, { x: 30, y: 20, width: 2, height: 2 }]), [{ x: 3, y: 4, width: 29, height: 18 }]],
    refused: "argument",
  });
});

test("versions go on from each other, previews come, and what is cancelled leaves nothing", async ({ library }) => {
  const found = await library.evaluate(async ({ mark }) => {
    const { openPicture } = window.reweave;
    const large = new OffscreenCanvas(1600, 1200);
    large.getContext("2d")?.drawImage(await createImageBitmap(window.picture), 0, 0, 1600, 1200);
    const picture = await openPicture(large);
    const region = [{ x: 200, y: 200, width: 900, height: 700 }];
    let previews = 0;
    const onPreview = (patches: readonly Reweave.ShownPatch[]) => {
      previews += patches.length;
      for (const { bitmap } of patches) bitmap.close();
    };
    const first = await picture.repair(region, { onPreview });
    const second = await first.repair([mark], { expand: 2 });
    const task = picture.repair(region, { seed: 3 });
    const cancelled = await window.codeOf(async () => {
      for await (const { fraction } of task) if ((fraction ?? 0) > 0.1) task.cancel();
      await task;
    });
    const abort = new AbortController();
    const aborted = await window.codeOf(() => picture.repair(region, { seed: 3, signal: abort.signal, onProgress: () => abort.abort() }));
    const jpeg = await second.toBlob("image/jpeg", 0.7);
    const bitmap = await second.toImageBitmap();
    const other = await openPicture(large);
    const left = window.codeOf(() => other.repair(region, { onProgress: () => setTimeout(() => other.close()) }));
    first.close();
    const goes = await window.codeOf(() => second.toBlob());
    const gone = await window.codeOf(() => first.toBlob());
    picture.close();
    return { left: await left, previews: previews > 0, cancelled, aborted, type: jpeg.type, width: bitmap.width, goes, gone, closed: await window.codeOf(() => second.toBlob()), added: typeof second.added?.expand };
  }, { mark: MARK });
  expect(found).toEqual({
    left: "cancelled", previews: true, cancelled: "cancelled", aborted: "cancelled", type: "image/jpeg", width: 1600,
    goes: null, gone: "no-such-version", closed: "out-of-order", added: "number",
  });
});

test("an endpoint repairs, and is told of before", async ({ library }) => {
  const server = await startServer({}, "--allow-origin", "*");
  try {
    const found = await library.evaluate(async ({ mark, url }) => {
      const endpoint = { profile: "custom", url: `${url}/tasks/visual/watermark` };
      const told: Reweave.Sending[] = [];
      const confirm = (sending: Reweave.Sending) => {
        told.push(sending);
        return Promise.resolve(true);
      };
      const stages = new Set<string>();
      const onProgress = ({ stage }: Reweave.RepairProgress) => stages.add(stage);
      const repaired = await window.reweave.repair(window.picture, [mark], { endpoint, confirm, onProgress });
      repaired.close();
      const refused = await window.codeOf(() => window.reweave.repair(window.picture, [mark], { endpoint, confirm: () => Promise.resolve(false) }));
      return { changes: repaired.changes, told: told.length, region: told[0]?.region, stages: [...stages], refused };
    }, { mark: MARK, url: server.url });
    expect(found.changes.outside).toBe(0);
    expect(found.changes.inside).toBeGreaterThan(500);
    expect(found).toMatchObject({ told: 1, region: { rectangles: 1 }, refused: "cancelled" });
    expect(found.stages).toEqual(expect.arrayContaining(["prepare", "send", "composite"]));
  } finally {
    server.stop();
  }
});

test("a page of another origin uses it, where it may run a script of its own", async ({ page, installed, project, faults }) => {
  const files = await serveFiles(join(installed.folder, "node_modules/reweave/dist"), { "Access-Control-Allow-Origin": "*" });
  const html = `<!doctype html><script type="module" src="${files.url}element.js"></script><reweave-editor></reweave-editor>`;
  const own = project(null);
  own.write("index.html", html);
  const repaired = async (policy: string) => {
    const site = await own.serve(".", { "Content-Security-Policy": policy });
    await page.goto(site.url);
    return page.evaluate(async (bytes) => {
      await customElements.whenDefined("reweave-editor");
      const editor = document.querySelector("reweave-editor");
      if (!editor) throw new Error("no element");
      const refused = new Promise<string>((resolve) => editor.addEventListener("reweave-error", ({ detail }) => resolve(detail.error.code)));
      const done = async () => {
        await editor.open(new Blob([new Uint8Array(bytes)]));
        editor.mark((selection) => selection.addRectangle({ x: 90, y: 60, width: 30, height: 20 }, false));
        return (await editor.repair()) ? "repaired" : refused;
      };
      return Promise.race([refused, done()]);
    }, [...readFileSync(join(installed.folder, "picture.png"))]);
  };
  expect(await repaired(`default-src 'self' ${files.url} 'unsafe-inline' 'wasm-unsafe-eval'; worker-src blob: ${files.url}; img-src blob: data:`)).toBe("repaired");
  expect(await repaired(`default-src 'self' ${files.url} 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'self'; img-src blob: data:`)).toBe("worker-lost");
  // The browser tells of what it refused.
  expect(faults.splice(0).join()).toContain("worker-src");
  files.stop();
});
