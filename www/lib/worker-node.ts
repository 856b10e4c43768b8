// The worker's script as a thread of Node.js: what it needs of a worker's surroundings, then itself.

import { parentPort } from "node:worker_threads";

import { Worker } from "./platform-node.ts";

const surroundings = {
  self: globalThis,
  location: { href: import.meta.url },
  Worker,
  addEventListener: (_type: "message", listener: (event: { data: unknown }) => void) =>
    parentPort?.on("message", (data: unknown) => listener({ data })),
  postMessage: (message: unknown, { transfer }: { transfer: ArrayBuffer[] }) => parentPort?.postMessage(message, transfer),
};
for (const [name, value] of Object.entries(surroundings)) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

await import("./worker.ts");
