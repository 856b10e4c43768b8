import { formats } from "../formats.ts";

export const { count, share, zoom, bytes, moment } = formats("zh-Hans", {
  percent: (figure) => `${figure}%`,
  below: (figure) => `不到 ${figure}%`,
});
