// What those hear who do not see the picture: of the marks, the view and the versions. What is being
// done and what came of it stands in the status, what went wrong in the alert.

import type { Locator } from "@playwright/test";

import { expect, test } from "./fixtures.ts";

test("each act is announced, politely and in words", async ({ editor, page }) => {
  const said = page.locator("#announcer");
  await expect(said).toHaveAttribute("aria-live", "polite");
  await editor.openPhotograph();
  const says = async (act: Locator | string, text: string) => {
    if (typeof act === "string") await page.keyboard.press(act);
    else await act.click();
    await expect(said).toHaveText(text);
  };
  const button = (name: string) => editor.button(name);
  await editor.surface.focus();
  await says("Control+z", "Nothing to undo");
  await says("Control+y", "Nothing to redo");
  await editor.markCorner();
  const share = `${(await editor.marked()).toFixed(1)} %`;
  await says(button("Undo"), "Undone");
  await says(button("Redo"), "Redone");
  await says(button("Grow"), "Grown by 4 pixels");
  await says(button("Undo"), "Undone");
  await says(button("Shrink"), "Shrunk by 4 pixels");
  await says(button("Undo"), "Undone");
  await says(button("Invert"), `Inverted: ${(100 - parseFloat(share)).toFixed(1)} % marked`);
  await says(button("Invert"), `Inverted: ${share} marked`);
  await says(button("Clear"), "Marks cleared");
  await says(button("Undo"), "Undone");
  const zoom = page.locator(".zoom .value");
  const fitted = (await zoom.textContent())?.trim();
  await button("Zoom in").click();
  await expect(zoom).not.toHaveText(fitted ?? "");
  await expect(said).toHaveText(`Zoom ${(await zoom.textContent())?.trim()}`);
  await says(button("Fit"), `Zoom ${fitted}`);
});

test("the same is said again, each time that it is done", async ({ editor, page }) => {
  await editor.openPhotograph();
  await editor.markCorner();
  await editor.drag([[0.1, 0.1], [0.2, 0.2]]);
  const heard = await page.locator("#announcer").evaluateHandle((announcer) => {
    const texts: string[] = [];
    new MutationObserver(() => texts.push(announcer.textContent)).observe(announcer, { childList: true, characterData: true, subtree: true });
    return texts;
  });
  await editor.button("Undo").click();
  await editor.button("Undo").click();
  await expect.poll(async () => (await heard.jsonValue()).map((text) => text.trim())).toEqual(["Undone", "Undone"]);
});

test("comparing and versions are announced", async ({ editor, page }) => {
  const said = page.locator("#announcer");
  await editor.openPhotograph();
  await editor.markCorner();
  await editor.repaired("Version 1");
  await editor.surface.focus();
  await page.keyboard.down("x");
  await expect(said).toHaveText("Before");
  await page.keyboard.up("x");
  await expect(said).toHaveText("After");
  await editor.version("Original").check();
  await expect(said).toHaveText("Shown: Original");
  await expect(editor.status).toHaveText(/Repaired: .* 0 outside it\./);
});
