/**
 * `<reweave-editor>`: registered by `reweave/element`; the class, for another name, from
 * `reweave/element/no-define`.
 *
 * @module reweave/element
 */

import type { ReweaveEditorElement } from "./public.ts";
import { ReweaveEditor as Editor } from "./reweave-editor.ts";

export const ReweaveEditor: new () => ReweaveEditorElement = Editor;
export type ReweaveEditor = ReweaveEditorElement;
export type { EditorEvents } from "./events.ts";
export type { Credentials, Theme } from "./public.ts";
export type { Preferences } from "./preferences.ts";
export type { ErrorCode, ErrorDetails, ReweaveError } from "../lib/errors.ts";
export type { FillOptions } from "../lib/protocol.ts";
