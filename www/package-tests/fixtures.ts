// What the tests of the package share: a project of its own, a picture with something in it, and a repair
// of what is marked.

import { test as base, expect, type Page } from "@playwright/test";

import type { ReweaveEditor } from "../element/no-define.ts";
import { png } from "../tests/fixtures.ts";
import { Project } from "./project.ts";

export { expect };

/** Something that does not belong: bright, on a slope of greys. */
export const MARK = { x: 90, y: 60, width: 30, height: 20 };

const inMark = (x: number, y: number) =>
  x >= MARK.x && x < MARK.x + MARK.width && y >= MARK.y && y < MARK.y + MARK.height;

export const PICTURE = png(200, 140, (x, y) => (inMark(x, y) ? [250, 40, 220] : [x >> 1, (x + y) >> 2, y >> 1]));

interface Fixtures {
  /** Makes a project of an example, or an empty one. */
  project: (example: string | null) => Project;
  /** Errors of the page's console; none is expected. */
  faults: string[];
}

export const test = base.extend<Fixtures>({
  project: async ({}, use) => {
    const made: Project[] = [];
    await use((example) => {
      const project = new Project(example);
      made.push(project);
      return project;
    });
    for (const project of made) project.remove();
  },
  faults: [
    async ({ page }, use) => {
      const faults: string[] = [];
      page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
      page.on("pageerror", (error) => faults.push(String(error)));
      // Browsers ask for it, and the examples have none.
      await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
      await use(faults);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

/** Opens the picture in the page's element, marks what is in it, and has it repaired: the largest value of
 * red that is left there, and the changed pixels elsewhere. */
export async function repairInElement(page: Page): Promise<{ brightest: number; outside: number | null }> {
  await page.waitForFunction(() => customElements.get("reweave-editor") && document.querySelector("reweave-editor"));
  return page.evaluate(
    async ({ bytes, mark }) => {
      const editor = document.querySelector<ReweaveEditor>("reweave-editor");
      if (!editor) throw new Error("no element");
      const heard = new Promise<number | null>((resolve, reject) => {
        editor.addEventListener("reweave-result", ({ detail }) => resolve(detail.changes?.outside ?? null));
        editor.addEventListener("reweave-error", ({ detail }) => reject(new Error(`${detail.error.code}: ${detail.error.message}`)));
      });
      await editor.open(new Blob([new Uint8Array(bytes)]));
      editor.mark((selection) => selection.addRectangle(mark, false));
      const isThere = await editor.repair();
      const outside = await heard;
      const file = await editor.result();
      if (!isThere || !file) throw new Error("no result");
      const bitmap = await createImageBitmap(file);
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
      context?.drawImage(bitmap, 0, 0);
      const { data } = context?.getImageData(mark.x, mark.y, mark.width, mark.height) ?? { data: [255] };
      return { brightest: Math.max(...Array.from(data).filter((_, i) => i % 4 === 0)), outside };
    },
    { bytes: [...PICTURE], mark: MARK },
  );
}
