// Numbers, sizes and moments as a language writes them. Everything goes by the locale of the texts,
// never by that of the browser: a sentence does not change its language halfway.

import type { Locale } from "./locale.ts";

/** How a language puts a percentage, of a figure that is written already. */
export interface PercentWriting {
  readonly percent: (figure: string) => string;
  readonly below: (figure: string) => string;
}

type PluralForms = { readonly [Form in Intl.LDMLPluralRule]?: string } & { readonly other: string };

export interface Formats {
  /** A whole number, grouped. */
  readonly count: (n: number) => string;
  /** A share in percent, 0 to 100, to a tenth. */
  readonly share: (percent: number) => string;
  /** A zoom in percent: whole, but to a tenth where it is small. */
  readonly zoom: (percent: number) => string;
  /** The size of a file. */
  readonly bytes: (n: number) => string;
  /** A moment of unix seconds; the date only where it is not today's. */
  readonly moment: (seconds: number) => string;
  readonly plural: (n: number, forms: PluralForms) => string;
}

/** Shares at which something is refused. A rounded figure must not stand on one that is not reached,
 * nor on one that is exceeded. */
const BOUNDS = [50, 100] as const;
const STEP = 0.1;

export function formats(locale: Locale, { percent, below }: PercentWriting): Formats {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const tenth = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const upToTenth = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const plurals = new Intl.PluralRules(locale);
  return {
    count: (n) => whole.format(n),
    share: (n) => (n > 0 && n < STEP ? below(tenth.format(STEP)) : percent(tenth.format(besideBounds(n)))),
    zoom: (n) => percent((n < 10 ? upToTenth : whole).format(n)),
    bytes: (n) => writeBytes(locale, n),
    moment: (seconds) => writeMoment(locale, seconds),
    plural: (n, forms) => forms[plurals.select(n)] ?? forms.other,
  };
}

function besideBounds(percent: number): number {
  const rounded = Math.round(percent / STEP) * STEP;
  const bound = BOUNDS.find((known) => Math.abs(rounded - known) < STEP / 2);
  if (bound === undefined || percent === bound) return rounded;
  return percent < bound ? bound - STEP : bound + STEP;
}

function writeBytes(locale: Locale, bytes: number): string {
  const [amount, unit] = bytes < 1e6 ? [Math.ceil(bytes / 1e3), "kilobyte"] : [bytes / 1e6, "megabyte"];
  const maximumFractionDigits = bytes < 1e6 ? 0 : 1;
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits }).format(amount);
}

function writeMoment(locale: Locale, seconds: number): string {
  const at = new Date(seconds * 1000);
  const isToday = at.toDateString() === new Date().toDateString();
  const style = isToday ? ({ timeStyle: "short" } as const) : ({ dateStyle: "medium", timeStyle: "short" } as const);
  return new Intl.DateTimeFormat(locale, style).format(at);
}
