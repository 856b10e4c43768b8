// The keyboard alone does everything, and takes from the host only what it uses.

import { expect, test } from "./fixtures.ts";

test.describe("with a picture", () => {
  test.beforeEach(async ({ editor }) => editor.openPhotograph());

  test("arrows move a cursor, Enter starts and ends a stroke", async ({ editor, page }) => {
    await reach(page);
    await page.keyboard.press("Enter");
    for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    const { y, width, height } = (await editor.bounds()) ?? { y: 0, width: 0, height: 0 };
    expect(width).toBeGreaterThan(height + 40);
    expect(Math.abs(y + height / 2 - 256), "from the middle").toBeLessThan(3);
    await page.keyboard.press("ArrowDown");
    expect(await editor.bounds(), "ended").toMatchObject({ width, height });
    await expect(page.locator("reweave-editor #announcer")).toContainText(/^\d+, \d+$/);
    await page.keyboard.press("Control+z");
    expect(await editor.count()).toBe(0);
    await page.keyboard.press("Control+y");
    expect(await editor.count()).toBeGreaterThan(0);
  });

  test("Shift goes further, Ctrl one pixel", async ({ editor, page }) => {
    await reach(page);
    await page.keyboard.press("r");
    await page.keyboard.press("Enter");
    for (let i = 0; i < 5; i++) await page.keyboard.press("Control+ArrowRight");
    for (let i = 0; i < 3; i++) await page.keyboard.press("Control+ArrowDown");
    await page.keyboard.press("Enter");
    expect(await editor.bounds()).toMatchObject({ width: 5, height: 3 });
    const step = async (keys: string) => {
      await page.keyboard.press("Control+z");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Control+ArrowDown");
      await page.keyboard.press(keys);
      await page.keyboard.press("Enter");
      return (await editor.bounds())?.width ?? 0;
    };
    const near = await step("ArrowRight");
    expect(near).toBeGreaterThan(4);
    expect(await step("Shift+ArrowLeft")).toBeGreaterThan(4 * near);
  });

  test("polygon, lasso and wand", async ({ editor, page }) => {
    await reach(page);
    await page.keyboard.press("p");
    for (const arrow of ["ArrowRight", "ArrowDown", "ArrowLeft"]) {
      await page.keyboard.press("Enter");
      for (let i = 0; i < 6; i++) await page.keyboard.press(arrow);
    }
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    const polygon = await editor.count();
    expect(polygon).toBeGreaterThan(500);
    await page.keyboard.press("l");
    await page.keyboard.press("Enter");
    for (const arrow of ["ArrowLeft", "ArrowUp", "ArrowRight"]) {
      for (let i = 0; i < 9; i++) await page.keyboard.press(arrow);
    }
    await page.keyboard.press("Enter");
    const lasso = await editor.count();
    expect(lasso).toBeGreaterThan(polygon + 500);
    await page.keyboard.press("w");
    for (let i = 0; i < 3; i++) await page.keyboard.press("Shift+ArrowUp");
    await page.keyboard.press("Enter");
    await expect(editor.status).toContainText("Picked");
  });

  test("Escape gives up what was begun", async ({ editor, page }) => {
    await reach(page);
    for (const tool of ["b", "r", "l"]) {
      await page.keyboard.press(tool);
      await page.keyboard.press("Enter");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Escape");
      expect(await editor.count()).toBe(0);
      await page.keyboard.press("ArrowLeft");
      expect(await editor.count()).toBe(0);
    }
    await expect(editor.button("Undo")).toBeDisabled();
  });

  test("tools, sizes, invert, repair, compare and help have keys", async ({ editor, page }) => {
    await reach(page);
    const tools = page.getByRole("radiogroup", { name: "Tool", exact: true });
    for (const [key, name] of [["e", "Eraser"], ["r", "Rectangle"], ["l", "Lasso"], ["p", "Polygon"], ["w", "Wand"], ["h", "Pan"], ["b", "Brush"]] as const) {
      await page.keyboard.press(key);
      await expect(tools.getByRole("radio", { name, exact: true })).toBeChecked();
    }
    const size = page.getByRole("slider", { name: "Brush size", exact: true });
    const before = Number(await size.inputValue());
    await page.keyboard.press("]");
    expect(Number(await size.inputValue())).toBeGreaterThan(before);
    await page.keyboard.press("[");
    await page.keyboard.press("[");
    expect(Number(await size.inputValue())).toBeLessThan(before);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Control+Enter");
    await expect(editor.status).toContainText(" 0 outside");
    await page.keyboard.down("x");
    await expect(page.locator("reweave-editor #after")).toBeHidden();
    await page.keyboard.up("x");
    await expect(page.locator("reweave-editor #after")).toBeVisible();
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keyboard and pointer" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await reach(page);
    await page.keyboard.press("i");
    await expect.poll(() => editor.marked()).toBeGreaterThan(99);
  });

  test("letters that are typed into a field are its own", async ({ editor, page }) => {
    await editor.repairAt("Custom endpoint");
    await page.getByLabel("Endpoint address", { exact: true }).pressSequentially("https://berlp.example/wh?x=1");
    await expect(page.getByLabel("Endpoint address", { exact: true })).toHaveValue("https://berlp.example/wh?x=1");
    await expect(page.getByRole("radio", { name: "Brush", exact: true })).toBeChecked();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await editor.tool("Rectangle");
    await editor.drag([[0.2, 0.2], [0.6, 0.6]]);
    await page.getByLabel("Width", { exact: true }).press("Backspace");
    expect(await editor.count()).toBeGreaterThan(0);
  });

  test("keys outside of the element do nothing in it", async ({ editor, page }) => {
    await editor.markCorner();
    await page.evaluate(() => {
      const field = document.body.appendChild(document.createElement("input"));
      field.focus();
    });
    for (const key of ["e", "i", "?", "Control+z", "Control+Enter"]) await page.keyboard.press(key);
    await expect(page.getByRole("radio", { name: "Rectangle", exact: true })).toBeChecked();
    expect(await editor.marked()).toBeGreaterThan(2);
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });

  test("a host keeps its own Ctrl+Z, and hears the keys that are not used", async ({ editor, page }) => {
    await editor.markCorner();
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      addEventListener("keydown", (event) => heard.push(event.key));
    });
    await editor.surface.focus();
    await page.keyboard.press("Control+z");
    await page.keyboard.press("e");
    await page.keyboard.press("q");
    await page.keyboard.press("Control+s");
    const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    expect(heard.filter((key) => key !== "Control")).toEqual(["q", "s"]);
    expect(await editor.marked()).toBe(0);
  });

  test("focus is seen when the keyboard brought it, and not when the pointer did", async ({ editor, page }) => {
    const frame = () =>
      page.locator("reweave-editor #stage").evaluate((stage) => getComputedStyle(stage, "::after").borderTopStyle);
    await editor.click(0.5, 0.5);
    expect(await frame()).not.toBe("solid");
    await reach(page);
    expect(await frame()).toBe("solid");
  });

  test("a dialog has the keys for itself", async ({ editor, page }) => {
    await editor.drag([[0.2, 0.2], [0.6, 0.2]]);
    const drawn = await editor.count();
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog")).toBeVisible();
    for (const key of ["e", "i", "Control+z", "Control+Enter"]) await page.keyboard.press(key);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("radio", { name: "Brush", exact: true })).toBeChecked();
    expect(await editor.count()).toBe(drawn);
  });

  test("what is typed into a field is not a host's shortcut, other keys may be", async ({ editor, page }) => {
    await page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(window, { heard });
      addEventListener("keydown", (event) => heard.push(event.key));
    });
    await editor.repairAt("Custom endpoint");
    const field = page.getByLabel("Endpoint address", { exact: true });
    await field.pressSequentially("http");
    for (const key of ["Backspace", "ArrowLeft", "Control+z", "Control+a", "Control+s", "F9", "Escape"]) await field.press(key);
    const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard);
    expect(heard.filter((key) => key !== "Control")).toEqual(["s", "F9", "Escape"]);
  });

  test("at the picture's edge the wand picks the last pixel; Alt with arrows is the browser's", async ({ editor, page }) => {
    await reach(page);
    await page.keyboard.press("w");
    for (let i = 0; i < 12; i++) await page.keyboard.press("Shift+ArrowRight");
    for (let i = 0; i < 12; i++) await page.keyboard.press("Shift+ArrowDown");
    await expect(page.locator("reweave-editor #announcer")).toHaveText("512, 512");
    await page.evaluate(() => addEventListener("keydown", (event) => event.preventDefault()));
    await page.keyboard.press("Alt+ArrowLeft");
    await expect(page.locator("reweave-editor #announcer")).toHaveText("512, 512");
    await page.keyboard.press("Enter");
    await expect(editor.status).toContainText("Picked");
    expect(await editor.marks([511, 511])).toEqual([true]);
  });
});

/** Goes to the picture by Tab, from wherever the focus is. */
async function reach(page: import("@playwright/test").Page): Promise<void> {
  const isThere = () => document.activeElement?.shadowRoot?.activeElement?.id === "surface";
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(isThere)) return;
  }
  throw new Error("Tab does not reach the picture");
}
