// Registers `<reweave-editor>`.

import { ReweaveEditor } from "./no-define.ts";

export { ReweaveEditor };
export type * from "./no-define.ts";

if (!customElements.get("reweave-editor")) customElements.define("reweave-editor", ReweaveEditor);
