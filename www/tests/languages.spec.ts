// The language of an editor: of its own, and switched while it is open.

import { expect, PHOTOGRAPH, test } from "./fixtures.ts";

test.describe("in Chinese", () => {
  test.use({ locale: "zh-CN" });

  test("texts and errors are Chinese", async ({ page }) => {
    await expect(page.getByRole("button", { name: "修复", exact: true })).toBeVisible();
    await page.getByLabel("打开图片", { exact: true }).setInputFiles(PHOTOGRAPH);
    await expect(page.getByRole("status")).toContainText("512 × 512 像素");
    await page.getByRole("button", { name: "修复", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText("没有标注任何内容");
    await expect(page.getByRole("alert")).toContainText("empty-mask");
  });

  test("the language can be switched", async ({ page }) => {
    await page.locator("reweave-editor").evaluate((editor) => editor.setAttribute("lang", "en"));
    await expect(page.getByRole("button", { name: "Repair", exact: true })).toBeVisible();
  });
});

test("each editor of a page has its own language, also when one of them is switched", async ({ page, server }) => {
  const host = `<!doctype html><title>Host</title><link rel="icon" href="data:," />
    <script type="module" src="/reweave-editor.js"></script>
    <div lang="zh-CN"><reweave-editor id="around"></reweave-editor></div>
    <reweave-editor id="own" lang="en"></reweave-editor>
    <reweave-editor id="browser"></reweave-editor>`;
  await page.route(`${server.url}/host.html`, (route) => route.fulfill({ body: host, contentType: "text/html" }));
  await page.goto(`${server.url}/host.html`);
  const speaks = (id: string, repair: string) =>
    expect(page.locator(`#${id}`).getByRole("button", { name: repair, exact: true })).toBeVisible();
  await speaks("around", "修复");
  await speaks("own", "Repair");
  await speaks("browser", "Repair");
  await page.locator("#own").evaluate((editor) => editor.setAttribute("lang", "zh"));
  await speaks("own", "修复");
  await speaks("browser", "Repair");
  await page.locator("#around").evaluate((editor) => editor.setAttribute("lang", "en"));
  await speaks("around", "Repair");
  await speaks("own", "修复");
});

test("of two switches in a row the later one stays", async ({ editor, page }) => {
  await page.locator("reweave-editor").evaluate((editor) => {
    editor.setAttribute("lang", "zh-Hans");
    editor.setAttribute("lang", "en");
  });
  await expect(page.locator("reweave-editor .layout")).toHaveAttribute("lang", "en");
  await page.waitForTimeout(300);
  await expect(editor.button("Repair")).toBeVisible();
});
