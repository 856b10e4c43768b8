// How close a repair comes to the undamaged picture. All three measures look at the damaged part
// alone: over a whole picture its sound pixels, equal by definition, would drown the differences.
//
// PSNR is of the damaged pixels, all channels. SSIM is that of Wang et al. (IEEE Transactions on
// Image Processing 13(4), 2004) on luma, with their window and constants. GMSD is that of Xue et al.
// (ibid. 23(2), 2014), but without its halving of the picture first, in which strokes of two pixels
// would be lost. SSIM and GMSD see what lies round a pixel, so they are taken over the mask grown by
// three pixels: the seam counts.

/** What a repair is worth. */
export interface Quality {
  /** dB; higher is better. */
  readonly psnr: number;
  /** At most 1; higher is better. */
  readonly ssim: number;
  /** From 0; lower is better. */
  readonly gmsd: number;
}

/** Pixels by which the mask grows, in a square. */
const GROWN = 3;
/** Reach of the SSIM's window of 11 × 11. */
const REACH = 5;
const SIGMA = 1.5;
/** (0.01 × 255)² and (0.03 × 255)². */
const C1 = 6.5025;
const C2 = 58.5225;
/** The constant of GMSD for values up to 255. */
const C_GRADIENT = 170;
/** Below this mean square the PSNR (78 dB) says nothing more, and infinity would spoil every mean. */
const LEAST_SQUARE = 1e-3;

/** Of one row of the SSIM's window; the sum is 1. */
const WINDOW = gaussian();

/** Values of a box of pixels, row by row. */
class Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float64Array;

  constructor(width: number, height: number, value: (x: number, y: number) => number) {
    this.width = width;
    this.height = height;
    this.values = new Float64Array(width * height);
    for (let y = 0, at = 0; y < height; y++) for (let x = 0; x < width; x++) this.values[at++] = value(x, y);
  }

  at(x: number, y: number): number {
    return this.values[y * this.width + x] ?? 0;
  }

  /** As `at`, where `x` and `y` may lie beyond the edges: mirrored, the edge's own pixels once more
   * (1) or not (0). */
  beyond(x: number, y: number, edge: 0 | 1): number {
    return this.at(reflected(x, this.width, edge), reflected(y, this.height, edge));
  }

  times(other: Plane): Plane {
    return new Plane(this.width, this.height, (x, y) => this.at(x, y) * other.at(x, y));
  }
}

/** Compares two pictures of three bytes a pixel where `mask` is not 0; there must be such a pixel. */
export function measure(width: number, truth: Uint8Array, result: Uint8Array, mask: Uint8Array): Quality {
  const box = boxOf(width, mask);
  const crop = (value: (at: number) => number) =>
    new Plane(box.right - box.left, box.bottom - box.top, (x, y) => value((box.top + y) * width + box.left + x));
  const marked = crop((at) => mask[at] ?? 0);
  const [t, r] = [crop((at) => luma(truth, at)), crop((at) => luma(mask[at] ? result : truth, at))];
  const judged = grown(marked);
  const { mean: ssim } = statistics(ssimMap(t, r), judged);
  const { deviation: gmsd } = statistics(similarities(gradients(t), gradients(r)), judged);
  return { psnr: psnr(truth, result, mask), ssim, gmsd };
}

function psnr(truth: Uint8Array, result: Uint8Array, mask: Uint8Array): number {
  let [sum, count] = [0, 0];
  truth.forEach((value, at) => {
    if (!mask[Math.floor(at / 3)]) return;
    sum += (value - (result[at] ?? 0)) ** 2;
    count++;
  });
  return 10 * Math.log10(255 ** 2 / Math.max(LEAST_SQUARE, sum / count));
}

function ssimMap(a: Plane, b: Plane): Plane {
  const [meanA, meanB] = [blurred(a), blurred(b)];
  const [squareA, squareB, product] = [blurred(a.times(a)), blurred(b.times(b)), blurred(a.times(b))];
  return new Plane(a.width, a.height, (x, y) => {
    const [ma, mb] = [meanA.at(x, y), meanB.at(x, y)];
    const variances = squareA.at(x, y) - ma * ma + (squareB.at(x, y) - mb * mb);
    const covariance = product.at(x, y) - ma * mb;
    return ((2 * ma * mb + C1) * (2 * covariance + C2)) / ((ma * ma + mb * mb + C1) * (variances + C2));
  });
}

/** By the SSIM's Gaussian window, first along the rows. */
function blurred(plane: Plane): Plane {
  return weighted(weighted(plane, 1, 0), 0, 1);
}

function weighted(plane: Plane, across: number, down: number): Plane {
  return new Plane(plane.width, plane.height, (x, y) => {
    let total = 0;
    for (let by = -REACH; by <= REACH; by++) {
      total += (WINDOW[by + REACH] ?? 0) * plane.beyond(x + by * across, y + by * down, 1);
    }
    return total;
  });
}

/** Lengths of the gradients by Prewitt's operator. */
function gradients(plane: Plane): Plane {
  return new Plane(plane.width, plane.height, (x, y) => {
    let [across, down] = [0, 0];
    for (let side = -1; side <= 1; side++) {
      across += plane.beyond(x + 1, y + side, 0) - plane.beyond(x - 1, y + side, 0);
      down += plane.beyond(x + side, y + 1, 0) - plane.beyond(x + side, y - 1, 0);
    }
    return Math.hypot(across, down) / 3;
  });
}

function similarities(a: Plane, b: Plane): Plane {
  return new Plane(a.width, a.height, (x, y) => {
    const [ga, gb] = [a.at(x, y), b.at(x, y)];
    return (2 * ga * gb + C_GRADIENT) / (ga * ga + gb * gb + C_GRADIENT);
  });
}

function grown(mask: Plane): Plane {
  const { width, height } = mask;
  const reaches = (plane: Plane, across: number, down: number) =>
    new Plane(width, height, (x, y) => {
      for (let by = -GROWN; by <= GROWN; by++) {
        const [nearX, nearY] = [x + by * across, y + by * down];
        if (nearX >= 0 && nearX < width && nearY >= 0 && nearY < height && plane.at(nearX, nearY)) return 1;
      }
      return 0;
    });
  return reaches(reaches(mask, 1, 0), 0, 1);
}

/** Of the values where `judged` is not 0. */
function statistics({ values }: Plane, judged: Plane): { mean: number; deviation: number } {
  const kept = values.filter((_, at) => judged.values[at]);
  const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
  const square = kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / kept.length;
  return { mean, deviation: Math.sqrt(square) };
}

/** The mask's bounds with all that the measures see round it; right and bottom are exclusive. */
function boxOf(width: number, mask: Uint8Array): { left: number; top: number; right: number; bottom: number } {
  const height = mask.length / width;
  const around = GROWN + REACH;
  let [left, top, right, bottom] = [width, height, 0, 0];
  mask.forEach((marked, at) => {
    if (!marked) return;
    const x = at % width;
    const y = (at - x) / width;
    [left, right] = [Math.min(left, x), Math.max(right, x + 1)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y + 1)];
  });
  return {
    left: Math.max(0, left - around),
    top: Math.max(0, top - around),
    right: Math.min(width, right + around),
    bottom: Math.min(height, bottom + around),
  };
}

/** Rec. 601, not rounded. */
function luma(rgb: Uint8Array, at: number): number {
  return 0.299 * (rgb[at * 3] ?? 0) + 0.587 * (rgb[at * 3 + 1] ?? 0) + 0.114 * (rgb[at * 3 + 2] ?? 0);
}

function reflected(at: number, length: number, edge: 0 | 1): number {
  if (at >= 0 && at < length) return at;
  const inside = at < 0 ? -at - edge : 2 * (length - 1) - at + edge;
  return Math.min(length - 1, Math.max(0, inside));
}

function gaussian(): number[] {
  const weights = Array.from({ length: 2 * REACH + 1 }, (_, index) => Math.exp((-0.5 * (index - REACH) ** 2) / SIGMA ** 2));
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}
