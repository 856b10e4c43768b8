// Bad input and bad answers: each is told with its stable code, and the picture, the marks and the
// history stay. The answers of a broken endpoint are the only things that are made up here.

import { setTimeout as pause } from "node:timers/promises";

import type { Page, Route } from "@playwright/test";

import { type Editor, expect, png, test } from "./fixtures.ts";

const GONE = "https://endpoint.example/tasks/visual/watermark";

test.use({ expectedErrors: /Failed to load resource|ERR_|CORS/ });

async function marked(editor: Editor): Promise<void> {
  await editor.openPhotograph();
  await editor.markCorner();
}

/** The picture, the marks and the history are as they were. */
async function expectNothingLost(editor: Editor): Promise<void> {
  await expect(editor.surface).toHaveAttribute("aria-busy", "false");
  expect(await editor.marked()).toBeGreaterThan(2);
  // Over a result, undo leads to its marks first.
  if (await editor.button("Download").isEnabled()) await editor.button("Undo").click();
  await editor.button("Undo").click();
  expect(await editor.marked()).toBe(0);
  await editor.button("Redo").click();
  expect(await editor.marked()).toBeGreaterThan(2);
}

const files = [
  ["text", "not-a-picture", Buffer.from("just a text, whatever its name says")],
  ["a GIF", "gif-refused", Buffer.from("GIF89a\x01\x00\x01\x00\x00\x00\x00;", "latin1")],
  ["nothing", "empty-file", Buffer.alloc(0)],
  ["half a PNG", "picture-broken", png(60, 60, (x, y) => [x, y, x ^ y]).subarray(0, 400)],
] as const;

for (const [what, code, buffer] of files) {
  test(`a file that holds ${what} is refused: ${code}`, async ({ editor }) => {
    await marked(editor);
    await editor.open({ name: "picture.png", mimeType: "image/png", buffer });
    await expect(editor.alert).toContainText(code);
    await expectNothingLost(editor);
    // The next good file works.
    await editor.openPhotograph();
    await expect(editor.status).toContainText("512 × 512");
    await expect(editor.alert).toBeEmpty();
  });
}

test("no marks: empty-mask, here and at an endpoint", async ({ editor }) => {
  await editor.openPhotograph();
  for (const where of ["In this browser", "This server"] as const) {
    await editor.repairAt(where);
    await editor.button("Repair").click();
    await expect(editor.alert).toContainText("empty-mask");
    await editor.button("Dismiss").click();
    await expect(editor.alert).toBeEmpty();
  }
});

test("over 50 % is refused for an endpoint and repaired here", async ({ editor }) => {
  await editor.openPhotograph();
  await editor.tool("Rectangle");
  await editor.drag([[0.1, 0.1], [0.9, 0.9]]);
  await editor.repairAt("This server");
  await editor.button("Repair").click();
  await expect(editor.alert).toContainText("coverage");
  await expect(editor.alert).toContainText("at most 50 %");
  await editor.repairAt("In this browser");
  await editor.button("Repair").click();
  await expect(editor.status).toContainText(" 0 outside");
});

test("over 4096 pixels is refused for an endpoint and repaired here", async ({ editor }) => {
  const buffer = png(4100, 60, (x, y) => [x & 255, y * 4, (x + y) & 255]);
  await editor.openPhotograph({ name: "wide.png", mimeType: "image/png", buffer });
  await editor.markCorner();
  await editor.repairAt("This server");
  await editor.button("Repair").click();
  await expect(editor.alert).toContainText("picture-dimensions");
  await expect(editor.alert).toContainText("4100 × 60");
  await editor.repairAt("In this browser");
  await editor.button("Repair").click();
  await expect(editor.status).toContainText(" 0 outside");
});

/** Answers of endpoints that are wrong in one way each. */
const answers: readonly (readonly [string, string, RegExp, (route: Route) => Promise<void>])[] = [
  ["is down", "unreachable", /cannot be reached/, (route) => route.abort("connectionrefused")],
  ["answers HTML", "reply-not-json", /text\/html/, (route) => reply(route, 200, "<html>hello", "text/html")],
  ["answers nothing", "reply-not-json", /nothing/, (route) => reply(route, 200, "")],
  ["answers without a status", "reply-incomplete", /status/, (route) => reply(route, 200, "{}")],
  ["answers a status in the JSON", "json-status", /402/, (route) => reply(route, 200, '{"status":402,"message":"pay"}')],
  ["answers a script as the result", "result-link", /http/, (route) => reply(route, 200, done("javascript:alert(1)"))],
  ["answers a file that is no picture", "not-a-picture", /first bytes/, (route) => reply(route, 200, done("aGVsbG8="))],
  ["answers a picture of another size", "result-size", /512 × 512/, (route) => reply(route, 200, done(small))],
  ...[400, 401, 403, 404, 413, 429, 500, 503].map(
    (status) =>
      [`answers ${status}`, "http-status", new RegExp(`HTTP ${status}`), (route: Route) => reply(route, status, "")] as const,
  ),
  ...[-1, -2, -3, -5, -7, -8, -99].map(
    (state) =>
      [`ends in state ${state}`, "task-failed", new RegExp(`state ${state}`),
        (route: Route) => reply(route, 200, JSON.stringify({ status: 200, data: { task_id: "t", state } }))] as const,
  ),
];

const small = png(4, 4, () => [1, 2, 3]).toString("base64");

function done(image: string): string {
  return JSON.stringify({ status: 200, data: { state: 1, progress: 100, image } });
}

function reply(route: Route, status: number, body: string, contentType = "application/json"): Promise<void> {
  const headers = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Expose-Headers": "Retry-After",
    // Longer than anybody waits: what is over the rate is told at once.
    ...(status === 429 && { "Retry-After": "86400" }),
  };
  return route.fulfill({ status: route.request().method() === "OPTIONS" ? 204 : status, body, contentType, headers });
}

async function custom(editor: Editor, page: Page, answer: (route: Route) => Promise<void>): Promise<void> {
  await page.route("https://endpoint.example/**", answer);
  await marked(editor);
  await editor.custom(GONE, "X-API-KEY", "topsecret");
}

for (const [what, code, text, answer] of answers) {
  test(`an endpoint that ${what}: ${code}`, async ({ editor, page }) => {
    await custom(editor, page, answer);
    await editor.send();
    await expect(editor.alert).toContainText(code);
    await expect(editor.alert).toContainText(text);
    await expect(editor.alert).not.toContainText("topsecret");
    await expectNothingLost(editor);
  });
}

test("an endpoint that never finishes can be cancelled, and ends by itself", async ({ editor, page }) => {
  await page.clock.install();
  await custom(editor, page, (route) =>
    reply(route, 200, '{"status":200,"data":{"task_id":"t","state":4,"progress":40}}'),
  );
  await editor.send();
  await expect(editor.status).toContainText("Waiting for the endpoint");
  await editor.button("Cancel").click();
  await page.clock.runFor(1000);
  await expect(editor.status).toContainText("Cancelled");
  await expectNothingLost(editor);
  await editor.button("Repair").click();
  await expect(editor.status).toContainText("Waiting for the endpoint");
  // Half a minute of polls, each of which is really sent: a tenth of a second for each answer, or the page's
  // clock would run past the end of a request while that is under way.
  for (let second = 0; second < 34; second++) {
    await page.clock.runFor(1000);
    await pause(100);
  }
  await expect(editor.alert).toContainText("deadline");
  await expect(editor.alert).toContainText("30 s");
  await expectNothingLost(editor);
});

test("a fill in the browser can be cancelled", async ({ editor }) => {
  const buffer = png(3000, 3000, (x, y) => [(x * 7) & 255, (y * 5) & 255, (x ^ y) & 255]);
  await editor.openPhotograph({ name: "large.png", mimeType: "image/png", buffer });
  await editor.tool("Rectangle");
  await editor.drag([[0.05, 0.05], [0.95, 0.95]]);
  await editor.button("Repair").click();
  await expect(editor.status).toContainText("Filling the region");
  await editor.button("Cancel").click();
  await expect(editor.status).toContainText("Cancelled", { timeout: 1000 });
  await expect(editor.button("Download")).toBeDisabled();
  await expectNothingLost(editor);
});

test("a worker that is lost is replaced; picture and marks stay", async ({ editor, page }) => {
  await page.addInitScript(() => {
    const Real = window.Worker;
    window.Worker = class extends Real {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        Object.assign(window, { lastWorker: this });
      }
    };
  });
  await page.reload();
  await marked(editor);
  await page.evaluate(() => {
    const { lastWorker } = window as unknown as { lastWorker: Worker };
    lastWorker.dispatchEvent(new ErrorEvent("error", { message: "out of memory" }));
    lastWorker.terminate();
  });
  await editor.button("Repair").click();
  await expect(editor.status).toContainText(" 0 outside");
  await expectNothingLost(editor);
});

test("what leaves is told first, and that it can be read on its way", async ({ editor, page }) => {
  let sent = 0;
  await page.route("http://endpoint.example/**", (route) => {
    sent++;
    return reply(route, 401, "");
  });
  await marked(editor);
  await editor.custom("http://endpoint.example/t", "X-API-KEY", "topsecret");
  await editor.button("Repair").click();
  const dialog = page.getByRole("dialog");
  for (const line of ["endpoint.example", "PNG, 425 kB, without its metadata", "rectangles: 1", "X-API-KEY", "can read all"])
    await expect(dialog).toContainText(line);
  await expect(dialog).not.toContainText("topsecret");
  await editor.button("Do not send").click();
  await expect(dialog).toHaveCount(0);
  await expect(editor.status).toContainText("Cancelled");
  expect(sent).toBe(0);
  await editor.send();
  await expect(editor.alert).toContainText("401");
  const first = sent;
  expect(first).toBeGreaterThan(0);
  // Agreed to once, it is not asked again; another header is another question.
  await editor.button("Repair").click();
  await expect.poll(() => sent).toBeGreaterThan(first);
});
