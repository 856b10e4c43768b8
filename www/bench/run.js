// Node.js 20 reads no TypeScript: Vite translates what is run here.

import process from "node:process";

import { runnerImport } from "vite";

const { module } = await runnerImport("./bench/main.ts", { configFile: false, logLevel: "error" });
await module.main(process.argv.slice(2));
