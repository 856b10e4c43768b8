// The settings of endpoints.

import type { BodyForm } from "../../../lib/marks.ts";

const bodies: Readonly<Record<BodyForm, string>> = {
  json: "JSON",
  form: "Form (urlencoded)",
  multipart: "Form with files (multipart)",
};

export const endpoint = {
  noteServer: "The picture, without its metadata, and the region are sent to the server that this page came from.",
  noteElsewhere:
    "The picture, without its metadata, and the region are sent there. The key stays in this tab's memory.",
  address: "Endpoint address",
  key: "Key",
  serverKey: "Key, if this server asks for one",
  more: "More settings",
  body: "Form of the request",
  bodies,
  result: "Result",
  resultBase64: "In the reply (base64)",
  resultLink: "As a link",
  header: "Header name",
  scheme: "Scheme",
  schemeHint: "Stands before a bare key in Authorization: APPCODE or Bearer.",
  query: "Address of a task",
  answers: "Answers with",
  answersTask: "The contract's envelope",
  answersPicture: "The picture itself",
  fields: "Names of the fields",
  fieldsHint: "As this endpoint calls them; empty where it takes no such field.",
  uploadNote: "Where only addresses are taken, the picture and its mask are uploaded first.",
  uploadMethod: "Upload",
  uploadPut: "PUT to a presigned address",
  uploadPost: "POST that answers with an address",
  uploadAddress: "Upload address",
  readAddress: "Where the file is read",
  readAddressHint: "the same address",
};
