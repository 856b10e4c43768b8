// 简体中文, loaded when it is first spoken.

import type { Texts } from "./index.ts";
import { help, mask, sending, settings } from "./zh-hans/dialogs.ts";
import { menus, picture, tools, view } from "./zh-hans/editor.ts";
import { endpoint } from "./zh-hans/endpoint.ts";
import { errorText } from "./zh-hans/errors.ts";
import { files, fill, repair, versions } from "./zh-hans/result.ts";
import { announce, stages, status } from "./zh-hans/status.ts";

export const zhHans: Texts = {
  locale: "zh-Hans",
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
