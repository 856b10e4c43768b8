// Project files in the editor: marks, their history and settings, for a picture of the same size; no
// picture and no key. What a project's file may hold is tested in project.spec.ts.

import type { ReweaveEditor } from "../element/reweave-editor.ts";
import { expect, png, test, type Editor } from "./fixtures.ts";

function json(text: string): { name: string; mimeType: string; buffer: Buffer } {
  return { name: "reweave.json", mimeType: "application/json", buffer: Buffer.from(text) };
}

async function unfold(editor: Editor): Promise<void> {
  await editor.page.getByText("More", { exact: true }).click();
}

async function save(editor: Editor): Promise<string> {
  const { name, bytes } = await editor.saved(() => editor.button("Save project").click());
  expect(name).toBe("astronaut-reweave.json");
  return bytes.toString();
}

async function openProject(editor: Editor, text: string): Promise<void> {
  await editor.choose(() => editor.button("Open project").click(), json(text));
}

/** Drops a file on the editor. */
async function drop(editor: Editor, text: string, name = "marks.json"): Promise<void> {
  await editor.page.locator("reweave-editor").evaluate((element, [text, name]) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], name, { type: "application/json" }));
    element.dispatchEvent(new DragEvent("drop", { bubbles: true, composed: true, cancelable: true, dataTransfer }));
  }, [text, name] as const);
}

function settings(editor: Editor) {
  return editor.page.locator("reweave-editor").evaluate((element: ReweaveEditor) => {
    const { tool, brushSize, tolerance, growBy, where, fillOptions, preferences } = element;
    return { tool, brushSize, tolerance, growBy, where, fillOptions, preferences };
  });
}

test("marks, their history and settings come back; no picture and no key is in the file", async ({ editor, page }) => {
  await editor.openPhotograph();
  await editor.custom("https://endpoint.example/t?signature=sesame", "X-API-KEY", "topsecret");
  await page.getByRole("slider", { name: "Brush size", exact: true }).fill("33");
  await editor.drag([[0.2, 0.3], [0.6, 0.35]]);
  const stroke = await editor.count();
  await editor.markCorner();
  const both = await editor.bits();
  await editor.button("Invert").click();
  await page.getByLabel("Grow or shrink by", { exact: true }).fill("9");
  await editor.button("Shrink").click();
  const marks = await editor.bits();
  await editor.button("Settings").click();
  await page.getByLabel("Overlay colour", { exact: true }).fill("#00ff88");
  await page.getByLabel("Outline", { exact: true }).uncheck();
  await editor.button("Close").click();
  await unfold(editor);
  await page.locator("reweave-editor").evaluate((element: ReweaveEditor) => {
    element.fillOptions = { quality: "best", seed: 7, expand: 3, halo: false };
  });
  const before = await settings(editor);
  const text = await save(editor);
  for (const secret of ["topsecret", "sesame", "endpoint.example", "iVBOR", "data:"]) expect(text).not.toContain(secret);
  expect(text.length).toBeLessThan(5000);

  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await editor.openPhotograph();
  expect(await settings(editor)).not.toEqual(before);
  await unfold(editor);
  await openProject(editor, text);
  await expect(editor.status).toHaveText("Project opened: 4 steps");
  expect(await editor.bits()).toBe(marks);
  expect(await settings(editor)).toEqual(before);
  await expect(page.getByLabel("Key", { exact: true })).toHaveValue("");
  // Its history, step by step, and forth again.
  const undo = editor.button("Undo");
  await undo.click();
  await undo.click();
  expect(await editor.bits()).toBe(both);
  await undo.click();
  expect(await editor.count()).toBe(stroke);
  await undo.click();
  expect(await editor.count()).toBe(0);
  await expect(undo).toBeDisabled();
  for (let step = 0; step < 4; step++) await editor.button("Redo").click();
  expect(await editor.bits()).toBe(marks);
  // A rectangle is still one, and what is saved again is the same.
  expect((await settings(editor)).tool).toBe("rectangle");
  expect(await save(editor)).toBe(text);
});

test("it takes the place of the marks that are there; versions stay", async ({ editor }) => {
  await editor.openPhotograph();
  await editor.markCorner();
  await unfold(editor);
  const text = await save(editor);
  const marks = await editor.bits();
  await editor.repaired("Version 1");
  await editor.tool("Brush");
  await editor.drag([[0.2, 0.3], [0.6, 0.35]]);
  await openProject(editor, text);
  await expect(editor.status).toHaveText("Project opened: 1 step");
  await expect(editor.version("Original")).toBeChecked();
  expect(await editor.bits()).toBe(marks);
  await expect(editor.button("Redo")).toBeDisabled();
  await editor.repaired("Version 2");
  await editor.version("Version 1").check();
  await expect(editor.button("Download")).toBeEnabled();
});

test("of another size it is refused with both sizes, and nothing is lost", async ({ editor }) => {
  await editor.openPhotograph();
  await editor.markCorner();
  await unfold(editor);
  const text = await save(editor);
  const small = png(300, 200, (x, y) => [x & 255, y & 255, 90]);
  await editor.openPhotograph({ name: "small.png", mimeType: "image/png", buffer: small });
  await expect(editor.status).toContainText("300 × 200");
  await editor.drag([[0.2, 0.3], [0.6, 0.5]]);
  const marks = await editor.bits();
  await openProject(editor, text);
  await expect(editor.alert).toContainText("mask-size");
  for (const size of ["512 × 512", "300 × 200"]) await expect(editor.alert).toContainText(size);
  expect(await editor.bits()).toBe(marks);
  await editor.button("Undo").click();
  expect(await editor.count()).toBe(0);
});

test("dropped on the editor it is opened, not while something is running, nor without a picture", async ({ editor, page }) => {
  const box = { kind: "rectangle", x: 10, y: 20, width: 30, height: 40, subtract: false };
  const text = JSON.stringify({ reweave: 1, width: 512, height: 512, steps: [box], settings: { tool: "lasso" } });
  await drop(editor, text);
  await expect(editor.alert).toContainText("no picture is open");
  await editor.openPhotograph();
  await drop(editor, text);
  await expect(editor.status).toHaveText("Project opened: 1 step");
  expect(await editor.bounds()).toEqual({ x: 10, y: 20, width: 30, height: 40 });
  await expect(page.getByRole("radio", { name: "Lasso", exact: true })).toBeChecked();
  await drop(editor, "{}", "MARKS.JSON");
  await expect(editor.alert).toContainText("project-malformed");
  // A repair that runs keeps its marks.
  await editor.tool("Rectangle");
  await editor.drag([[0.1, 0.1], [0.9, 0.9]]);
  const marks = await editor.bits();
  const told = await page.locator("reweave-editor").evaluate(async (element: ReweaveEditor, text: string) => {
    const codes: string[] = [];
    element.addEventListener("reweave-error", ({ detail }) => codes.push(detail.error.code));
    const repaired = element.repair();
    while (element.controller.busy?.doing !== "repair") await new Promise((soon) => setTimeout(soon));
    await element.files.openProject(new File([text], "marks.json"));
    return { codes, isRepaired: await repaired };
  }, text);
  expect(told).toEqual({ codes: ["out-of-order"], isRepaired: true });
  expect(await editor.bits()).toBe(marks);
});

test("no broken project changes anything, however it is broken", async ({ editor, page }) => {
  await editor.openPhotograph();
  await editor.markCorner();
  await editor.tool("Brush");
  await editor.drag([[0.2, 0.3], [0.6, 0.35]]);
  await unfold(editor);
  const text = await save(editor);
  const found = await page.locator("reweave-editor").evaluate(async (element: ReweaveEditor, text: string) => {
    let seed = 7;
    const random = (n: number) => (seed = (seed * 48271) % 0x7fff_ffff) % n;
    const strange = [null, true, -1, 1.5, 1e300, 70_000, "", "x", [], {}, [[]], "__proto__", "NaN"];
    /** Puts something strange into one place of the data. */
    const broken = (value: unknown): unknown => {
      if (typeof value !== "object" || value === null || random(4) === 0) return strange[random(strange.length)];
      const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
      const keys = Object.keys(copy);
      const key = keys[random(keys.length || 1)];
      if (key === undefined) return strange[random(strange.length)];
      if (random(5) === 0) return Object.fromEntries(Object.entries(copy).filter(([name]) => name !== key));
      copy[key] = broken(copy[key]);
      return copy;
    };
    const codes: Record<string, number> = {};
    const wrong: string[] = [];
    const marked = () => JSON.stringify(element.selection?.log());
    for (let round = 0; round < 300; round++) {
      const cut = random(text.length);
      const bad = round % 3 === 0 ? text.slice(0, cut) + text.slice(cut + 1 + random(9)) : JSON.stringify(broken(JSON.parse(text)));
      const before = marked();
      element.controller.dismiss();
      await element.files.openProject(new File([bad], "bad.json"));
      const code = element.controller.error?.code ?? "opened";
      codes[code] = (codes[code] ?? 0) + 1;
      if (code !== "opened" && marked() !== before) wrong.push(bad);
      // What was opened is drawn on as ever.
      if (code === "opened") element.mark((selection) => selection.addRectangle({ x: 0, y: 0, width: 9, height: 9 }, false));
      if (element.controller.error?.code === "internal") wrong.push(`internal: ${bad}`);
      await element.updateComplete;
    }
    return { codes, wrong };
  }, text);
  expect(found.wrong).toEqual([]);
  for (const code of Object.keys(found.codes)) {
    expect(["opened", "project-malformed", "project-version", "mask-size"]).toContain(code);
  }
  expect(found.codes["project-malformed"]).toBeGreaterThan(100);
  await openProject(editor, text);
  await expect(editor.alert).toBeEmpty();
});
