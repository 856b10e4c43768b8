// Marking: tools, undo and redo, the share, the keyboard.

import { expect, test } from "./fixtures.ts";

test("undo, redo and clear go through every mark", async ({ editor }) => {
  await editor.openPhotograph();
  expect(await editor.marked()).toBe(0);
  await expect(editor.button("Undo")).toBeDisabled();
  await editor.drag([[0.2, 0.2], [0.6, 0.2]]);
  const stroke = await editor.marked();
  expect(stroke).toBeGreaterThan(1);
  await editor.markCorner();
  const both = await editor.marked();
  expect(both).toBeGreaterThan(stroke);
  await editor.button("Undo").click();
  expect(await editor.marked()).toBe(stroke);
  await editor.button("Redo").click();
  expect(await editor.marked()).toBe(both);
  await editor.button("Clear").click();
  expect(await editor.marked()).toBe(0);
  await editor.button("Undo").click();
  expect(await editor.marked()).toBe(both);
});

test("overlapping rectangles count once", async ({ editor }) => {
  await editor.openPhotograph();
  await editor.tool("Rectangle");
  await editor.drag([[0.25, 0.25], [0.75, 0.75]]);
  const once = await editor.marked();
  expect(once).toBeGreaterThan(24);
  expect(once).toBeLessThan(26);
  await editor.drag([[0.3, 0.3], [0.7, 0.7]]);
  expect(await editor.marked()).toBe(once);
});

test("a stroke has no gaps, however fast the pointer", async ({ editor, page }) => {
  await editor.openPhotograph();
  await page.getByRole("slider", { name: "Brush size", exact: true }).fill("10");
  const box = await editor.surface.boundingBox();
  if (!box) throw new Error("no surface");
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width / 2 - 250, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 250, y);
  await page.mouse.up();
  // 500 screen pixels of a picture shown at over one for one: 10 px high, about 400 long.
  expect(await editor.marked()).toBeGreaterThan(1.3);
});

test("the keyboard undoes inside the editor, and only there", async ({ editor, page }) => {
  await editor.openPhotograph();
  await editor.markCorner();
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    document.body.focus();
  });
  await page.keyboard.press("Control+z");
  expect(await editor.marked()).toBeGreaterThan(2);
  await editor.surface.focus();
  await page.keyboard.press("Control+z");
  expect(await editor.marked()).toBe(0);
  await page.keyboard.press("Control+Shift+z");
  expect(await editor.marked()).toBeGreaterThan(2);
});

test("every name is there once, before and after a picture is open", async ({ editor, page }) => {
  const names = async () => {
    await expect(page.getByLabel("Open picture", { exact: true })).toHaveCount(1);
    for (const name of ["Repair", "Cancel", "Undo", "Redo", "Clear", "Download"]) {
      await expect(editor.button(name)).toHaveCount(1);
    }
    const tools = page.getByRole("radiogroup", { name: "Tool", exact: true });
    for (const name of ["Brush", "Eraser", "Rectangle"]) {
      await expect(tools.getByRole("radio", { name, exact: true })).toHaveCount(1);
    }
    await expect(page.getByLabel("Repair at", { exact: true })).toHaveCount(1);
    for (const role of ["status", "alert"] as const) await expect(page.getByRole(role)).toHaveCount(1);
    await expect(editor.surface).toHaveCount(1);
  };
  await names();
  await expect(editor.surface).toHaveAttribute("aria-busy", "true");
  await editor.openPhotograph();
  await names();
  await page.setViewportSize({ width: 390, height: 844 });
  await names();
});

test("pasting and dropping open a picture", async ({ editor, page }) => {
  for (const type of ["paste", "drop"] as const) {
    await page.evaluate(async (type) => {
      const bytes = await (await fetch("./astronaut.png")).blob();
      const data = new DataTransfer();
      data.items.add(new File([bytes], `${type}.png`, { type: "image/png" }));
      const target = type === "paste" ? document.body : document.querySelector("reweave-editor");
      const init = { bubbles: true, composed: true, cancelable: true };
      const event =
        type === "paste"
          ? new ClipboardEvent("paste", { ...init, clipboardData: data })
          : new DragEvent("drop", { ...init, dataTransfer: data });
      target?.dispatchEvent(event);
    }, type);
    await expect(editor.status).toContainText(`${type}.png is open: 512 × 512`);
  }
});
