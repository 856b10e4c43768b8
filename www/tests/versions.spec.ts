// Repairs become versions: what is drawn on one goes on from it, undo leads back, and nothing is ever
// overwritten. The picture is grey, with coloured blocks that a repair takes away, so that what is
// shown can be told by its colours.

import type { ReweaveEditor } from "../element/reweave-editor.ts";
import { differences, expect, png, test, type Editor } from "./fixtures.ts";

const GREEN = [0, 200, 0] as const;
const BLUE = [0, 0, 230] as const;
const WIDTH = 480;
const HEIGHT = 360;

const inGreen = (x: number, y: number) => x >= 300 && x < 340 && y >= 200 && y < 240;
const inBlue = (x: number, y: number) => x >= 80 && x < 120 && y >= 60 && y < 100;

const CARD = png(WIDTH, HEIGHT, (x, y) => {
  if (inGreen(x, y)) return [...GREEN];
  if (inBlue(x, y)) return [...BLUE];
  return [110 + (x >> 3), 120 + (y >> 3), 130];
});

/** Marks a block with 8 pixels round it. */
async function mark(editor: Editor, block: "green" | "blue"): Promise<void> {
  await editor.tool("Rectangle");
  const [x, y] = block === "green" ? [300, 200] : [80, 60];
  const at = (px: number, py: number) => [px / WIDTH, py / HEIGHT] as const;
  await editor.drag([at(x - 8, y - 8), at(x + 48, y + 48)]);
}

const aroundGreen = (x: number, y: number) => x >= 291 && x < 349 && y >= 191 && y < 249;
const aroundBlue = (x: number, y: number) => x >= 71 && x < 129 && y >= 51 && y < 109;

test.beforeEach(async ({ editor }) => {
  await editor.openPhotograph({ name: "card.png", mimeType: "image/png", buffer: CARD });
  // Colours are looked for on the screen: marks do not lie over them.
  await editor.page.locator("reweave-editor").evaluate((element: ReweaveEditor) => {
    element.preferences = { ...element.preferences, overlayOpacity: 0, outline: false };
  });
});

test("what is drawn on a result goes on from it, and undo leads back all the way", async ({ editor }) => {
  await mark(editor, "green");
  const first = await editor.marked();
  await editor.repaired("Version 1");
  await mark(editor, "blue");
  await expect(editor.version("Version 1")).toBeChecked();
  // The marks that led to the result made way: one block is marked, not two.
  expect(await editor.marked()).toBeLessThan(first * 1.2);
  expect((await editor.seen(GREEN)).count).toBe(0);
  await editor.repaired("Version 2, from version 1");
  const { bytes } = await editor.download();
  expect(differences(CARD, bytes, (x, y) => aroundGreen(x, y) || aroundBlue(x, y)).outside).toBe(0);
  expect(differences(CARD, bytes, inGreen).inside).toBe(1600);
  expect(differences(CARD, bytes, inBlue).inside).toBe(1600);
  // Back: to its marks, to none on version 1, to the first marks on the original, to none.
  const undo = editor.button("Undo");
  const expectShown = async (name: string, isMarked: boolean) => {
    await expect(editor.version(name)).toBeChecked();
    expect(await editor.marked()).toBe(isMarked ? first : 0);
  };
  await undo.click();
  await expectShown("Version 1", true);
  await undo.click();
  await expectShown("Version 1", false);
  await undo.click();
  await expectShown("Original", true);
  await undo.click();
  await expectShown("Original", false);
  await expect(undo).toBeDisabled();
  for (let step = 0; step < 3; step++) await editor.button("Redo").click();
  await expectShown("Version 1", true);
  await editor.button("Redo").click();
  await expect(editor.version("Version 2, from version 1")).toBeChecked();
  expect(Buffer.compare((await editor.download()).bytes, bytes)).toBe(0);
});

test("a redo leads to a result of these marks only", async ({ editor }) => {
  await mark(editor, "green");
  await editor.repaired("Version 1");
  await editor.button("Undo").click();
  await expect(editor.version("Original")).toBeChecked();
  await editor.button("Redo").click();
  await expect(editor.version("Version 1")).toBeChecked();
  await editor.button("Undo").click();
  await editor.button("Undo").click();
  await mark(editor, "blue");
  // As many steps as the first time, but not the same.
  await expect(editor.button("Redo")).toBeDisabled();
  await editor.repaired("Version 2");
  await expect(editor.version("Version 1")).toHaveCount(1);
  await editor.button("Undo").click();
  await editor.button("Redo").click();
  await expect(editor.version("Version 2")).toBeChecked();
});

test("the same marks repaired again are a sibling, and each version can be shown", async ({ editor }) => {
  await mark(editor, "green");
  await editor.repaired("Version 1");
  await editor.repaired("Version 2");
  const names = ["Original", "Version 1", "Version 2"];
  for (const name of names) await expect(editor.version(name)).toHaveCount(1);
  await editor.version("Original").check();
  expect((await editor.seen(GREEN)).count).toBeGreaterThan(100);
  await expect(editor.button("Download")).toBeDisabled();
  await editor.version("Version 1").check();
  expect((await editor.seen(GREEN)).count).toBe(0);
  await expect(editor.page.locator("#announcer")).toHaveText("Shown: Version 1");
  const { bytes } = await editor.download();
  expect(differences(CARD, bytes, aroundGreen).outside).toBe(0);
});

test("continuing from a version begins with no marks on it, and can be undone", async ({ editor }) => {
  await mark(editor, "green");
  const first = await editor.marked();
  await editor.repaired("Version 1");
  await editor.button("Continue from here").click();
  expect(await editor.marked()).toBe(0);
  await expect(editor.version("Version 1")).toBeChecked();
  await expect(editor.button("Continue from here")).toBeDisabled();
  await mark(editor, "blue");
  await editor.repaired("Version 2, from version 1");
  // From an earlier one: a sibling, and the later one stays.
  await editor.version("Original").check();
  await editor.button("Continue from here").click();
  await mark(editor, "blue");
  await editor.repaired("Version 3");
  for (const name of ["Version 1", "Version 2, from version 1"]) await expect(editor.version(name)).toHaveCount(1);
  const { bytes } = await editor.download();
  expect(differences(CARD, bytes, aroundBlue).outside).toBe(0);
  await editor.button("Undo").click();
  await editor.button("Undo").click();
  // Before that were the marks of version 2, on version 1.
  await editor.button("Undo").click();
  await expect(editor.version("Version 1")).toBeChecked();
  expect(await editor.marked()).toBe(first);
});

test("marks in the place of a continuation that was undone are on what it began from", async ({ editor }) => {
  await mark(editor, "green");
  await editor.repaired("Version 1");
  await editor.button("Continue from here").click();
  await editor.button("Undo").click();
  await expect(editor.version("Original")).toBeChecked();
  await mark(editor, "blue");
  await expect(editor.version("Original")).toBeChecked();
  await editor.repaired("Version 2");
});

test("erasing and inverting over a result change the marks that led to it", async ({ editor }) => {
  await mark(editor, "green");
  const before = await editor.marked();
  await editor.repaired("Version 1");
  await editor.button("Invert").click();
  await expect(editor.version("Original")).toBeChecked();
  expect(await editor.marked()).toBeCloseTo(100 - before, 0);
  await editor.button("Undo").click();
  await editor.button("Redo").click();
  await editor.version("Version 1").check();
  await editor.button("Undo").click();
  await editor.button("Undo").click();
  await expect(editor.version("Original")).toBeChecked();
  expect(await editor.marked()).toBe(before);
  await editor.version("Version 1").check();
  await editor.tool("Eraser");
  await editor.drag([[0.6, 0.61], [0.72, 0.61]]);
  await expect(editor.version("Original")).toBeChecked();
  const erased = await editor.marked();
  expect(erased).toBeGreaterThan(0);
  expect(erased).toBeLessThan(before);
  await expect(editor.version("Version 1")).toHaveCount(1);
});

test("the next picture begins with no versions and no marks", async ({ editor }) => {
  await mark(editor, "green");
  await editor.repaired("Version 1");
  await editor.openPhotograph();
  await expect(editor.status).toContainText("512 × 512");
  await expect(editor.version("Original")).toHaveCount(0);
  await expect(editor.button("Download")).toBeDisabled();
  await expect(editor.button("Undo")).toBeDisabled();
  await expect(editor.button("Redo")).toBeDisabled();
});

test.describe("a large picture", () => {
  const [width, height] = [2400, 1600];
  const LARGE = png(width, height, (x, y) => {
    const wave = Math.round(40 * Math.sin(x / 37) + 30 * Math.cos(y / 23));
    return [120 + wave, 128 + ((x * y) % 23), 110 - wave];
  });

  test.beforeEach(async ({ editor, page }) => {
    await editor.openPhotograph({ name: "large.png", mimeType: "image/png", buffer: LARGE });
    await expect(editor.status).toContainText("2400 × 1600");
    await editor.tool("Rectangle");
    for (const left of [0.05, 0.37, 0.69]) await editor.drag([[left, 0.1], [left + 0.25, 0.9]]);
    // Long enough for all that is looked at while it runs.
    await page.locator("reweave-editor").evaluate((element: ReweaveEditor) => {
      element.fillOptions = { quality: "best", threads: 1 };
    });
    // What is seen from now on, at each frame, and all that is said: a stage can be over before the next frame.
    await page.locator("reweave-editor").evaluate((element: ReweaveEditor) => {
      const said = new Set<string>();
      const looks = new Set<string>();
      const stages = new Set<string>();
      const root = element.shadowRoot as ShadowRoot;
      element.addEventListener("reweave-progress", ({ detail }) => stages.add(detail.stage));
      const listen = () => said.add(root.querySelector('[role="status"]')?.textContent ?? "");
      new MutationObserver(listen).observe(root, { subtree: true, childList: true, characterData: true });
      const look = () => {
        requestAnimationFrame(look);
        const after = root.querySelector<HTMLCanvasElement>("#after");
        if (!after || after.hidden || element.controller.busy?.doing !== "repair") return;
        const { data } = after.getContext("2d")?.getImageData(0, after.height / 2, after.width, 20) ?? {};
        looks.add(String(data?.reduce((sum, value, at) => (sum * 31 + value * at) % 1_000_003, 0)));
      };
      look();
      Object.assign(window, { heard: () => ({ said: [...said], looks: looks.size, stages: [...stages] }) });
    });
  });

  const heard = (editor: Editor) =>
    editor.page.evaluate(() => (window as unknown as { heard: () => { said: string[]; looks: number; stages: string[] } }).heard());

  test("is filled in as it is refined, and the status names the stages", async ({ editor }) => {
    test.slow();
    await editor.button("Repair").click();
    await expect(editor.status).toContainText("Repaired", { timeout: 120_000 });
    const { said, looks, stages } = await heard(editor);
    // The three regions come one after the other.
    expect(looks, "different previews").toBeGreaterThanOrEqual(2);
    for (const text of ["Looking at the region", "Filling the region"]) expect(said).toContain(text);
    expect(stages).toEqual(expect.arrayContaining(["plan", "solve"]));
    await expect(editor.version("Version 1")).toBeChecked();
  });

  test("cancelled while it is filled in, nothing is lost", async ({ editor, page }) => {
    const marks = await editor.bits();
    // In the page, at the frame that shows the first preview: on a busy machine a click from here may come too late.
    await page.locator("reweave-editor").evaluate((element: ReweaveEditor) => {
      const root = element.shadowRoot as ShadowRoot;
      const look = () => {
        if (root.querySelector<HTMLCanvasElement>("#after")?.hidden !== false) return requestAnimationFrame(look);
        const buttons = [...root.querySelectorAll("button")];
        const named = (button: HTMLButtonElement) => button.getAttribute("aria-label") ?? button.innerText.trim();
        Object.assign(window, { disabled: buttons.filter(({ disabled }) => disabled).map(named) });
        buttons.find((button) => named(button) === "Cancel")?.click();
      };
      look();
    });
    await editor.button("Repair").click();
    await expect(editor.status).toHaveText("Cancelled. The picture and your marks are as they were.", { timeout: 30_000 });
    const disabled = await page.evaluate(() => (window as unknown as { disabled: string[] }).disabled);
    expect(disabled).toEqual(expect.arrayContaining(["Undo", "Redo", "Clear", "Invert", "Download", "Import mask"]));
    expect(await editor.bits()).toBe(marks);
    await expect(page.getByRole("radiogroup", { name: "Versions", exact: true })).toHaveCount(0);
    await expect(page.locator("#after")).toBeHidden();
    await expect(editor.alert).toBeEmpty();
    // And it can be repaired after all.
    await editor.button("Clear").click();
    await editor.drag([[0.1, 0.1], [0.2, 0.2]]);
    await editor.repaired("Version 1");
  });
});
