// The main job: a photograph in, a repaired photograph out, with nothing changed outside the region.

import { readFileSync } from "node:fs";

import type { Page } from "@playwright/test";

import { differences, expect, keysFile, PHOTOGRAPH, startServer, test } from "./fixtures.ts";

const before = readFileSync(PHOTOGRAPH);
/** The corner that `markCorner` marks; the drag may end up to a pixel off. */
const inCorner = (x: number, y: number) => x >= 408 && y >= 434;

for (const where of ["In this browser", "This server"] as const) {
  test(`a corner marked by rectangle is repaired: ${where}`, async ({ editor }) => {
    await editor.openPhotograph();
    await editor.markCorner();
    await editor.repairAt(where);
    await expect(editor.button("Download")).toBeDisabled();
    await editor.repair(where);
    await expect(editor.status).toContainText("Repaired");
    await expect(editor.status).toContainText(" 0 outside");
    const { name, bytes } = await editor.download();
    expect(name).toBe("astronaut-reweave.png");
    const found = differences(before, bytes, inCorner);
    expect(found.outside).toBe(0);
    expect(found.inside).toBeGreaterThan(5000);
  });

  test(`a brush stroke with a part erased goes as a mask: ${where}`, async ({ editor }) => {
    await editor.openPhotograph();
    await editor.drag([[0.2, 0.3], [0.8, 0.3]]);
    await editor.tool("Eraser");
    await editor.drag([[0.45, 0.2], [0.45, 0.4]]);
    await editor.repairAt(where);
    await editor.repair(where);
    await expect(editor.status).toContainText(" 0 outside");
    const { bytes } = await editor.download();
    const found = differences(before, bytes, (x, y) => Math.abs(y - 153.6) < 15 && x > 85 && x < 428);
    expect(found.outside).toBe(0);
    expect(found.inside).toBeGreaterThan(3000);
    const erased = differences(before, bytes, (x, y) => Math.abs(x - 230.4) < 11 && Math.abs(y - 153.6) < 20);
    expect(erased.inside, "what was erased from the marks stays").toBe(0);
  });
}

test("both places repair alike", async ({ editor }) => {
  await editor.openPhotograph();
  await editor.markCorner();
  await editor.button("Repair").click();
  await expect(editor.status).toContainText("Repaired");
  const here = await editor.download();
  await editor.repairAt("This server");
  await editor.send();
  await expect(editor.button("Cancel")).toBeDisabled();
  await expect(editor.status).toContainText("Repaired");
  const there = await editor.download();
  expect(differences(here.bytes, there.bytes, () => true).inside).toBe(0);
});

test("JPEG is a choice, and is one", async ({ editor, page }) => {
  await editor.openPhotograph();
  await editor.markCorner();
  await editor.button("Repair").click();
  await expect(editor.status).toContainText("Repaired");
  const format = page.getByLabel("Format", { exact: true });
  await expect(format).toContainText("the whole picture is encoded anew");
  await format.selectOption("jpeg");
  const { name, bytes } = await editor.download();
  expect(name).toBe("astronaut-reweave.jpg");
  expect([...bytes.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
});

test.describe("an endpoint with keys", () => {
  test.use({ expectedErrors: /401/ });

  test("wrong key: told, nothing lost; right key: repaired", async ({ editor, page }) => {
    const keyed = await startServer({ REWEAVE_KEYS_FILE: keysFile("letmein") });
    try {
      await page.goto(keyed.url);
      await editor.openPhotograph();
      await editor.markCorner();
      await editor.custom(`${keyed.url}/tasks/visual/watermark`, "Authorization", "wrong");
      await editor.send();
      await expect(editor.alert).toContainText("http-status");
      await expect(editor.alert).toContainText("401");
      expect(await editor.marked()).toBeGreaterThan(2);
      await page.getByLabel("Key", { exact: true }).fill("letmein");
      await editor.button("Repair").click();
      await expect(editor.status).toContainText(" 0 outside");
      await expect(editor.alert).toBeEmpty();
      const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage].map(Object.entries)));
      expect(stored).not.toContain("letmein");
    } finally {
      keyed.stop();
    }
  });
});

test("before and after can be compared", async ({ editor, page }) => {
  await editor.openPhotograph();
  await editor.markCorner();
  const compare = page.getByRole("slider", { name: "Compare", exact: true });
  await expect(compare).toBeDisabled();
  await editor.button("Repair").click();
  await expect(editor.status).toContainText("Repaired");
  await painted(page);
  const after = await editor.surface.screenshot();
  await compare.fill("100");
  const atBefore = await editor.surface.screenshot();
  await compare.fill("0");
  await painted(page);
  expect(Buffer.compare(after, atBefore)).not.toBe(0);
  expect(Buffer.compare(after, await editor.surface.screenshot())).toBe(0);
});

/** The result is painted at the next frame. */
async function painted(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}
