// The element in Firefox: opened, marked, repaired. Driven by WebDriver BiDi, as the
// browser that distributions ship takes no other.

import { expect, MARK, PICTURE, test } from "./fixtures.ts";

/** Found by `cargo xtask test`. */
const FIREFOX = process.env.REWEAVE_FIREFOX ?? "/usr/bin/firefox-esr";

test("the element repairs in Firefox", async ({ project }) => {
  const own = project("html");
  await own.install();
  await own.run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", "puppeteer-core@24"]);
  own.writeBytes("picture.png", PICTURE);
  const site = await own.serve(".");
  own.write("drive.mjs", `
    import puppeteer from "puppeteer-core";
    const browser = await puppeteer.launch({ browser: "firefox", executablePath: ${JSON.stringify(FIREFOX)} });
    const page = await browser.newPage();
    await page.goto(${JSON.stringify(site.url)});
    const found = await page.evaluate(async (mark) => {
      await customElements.whenDefined("reweave-editor");
      const editor = document.querySelector("reweave-editor");
      const errors = [];
      editor.addEventListener("reweave-error", ({ detail }) => errors.push(detail.error.code));
      const changes = new Promise((resolve) => editor.addEventListener("reweave-result", ({ detail }) => resolve(detail.changes)));
      await editor.open(await (await fetch("/picture.png")).blob());
      editor.mark((selection) => selection.addRectangle(mark, false));
      const isThere = await editor.repair();
      const blob = await editor.result();
      return { isThere, errors, changes: isThere && (await changes), type: blob?.type };
    }, ${JSON.stringify(MARK)});
    await browser.close();
    console.log(JSON.stringify(found));
  `);
  const found = JSON.parse(await own.run("node", ["drive.mjs"])) as unknown;
  const changes = { inside: MARK.width * MARK.height, outside: 0 };
  expect(found).toEqual({ isThere: true, errors: [], changes, type: "image/png" });
});
