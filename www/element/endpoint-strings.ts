// The texts about endpoints: their settings, and what is told before something leaves.

import { msg, str } from "@lit/localize";

import type { BodyForm } from "../lib/marks.ts";

export const endpointStrings = {
  noteServer: () =>
    msg("The picture, without its metadata, and the region are sent to the server that this page came from.", {
      id: "note-server",
    }),
  noteElsewhere: () =>
    msg("The picture, without its metadata, and the region are sent there. The key stays in this tab's memory.", {
      id: "note-custom",
    }),
  address: () => msg("Endpoint address", { id: "endpoint-address" }),
  key: () => msg("Key", { id: "key" }),
  serverKey: () => msg("Key, if this server asks for one", { id: "server-key" }),
  more: () => msg("More settings", { id: "more-settings" }),
  body: () => msg("Form of the request", { id: "body-form" }),
  result: () => msg("Result", { id: "result-as" }),
  resultBase64: () => msg("In the reply (base64)", { id: "result-base64" }),
  resultLink: () => msg("As a link", { id: "result-link" }),
  header: () => msg("Header name", { id: "header-name" }),
  scheme: () => msg("Scheme", { id: "scheme" }),
  schemeHint: () => msg("Stands before a bare key in Authorization: APPCODE or Bearer.", { id: "scheme-hint" }),
  query: () => msg("Address of a task", { id: "query-address" }),
  uploadNote: () =>
    msg("Where only addresses are taken, the picture and its mask are uploaded first.", { id: "upload-note" }),
  uploadMethod: () => msg("Upload", { id: "upload-method" }),
  uploadPut: () => msg("PUT to a presigned address", { id: "upload-put" }),
  uploadPost: () => msg("POST that answers with an address", { id: "upload-post" }),
  uploadAddress: () => msg("Upload address", { id: "upload-address" }),
  readAddress: () => msg("Where the file is read", { id: "read-address" }),
  readAddressHint: () => msg("the same address", { id: "read-address-hint" }),

  sendTitle: (host: string) => msg(str`Send to ${host}?`, { id: "send-title" }),
  sendOnce: () => msg("This leaves your device. You are asked once for each host.", { id: "send-once" }),
  sendFile: (kind: string, size: string) =>
    msg(str`The picture: ${kind}, ${size}, without its metadata`, { id: "send-file" }),
  sendJpeg: (quality: string) =>
    msg(str`encoded anew as JPEG of quality ${quality}, because the file is over the endpoint's limit`, {
      id: "send-jpeg",
    }),
  sendAddress: () => msg("The picture's address; the endpoint fetches it itself", { id: "send-address" }),
  sendRectangles: (count: string) => msg(str`The region: rectangles, ${count}`, { id: "send-rectangles" }),
  sendMask: (size: string) => msg(str`The region: a mask, ${size}`, { id: "send-mask" }),
  sendKey: (header: string) => msg(str`Your key, in the header ${header}`, { id: "send-key" }),
  sendUpload: (host: string) => msg(str`Files are uploaded to ${host} first`, { id: "send-upload" }),
  sendHook: () => msg("Files are uploaded first, by the way this site provides", { id: "send-hook" }),
  sendReadable: () =>
    msg("The address begins with http and leads to another machine: whoever is on the way can read all of this.", {
      id: "send-readable",
    }),
  send: () => msg("Send", { id: "send" }),
  doNotSend: () => msg("Do not send", { id: "do-not-send" }),
};

/** A form of body, for people. */
export function bodyText(form: BodyForm): string {
  switch (form) {
    case "json":
      return "JSON";
    case "form":
      return msg("Form (urlencoded)", { id: "body-urlencoded" });
    case "multipart":
      return msg("Form with files (multipart)", { id: "body-multipart" });
  }
}
