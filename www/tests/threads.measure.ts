// How much sooner two workers have filled many pieces than one. Not a test: figures depend on the
// machine. Run by `npm run measure`.

import { test } from "./client-page.ts";

const ROUNDS = 7;

test("one worker and two, in turn", async ({ page }) => {
  test.setTimeout(180_000);
  const times = await page.evaluate(async (rounds) => {
    const { client, many } = window;
    const { file, mask } = await many();
    await client.open(file, { bitmap: false });
    const times: Record<string, number[]> = { 1: [], 2: [] };
    for (let round = 0; round <= rounds; round++) {
      for (const threads of [1, 2]) {
        const start = performance.now();
        const { version } = await client.fill(mask, 0, { options: { threads } });
        // In the first round helpers start.
        if (round > 0) times[threads]?.push(performance.now() - start);
        client.forget(version);
      }
    }
    return times;
  }, ROUNDS);
  const median = (values: number[] = []) => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
  const [one, two] = [median(times["1"]), median(times["2"])];
  console.log(`one worker ${one.toFixed(0)} ms, two ${two.toFixed(0)} ms: ${(one / two).toFixed(2)} times`);
});
