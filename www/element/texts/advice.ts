// What a person can do about an error: each language holds a table, and this finds the line.

import type { ErrorCode, ErrorDetails } from "../../lib/errors.ts";

export interface Advice {
  /** By the HTTP status, or the one inside the JSON, that an endpoint answered. */
  readonly statuses: Readonly<Record<number, string>>;
  /** By the state of a task that failed, as the contract numbers them. */
  readonly states: Readonly<Record<number, string>>;
  /** By the code, where the message does not say what to do next. */
  readonly codes: { readonly [Code in ErrorCode]?: string };
}

export function adviceOn(details: ErrorDetails, { statuses, states, codes }: Advice): string | undefined {
  switch (details.code) {
    case "http-status":
    case "json-status":
      return statuses[details.status] ?? codes[details.code];
    case "task-failed":
      return states[details.state] ?? codes[details.code];
    default:
      return codes[details.code];
  }
}
