// The page speaks the browser's language. It comes before the element is registered, which asks it.

import { pickLocale } from "../element/localize.ts";

document.documentElement.lang = pickLocale(navigator.languages);
