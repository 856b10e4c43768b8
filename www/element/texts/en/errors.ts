// Errors in English: the message itself, which Rust wrote, and what to do next.

import type { ReweaveError } from "../../../lib/errors.ts";
import { adviceOn, type Advice } from "../advice.ts";

export function errorText({ message, details }: ReweaveError): string {
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  const next = adviceOn(details, advice);
  return next ? `${sentence} ${next}` : sentence;
}

const ENDPOINT_FAULT = "The fault is at the endpoint: try again later.";

const advice: Advice = {
  statuses: {
    400: "A parameter is missing or wrong.",
    401: "The key (AppCode) is wrong, or the service is not enabled for it.",
    403: "Not subscribed, out of quota, or throttled.",
    404: "The address or the task is not known there: check the endpoint's address.",
    413: "The picture's file is too large for this endpoint.",
    429: "Too many requests: wait a moment and press Repair again.",
    500: ENDPOINT_FAULT,
    502: ENDPOINT_FAULT,
    503: ENDPOINT_FAULT,
    504: ENDPOINT_FAULT,
  },
  states: {
    [-1]: "The repair itself failed.",
    [-2]: "The result could not be stored there.",
    [-3]: "The picture's address could not be downloaded.",
    [-5]: "The picture is over 15 MB.",
    [-7]: "The endpoint cannot read the picture: its format, or more than 4096 × 4096 pixels.",
    [-8]: "It took over 30 s: mark less, or use a smaller picture.",
  },
  codes: {
    "picture-broken": "Open it in another program and save it anew.",
    "file-too-large": "Make it smaller, or repair it in this browser.",
    coverage: "Mark less, or repair it in this browser.",
    "header-name": "The endpoint's documentation names the header.",
    "key-characters": "Copy the key again.",
    unreachable:
      "Check the address. If it is right, the endpoint must allow this page (CORS), or a relay must stand between.",
    "reply-incomplete": "The address may be that of another service.",
    deadline: "Mark less, use a smaller picture, or try again.",
    "result-status": "Repair again to get a new link.",
    "result-unreachable":
      "Open the link to save the picture, or have it sent in the reply (base64) or through a relay.",
    "result-size": "The endpoint scales pictures; what it made cannot be put into yours.",
    "cannot-fit": "Make the picture smaller first.",
    "picture-unreachable": "Save the picture and open the file instead.",
    "picture-unreadable": "To repair it here, save it and open the file.",
    "upload-unreachable": "Its bucket needs a CORS rule for this page.",
    "upload-status": "A presigned address may have expired.",
    "module-lost": "Check the network, and try again.",
    "worker-lost": "Your picture and marks are kept: press Repair again.",
  },
};
