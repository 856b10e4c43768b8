// The class of the element, for those who register it under a name of their own.

import type { ReweaveEditorElement } from "./public.ts";
import { ReweaveEditor as Editor } from "./reweave-editor.ts";

export const ReweaveEditor: new () => ReweaveEditorElement = Editor;
export type ReweaveEditor = ReweaveEditorElement;
export type { EditorEvents } from "./events.ts";
export type { Credentials, Theme } from "./public.ts";
export type { Preferences } from "./preferences.ts";
export type { ErrorCode, ErrorDetails, ReweaveError } from "../lib/errors.ts";
export type { FillOptions } from "../lib/protocol.ts";
