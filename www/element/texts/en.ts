// English: bundled, and the shape that every other language fills.

import type { Locale } from "./locale.ts";
import { help, mask, sending, settings } from "./en/dialogs.ts";
import { menus, picture, tools, view } from "./en/editor.ts";
import { endpoint } from "./en/endpoint.ts";
import { errorText } from "./en/errors.ts";
import { files, fill, repair, versions } from "./en/result.ts";
import { announce, stages, status } from "./en/status.ts";

export const en = {
  locale: "en" as Locale,
  picture,
  tools,
  view,
  menus,
  repair,
  fill,
  versions,
  files,
  mask,
  settings,
  help,
  status,
  stages,
  announce,
  endpoint,
  sending,
  errorText,
};
