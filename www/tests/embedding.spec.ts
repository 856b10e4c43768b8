// The element in hosts of all kinds: attributes, methods, events, slots, and what it leaves behind.

import type { Page } from "@playwright/test";

import type { ReweaveEditor } from "../element/reweave-editor.ts";
import { expect, PHOTOGRAPH, startServer, keysFile, test } from "./fixtures.ts";

test.describe("with an address where nothing is", () => {
  test.use({ expectedErrors: /404/ });

  test("src, tools, theme and endpoint are attributes", async ({ editor, page, server }) => {
    await host(page, server.url, `<reweave-editor src="/astronaut.png" tools="rectangle brush nonsense" theme="dark"
      endpoint="https://endpoint.example/t"></reweave-editor>`);
    await expect(editor.status).toContainText("astronaut.png is open");
    await expect(page.getByRole("radio")).toHaveCount(2);
    await expect(page.getByLabel("Repair at", { exact: true })).toHaveValue("custom");
    await expect(page.getByLabel("Endpoint address", { exact: true })).toHaveValue("https://endpoint.example/t");
    const paper = () => element(page).evaluate((editor) => getComputedStyle(editor).backgroundColor);
    const dark = await paper();
    await element(page).evaluate((editor) => editor.setAttribute("theme", "light"));
    expect(await paper()).not.toBe(dark);
    await element(page).evaluate((editor) => editor.setAttribute("endpoint", "server"));
    await expect(page.getByLabel("Repair at", { exact: true })).toHaveValue("server");
    await element(page).evaluate((editor) => editor.setAttribute("src", "/nothing.png"));
    await expect(editor.alert).toContainText("picture-status");
    await expect(editor.status, "what was open stays").not.toContainText("nothing.png");
  });

  test("methods open, mark, repair and take back, and events tell of it", async ({ page, server }) => {
    await host(page, server.url, "<div id='shadowed'></div>");
    const found = await page.evaluate(async () => {
      const root = document.querySelector("#shadowed")?.attachShadow({ mode: "open" });
      const editor = document.createElement("reweave-editor");
      editor.style.height = "600px";
      root?.append(editor);
      const heard: [string, unknown][] = [];
      const types = ["reweave-change", "reweave-progress", "reweave-result", "reweave-error"] as const;
      // Heard outside of the shadow root: they cross it.
      for (const type of types) document.addEventListener(type, (event) => heard.push([type, plain(event)]));
      // An error loses its code on the way out of the page.
      const plain = (event: Event) => {
        const { detail } = event as CustomEvent<{ error?: { code: string } }>;
        return detail.error ? detail.error.code : detail;
      };
      await editor.open("/nothing.png");
      await editor.open(new URL("/astronaut.png", location.href));
      editor.mark((selection) => selection.addRectangle({ x: 10, y: 20, width: 300, height: 400 }, false));
      const rectangles = editor.rectangles();
      const mask = editor.mask();
      const marked = mask?.get(15, 25);
      mask?.free();
      editor.undo();
      const undone = editor.selection?.summary().marked;
      editor.redo();
      const isRepaired = await editor.repair();
      const result = await editor.result("jpeg");
      editor.clear();
      return { heard, rectangles, marked, undone, isRepaired, type: result?.type, cleared: editor.selection?.summary().marked };
    });
    const { heard, ...answers } = found;
    expect(answers).toEqual({
      rectangles: [{ x: 10, y: 20, width: 300, height: 400 }],
      ...{ marked: true, undone: 0, isRepaired: true, type: "image/jpeg", cleared: 0 },
    });
    const details = (type: string) => heard.filter(([name]) => name === type).map(([, detail]) => detail);
    expect(details("reweave-error")).toEqual(["picture-status"]);
    expect(details("reweave-result")).toMatchObject([{ version: 1, changes: { outside: 0 } }]);
    expect(details("reweave-progress").length).toBeGreaterThan(0);
    expect(details("reweave-change")).toContainEqual({ marked: 120_000, coverage: 120_000 / 512 ** 2, canUndo: true, canRedo: false, version: 0 });
  });
});

for (const kind of ["a text", "a callback"] as const) {
  test(`credentials are ${kind}, and go into the header alone`, async ({ editor, page }) => {
    const keyed = await startServer({ REWEAVE_KEYS_FILE: keysFile("hostsecret") });
    try {
      const urls: string[] = [];
      const said: string[] = [];
      page.on("request", (request) => urls.push(request.url()));
      page.on("console", (message) => said.push(message.text()));
      await host(page, keyed.url, `<reweave-editor endpoint="${keyed.url}/tasks/visual/watermark"></reweave-editor>`);
      await element(page).evaluate((editor, kind) => {
        editor.credentials = kind === "a text" ? "hostsecret" : () => Promise.resolve("hostsecret");
      }, kind);
      await editor.openPhotograph();
      await editor.markCorner();
      await editor.send();
      await expect(editor.status).toContainText(" 0 outside", { timeout: 20_000 });
      const kept = await page.evaluate(() => document.documentElement.outerHTML + JSON.stringify([localStorage, sessionStorage].map(Object.entries)));
      const shadow = await element(page).evaluate((editor) => editor.shadowRoot?.innerHTML ?? "");
      for (const text of [...urls, ...said, kept, shadow]) expect(text).not.toContain("hostsecret");
    } finally {
      keyed.stop();
    }
  });
}

test("slots, parts and properties are the host's", async ({ editor, page, server }) => {
  await host(page, server.url, `<style>
      reweave-editor { --reweave-accent: rgb(200, 0, 0); }
      reweave-editor::part(header) { background: rgb(1, 2, 3); }
    </style>
    <reweave-editor><button slot="header">Mine</button><button slot="actions">Insert</button><p slot="panel">Notes</p></reweave-editor>`);
  for (const name of ["Mine", "Insert"]) await expect(editor.button(name)).toBeVisible();
  await expect(page.getByText("Notes")).toBeVisible();
  const colour = (selector: string) =>
    page.locator(`reweave-editor ${selector}`).evaluate((one) => getComputedStyle(one).backgroundColor);
  expect(await colour(".header")).toBe("rgb(1, 2, 3)");
  expect(await colour(".repair .primary")).toBe("rgb(200, 0, 0)");
});

test("moved in the document it keeps picture, marks, view and versions", async ({ editor, page }) => {
  await editor.openPhotograph();
  await editor.markCorner();
  await editor.button("Repair").click();
  await expect(editor.status).toContainText(" 0 outside");
  await editor.drag([[0.2, 0.2], [0.4, 0.2]]);
  await editor.button("Zoom in").click();
  await editor.button("Zoom in").click();
  const state = () => element(page).evaluate((editor) => {
    const { history, summary } = editor.controller;
    return { versions: history?.versions.length, marked: summary.marked, scale: editor.surface?.view.scale, surfaces: editor.shadowRoot?.querySelectorAll("#surface").length };
  });
  const before = await state();
  await page.evaluate(() => {
    const box = document.body.appendChild(document.createElement("div"));
    box.style.height = "800px";
    const editor = document.querySelector("reweave-editor");
    if (editor) box.append(editor);
  });
  await page.waitForTimeout(200);
  expect(await state()).toEqual(before);
  await editor.button("Undo").click();
  await editor.button("Undo").click();
  await editor.button("Undo").click();
  expect(await editor.count()).toBe(0);
});

test("removed it frees its worker and its memory, and can be used again", async ({ page, server }) => {
  await host(page, server.url, "");
  const heap = async () => {
    const session = await page.context().newCDPSession(page);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    return usedSize;
  };
  const openAndRemove = () => page.evaluate(async () => {
    const editor = document.body.appendChild(document.createElement("reweave-editor"));
    editor.style.height = "500px";
    await editor.open("/astronaut.png");
    editor.mark((selection) => selection.addRectangle({ x: 10, y: 20, width: 30, height: 40 }, false));
    const isRepaired = await editor.repair();
    editor.remove();
    await new Promise((gone) => setTimeout(gone, 50));
    return isRepaired;
  });
  for (let i = 0; i < 3; i++) expect(await openAndRemove()).toBe(true);
  await expect.poll(() => page.workers().length).toBe(0);
  const before = await heap();
  for (let i = 0; i < 20; i++) await openAndRemove();
  await expect.poll(() => page.workers().length).toBe(0);
  expect(((await heap()) - before) / 1e6, "megabytes that stay").toBeLessThan(3);
  const again = await page.evaluate(async () => {
    const editor = document.createElement("reweave-editor");
    editor.style.height = "500px";
    document.body.append(editor);
    await editor.open("/astronaut.png");
    editor.remove();
    await new Promise((gone) => setTimeout(gone, 50));
    const isEmpty = editor.selection === null;
    document.body.append(editor);
    await editor.open("/astronaut.png");
    editor.mark((selection) => selection.addRectangle({ x: 10, y: 20, width: 30, height: 40 }, false));
    return isEmpty && (await editor.repair());
  });
  expect(again).toBe(true);
});

test("two on one page do not disturb each other", async ({ page, server }) => {
  await host(page, server.url, `<reweave-editor id="one" lang="en"></reweave-editor><reweave-editor id="two" lang="zh"></reweave-editor>`);
  const [one, two] = [page.locator("#one"), page.locator("#two")];
  await one.getByLabel("Open picture", { exact: true }).setInputFiles(PHOTOGRAPH);
  await two.getByLabel("打开图片", { exact: true }).setInputFiles(PHOTOGRAPH);
  const marked = (id: string) => page.locator(`#${id}`).evaluate((editor: ReweaveEditor) => editor.selection?.summary().marked);
  await expect.poll(() => marked("two")).toBe(0);
  await one.getByRole("radio", { name: "Lasso", exact: true }).check();
  await expect(two.getByRole("radio", { name: "画笔", exact: true })).toBeChecked();
  const surface = two.getByRole("application");
  await surface.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  expect(await marked("two")).toBeGreaterThan(0);
  expect(await marked("one")).toBe(0);
  await two.getByRole("button", { name: "修复", exact: true }).click();
  await expect(two.getByRole("status")).toContainText("0 个像素");
  await page.keyboard.press("i");
  expect(await marked("one")).toBe(0);
});

for (const [where, body] of [
  ["a modal dialog", `<dialog style="width: 900px; height: 700px"><reweave-editor></reweave-editor></dialog><script>document.querySelector("dialog").showModal()</script>`],
  ["a box of no size that grows later", `<div id="box" style="width: 0; height: 0; overflow: hidden"><reweave-editor style="min-height: 0"></reweave-editor></div>`],
  ["320 pixels", `<div style="width: 320px; height: 600px"><reweave-editor></reweave-editor></div>`],
] as const) {
  test(`works in ${where}`, async ({ editor, page, server }) => {
    await host(page, server.url, body);
    await element(page).evaluate((editor) => editor.open(new URL("/astronaut.png", location.href)));
    await page.evaluate(() => document.querySelector("#box")?.setAttribute("style", "width: 700px; height: 600px"));
    await expect(editor.surface).toHaveAttribute("aria-busy", "false");
    await page.waitForTimeout(100);
    await editor.drag([[0.3, 0.4], [0.7, 0.4]]);
    const { y, height } = (await editor.bounds()) ?? { y: 0, height: 0 };
    expect(Math.abs(y + height / 2 - 0.4 * 512)).toBeLessThan(3);
    await editor.button("Repair").click();
    await expect(editor.status).toContainText(" 0 outside");
  });
}

function element(page: Page) {
  return page.locator("reweave-editor") as unknown as {
    evaluate<Answer, Argument>(act: (editor: ReweaveEditor, argument: Argument) => Answer | Promise<Answer>, argument?: Argument): Promise<Answer>;
  };
}

async function host(page: Page, url: string, body: string): Promise<void> {
  const html = `<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="data:," />
    <style>reweave-editor { height: 640px }</style><script type="module" src="/reweave-editor.js"></script>${body}</html>`;
  await page.route(`${url}/host.html`, (route) => route.fulfill({ body: html, contentType: "text/html" }));
  await page.goto(`${url}/host.html`);
  await page.waitForFunction(() => customElements.get("reweave-editor"));
}

