// What was measured, as tables that are read in a terminal and in Markdown alike.

import type { Quality } from "./measures.ts";
import { CLASSES, type MaskClass } from "./masks.ts";

export const REWEAVE = "Reweave";
export const FILL = "– its fill alone";
export const TELEA = "OpenCV Telea";
export const NATIVE = "– the same, native";

/** One method on one case. */
export interface Measured {
  readonly kind: MaskClass;
  readonly picture: string;
  readonly method: string;
  /** Nothing of a method that is asked for its time alone. */
  quality: Quality | null;
  /** Of each round. */
  readonly milliseconds: number[];
}

/** A table for each class of damage, and one over all of them. */
export function tables(measured: readonly Measured[]): string {
  const parts = CLASSES.map((kind) => table(kind, measured.filter((one) => one.kind === kind)));
  return [...parts, table("all classes", measured)].join("\n");
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return ((low ?? NaN) + (high ?? NaN)) / 2;
}

function table(title: string, measured: readonly Measured[]): string {
  const methods = [...new Set(measured.map((one) => one.method))];
  const rows = methods.map((method) => row(method, measured));
  const header = ["", "PSNR, dB", "SSIM", "GMSD", "time, ms", "time ÷ Telea"];
  const lines = [`### ${title}`, "", ...aligned([header, ...rows])];
  if (methods.includes(NATIVE)) lines.push("", `The fill, WebAssembly ÷ native: ${ratio(FILL, NATIVE, measured).toFixed(2)}`);
  return lines.join("\n") + "\n";
}

/** Quality and time are means over the cases. */
function row(method: string, measured: readonly Measured[]): string[] {
  const cases = measured.filter((one) => one.method === method);
  const qualities = cases.flatMap(({ quality }) => (quality ? [quality] : []));
  const quality = (name: keyof Quality, digits: number) =>
    qualities.length === 0 ? "–" : mean(qualities.map((one) => one[name])).toFixed(digits);
  const time = mean(cases.map((one) => median(one.milliseconds)));
  const times = [time.toFixed(1), ratio(method, TELEA, measured).toFixed(2)];
  return [method, quality("psnr", 2), quality("ssim", 4), quality("gmsd", 4), ...times];
}

/** The geometric mean over the cases: a large picture counts as much as a small one, and the ratio
 * turned round is the inverse. */
function ratio(method: string, other: string, measured: readonly Measured[]): number {
  const times = (name: string) => measured.filter((one) => one.method === name).map((one) => median(one.milliseconds));
  const others = times(other);
  return Math.exp(mean(times(method).map((time, index) => Math.log(time / (others[index] ?? NaN)))));
}

/** The rows as a Markdown table, padded so that it can be read as it is. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? "-".repeat(width + 2) : `${"-".repeat(width + 1)}:`)).join("|")}|`;
  return rows.flatMap((cells, index) => (index === 0 ? [line(cells), rule] : [line(cells)]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
