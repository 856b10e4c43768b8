// What a host may do to the element at any moment: wrong attributes, moving and removing it while
// something is under way, and two of them. Its plain use is tested in embedding.spec.ts.

import type { Page } from "@playwright/test";

import type { ReweaveEditor } from "../element/reweave-editor.ts";
import { expect, PHOTOGRAPH, test } from "./fixtures.ts";

async function host(page: Page, url: string, body: string): Promise<void> {
  const html = `<!doctype html><html lang="en"><title>Host</title><link rel="icon" href="data:," />
    <style>reweave-editor { height: 640px }</style>
    <script>
      window.codes = [];
      document.addEventListener("reweave-error", ({ detail }) => codes.push(detail.error.code));
    </script>
    <script type="module" src="/reweave-editor.js"></script>${body}</html>`;
  await page.route(`${url}/host.html`, (route) => route.fulfill({ body: html, contentType: "text/html" }));
  await page.goto(`${url}/host.html`);
  await page.waitForFunction(() => customElements.get("reweave-editor"));
}

const codes = (page: Page) => page.evaluate(() => (window as unknown as { codes: string[] }).codes);

function element(page: Page) {
  return page.locator("reweave-editor") as unknown as {
    evaluate<Answer, Argument>(act: (editor: ReweaveEditor, argument: Argument) => Answer | Promise<Answer>, argument?: Argument): Promise<Answer>;
  };
}

test("an address that is none is told, by attribute and by method", async ({ editor, page, server }) => {
  await host(page, server.url, `<reweave-editor src="http://["></reweave-editor>`);
  await expect(editor.alert).toContainText("picture-url");
  expect(await element(page).evaluate((editor) => editor.open("http://]").then(() => "settled"))).toBe("settled");
  expect(await element(page).evaluate((editor) => editor.open("javascript:alert(1)").then(() => "settled"))).toBe("settled");
  expect(await codes(page)).toEqual(["picture-url", "picture-url", "picture-url"]);
});

test("an endpoint that is not known is told, and nothing is sent anywhere", async ({ editor, page, server }) => {
  await host(page, server.url, `<reweave-editor endpoint="nonsense"></reweave-editor>`);
  await expect(editor.alert).toContainText("nonsense");
  await expect(page.getByLabel("Repair at", { exact: true })).toHaveValue("browser");
  expect(await codes(page)).toEqual(["argument"]);
  await element(page).evaluate((editor) => editor.setAttribute("endpoint", "server"));
  await expect(page.getByLabel("Repair at", { exact: true })).toHaveValue("server");
});

test("where Brush is not offered another tool is chosen", async ({ page, server }) => {
  await host(page, server.url, `<reweave-editor tools="wand lasso"></reweave-editor>`);
  await expect(page.getByRole("radio", { name: "Lasso", exact: true })).toBeChecked();
  await element(page).evaluate((editor) => editor.setAttribute("tools", "pan rectangle"));
  await expect(page.getByRole("radio", { name: "Rectangle", exact: true })).toBeChecked();
  await element(page).evaluate((editor) => editor.removeAttribute("tools"));
  await expect(page.getByRole("radio")).toHaveCount(7);
  await expect(page.getByRole("radio", { name: "Rectangle", exact: true })).toBeChecked();
});

test("a key that its callback cannot give is told; nothing is lost", async ({ editor, page, server }) => {
  await host(page, server.url, `<reweave-editor endpoint="server"></reweave-editor>`);
  await element(page).evaluate((editor) => {
    editor.credentials = () => Promise.reject(new Error("signed out"));
  });
  await editor.openPhotograph();
  await editor.markCorner();
  expect(await element(page).evaluate((editor) => editor.repair())).toBe(false);
  await expect(editor.alert).toContainText("signed out");
  await expect(editor.button("Repair")).toBeEnabled();
  expect(await editor.count()).toBeGreaterThan(0);
});

test("a host hears of every change of the marks, strokes among them", async ({ editor, page, server }) => {
  await host(page, server.url, `<reweave-editor></reweave-editor>`);
  await page.evaluate(() => {
    document.addEventListener("reweave-change", (event) => Object.assign(window, { last: (event as CustomEvent).detail as unknown }));
  });
  const last = () => page.evaluate(() => (window as unknown as { last: { marked: number; canUndo: boolean; canRedo: boolean } }).last);
  await editor.openPhotograph();
  await editor.drag([[0.2, 0.3], [0.7, 0.3]]);
  expect(await last()).toEqual({ marked: await editor.count(), coverage: (await editor.count()) / 512 ** 2, canUndo: true, canRedo: false, version: 0 });
  await editor.tool("Eraser");
  await editor.drag([[0.4, 0.2], [0.4, 0.4]]);
  expect((await last()).marked).toBe(await editor.count());
  await editor.button("Undo").click();
  expect(await last()).toMatchObject({ marked: await editor.count(), canRedo: true });
});

test("cancel ends a repair: it answers false, and no error is told", async ({ editor, page, server }) => {
  await host(page, server.url, `<reweave-editor></reweave-editor>`);
  await editor.openPhotograph();
  await editor.tool("Rectangle");
  await editor.drag([[0.1, 0.1], [0.9, 0.9]]);
  const answered = await element(page).evaluate(async (editor) => {
    const repaired = editor.repair();
    while (editor.controller.busy?.doing !== "repair") await new Promise((soon) => setTimeout(soon));
    editor.cancel();
    return { isRepaired: await repaired, result: await editor.result() };
  });
  expect(answered).toEqual({ isRepaired: false, result: undefined });
  expect(await codes(page)).toEqual([]);
  await expect(editor.status).toContainText("Cancelled");
});

test("moved, it keeps what was typed and chosen, and closes its dialogs", async ({ editor, page, server }) => {
  await host(page, server.url, `<reweave-editor endpoint="https://endpoint.example/t"></reweave-editor><div id="other"></div>`);
  await editor.openPhotograph();
  const address = page.getByLabel("Endpoint address", { exact: true });
  await address.fill("https://other.example/t");
  await page.getByLabel("Key", { exact: true }).fill("mine");
  await editor.button("Help").click();
  const move = () => page.evaluate(() => {
    const editor = document.querySelector("reweave-editor");
    if (editor) document.querySelector("#other")?.append(editor);
  });
  await move();
  await page.waitForTimeout(100);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(address).toHaveValue("https://other.example/t");
  await expect(page.getByLabel("Key", { exact: true })).toHaveValue("mine");
  await editor.repairAt("In this browser");
  await move();
  await page.waitForTimeout(100);
  await expect(page.getByLabel("Repair at", { exact: true })).toHaveValue("browser");
  await editor.button("Help").click();
  await expect(page.getByRole("dialog")).toBeVisible();
});

for (const when of ["its picture is fetched", "its picture is decoded", "it repairs", "it asks"] as const) {
  test(`removed while ${when}, nothing of it stays behind`, async ({ editor, page, server }) => {
    await host(page, server.url, `<reweave-editor></reweave-editor>`);
    if (when === "its picture is fetched") {
      await page.route("**/slow.png", async (route) => {
        await new Promise((soon) => setTimeout(soon, 300));
        await route.fulfill({ path: PHOTOGRAPH });
      });
    } else if (when !== "its picture is decoded") {
      await editor.openPhotograph();
      await editor.markCorner();
      if (when === "it asks") await editor.repairAt("This server");
    }
    const answered = await element(page).evaluate(async (editor, when) => {
      const opens = when.startsWith("its picture");
      // Told as it begins: between two looks from time to time a fast machine has decoded it.
      const decoding = new Promise<void>((begun) => {
        const { onChange } = editor.controller;
        editor.controller.onChange = (change) => {
          onChange(change);
          if (editor.controller.isDecoding) begun();
        };
      });
      const work = opens ? editor.open(when === "its picture is fetched" ? "/slow.png" : "/astronaut.png") : editor.repair();
      if (opens) {
        await (when === "its picture is decoded" ? decoding : new Promise((soon) => setTimeout(soon, 50)));
      } else if (when === "it asks") {
        while (!editor.shadowRoot?.querySelector("#sending[open]")) await new Promise((soon) => setTimeout(soon));
      } else while (editor.controller.busy?.doing !== "repair") await new Promise((soon) => setTimeout(soon));
      editor.remove();
      return Promise.race([work, new Promise((late) => setTimeout(() => late("never"), 3000))]);
    }, when);
    expect(answered).toBe(when.startsWith("its picture") ? undefined : false);
    await expect.poll(() => page.workers().length).toBe(0);
    await page.waitForTimeout(400);
    expect(page.workers().length).toBe(0);
  });
}

test("of two on a page each compares and undoes for itself", async ({ page, server }) => {
  await host(page, server.url, `<reweave-editor id="one"></reweave-editor><reweave-editor id="two"></reweave-editor>`);
  const one = page.locator("#one");
  for (const id of ["one", "two"]) {
    await page.locator(`#${id}`).evaluate(async (editor: ReweaveEditor) => {
      await editor.open("/astronaut.png");
      editor.mark((selection) => selection.addRectangle({ x: 10, y: 20, width: 30, height: 40 }, false));
      await editor.repair();
    });
  }
  await one.getByRole("slider", { name: "Compare", exact: true }).fill("60");
  await one.getByRole("button", { name: "Side by side", exact: true }).click();
  await one.getByRole("application").focus();
  await page.keyboard.down("x");
  const state = (id: string) => page.locator(`#${id}`).evaluate(({ compare, isSplit, isHeld, controller }: ReweaveEditor) =>
    ({ compare, isSplit, isHeld, shown: controller.shown?.number }));
  expect(await state("two")).toEqual({ compare: 0, isSplit: false, isHeld: false, shown: 1 });
  await page.keyboard.up("x");
  await page.keyboard.press("Control+z");
  expect((await state("one")).shown).toBe(0);
  expect((await state("two")).shown).toBe(1);
  await one.evaluate((editor) => editor.remove());
  await expect.poll(() => page.workers().length).toBe(1);
  // What is left of them goes on.
  const isRepaired = await page.locator("#two").evaluate(async (editor: ReweaveEditor) => {
    editor.mark((selection) => selection.addRectangle({ x: 300, y: 20, width: 30, height: 40 }, false));
    return editor.repair();
  });
  expect(isRepaired).toBe(true);
});

test("inside a shadow root that scrolls, marks are where they are drawn, at 320 px too", async ({ editor, page, server }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  await host(page, server.url, "<div id='outer'></div>");
  await page.evaluate(() => {
    const root = document.querySelector("#outer")?.attachShadow({ mode: "open" });
    if (!root) return;
    root.innerHTML = `<style>#box { height: 600px; overflow: auto } i { display: block; height: 400px } reweave-editor { display: block; height: 560px }</style>
      <div id="box"><i></i><reweave-editor></reweave-editor><i></i></div>`;
    root.querySelector("#box")?.scrollTo(0, 390);
  });
  await editor.openPhotograph();
  await editor.drag([[0.3, 0.4], [0.7, 0.4]]);
  const { y = 0, height = 0 } = (await editor.bounds()) ?? {};
  expect(Math.abs(y + height / 2 - 0.4 * 512)).toBeLessThan(3);
  const isWider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(isWider).toBe(false);
  const overflows = await element(page).evaluate((editor) => {
    const [layout, { right }] = [editor.shadowRoot?.querySelector(".layout"), editor.getBoundingClientRect()];
    const out = [...(layout?.querySelectorAll<HTMLElement>("button, select, input, summary, label") ?? [])].filter(
      (one) => one.checkVisibility() && !one.closest(".folded, .tools, .options, .versions") && one.getBoundingClientRect().right > right + 0.5);
    return out.map((one) => `${one.tagName} ${one.className} ${one.getAttribute("aria-label") ?? one.textContent.trim()}`);
  });
  expect(overflows).toEqual([]);
});
