// Each example, as somebody who copies it finds it: installed, built, opened, and a marked repair in it.

import type { Page } from "@playwright/test";

import { expect, MARK, PICTURE, repairInElement, test } from "./fixtures.ts";

const file = { name: "picture.png", mimeType: "image/png", buffer: PICTURE };
/** Of red: what is marked has 250, what is round it less than 100. */
const GONE = 110;

for (const [example, folder] of [
  ["html", "."],
  ["react", "dist"],
  ["vue", "dist"],
  ["svelte", "dist"],
  ["webpack", "."],
  ["esbuild", "."],
  ["rollup", "."],
] as const) {
  test(`${example} has an element that repairs`, async ({ page, project }) => {
    await project(example).open(page, folder);
    const { brightest, outside } = await repairInElement(page);
    expect(outside).toBe(0);
    expect(brightest).toBeLessThan(GONE);
  });
}

test("next renders it on the server and repairs in the browser", async ({ page, project }) => {
  const own = project("next");
  await own.build();
  const site = await own.start("npx", ["next", "start", "--port", "0"]);
  const served = await (await fetch(site.url)).text();
  expect(served).toContain("<reweave-editor");
  await page.goto(site.url);
  const { brightest, outside } = await repairInElement(page);
  expect(outside).toBe(0);
  expect(brightest).toBeLessThan(GONE);
});

for (const mode of ["built", "by its dev server"] as const) {
  test(`vite, ${mode}, repairs a corner`, async ({ page, project }) => {
    const own = project("vite");
    if (mode === "built") {
      await own.open(page, "dist");
    } else {
      await own.install();
      await page.goto((await own.start("npx", ["vite", "--port", "0"])).url);
    }
    await page.getByLabel("Picture").setInputFiles(file);
    await page.getByRole("button", { name: "Remove the stamp" }).click({ timeout: 30_000 });
    // The lower right tenth of 200 × 140.
    await expect(page.locator("output")).toContainText(/\d+ pixels repaired, 0 others changed/);
    await expect(page.locator("img")).toHaveAttribute("src", /^blob:/);
  });
}

/** Marks and repairs in the dialog of a text editor, and takes the result over. */
async function repairInDialog(page: Page): Promise<void> {
  await expect(page.locator("reweave-editor").getByRole("status").first()).toContainText("is open");
  await page.locator("reweave-editor").evaluate(async (element, mark) => {
    const editor = element as HTMLElementTagNameMap["reweave-editor"];
    editor.mark((selection) => selection.addRectangle(mark, false));
    if (!(await editor.repair())) throw new Error("not repaired");
  }, MARK);
  await page.getByRole("button", { name: "Take it over" }).click();
  await expect(page.locator("body > dialog")).toBeHidden();
}

test("a picture in a TipTap text is repaired", async ({ page, project }) => {
  await project("tiptap").open(page, "dist");
  await page.getByLabel("Insert a picture").setInputFiles(file);
  const image = page.locator("#text img");
  const before = (await image.getAttribute("src")) ?? "";
  await image.click();
  await page.getByRole("button", { name: "Repair the chosen picture" }).click();
  await repairInDialog(page);
  await expect(image).not.toHaveAttribute("src", before);
});

test("a picture in a Quill text is repaired by a double click", async ({ page, project }) => {
  await project("quill").open(page, "dist");
  const chooser = page.waitForEvent("filechooser");
  await page.locator("button.ql-image").click();
  await (await chooser).setFiles(file);
  const image = page.locator(".ql-editor img");
  const before = (await image.getAttribute("src")) ?? "";
  await image.dblclick();
  await repairInDialog(page);
  await expect(image).toHaveCount(1);
  await expect(image).not.toHaveAttribute("src", before);
});

test("what is painted over on a fabric canvas goes", async ({ page, project }) => {
  await project("fabric").open(page, "dist");
  await page.getByLabel("Picture").setInputFiles(file);
  const canvas = page.locator("canvas.upper-canvas");
  await expect.poll(async () => (await canvas.boundingBox())?.width).toBe(200);
  const box = await canvas.boundingBox();
  if (!box) throw new Error("no canvas");
  await page.mouse.move(box.x + MARK.x - 2, box.y + MARK.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + MARK.x + MARK.width + 2, box.y + MARK.y + 10, { steps: 4 });
  await page.mouse.up();
  await page.getByRole("button", { name: "Remove what is painted over" }).click();
  await expect(page.locator("output")).toContainText(/\d+ pixels repaired/);
  // Fabric draws on the next frame, not when it is told to.
  const reddest = () =>
    page.evaluate((mark) => {
      const shown = document.querySelector<HTMLCanvasElement>("canvas.lower-canvas");
      const scale = (shown?.width ?? 0) / 200;
      const data = shown?.getContext("2d")?.getImageData((mark.x + 5) * scale, (mark.y + 4) * scale, 12, 8).data ?? [];
      return Math.max(...Array.from(data).filter((_, i) => i % 4 === 0));
    }, MARK);
  await expect.poll(reddest).toBeLessThan(GONE);
});
