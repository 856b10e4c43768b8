// Drawing at 4096 × 4096: main-thread time from the start of the pointer handler to the end of that
// frame's paint, without the wait for the frame, from a recorded trace.

import type { CDPSession } from "@playwright/test";

import { expect, png, test } from "./fixtures.ts";

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly args: { data?: { type?: string }; name?: string };
}

const FRAME_STEPS = new Set(["FireAnimationFrame", "UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize", "Commit"]);

test("drawing at 4096 × 4096", async ({ editor, page }) => {
  const buffer = png(4096, 4096, (x, y) => [(x >> 4) & 255, (y >> 4) & 255, (x ^ y) & 255]);
  await editor.openPhotograph({ name: "large.png", mimeType: "image/png", buffer });
  for (const [share, brush] of [[0.05, "40"], [0.5, "200"], [0.95, "1000"]] as const) {
    await page.getByRole("slider", { name: "Brush size", exact: true }).fill(brush);
    const events = await traced(page.context().newCDPSession(page), async () => {
      for (let stroke = 0; stroke < 8; stroke++) await scribble(editor, share, stroke);
    });
    const times = handled(events);
    const at = (q: number) => times[Math.min(times.length - 1, Math.floor(times.length * q))]?.toFixed(2);
    console.log(`brush ${brush}: ${times.length} moves, median ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms; ${frames(events)}`);
    expect(times.length).toBeGreaterThan(50);
  }
});

async function scribble(editor: { drag: (points: [number, number][]) => Promise<void> }, share: number, stroke: number) {
  const points = Array.from({ length: 12 }, (_, i): [number, number] => [
    0.1 + (0.8 * ((i * 7 + stroke) % 12)) / 12,
    Math.min(0.95, 0.05 + share * (((i * 5 + stroke * 3) % 12) / 12)),
  ]);
  await editor.drag(points);
}

async function traced(opening: Promise<CDPSession>, act: () => Promise<void>): Promise<TraceEvent[]> {
  const session = await opening;
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send("Tracing.start", {
    traceConfig: { includedCategories: ["devtools.timeline", "disabled-by-default-devtools.timeline.frame"] },
  });
  await act();
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await complete;
  await session.detach();
  return events;
}

/** For each pointermove: its handler and the frame's work after it, in ms, sorted. */
function handled(events: readonly TraceEvent[]): number[] {
  const moves = events.filter((e) => e.name === "EventDispatch" && e.args.data?.type === "pointermove" && e.ph === "X");
  const work = events.filter((e) => FRAME_STEPS.has(e.name) && e.ph === "X").sort((a, b) => a.ts - b.ts);
  const times = moves.map((move) => {
    const own = work.filter((e) => e.pid === move.pid && e.tid === move.tid && e.ts >= move.ts + (move.dur ?? 0));
    const commit = own.findIndex((e) => e.name === "Commit");
    const frame = own.slice(0, commit + 1);
    return ((move.dur ?? 0) + frame.reduce((sum, e) => sum + (e.dur ?? 0), 0)) / 1000;
  });
  return times.sort((a, b) => a - b);
}

function frames(events: readonly TraceEvent[]): string {
  const count = (name: string) => events.filter((e) => e.name === name).length;
  return `${count("DrawFrame")} frames drawn, ${count("DroppedFrame")} dropped`;
}
