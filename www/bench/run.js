// Node.js 20 reads no TypeScript: Vite translates what is run here.

import process from "node:process";

import { runnerImport } from "vite";

try {
  const { module } = await runnerImport("./bench/main.ts", { configFile: false, logLevel: "error" });
  await module.main(process.argv.slice(2));
} catch (error) {
  // opencv.js throws again what nobody catches, and Node.js would show the line: all ten megabytes.
  process.stderr.write(`\n${error.message}${error.cause ? `: ${error.cause.message}` : ""}\n`);
  process.exitCode = 1;
}
