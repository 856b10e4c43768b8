// Numbers that look random and are the same on every machine and in every run.

/** A source of numbers from `min` to below `max`. */
export type Random = (min: number, max: number) => number;

/** Each text begins a sequence of its own: mulberry32, seeded by the text's FNV-1a hash. */
export function randomOf(seed: string): Random {
  let state = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(seed)) state = Math.imul(state ^ byte, 0x01000193);
  return (min, max) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return min + ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 * (max - min);
  };
}
