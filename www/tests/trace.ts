// Traces of Chromium: what the main thread did, and for how long.

import type { Page } from "@playwright/test";

export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly args: { data?: { type?: string }; name?: string };
}

const CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline.frame", "toplevel", "blink.user_timing", "__metadata"];

const FRAME_STEPS = new Set(["FireAnimationFrame", "UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize", "Commit"]);

/** What is longer than this is felt. */
const LONG = 50;

export async function traced(page: Page, act: () => Promise<void>): Promise<TraceEvent[]> {
  const session = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send("Tracing.start", { traceConfig: { includedCategories: CATEGORIES } });
  await act();
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await complete;
  await session.detach();
  return events;
}

/** For each pointermove: its handler and the frame's work after it, in ms, sorted. */
export function handled(events: readonly TraceEvent[]): number[] {
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

/** The longest tasks of the page's main thread. */
export function longTasks(events: readonly TraceEvent[]): string {
  const main = events.find((e) => e.name === "thread_name" && e.args.name === "CrRendererMain" && isBusy(events, e));
  const tasks = events.filter((e) => e.name === "RunTask" || e.name === "ThreadControllerImpl::RunTask");
  const own = tasks.filter((e) => e.ph === "X" && e.pid === main?.pid && e.tid === main.tid);
  const times = own.map((e) => (e.dur ?? 0) / 1000).sort((a, b) => b - a);
  const longest = times.slice(0, 3).map((ms) => ms.toFixed(1));
  return `${times.filter((ms) => ms > LONG).length} of ${times.length} tasks over ${LONG} ms, longest ${longest.join(", ")} ms`;
}

export function framesOf(events: readonly TraceEvent[]): string {
  const count = (name: string) => events.filter((e) => e.name === name).length;
  return `${count("DrawFrame")} frames drawn, ${count("DroppedFrame")} dropped`;
}

/** Of several renderers, the one that dispatched events. */
function isBusy(events: readonly TraceEvent[], thread: TraceEvent): boolean {
  return events.some((e) => e.name === "EventDispatch" && e.pid === thread.pid && e.tid === thread.tid);
}
