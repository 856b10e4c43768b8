// The texts of one editor. lit-localize was left because it holds one language for a whole page: two
// editors of different languages would disturb each other, and a host's own use of it would too.
// Here a language is a value, a record that each element holds for itself, and the type of the
// English one is what every other has to fill: a text without its translation does not compile.

import { en } from "./en.ts";
import type { Locale } from "./locale.ts";

export { LANGUAGE_NAMES, localeOf, pickLocale, type Locale } from "./locale.ts";
export { en };

export type Texts = typeof en;

/** Something that has a language. The texts are read whenever it renders, so that they can change. */
export interface Speaking {
  readonly texts: Texts;
}

/** English is bundled; another language is loaded when it is first spoken. */
export async function loadTexts(locale: Locale): Promise<Texts> {
  switch (locale) {
    case "en":
      return en;
    case "zh-Hans":
      return (await import("./zh-hans.ts")).zhHans;
  }
}
