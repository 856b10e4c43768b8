// The package in Node.js: what its README shows of that, types for every way of resolving modules, and
// what others find in the tarball.

import { expect, MARK, PICTURE, test } from "./fixtures.ts";
import { TARBALL } from "./project.ts";

test("Node.js marks, repairs and reads back", async ({ project }) => {
  const own = project(null);
  await own.install();
  own.writeBytes("picture.png", PICTURE);
  own.write("repair.mjs", `
    import { readFile, writeFile } from "node:fs/promises";
    import { init, maskFromCanvas, Mask, openPicture, repair, ReweaveError, Selection } from "reweave";

    const early = (() => { try { new Selection(3, 3); } catch (error) { return error.code; } })();
    await Promise.all([init(), init()]);
    const region = [${JSON.stringify(MARK)}];
    const file = await readFile("picture.png");
    const steps = [];
    const once = await repair(file, region, { onProgress: ({ stage }) => steps.push(stage) });
    await writeFile("repaired.png", new Uint8Array(await (await once.toBlob()).arrayBuffer()));
    once.close();

    const picture = await openPicture(file);
    const selection = new Selection(picture.width, picture.height);
    selection.addRectangle(region[0], false);
    const fractions = [];
    const task = picture.repair(selection, { threads: 2 });
    for await (const { fraction } of task) fractions.push(fraction);
    const first = await task;
    const { data, width, height } = await first.toImageData();
    const mask = Mask.fromRectangles(width, height, region);
    const second = await first.repair(mask, { quality: "fast" });
    const black = await maskFromCanvas({ width: 2, height: 1, data: new Uint8Array([0, 0, 0, 255, 0, 0, 0, 0]) });
    const code = (work) => work.then(() => null, (error) => (error instanceof ReweaveError ? error.code : String(error)));
    const abort = new AbortController();
    abort.abort();
    const codes = [
      await code(openPicture(new Uint8Array(0))),
      await code(openPicture(new Uint8Array([71, 73, 70, 56, 57, 97]))),
      await code(picture.repair([])),
      await code(picture.repair([{ x: 0, y: 0, width: 2.5, height: 1 }])),
      await code(picture.repair(black)),
      await code(picture.repair(region, { signal: abort.signal })),
      await code(picture.repair(region, { quality: "finest" })),
    ];
    const again = await openPicture(await first.toImageData());
    const pixels = await again.toImageData();
    again.close();
    picture.close();
    codes.push(await code(picture.repair(region)), await code(first.toBlob()));
    console.log(JSON.stringify({
      early, steps: steps.length > 0, last: fractions.at(-1) <= 1, changes: [once.changes, first.changes, second.changes],
      red: data[4 * (width * ${MARK.y + 5} + ${MARK.x + 9})], cover: mask.toRectangles(), marked: [black.get(0, 0), black.get(1, 0)],
      codes, same: pixels.data.every((value, i) => value === data[i]), versions: new Set([0, once.number, first.number, second.number]).size,
    }));
  `);
  const found = JSON.parse(await own.run("node", ["repair.mjs"])) as Record<string, unknown>;
  const { codes, changes, red, ...rest } = found as { codes: string[]; changes: { inside: number; outside: number }[]; red: number };
  expect(rest).toEqual({ early: "out-of-order", steps: true, last: true, cover: [MARK], marked: [true, false], same: true, versions: 4 });
  expect(red).toBeLessThan(110);
  expect(changes.map(({ outside }) => outside)).toEqual([0, 0, 0]);
  expect(changes[0]?.inside).toBe(MARK.width * MARK.height);
  expect(codes).toEqual([
    "empty-file", "gif-refused", "empty-mask", "rectangle-not-integer", "mask-size", "cancelled", "argument",
    "out-of-order", "out-of-order",
  ]);
});

test("a version keeps its picture open, which nobody else holds", async ({ project }) => {
  const own = project(null);
  await own.install();
  own.writeBytes("picture.png", PICTURE);
  own.write("kept.mjs", `
    import { readFile } from "node:fs/promises";
    import { openPicture } from "reweave";
    const file = await readFile("picture.png");
    const first = await (await openPicture(file)).repair([${JSON.stringify(MARK)}]);
    for (let round = 0; round < 5; round++) {
      globalThis.gc();
      await new Promise((next) => setTimeout(next, 20));
    }
    console.log(String((await first.toBlob()).size > 100));
  `);
  expect((await own.run("node", ["--expose-gc", "kept.mjs"])).trim()).toBe("true");
});

for (const [runtime, ...args] of [["deno", "run", "-A"], ["bun"]] as const) {
  test(`it repairs in ${runtime} too`, async ({ project }) => {
    const own = project(null);
    await own.install();
    await own.run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", runtime]);
    own.writeBytes("picture.png", PICTURE);
    own.write("repair.mjs", `
      import { readFile } from "node:fs/promises";
      import { repair } from "reweave";
      const repaired = await repair(await readFile("picture.png"), [${JSON.stringify(MARK)}]);
      const size = (await repaired.toBlob()).size;
      repaired.close();
      console.log(JSON.stringify([repaired.changes, size > 100]));
    `);
    const printed = await own.run("npx", [runtime, ...args, "repair.mjs"]);
    expect(JSON.parse(printed.trim().split("\n").at(-1) ?? "")).toEqual([{ inside: MARK.width * MARK.height, outside: 0 }, true]);
  });
}

test("on a server the element is nothing and breaks nothing", async ({ project }) => {
  const own = project(null);
  await own.install();
  own.write("server.mjs", `
    import * as reweave from "reweave";
    import * as element from "reweave/element";
    import * as named from "reweave/element/no-define";
    console.log(JSON.stringify([typeof reweave.repair, typeof element.ReweaveEditor, typeof named.ReweaveEditor]));
  `);
  expect(JSON.parse(await own.run("node", ["server.mjs"]))).toEqual(["function", "function", "function"]);
});

for (const [module, resolution] of [["ESNext", "bundler"], ["Node16", "node16"], ["NodeNext", "nodenext"]] as const) {
  test(`its types hold under strict and ${resolution}`, async ({ project }) => {
    const own = project(null);
    await own.install();
    await own.run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", "typescript@6", "@types/node@20"]);
    own.write("tsconfig.json", JSON.stringify({
      compilerOptions: {
        strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true, skipLibCheck: false,
        target: "ES2022", lib: ["ES2022", "DOM", "DOM.Iterable"], module, moduleResolution: resolution, types: ["node"],
      },
      include: ["use.ts"],
    }));
    own.write("use.ts", `
      import { init, maskFromCanvas, openPicture, repair, ReweaveError, type ErrorCode, type Region } from "reweave";
      import type { ReweaveEditor } from "reweave/element";
      import { ReweaveEditor as Class } from "reweave/element/no-define";

      export async function use(canvas: OffscreenCanvas, file: Blob): Promise<ErrorCode | number> {
        await init({ wasm: new URL("https://host.example/reweave.wasm"), engine: new Uint8Array() });
        try {
          using picture = await openPicture(file);
          const region: Region = await maskFromCanvas(canvas, { channel: "red", threshold: 9, invert: true });
          const task = picture.repair(region, { quality: "best", signal: AbortSignal.timeout(9) });
          for await (const { stage, fraction } of task) console.log(stage === "plan", fraction?.toFixed());
          const { changes } = await task;
          const once = await repair(canvas, [{ x: 1, y: 2, width: 3, height: 4 }]);
          await once.toBlob("image/jpeg", 0.8);
          return changes.outside;
        } catch (error) {
          if (error instanceof ReweaveError && error.details.code === "memory") return error.details.max;
          throw error;
        }
      }

      export function listen(editor: ReweaveEditor): ReweaveEditor {
        editor.addEventListener("reweave-result", ({ detail }) => detail.changes?.inside.toFixed());
        editor.fillOptions = { quality: "fast" };
        // @ts-expect-error: there is no such quality
        editor.fillOptions = { quality: "worst" };
        document.querySelector("reweave-editor")?.mark((selection) => selection.invert());
        return new Class();
      }
    `);
    await own.run("npx", ["tsc"]);
  });
}

test("others find nothing wrong with the tarball", async ({ project }) => {
  const own = project(null);
  await own.install();
  await own.run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", "@arethetypeswrong/cli", "publint"]);
  const lint = await own.run("npx", ["publint", "--strict", TARBALL]);
  expect(lint).toContain("All good!");
  const entries = [".", "element", "element/no-define", "worker"];
  // The package is ESM, as it says: CommonJS loads it by import().
  await own.run("npx", ["attw", TARBALL, "--profile", "esm-only", "--entrypoints", ...entries]);
});
