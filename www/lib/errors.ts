// Errors on the JavaScript side. The codes are those of Rust's one error type; an error that
// crosses from the worker loses its class on the way and is put together again here.

import type { ErrorCode, ErrorDetails, ReweaveError } from "../generated/reweave.js";

export type { ErrorCode, ErrorDetails, ReweaveError };

/** What of an error can be posted to another thread. */
export interface PostedError {
  readonly message: string;
  readonly details: ErrorDetails;
}

/** Makes an error with a stable code. */
export function reweaveError(message: string, details: ErrorDetails): ReweaveError {
  return Object.assign(new Error(message), { name: "ReweaveError", code: details.code, details } as const);
}

/** The user ended it. */
export function cancelled(): ReweaveError {
  return reweaveError("cancelled", { code: "cancelled" });
}

/** Any thrown value as one of our errors; what is not ours is a fault of Reweave itself. */
export function toReweaveError(thrown: unknown): ReweaveError {
  if (thrown instanceof Error && thrown.name === "ReweaveError") return thrown as ReweaveError;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return reweaveError(`a fault in Reweave: ${reason}`, { code: "internal", reason });
}

/** The worker ended, did not start, or broke. */
export function workerLost(reason: string): ReweaveError {
  return reweaveError(`the repair's worker was lost: ${reason}`, { code: "worker-lost", reason });
}

/** For `postMessage`. */
export function posted(thrown: unknown): PostedError {
  const { message, details } = toReweaveError(thrown);
  return { message, details };
}
