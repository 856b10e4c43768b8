// Parts of a fill in other workers: what comes out is the same, whoever fills it, and whoever does not.

import { expect } from "@playwright/test";

import type { Shared } from "../lib/helpers.ts";
import { test } from "./client-page.ts";

test("as many workers as are asked for fill the same", async ({ page, starts }) => {
  const found = await page.evaluate(async () => {
    const { client, many, digest } = window;
    const { file, mask } = await many();
    await client.open(file, { bitmap: false });
    const seen = [];
    for (const threads of [1, 2, 3]) {
      let before = 0;
      let falls = 0;
      const onReport = ({ progress }: { progress: { fraction: number } }) => {
        if (progress.fraction < before) falls++;
        before = progress.fraction;
      };
      const { version, changes } = await client.fill(mask, 0, { options: { threads }, onReport });
      const png = await digest(await client.encode({ format: "png", version }));
      seen.push({ png, outside: changes.outside, falls });
    }
    return seen;
  });
  expect(new Set(found.map(({ png }) => png)).size).toBe(1);
  expect(found.map(({ outside, falls }) => outside + falls)).toEqual([0, 0, 0]);
  // The first alone, then one helper, then another one.
  expect(starts.count).toBe(3);
});

test("what is small is filled alone", async ({ page, starts }) => {
  await page.evaluate(async () => {
    const { client, file, bits } = window;
    await client.open(await file("photograph"), { bitmap: false });
    const mask = bits(512, 512, [20, 20, 12, 9]).map((byte, i) => byte | (bits(512, 512, [400, 400, 9, 9])[i] ?? 0));
    await client.fill(mask, 0, { options: { threads: 4 } });
  });
  expect(starts.count).toBe(1);
});

test("a fill with helpers can be cancelled, and the next one begins at once", async ({ page, starts }) => {
  const found = await page.evaluate(async () => {
    const { client, many, code } = window;
    const { file, mask } = await many();
    await client.open(file, { bitmap: false });
    const cancelled = [];
    for (const at of [0.1, 0.5]) {
      const abort = new AbortController();
      const onReport = ({ progress }: { progress: { fraction: number } }) => {
        if (progress.fraction > at) abort.abort();
      };
      cancelled.push(await code(client.fill(mask, 0, { options: { threads: 3 }, signal: abort.signal, onReport })));
    }
    const { changes } = await client.fill(mask, 0, { options: { threads: 3 } });
    return { cancelled, outside: changes.outside, workers: window.started.length };
  });
  expect(found).toEqual({ cancelled: ["cancelled", "cancelled"], outside: 0, workers: 1 });
  // On a busy machine a helper may be too slow to hear of it, and is started anew.
  expect(starts.count).toBeGreaterThanOrEqual(3);
});

/** How a job went whose helpers were these. */
async function filledBy(page: import("@playwright/test").Page, kind: "good" | "missing" | "lost") {
  return page.evaluate(async (kind) => {
    const [{ default: init, Engine }, { Helpers }] = await Promise.all([
      import("../generated/engine.js"),
      import("../lib/helpers.ts"),
    ]);
    await init({ module_or_path: "/generated/engine.wasm" });
    const { file, mask } = await window.many();
    const engine = new Engine(new Uint8Array(await file.arrayBuffer()), 1 << 29);
    const job = engine.fill(mask, 0, undefined);
    const counts = { lent: 0, taken: 0, given: 0 };
    const shared: Shared = {
      isShareable: () => job.isShareable(),
      lend: () => {
        const loan = job.lend();
        if (loan) counts.lent++;
        return loan;
      },
      takeBack: (answer) => {
        job.takeBack(answer);
        counts.taken++;
      },
      giveUp: (number) => {
        job.giveUp(number);
        counts.given++;
      },
    };
    const made: Worker[] = [];
    const make = () => {
      const url = kind === "missing" ? "/nothing.js" : "/lib/worker.ts?worker_file&type=module";
      const worker = new Worker(url, { type: "module" });
      made.push(worker);
      started = new Promise((answered) => {
        for (const type of ["message", "error"]) worker.addEventListener(type, () => setTimeout(answered), { once: true });
      });
      return worker;
    };
    let started = Promise.resolve();
    const helpers = new Helpers(make, new URL("/generated/engine.wasm", location.href).href);
    const crew = helpers.join(shared, 2);
    crew.lend();
    // It answers that it has started, or fails to, before the job is done without it.
    await new Promise((next) => setTimeout(next));
    await started;
    for (;;) {
      crew.lend();
      // Ends as a crash would, while it has something to fill.
      if (kind === "lost" && counts.lent > 0 && counts.given === 0) made[0]?.dispatchEvent(new ErrorEvent("error", { message: "made to end" }));
      const { kind: step } = job.step();
      if (step === "done") break;
      await (step === "waiting" ? crew.news() : new Promise((next) => setTimeout(next)));
    }
    crew.end();
    const { version } = engine.acceptFill(job);
    const png = engine.encodePng(version) as Uint8Array<ArrayBuffer>;
    engine.free();
    return { ...counts, made: made.length, png: await window.digest(new Blob([png])) };
  }, kind);
}

test("a helper that does not start or is lost in its work costs nothing but time", async ({ page }) => {
  const good = await filledBy(page, "good");
  expect([good.lent > 2, good.taken === good.lent, good.given, good.made]).toEqual([true, true, 0, 1]);
  const missing = await filledBy(page, "missing");
  expect(missing).toEqual({ lent: 0, taken: 0, given: 0, made: 1, png: good.png });
  const lost = await filledBy(page, "lost");
  expect(lost).toEqual({ lent: 2, taken: 0, given: 2, made: 1, png: good.png });
});
