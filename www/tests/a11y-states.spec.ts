// What axe-core says of the states that come up by questions and faults, in both languages; and what
// is seen of them in forced colours.

import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";

import type { ReweaveEditor } from "../element/reweave-editor.ts";
import { expect, PHOTOGRAPH, png, test } from "./fixtures.ts";

const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;
const INVERTED = png(512, 512, (x, y) => (x > 99 && x < 160 && y > 99 && y < 140 ? [0, 0, 0] : [255, 255, 255]));
const WORDS = {
  "en-US": { open: "Open picture", repair: "Repair", importMask: "Import mask", more: "More", doNotSend: "Do not send", settings: "Settings", sideBySide: "Side by side", at: "Repair at" },
  "zh-CN": { open: "打开图片", repair: "修复", importMask: "导入遮罩", more: "更多", doNotSend: "不发送", settings: "设置", sideBySide: "并排显示", at: "修复位置" },
} as const;

async function clean(page: Page, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")} ${failureSummary ?? ""}`));
  expect(found, state).toEqual([]);
}

/** Each width in both languages and both colours, not each of all. */
const HOSTS = [
  ["desktop", "light", "en-US"],
  ["desktop", "dark", "zh-CN"],
  ["phone", "light", "zh-CN"],
  ["phone", "dark", "en-US"],
] as const;

for (const [device, colorScheme, locale] of HOSTS) {
  test.describe(`${device}, ${colorScheme}, ${locale}`, () => {
    test.use({ viewport: SIZES[device], colorScheme, locale });

    test("axe finds nothing in what is asked, told and compared", async ({ editor, page }) => {
      test.slow();
      const words = WORDS[locale];
      const surface = page.getByRole("application");
      const button = (name: string) => page.getByRole("button", { name, exact: true });
      await clean(page, "empty");
      await page.getByLabel(words.open, { exact: true }).setInputFiles({ name: "x.png", mimeType: "image/png", buffer: Buffer.from("a text") });
      await expect(editor.alert).toContainText("not-a-picture");
      await clean(page, "an error without a picture");
      await page.getByLabel(words.open, { exact: true }).setInputFiles(PHOTOGRAPH);
      await expect(surface).toHaveAttribute("aria-busy", "false");
      const [chooser] = await Promise.all([page.waitForEvent("filechooser"), button(words.importMask).click()]);
      await chooser.setFiles({ name: "mask.png", mimeType: "image/png", buffer: INVERTED });
      const dialog = page.getByRole("dialog");
      await expect(dialog).toBeVisible();
      await clean(page, "what is marked in a mask");
      await dialog.getByRole("button").first().press("Escape");
      await expect(dialog).toHaveCount(0);
      await page.locator("reweave-editor").evaluate((element: ReweaveEditor) => {
        element.mark((selection) => selection.addRectangle({ x: 200, y: 200, width: 60, height: 40 }, false));
      });
      for (const value of ["aliyun", "custom"]) {
        await page.getByLabel(words.at, { exact: true }).selectOption(value);
        await clean(page, `endpoint ${value}`);
      }
      await page.getByLabel(words.at, { exact: true }).selectOption("server");
      await button(words.repair).click();
      await expect(dialog).toBeVisible();
      await clean(page, "what is sent");
      await button(words.doNotSend).click();
      await page.getByLabel(words.at, { exact: true }).selectOption("browser");
      await button(words.repair).click();
      await expect(page.locator(".version")).toHaveCount(2);
      await page.locator(".compare input").fill("40");
      await clean(page, "a divider over the picture");
      await button(words.sideBySide).click();
      await clean(page, "side by side");
      await page.getByText(words.more, { exact: true }).click();
      await button(words.settings).click();
      await clean(page, "settings");
    });
  });
}

test("in forced colours versions, the focus and the toggle are seen", async ({ editor, page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await editor.openPhotograph();
  await editor.markCorner();
  await editor.repaired("Version 1");
  const outline = (selector: string) => page.locator(`reweave-editor ${selector}`).evaluate((one) => getComputedStyle(one).outlineStyle);
  expect(await outline(".version:has(:checked)")).toBe("solid");
  expect(await outline(".version:not(:has(:checked))")).not.toBe("solid");
  expect(await outline(".side")).not.toBe("solid");
  await editor.button("Side by side").click();
  expect(await outline(".side")).toBe("solid");
  await page.keyboard.press("Tab");
  const focused = await page.locator("reweave-editor").evaluate((element) => {
    const active = element.shadowRoot?.activeElement;
    const shown = active?.closest("label") ?? active;
    return shown && getComputedStyle(shown).outlineStyle;
  });
  expect(focused).toBe("solid");
});
