import { formats } from "../formats.ts";

export const { count, share, zoom, bytes, moment, plural } = formats("en", {
  percent: (figure) => `${figure} %`,
  below: (figure) => `< ${figure} %`,
});
