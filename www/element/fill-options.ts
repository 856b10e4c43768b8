// What a person chooses of the fill, and what can be used of what came from a file.

import type { FillOptions } from "../lib/protocol.ts";

export type { FillOptions };

export const QUALITIES = ["fast", "balanced", "best"] as const;
export const LARGEST_EXPAND = 100;
export const LARGEST_SEED = 2 ** 32 - 1;

/** What is shown where a host has said nothing. */
export const DEFAULT_FILL = { quality: "balanced", seed: 0, expand: 0, halo: true } as const;

/** The seed after the one that is chosen; behind the last comes the first. */
export function nextSeed({ seed = DEFAULT_FILL.seed }: FillOptions): number {
  return seed < LARGEST_SEED ? seed + 1 : 0;
}

/** Of what came from a file, what can be used; all else stays as it is. */
export function fillOptionsFrom(value: unknown, current: FillOptions): FillOptions {
  const given = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  const quality = QUALITIES.find((known) => known === given.quality);
  const whole = (name: "seed" | "expand", max: number) => {
    const number = given[name];
    return typeof number === "number" && Number.isInteger(number) && number >= 0 && number <= max ? { [name]: number } : {};
  };
  const halo = typeof given.halo === "boolean" ? { halo: given.halo } : {};
  return { ...current, ...(quality && { quality }), ...whole("seed", LARGEST_SEED), ...whole("expand", LARGEST_EXPAND), ...halo };
}
