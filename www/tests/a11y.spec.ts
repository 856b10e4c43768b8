// Accessibility: what axe-core says of every state, names, targets, contrast modes, live regions.

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import { expect, test, type Editor } from "./fixtures.ts";

const TOOLS = ["Brush", "Eraser", "Rectangle", "Lasso", "Polygon", "Wand", "Pan"] as const;
const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;

for (const [device, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`${device}, ${colorScheme}`, () => {
      test.use({ viewport, colorScheme });

      test("axe finds nothing, in any state", async ({ editor, page }) => {
        // A dozen scans of the whole page, each of seconds on a busy machine.
        test.slow();
        await clean(page, "empty");
        await editor.openPhotograph();
        for (const tool of TOOLS) {
          await editor.tool(tool);
          if (tool === "Rectangle") await editor.drag([[0.3, 0.3], [0.6, 0.6]]);
          await clean(page, tool);
        }
        await editor.button("Clear").click();
        await editor.button("Repair").click();
        await expect(editor.alert).toContainText("empty-mask");
        await clean(page, "an error");
        await repaired(editor);
        await clean(page, "a result");
        await page.getByText("More", { exact: true }).click();
        await editor.repairAt("Custom endpoint");
        await page.getByText("More settings", { exact: true }).click();
        await clean(page, "everything unfolded");
        for (const name of ["Settings", "Help"]) {
          await editor.button(name).click();
          await clean(page, name);
          await page.keyboard.press("Escape");
        }
      });
    });
  }
}

test.describe("in Chinese", () => {
  test.use({ locale: "zh-CN", viewport: SIZES.phone });

  test("axe finds nothing", async ({ page }) => {
    await expect(page.getByRole("button", { name: "修复", exact: true })).toBeVisible();
    await clean(page, "empty, in Chinese");
  });
});

for (const [device, viewport] of Object.entries(SIZES)) {
  test.describe(device, () => {
    test.use({ viewport });

    test("every name is there, and once", async ({ editor }) => {
      await names(editor);
      await editor.openPhotograph();
      await names(editor);
      await repaired(editor);
      await names(editor);
    });
  });
}

test.describe("under fingers", () => {
  test.use({ viewport: SIZES.phone, hasTouch: true, isMobile: true });

  test("what is pressed is 44 px large", async ({ editor, page }) => {
    await editor.openPhotograph();
    await repaired(editor);
    for (const tool of TOOLS) {
      await editor.tool(tool);
      expect(await small(page), tool).toEqual([]);
    }
    for (const name of ["Settings", "Help"]) {
      await editor.button(name).click();
      expect(await small(page), name).toEqual([]);
      await page.keyboard.press("Escape");
    }
  });
});

test("in forced colours the chosen tool stands out", async ({ editor, page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await editor.openPhotograph();
  const outline = (tool: string) =>
    page.locator("reweave-editor .tool", { has: page.getByRole("radio", { name: tool, exact: true }) })
      .evaluate((label) => getComputedStyle(label).outlineStyle);
  expect(await outline("Brush")).toBe("solid");
  expect(await outline("Lasso")).not.toBe("solid");
});

test("nothing moves for those who want that", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const moving = await page.locator("reweave-editor").evaluate((editor) => {
    const all = [...(editor.shadowRoot?.querySelectorAll("*") ?? [])];
    return all.filter((one) => !/^0s/.test(getComputedStyle(one).transitionDuration)).map((one) => one.tagName);
  });
  expect(moving).toEqual([]);
});

async function repaired(editor: Editor): Promise<void> {
  await editor.markCorner();
  await editor.button("Repair").click();
  await expect(editor.status).toContainText(" 0 outside");
}

async function clean(page: Page, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} ${failureSummary ?? ""}`));
  expect(found, state).toEqual([]);
}

async function names(editor: Editor): Promise<void> {
  const { page } = editor;
  // A menu may fold a name away: hidden ones count too.
  const count = (role: "button" | "slider" | "radio", name: string) =>
    expect(page.getByRole(role, { name, exact: true, includeHidden: true }), name).toHaveCount(1);
  await expect(page.getByLabel("Open picture", { exact: true })).toHaveCount(1);
  for (const name of ["Repair", "Cancel", "Undo", "Redo", "Clear", "Download", "Invert", "Grow", "Shrink", "Tighten to strokes"]) await count("button", name);
  for (const name of ["Import mask", "Export mask", "Settings", "Help", "Zoom in", "Zoom out", "Fit"]) await count("button", name);
  for (const name of ["Brush size", "Compare"]) await count("slider", name);
  for (const name of TOOLS) await count("radio", name);
  await expect(page.getByRole("radiogroup", { name: "Tool", exact: true }).getByRole("radio")).toHaveCount(TOOLS.length);
  for (const role of ["status", "alert"] as const) await expect(page.getByRole(role)).toHaveCount(1);
}

/** What can be pressed and is less than 44 px high or wide. */
async function small(page: Page): Promise<string[]> {
  return page.locator("reweave-editor").evaluate((editor) => {
    const controls = "button, .button, .tool, .version, select, summary, input:not([type=file], [type=radio]), .check, .slider";
    return [...(editor.shadowRoot?.querySelectorAll<HTMLElement>(controls) ?? [])]
      .filter((control) => control.checkVisibility() && !control.closest(".folded, .bare") && !control.matches(".check input, .slider input"))
      .map((control) => ({ control, box: control.getBoundingClientRect() }))
      .filter(({ box }) => box.height < 43.5 || box.width < 43.5)
      .map(({ control, box }) => `${control.tagName} ${control.className} ${control.getAttribute("aria-label") ?? control.textContent.trim()}: ${box.width.toFixed(0)} × ${box.height.toFixed(0)}`);
  });
}
