// What the README and the guides show is what the package does: the page as it stands, and every block of
// JavaScript.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Page } from "@playwright/test";

import { PHOTOGRAPH } from "../tests/fixtures.ts";
import { expect, repairInElement, test } from "./fixtures.ts";
import type { Project } from "./project.ts";

const ROOT = join(import.meta.dirname, "../..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const GUIDES = readdirSync(join(ROOT, "docs/guides"));

const blocks = (language: string, text = README) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))].map(([, text]) => text ?? "");

/** What the blocks take as given. */
const GIVEN = `
  globalThis.file = await (await fetch("/photograph.png")).blob();
  globalThis.image = document.body.appendChild(new Image());
  globalThis.overlay = new OffscreenCanvas(512, 512);
  overlay.getContext("2d").fillRect(200, 100, 40, 30);
  globalThis.context = document.body.appendChild(Object.assign(document.createElement("canvas"), { width: 512, height: 512 })).getContext("2d");
`;

async function run(own: Project, page: Page, block: string): Promise<string[]> {
  await own.install();
  const map = JSON.stringify({ imports: { reweave: "/node_modules/reweave/dist/index.js" } });
  own.write("index.html", `<!doctype html><script type="importmap">${map}</script>
    <script type="module">${GIVEN}; const done = import("/block.js").then(() => "done", String); globalThis.done = done;</script>`);
  own.write("block.js", block);
  own.writeBytes("photograph.png", readFileSync(PHOTOGRAPH));
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  await page.goto((await own.serve(".")).url);
  await page.waitForFunction("globalThis.done");
  expect(await page.evaluate("done")).toBe("done");
  return said;
}

test("its page is an editor that tells of a repair", async ({ page, project }) => {
  const [html] = blocks("html");
  const own = project("html");
  await own.install();
  own.write("index.html", html ?? "");
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  await page.goto((await own.serve(".")).url);
  await repairInElement(page);
  await expect.poll(() => said).toEqual([expect.stringContaining("repaired Blob")]);
});

test("one repair", async ({ page, project }) => {
  expect(blocks("js")).toHaveLength(2);
  const said = await run(project(null), page, blocks("js")[0] ?? "");
  const promised = /\{ inside: \d+, outside: 0 \}/.exec(blocks("js")[0] ?? "")?.[0];
  expect(said).toEqual([promised?.replace("{ ", "{").replace(" }", "}")]);
  await expect(page.locator("img")).toHaveAttribute("src", /^blob:/);
});

test("several repairs", async ({ page, project }) => {
  const said = await run(project(null), page, blocks("js")[1] ?? "");
  expect(said[0]).toBe("plan 0");
  expect(said.at(-1)).toBe("finish 1");
  const painted = await page.evaluate<number[]>("[...context.getImageData(220, 115, 1, 1).data]");
  expect(painted[3]).toBe(255);
});

/** What each guide's block says. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  "content-security.md": ["true"],
  "endpoint.md": ["true 1", "cancelled"],
  "memory.md": ["0"],
  "server-rendering.md": ["64 48 png"],
};

test("every guide has a block that is run", () => {
  expect(Object.keys(SAID)).toEqual(GUIDES.sort());
});

for (const guide of GUIDES) {
  test(`the guide ${guide}`, async ({ page, project }) => {
    const found = blocks("js", readFileSync(join(ROOT, "docs/guides", guide), "utf8"));
    expect(found).toHaveLength(1);
    expect(await run(project(null), page, found[0] ?? "")).toEqual(SAID[guide]);
  });
}
