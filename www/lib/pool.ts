// Engines that nobody needs at the moment: a worker that has started is worth keeping for a while.

import { EngineClient } from "./engine-client.ts";

/** How long one is kept, in milliseconds. */
const KEPT_MS = 10_000;

let idle: { engine: EngineClient; ending: ReturnType<typeof setTimeout> } | null = null;

/** An engine without a picture. */
export function borrow(): EngineClient {
  if (!idle) return new EngineClient();
  const { engine, ending } = idle;
  clearTimeout(ending);
  idle = null;
  return engine;
}

/** Takes it back, with whatever picture it has. */
export function giveBack(engine: EngineClient): void {
  engine.close();
  if (idle) {
    engine.dispose();
    return;
  }
  const ending = setTimeout(() => {
    engine.dispose();
    if (idle?.engine === engine) idle = null;
  }, KEPT_MS);
  // In Node.js it keeps no process from ending.
  if (typeof ending === "object") (ending as { unref?: () => void }).unref?.();
  idle = { engine, ending };
}

/** For a call that needs no picture. */
export async function withEngine<Answer>(call: (engine: EngineClient) => Promise<Answer>): Promise<Answer> {
  const engine = borrow();
  try {
    return await call(engine);
  } finally {
    giveBack(engine);
  }
}
