// Registers `<reweave-editor>`.

import { ReweaveEditor } from "./reweave-editor.ts";

export { ReweaveEditor };
export type { ErrorCode, ErrorDetails, ReweaveError } from "../lib/errors.ts";

if (!customElements.get("reweave-editor")) customElements.define("reweave-editor", ReweaveEditor);
