// The damage: six classes of masks, drawn anew for each picture from its name, so that every run and
// every machine has the same ones. All sizes are relative to the picture.

import { strokesOf, widthOf, type Point } from "./glyphs.ts";
import { randomOf, type Random } from "./random.ts";

export const CLASSES = ["text", "stamp", "logo", "scribble", "rects", "big"] as const;
export type MaskClass = (typeof CLASSES)[number];

const WORDS = "SAMPLE PREVIEW DO NOT COPY HOLIDAY BY THE LAKE ARCHIVE 1998 ALL RIGHTS RESERVED WWW.EXAMPLE.ORG".split(" ");
const DATES = ["'98 10 24 17:05", "2019/07/21 14:03", "24.12.2004", "07-04-03"] as const;

/** One byte a pixel, 1 where it is damaged. */
class Canvas {
  readonly width: number;
  readonly height: number;
  readonly mask: Uint8Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.mask = new Uint8Array(width * height);
  }

  /** The shorter side, which strokes and letters are measured by. */
  get side(): number {
    return Math.min(this.width, this.height);
  }

  /** Marks what is inside, of the pixels at most `reach` from the middle of two points. */
  fill(a: Point, b: Point, reach: number, inside: (x: number, y: number) => boolean): void {
    const [left, right] = [Math.min(a.x, b.x) - reach, Math.max(a.x, b.x) + reach];
    const [top, bottom] = [Math.min(a.y, b.y) - reach, Math.max(a.y, b.y) + reach];
    for (let y = Math.max(0, Math.floor(top)); y < Math.min(this.height, bottom + 1); y++) {
      for (let x = Math.max(0, Math.floor(left)); x < Math.min(this.width, right + 1); x++) {
        if (inside(x, y)) this.mask[y * this.width + x] = 1;
      }
    }
  }

  /** Draws a line by a round pen. */
  stroke(points: readonly Point[], radius: number): void {
    points.forEach((point, index) => {
      const from = points[Math.max(0, index - 1)] ?? point;
      const [dx, dy] = [point.x - from.x, point.y - from.y];
      const square = dx * dx + dy * dy;
      this.fill(from, point, radius, (x, y) => {
        const along = square === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / square;
        const nearest = Math.min(1, Math.max(0, along));
        return Math.hypot(x - from.x - nearest * dx, y - from.y - nearest * dy) <= radius;
      });
    });
  }
}

const DRAW: Record<MaskClass, (canvas: Canvas, random: Random) => void> = {
  text(canvas, random) {
    const sizes = [0.03, 0.045, 0.065, 0.095];
    let top = 0.04 * canvas.height;
    for (let line = 0; top < 0.95 * canvas.height; line++) {
      const height = Math.max(8, (sizes[line % sizes.length] ?? 0) * canvas.side * 0.75);
      let words = "";
      while (widthOf(words, height) < 0.8 * canvas.width) words += `${pick(WORDS, random)} `;
      const from = { x: random(-0.05, 0.08) * canvas.width, y: top };
      for (const stroke of strokesOf(words, from, height)) canvas.stroke(stroke, 1 + 0.07 * height);
      top += 1.6 * height + random(0.06, 0.12) * canvas.height;
    }
  },

  stamp(canvas, random) {
    const date = pick(DATES, random);
    const height = Math.max(10, 0.04 * canvas.side);
    const from = { x: 0.96 * canvas.width - widthOf(date, height), y: 0.95 * canvas.height - height };
    for (const stroke of strokesOf(date, from, height)) canvas.stroke(stroke, 1 + 0.09 * height);
  },

  logo(canvas, random) {
    const waves = [2, 3, 4, 5].map((count) => ({ count, size: random(0, 0.2) / Math.sqrt(count), phase: random(0, 2 * Math.PI) }));
    // The area of the circle r(1 + Σ a cos) is πr²(1 + Σ a² / 2).
    const factor = 1 + waves.reduce((sum, { size }) => sum + size ** 2, 0) / 2;
    const radius = Math.sqrt((random(0.03, 0.04) * canvas.width * canvas.height) / (Math.PI * factor));
    const middle = { x: between(canvas.width, 1.6 * radius, random), y: between(canvas.height, 1.6 * radius, random) };
    canvas.fill(middle, middle, 2 * radius, (x, y) => {
      const angle = Math.atan2(y - middle.y, x - middle.x);
      const reach = waves.reduce((sum, { count, size, phase }) => sum + size * Math.cos(count * angle + phase), 1);
      return Math.hypot(x - middle.x, y - middle.y) < radius * reach;
    });
  },

  scribble(canvas, random) {
    for (let left = Math.floor(random(4, 7)); left > 0; left--) {
      const step = 0.005 * Math.max(canvas.width, canvas.height);
      let [x, y] = [random(0, canvas.width), random(0, canvas.height)];
      let [angle, bend] = [random(0, 2 * Math.PI), 0];
      const points = Array.from({ length: Math.floor(random(80, 200)) }, () => {
        bend = 0.95 * bend + random(-0.03, 0.03);
        angle += bend;
        return { x: (x += step * Math.cos(angle)), y: (y += step * Math.sin(angle)) };
      });
      canvas.stroke(points, random(0.003, 0.011) * canvas.side);
    }
  },

  rects(canvas, random) {
    const count = Math.floor(random(3, 5));
    for (let left = count; left > 0; left--) {
      const area = (random(0.04, 0.1) / count) * canvas.width * canvas.height;
      const shape = Math.exp(random(-0.9, 0.9));
      const half = { x: Math.sqrt(area * shape) / 2, y: Math.sqrt(area / shape) / 2 };
      const middle = { x: between(canvas.width, half.x, random), y: between(canvas.height, half.y, random) };
      canvas.fill(middle, middle, Math.max(half.x, half.y), (x, y) => Math.abs(x - middle.x) < half.x && Math.abs(y - middle.y) < half.y);
    }
  },

  big(canvas, random) {
    const middle = { x: random(0.42, 0.58) * canvas.width, y: random(0.42, 0.58) * canvas.height };
    // Half axes of an ellipse of a quarter of the area, in shares of the sides.
    const half = Math.sqrt(0.25 / Math.PI);
    canvas.fill(middle, middle, half * Math.max(canvas.width, canvas.height), (x, y) =>
      Math.hypot((x - middle.x) / canvas.width, (y - middle.y) / canvas.height) < half);
  },
};

/** The mask of a class for the picture of this name: one byte a pixel, 1 where it is damaged. */
export function maskOf(kind: MaskClass, name: string, width: number, height: number): Uint8Array {
  const canvas = new Canvas(width, height);
  DRAW[kind](canvas, randomOf(`${name}/${kind}`));
  return canvas.mask;
}

function pick(words: readonly string[], random: Random): string {
  return words[Math.floor(random(0, words.length))] ?? "";
}

/** A middle that keeps `reach` from both edges, where there is room. */
function between(length: number, reach: number, random: Random): number {
  return reach * 2 < length ? random(reach, length - reach) : length / 2;
}
