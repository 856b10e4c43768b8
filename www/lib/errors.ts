// Errors on the JavaScript side. The codes are those of Rust's one error type; an error that
// crosses from the worker loses its class on the way and is put together again here.

import type { ErrorCode, ErrorDetails, ReweaveError as AnyReweaveError } from "../generated/reweave.js";

export type { ErrorCode, ErrorDetails };

/** What every call throws or rejects with: an English message, a stable `code`, and `details` with the
 * value and its bound. Those that Rust or the worker made are instances of it too. */
export class ReweaveError extends Error implements AnyReweaveError {
  override readonly name = "ReweaveError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(message: string, details: ErrorDetails, options?: ErrorOptions) {
    super(message, options);
    this.code = details.code;
    this.details = details;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "ReweaveError";
  }
}

/** What of an error can be posted to another thread. */
export interface PostedError {
  readonly message: string;
  readonly details: ErrorDetails;
}

/** Makes an error with a stable code. */
export function reweaveError(message: string, details: ErrorDetails): ReweaveError {
  return new ReweaveError(message, details);
}

/** A call in a state in which it cannot be. */
export function outOfOrder(reason: string, call = "this"): ReweaveError {
  return reweaveError(`${call} is not possible now: ${reason}`, { code: "out-of-order", call, reason });
}

/** Refuses marks of another size than the picture. */
export function checkSize(what: string, { width, height }: Sized, picture: Sized): void {
  if (width === picture.width && height === picture.height) return;
  const message = `${what} has ${width} × ${height} pixels, the picture has ${picture.width} × ${picture.height}`;
  throw reweaveError(message, { code: "mask-size", width, height, pictureWidth: picture.width, pictureHeight: picture.height });
}

interface Sized {
  readonly width: number;
  readonly height: number;
}

/** The user ended it. */
export function cancelled(): ReweaveError {
  return reweaveError("cancelled", { code: "cancelled" });
}

/** Any thrown value as one of our errors; what is not ours is a fault of Reweave itself. */
export function toReweaveError(thrown: unknown): ReweaveError {
  if (thrown instanceof ReweaveError) return thrown;
  const reason = reasonOf(thrown);
  return reweaveError(`a fault in Reweave: ${reason}`, { code: "internal", reason });
}

/** The worker ended, did not start, or broke. */
export function workerLost(reason: string): ReweaveError {
  return reweaveError(`the repair's worker was lost: ${reason}`, { code: "worker-lost", reason });
}

/** A module did not come, or is not what it must be. */
export function moduleLost(file: string, thrown: unknown): ReweaveError {
  const reason = reasonOf(thrown);
  return new ReweaveError(`${file} could not be loaded: ${reason}`, { code: "module-lost", file, reason }, { cause: thrown });
}

/** For `postMessage`. */
export function posted(thrown: unknown): PostedError {
  const { message, details } = toReweaveError(thrown);
  return { message, details };
}

/** What a thrown value says of itself. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
