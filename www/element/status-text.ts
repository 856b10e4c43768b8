// What the element says of what it is doing and of what it did.

import type { Busy, Told } from "./controller.ts";
import { getLocale } from "./localize.ts";
import { stageText, strings } from "./strings.ts";
import type { Result } from "../lib/repair.ts";

/** The text of the status line. */
export function statusText(busy: Busy | null, told: Told | null): string {
  switch (busy?.doing) {
    case "open":
      return strings.opening();
    case "encode":
      return strings.encoding();
    case "composite":
      return stageText("composite");
    case "repair":
      return stageText(busy.report?.stage ?? "prepare");
  }
  switch (told?.what) {
    case "opened":
      return told.readable
        ? strings.opened(told.name, told.width, told.height)
        : strings.openedUnreadable(told.name, told.width, told.height);
    case "repaired":
      return repairedText(told.result);
    case "cancelled":
      return strings.cancelled();
    case "saved":
      return strings.saved(told.name);
    case undefined:
      return "";
  }
}

function repairedText({ changes, delivered }: Result): string {
  const count = (n: number) => n.toLocaleString(getLocale());
  const lines: string[] = [];
  if (!changes) lines.push(strings.deliveredUnproven());
  else if (changes.inside === 0) lines.push(strings.repairedNothing());
  else if (delivered?.whole) lines.push(strings.delivered(count(changes.inside), count(changes.outside)));
  else lines.push(strings.repaired(count(changes.inside), count(changes.outside)));
  const outside = delivered?.whole ? 0 : (delivered?.changes?.outside ?? 0);
  if (outside > 0) lines.push(strings.putBack(count(outside)));
  if (delivered?.expires) lines.push(strings.linkExpires(time(delivered.expires)));
  return lines.join(" ");
}

/** A moment of unix seconds, as a person reads it. */
export function time(seconds: number): string {
  const at = new Date(seconds * 1000);
  const isToday = at.toDateString() === new Date().toDateString();
  const format = isToday ? ({ timeStyle: "short" } as const) : ({ dateStyle: "medium", timeStyle: "short" } as const);
  return new Intl.DateTimeFormat(getLocale(), format).format(at);
}
