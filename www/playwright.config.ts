import { defineConfig } from "@playwright/test";

// The endpoint serves the built page, as for a user; each worker starts one of its own.
export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  reporter: "list",
  workers: 2,
  timeout: 60_000,
  use: {
    locale: "en-US",
    viewport: { width: 1280, height: 800 },
    // Screenshots are compared: nothing may still be fading.
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath: process.env.REWEAVE_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
