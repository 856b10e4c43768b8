// The element in other pages.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "./fixtures.ts";

test("the five lines of the README embed the editor", async ({ editor, page, server }) => {
  const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
  const body = /```html\n([\s\S]*?)```/.exec(readme)?.[1];
  expect(body?.trim().split("\n").length).toBeLessThanOrEqual(5);
  await page.route(`${server.url}/host.html`, (route) => route.fulfill({ body: body ?? "", contentType: "text/html" }));
  // The element as the page's build makes it, in the place of the package's.
  await page.route(`${server.url}/node_modules/reweave/dist/**`, async (route) => {
    const path = new URL(route.request().url()).pathname.replace("/node_modules/reweave/dist", "");
    await route.fulfill({ response: await route.fetch({ url: server.url + path.replace("/element.js", "/reweave-editor.js") }) });
  });
  const heard = page.waitForEvent("console", (message) => message.text().includes("repaired"));
  await page.goto(`${server.url}/host.html`);
  await editor.openPhotograph();
  await editor.markCorner();
  await editor.button("Repair").click();
  await expect(editor.status).toContainText(" 0 outside");
  expect((await heard).text()).toContain("Blob");
});

test("the element keeps its state when the host moves it", async ({ editor, page }) => {
  await editor.openPhotograph();
  await editor.markCorner();
  await page.evaluate(() => {
    const editor = document.querySelector("reweave-editor");
    const box = document.createElement("div");
    box.style.height = "700px";
    document.body.append(box);
    if (editor) box.append(editor);
  });
  const corner = await editor.marked();
  expect(corner).toBeGreaterThan(2);
  await editor.tool("Brush");
  await editor.drag([[0.2, 0.2], [0.4, 0.2]]);
  expect(await editor.marked()).toBeGreaterThan(corner + 0.3);
  await editor.button("Repair").click();
  await expect(editor.status).toContainText(" 0 outside");
});
