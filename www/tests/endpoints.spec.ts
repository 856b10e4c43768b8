// Endpoints of every kind: what is sent to them, what comes back, and what is told of both.

import { readFileSync } from "node:fs";

import type { Page, Route } from "@playwright/test";

import { differences, expect, keysFile, PHOTOGRAPH, png, startFiles, startServer, test, type Editor } from "./fixtures.ts";

const before = readFileSync(PHOTOGRAPH);
const inCorner = (x: number, y: number) => x >= 408 && y >= 434;
const SOMEWHERE = "https://endpoint.example/tasks/visual/watermark";

async function fill(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(text);
}

async function marked(editor: Editor): Promise<void> {
  await editor.openPhotograph();
  await editor.markCorner();
}

test.describe("an endpoint that takes addresses only", () => {
  test.use({ expectedErrors: /CORS|ERR_FAILED/ });

  test("picture and mask are uploaded first, and told", async ({ editor, page }) => {
    const [server, bucket] = [await startServer({}, "--allow-private-urls"), await startFiles(true)];
    try {
      await page.goto(server.url);
      await editor.openPhotograph();
      // A stroke goes as a mask.
      await editor.drag([[0.3, 0.9], [0.9, 0.9]]);
      await editor.repairAt("PicWish on the Aliyun market");
      await fill(page, "Endpoint address", `${server.url}/tasks/visual/watermark`);
      await fill(page, "Key", "any");
      await editor.button("Repair").click();
      await expect(editor.alert).toContainText("upload-needed");
      await fill(page, "Upload address", `${bucket.url}/one?signature=1`);
      await editor.button("Repair").click();
      await expect(editor.alert).toContainText("upload-name");
      await fill(page, "Upload address", `${bucket.url}/in/{name}?signature=1`);
      await editor.button("Repair").click();
      await expect(page.getByRole("dialog")).toContainText(`uploaded to ${new URL(bucket.url).host} first`);
      await editor.button("Send").click();
      await expect(editor.status).toContainText(" 0 outside");
      expect([...bucket.files.keys()].every((name) => /^\/in\/reweave-[0-9a-f]{32}\.png$/.test(name))).toBe(true);
      expect(bucket.files.size).toBe(2);
      const { bytes } = await editor.download();
      const found = differences(before, bytes, (x, y) => Math.abs(y - 460.8) < 15 && x > 138);
      expect(found.outside).toBe(0);
      expect(found.inside).toBeGreaterThan(3000);
    } finally {
      server.stop();
      bucket.stop();
    }
  });

  test("an embedder's own upload is used", async ({ editor, page }) => {
    const [server, bucket] = [await startServer({}, "--allow-private-urls"), await startFiles(true)];
    try {
      await page.goto(server.url);
      await marked(editor);
      await page.locator("reweave-editor").evaluate((element, url) => {
        const upload = async (file: Blob, name: string) => {
          await fetch(`${url}/mine/${name}`, { method: "PUT", body: file });
          return `${url}/mine/${name}`;
        };
        Object.assign(element, { upload });
      }, bucket.url);
      await editor.repairAt("PicWish on the Aliyun market");
      await expect(page.getByLabel("Upload address", { exact: true })).toHaveCount(0);
      await fill(page, "Endpoint address", `${server.url}/tasks/visual/watermark`);
      await fill(page, "Key", "any");
      await editor.button("Repair").click();
      await expect(page.getByRole("dialog")).toContainText("by the way this site provides");
      await editor.button("Send").click();
      await expect(editor.status).toContainText(" 0 outside");
      // Rectangles are sent as they are: only the picture was uploaded.
      expect(bucket.files.size).toBe(1);
    } finally {
      server.stop();
      bucket.stop();
    }
  });

  test("a picture that may only be shown is repaired by its address, and no proof is claimed", async ({ editor, page }) => {
    const [server, shown] = [await startServer({}, "--allow-private-urls"), await startFiles(false)];
    shown.files.set("/photo.png", before);
    try {
      await page.goto(server.url);
      await page.getByText("Open an address", { exact: true }).click();
      await fill(page, "Picture address", `${shown.url}/photo.png`);
      await editor.button("Open").click();
      await expect(editor.status).toContainText("photo.png is shown: 512 × 512");
      await expect(editor.status).toContainText("does not let this page read it");
      await editor.markCorner();
      await editor.button("Repair").click();
      await expect(editor.alert).toContainText("picture-unreadable");
      await editor.repairAt("PicWish on the Aliyun market");
      await fill(page, "Endpoint address", `${server.url}/tasks/visual/watermark`);
      await fill(page, "Key", "any");
      await editor.button("Repair").click();
      await expect(page.getByRole("dialog")).toContainText("picture's address");
      await editor.button("Send").click();
      await expect(editor.status).toContainText("nothing can be said of the pixels outside");
      const { name, bytes } = await editor.download();
      expect(name).toBe("photo-reweave.png");
      expect(differences(before, bytes, inCorner).inside).toBeGreaterThan(5000);
    } finally {
      server.stop();
      shown.stop();
    }
  });
});

test("a relay adds the key that the page does not have", async ({ editor, page }) => {
  const upstream = await startServer({ REWEAVE_KEYS_FILE: keysFile("letmein") });
  const relay = await startServer(
    { REWEAVE_UPSTREAM_KEY_FILE: keysFile("letmein") },
    ...["--allow-private-urls", "--upstream", `picwish+${upstream.url}/api/tasks/visual/inpaint`],
  );
  try {
    const keys: (string | undefined)[] = [];
    page.on("request", (request) => keys.push(request.headers()["x-api-key"]));
    await page.goto(relay.url);
    await marked(editor);
    await editor.repairAt("This server");
    await editor.send();
    await expect(editor.status).toContainText(" 0 outside", { timeout: 20_000 });
    await expect(editor.status).not.toContainText("put back");
    expect(differences(before, (await editor.download()).bytes, inCorner).inside).toBeGreaterThan(5000);
    expect(keys.filter(Boolean)).toEqual([]);
  } finally {
    relay.stop();
    upstream.stop();
  }
});

test("a picture whose host allows it is opened by its address", async ({ editor, page, server }) => {
  await page.getByText("Open an address", { exact: true }).click();
  await fill(page, "Picture address", `${server.url}/astronaut.png`);
  await editor.button("Open").click();
  await expect(editor.status).toContainText("astronaut.png is open: 512 × 512");
  await editor.markCorner();
  await editor.button("Repair").click();
  await expect(editor.status).toContainText(" 0 outside");
});

test.describe("addresses that lead nowhere", () => {
  test.use({ expectedErrors: /404|ERR_|CORS/ });

  for (const [what, address, code] of [
    ["nothing there", "/nothing.png", "picture-status"],
    ["no picture there", "/index.html", "not-a-picture"],
    ["nobody there", "http://127.0.0.1:9/x.png", "picture-unreachable"],
    ["a password in it", "http://u:p@127.0.0.1/x.png", "picture-url"],
  ] as const) {
    test(`${what}: ${code}`, async ({ editor, page, server }) => {
      await marked(editor);
      await page.getByText("Open an address", { exact: true }).click();
      await fill(page, "Picture address", new URL(address, server.url).href);
      await editor.button("Open").click();
      await expect(editor.alert).toContainText(code);
      expect(await editor.marked()).toBeGreaterThan(2);
    });
  }
});

/** Answers that no endpoint of ours gives. */
function answer(route: Route, body: string | Buffer, contentType = "application/json"): Promise<void> {
  const headers = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*" };
  return route.fulfill({ status: route.request().method() === "OPTIONS" ? 204 : 200, body, contentType, headers });
}

const done = (image: string) => JSON.stringify({ status: 200, data: { state: 1, progress: 100, image } });

/** Every pixel another one. */
const changed = png(512, 512, (x, y) => [x & 255, y & 255, 77]);

test("what an endpoint changed outside is put back, unless it is asked for", async ({ editor, page }) => {
  await page.route("https://endpoint.example/**", (route) => answer(route, done(changed.toString("base64"))));
  await marked(editor);
  await editor.custom(SOMEWHERE, "X-API-KEY", "k");
  await editor.send();
  await expect(editor.status).toContainText(" 0 outside");
  await expect(editor.status).toContainText("pixels outside; they were put back");
  expect(differences(before, (await editor.download()).bytes, inCorner).outside).toBe(0);
  const whole = page.getByRole("checkbox", { name: /^Show as delivered/ });
  await whole.check();
  await expect(editor.status).toContainText("Shown as delivered");
  await expect(page.getByLabel("Format", { exact: true })).toBeDisabled();
  expect(Buffer.compare((await editor.download()).bytes, changed), "the endpoint's own file").toBe(0);
  await whole.uncheck();
  await expect(editor.status).toContainText(" 0 outside");
  expect(differences(before, (await editor.download()).bytes, inCorner).outside).toBe(0);
});

test("an endpoint that changed nothing is told", async ({ editor, page }) => {
  await page.route("https://endpoint.example/**", (route) => answer(route, done(before.toString("base64"))));
  await marked(editor);
  await editor.custom(SOMEWHERE, "X-API-KEY", "k");
  await editor.send();
  await expect(editor.status).toContainText("nothing inside the region changed");
});

test("a neighbour that answers with the picture is understood", async ({ editor, page }) => {
  let sent: Record<string, string> = {};
  await page.route("https://neighbour.example/**", (route) => {
    if (route.request().method() === "POST") sent = route.request().postDataJSON() as Record<string, string>;
    return answer(route, changed, "image/png");
  });
  await marked(editor);
  await editor.repairAt("IOPaint");
  await expect(page.getByLabel("Key", { exact: true })).toHaveCount(0);
  await fill(page, "Endpoint address", "https://neighbour.example/api/v1/inpaint");
  await editor.send();
  await expect(editor.status).toContainText(" 0 outside");
  expect(Object.keys(sent)).toEqual(["image", "mask"]);
  expect(Buffer.from(sent.mask ?? "", "base64").subarray(1, 4).toString()).toBe("PNG");
});

test("a custom endpoint names its fields, its form and its answer", async ({ editor, page }) => {
  let sent: Record<string, unknown> = {};
  await page.route("https://neighbour.example/**", (route) => {
    if (route.request().method() === "POST") sent = route.request().postDataJSON() as Record<string, unknown>;
    return answer(route, changed, "image/png");
  });
  await marked(editor);
  await editor.custom("https://neighbour.example/paint", "X-Token", "k");
  await page.getByLabel("Answers with", { exact: true }).selectOption("picture");
  await page.getByText("Names of the fields", { exact: true }).click();
  await fill(page, "image_base64", "photo");
  for (const none of ["rectangles", "sync", "return_type"]) await fill(page, none, "");
  await editor.send();
  await expect(editor.status).toContainText(" 0 outside");
  expect(Object.keys(sent)).toEqual(["photo", "mask_base64"]);
});

test.describe("a result that this page may not read", () => {
  test.use({ expectedErrors: /CORS|ERR_FAILED|Failed to load resource/ });

  test("is told with its link, the time that it is good for, and the way out", async ({ editor, page }) => {
    const oss = await startFiles(false);
    oss.files.set("/r.png", changed);
    const link = `${oss.url}/r.png?Expires=4102444800&OSSAccessKeyId=a&Signature=b`;
    await page.route("https://endpoint.example/**", (route) => answer(route, done(link.replaceAll("&", "\\u0026"))));
    await marked(editor);
    await editor.custom(SOMEWHERE, "X-API-KEY", "k");
    await editor.send();
    await expect(editor.alert).toContainText("result-unreachable");
    await expect(editor.alert).toContainText("base64");
    await expect(editor.alert).toContainText("2100");
    await expect(page.getByRole("link", { name: "Open the result" })).toHaveAttribute("href", link);
    expect(await editor.marked()).toBeGreaterThan(2);
    oss.stop();
  });
});

test.describe("over the rate", () => {
  test.use({ expectedErrors: /429/ });

  test("it waits as it was told, and goes on", async ({ editor, page }) => {
    let asked = 0;
    await page.route("https://endpoint.example/**", (route) => {
      if (route.request().method() === "OPTIONS" || asked++ > 0) return answer(route, done(changed.toString("base64")));
      const headers = { "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "*", "Retry-After": "1" };
      return route.fulfill({ status: 429, headers, body: "" });
    });
    await marked(editor);
    await editor.custom(SOMEWHERE, "X-API-KEY", "k");
    await editor.send();
    await expect(editor.status).toContainText(" 0 outside");
    expect(asked).toBe(2);
  });

  test("the real rate of this server is waited for", async ({ editor, page }) => {
    const server = await startServer({}, "--qps", "1");
    try {
      await page.goto(server.url);
      await marked(editor);
      await editor.repairAt("This server");
      await editor.send();
      await expect(editor.status).toContainText(" 0 outside");
    } finally {
      server.stop();
    }
  });
});
