// The language of the element: English in the source, 简体中文 beside it.

import { configureLocalization } from "@lit/localize";

export type Locale = "en" | "zh-Hans";

export const { getLocale, setLocale } = configureLocalization({
  sourceLocale: "en",
  targetLocales: ["zh-Hans"],
  loadLocale: () => import("./locales/zh-Hans.ts"),
});

/** The best of our languages for a list of BCP 47 tags, the wanted first. */
export function pickLocale(tags: readonly string[]): Locale {
  for (const tag of tags) {
    const language = tag.toLowerCase().split("-")[0];
    if (language === "zh") return "zh-Hans";
    if (language === "en") return "en";
  }
  return "en";
}
