// The look. The picture is the hero: a quiet stage, tools that float over it, choices beside it. The
// element asks its own size (container queries), so it looks right in a narrow host on a wide screen.

import { controls } from "./controls.ts";
import { dialogs } from "./dialogs.ts";
import { endpointStyle } from "./endpoint.ts";
import { layout } from "./layout.ts";
import { panel } from "./panel.ts";
import { stage } from "./stage.ts";
import { tokens } from "./tokens.ts";

export const style = [tokens, stage, controls, panel, dialogs, endpointStyle, layout];
