// A mask's bits as runs: versions keep theirs for as long as they can be asked for, and most bytes of
// a mask are 0 or 255.

/** Bits that are kept. Each run is a number, length × 3 + kind, and its bytes where they are of no
 * one kind; numbers are of 7 bits a byte, the lowest first, as in LEB128. */
export interface Packed {
  readonly length: number;
  readonly runs: Uint8Array;
}

const ZEROS = 0;
const ONES = 1;
const MIXED = 2;

export function pack(bits: Uint8Array): Packed {
  const runs: number[] = [];
  for (let at = 0; at < bits.length; ) {
    const kind = kindOf(bits[at]);
    let end = at + 1;
    while (end < bits.length && kindOf(bits[end]) === kind) end++;
    pushNumber(runs, (end - at) * 3 + kind);
    if (kind === MIXED) for (; at < end; at++) runs.push(bits[at] ?? 0);
    at = end;
  }
  return { length: bits.length, runs: Uint8Array.from(runs) };
}

export function unpack({ length, runs }: Packed): Uint8Array {
  const bits = new Uint8Array(length);
  let to = 0;
  for (let at = 0; at < runs.length; ) {
    let number = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = runs[at++] ?? 0;
      number += (byte & 127) * scale;
      if (byte < 128) break;
    }
    const kind = number % 3;
    const count = (number - kind) / 3;
    if (kind === ONES) bits.fill(255, to, to + count);
    if (kind === MIXED) {
      bits.set(runs.subarray(at, at + count), to);
      at += count;
    }
    to += count;
  }
  return bits;
}

function kindOf(byte: number | undefined): number {
  if (byte === 0) return ZEROS;
  return byte === 255 ? ONES : MIXED;
}

function pushNumber(runs: number[], number: number): void {
  let left = number;
  for (; left > 127; left = Math.floor(left / 128)) runs.push((left % 128) + 128);
  runs.push(left);
}
