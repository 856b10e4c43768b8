// The languages of the element.

export type Locale = "en" | "zh-Hans";

/** What each language calls itself, in the order of a choice. */
export const LANGUAGE_NAMES: Readonly<Record<Locale, string>> = {
  en: "English",
  "zh-Hans": "简体中文",
};

/** The best of our languages for a list of BCP 47 tags, the wanted first. */
export function pickLocale(tags: readonly string[]): Locale {
  for (const tag of tags) {
    const language = tag.toLowerCase().split("-")[0];
    if (language === "zh") return "zh-Hans";
    if (language === "en") return "en";
  }
  return "en";
}

/** The language of an element: its own, else of what it stands in (through the shadow roots round
 * it, which `closest` does not cross), else of the browser. */
export function localeOf(element: HTMLElement): Locale {
  let inside: Element | null = element;
  while (inside) {
    const lang: string | null | undefined = inside.closest("[lang]:not([lang=''])")?.getAttribute("lang");
    if (lang) return pickLocale([lang]);
    const root: Node = inside.getRootNode();
    inside = root instanceof ShadowRoot ? root.host : null;
  }
  return pickLocale(navigator.languages);
}
