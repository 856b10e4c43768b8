// Rectangles as JSON, by the clipboard and by pasting: all of a list or none of it.

import { expect, PHOTOGRAPH, test, type Editor } from "./fixtures.ts";

const TWO = [
  { x: 10, y: 20, width: 100, height: 50 },
  { x: 300, y: 400, width: 64, height: 32 },
];

/** Pastes a text into the editor, as Ctrl+V does. */
async function paste(editor: Editor, text: string, into = "#surface"): Promise<boolean> {
  return editor.page.locator(`reweave-editor ${into}`).evaluate((target, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const event = new ClipboardEvent("paste", { bubbles: true, composed: true, cancelable: true, clipboardData });
    target.dispatchEvent(event);
    return event.defaultPrevented;
  }, text);
}

async function rectangles(editor: Editor): Promise<unknown> {
  return editor.page.locator("reweave-editor").evaluate((element) => (element as unknown as { rectangles(): unknown }).rectangles());
}

test.describe("with a clipboard", () => {
  test.use({ permissions: ["clipboard-read", "clipboard-write"] });

  test("rectangles are copied, and pasted again", async ({ editor, page }) => {
    await editor.openPhotograph();
    await paste(editor, JSON.stringify(TWO));
    await page.getByText("More", { exact: true }).click();
    await editor.button("Copy rectangles").click();
    await expect(editor.status).toHaveText("2 rectangles copied");
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(JSON.parse(copied)).toEqual(TWO);
    await editor.button("Clear").click();
    await editor.button("Paste rectangles").click();
    await expect(editor.status).toHaveText("2 rectangles pasted");
    expect(await rectangles(editor)).toEqual(TWO);
  });

  test("a stroke cannot be copied as rectangles, and what is no list cannot be pasted", async ({ editor, page }) => {
    await editor.openPhotograph();
    await editor.drag([[0.2, 0.3], [0.7, 0.3]]);
    await page.getByText("More", { exact: true }).click();
    await page.evaluate(() => navigator.clipboard.writeText("as it was"));
    await editor.button("Copy rectangles").click();
    await expect(editor.alert).toContainText("out-of-order");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("as it was");
    const marks = await editor.bits();
    await editor.button("Paste rectangles").click();
    await expect(editor.alert).toContainText("rectangles-malformed");
    expect(await editor.bits()).toBe(marks);
  });
});

test("without a clipboard that is said", async ({ editor, page }) => {
  await editor.openPhotograph();
  await paste(editor, JSON.stringify(TWO));
  await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await page.getByText("More", { exact: true }).click();
  for (const name of ["Copy rectangles", "Paste rectangles"]) {
    await editor.button(name).click();
    await expect(editor.alert).toContainText("does not let this page use the clipboard");
    await editor.button("Dismiss").click();
  }
});

test("pasted as a text they are marks, each with its own undo", async ({ editor }) => {
  await editor.openPhotograph();
  expect(await paste(editor, JSON.stringify(TWO))).toBe(true);
  expect(await rectangles(editor)).toEqual(TWO);
  await editor.button("Undo").click();
  expect(await rectangles(editor)).toEqual(TWO.slice(0, 1));
});

const box = { x: 1, y: 2, width: 3, height: 4 };
const refused: readonly (readonly [string, string])[] = [
  ["[", "rectangles-malformed"],
  ['[{"x":1,', "rectangles-malformed"],
  ["[null]", "rectangle"],
  ["[3]", "rectangle"],
  ['[{"x":1}]', "rectangle-not-integer"],
  [JSON.stringify([{ ...box, x: "1" }]), "rectangle-not-integer"],
  [JSON.stringify([{ ...box, x: 1.5 }]), "rectangle-not-integer"],
  [JSON.stringify([{ ...box, width: 0 }]), "rectangle-too-small"],
  [JSON.stringify([{ ...box, x: -1 }]), "rectangle-too-small"],
  [JSON.stringify([box, { ...box, x: 510 }]), "rectangle-outside"],
  [JSON.stringify([box, { ...box, y: 1e12 }]), "rectangle-outside"],
  [JSON.stringify(Array(51).fill(box)), "too-many-rectangles"],
];

for (const [text, code] of refused) {
  test(`refused with ${code}: ${text.slice(0, 60)}`, async ({ editor }) => {
    await editor.openPhotograph();
    await editor.markCorner();
    const marks = await editor.bits();
    await paste(editor, text);
    await expect(editor.alert).toContainText(code);
    expect(await editor.bits()).toBe(marks);
    await editor.button("Undo").click();
    expect(await editor.count()).toBe(0);
  });
}

test("an empty list, any other text, and what is pasted into a field are no rectangles", async ({ editor, page }) => {
  await editor.openPhotograph();
  expect(await paste(editor, "hello")).toBe(false);
  await editor.repairAt("Custom endpoint");
  expect(await paste(editor, JSON.stringify(TWO), "[aria-label='Endpoint address']")).toBe(false);
  await paste(editor, "[]");
  expect(await editor.count()).toBe(0);
  await expect(page.getByRole("alert")).toContainText("empty-mask");
});

test("without a picture nothing can be pasted on", async ({ editor }) => {
  await paste(editor, JSON.stringify(TWO), ".layout");
  await expect(editor.alert).toContainText("out-of-order");
  await editor.openPhotograph(PHOTOGRAPH);
  await expect(editor.alert).toBeEmpty();
});
