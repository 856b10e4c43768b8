// The floating tools: which tool, what it can be told, back and forth, nearer and farther.

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

import type { RectangleMark } from "../history.ts";
import { icons } from "../icons.ts";
import { ZOOM_STEP } from "../keyboard.ts";
import type { EditorState } from "../editor-state.ts";
import type { Tool } from "../tools/draft.ts";
import { iconButton, input, namedButton } from "./controls.ts";

type Side = "x" | "y" | "width" | "height";

export function renderTools(editor: EditorState): TemplateResult {
  const { texts } = editor;
  const tool = (name: Tool) => html`
    <label class="tool" title=${texts.tools[name]}>
      <input type="radio" name="tool" .value=${name} .checked=${live(editor.tool === name)}
        @change=${() => (editor.tool = name)} aria-label=${texts.tools[name]} />
      ${icons[name]}
    </label>
  `;
  return html`<div role="radiogroup" aria-label=${texts.tools.tool} class="dock tools" part="tools">
    ${editor.toolNames.map(tool)}
  </div>`;
}

export function renderHistory(editor: EditorState): TemplateResult {
  const { controller, texts, corners } = editor;
  const { history, summary, busy } = controller;
  const isOff = !history || busy !== null;
  return html`<div class="dock history">
    ${iconButton(texts.tools.undo, icons.undo, isOff || !(history.canUndo || corners > 0), () => editor.takeBack())}
    ${iconButton(texts.tools.redo, icons.redo, isOff || !history.canRedo, () => controller.marks.redo())}
    ${iconButton(texts.tools.clear, icons.clear, isOff || summary.marked === 0, () => controller.marks.clear())}
  </div>`;
}

export function renderZoom(editor: EditorState): TemplateResult {
  const { controller, texts } = editor;
  const isOff = !controller.picture;
  return html`<div class="dock zoom" part="zoom">
    ${iconButton(texts.view.zoomOut, icons.zoomOut, isOff, () => editor.zoomBy(1 / ZOOM_STEP))}
    <span class="value">${texts.view.percent(editor.zoomPercent)}</span>
    ${iconButton(texts.view.zoomIn, icons.zoomIn, isOff, () => editor.zoomBy(ZOOM_STEP))}
    ${iconButton(texts.view.fit, icons.fit, isOff, () => editor.zoomToFit())}
  </div>`;
}

/** What the tool that is chosen can be told. */
export function renderOptions(editor: EditorState): TemplateResult {
  const { tool } = editor;
  return html`<div class=${tool === "lasso" || tool === "pan" ? "dock options bare" : "dock options"} part="options">
    ${renderBrushSize(editor)} ${tool === "wand" ? renderTolerance(editor) : nothing}
    ${tool === "rectangle" ? renderRectangle(editor) : nothing}
    ${tool === "polygon" ? renderPolygon(editor) : nothing}
  </div>`;
}

/** The slider is always there; other tools than the brush fold it away. */
function renderBrushSize(editor: EditorState): TemplateResult {
  const { tools } = editor.texts;
  const isOff = editor.tool !== "brush" && editor.tool !== "eraser";
  return html`<label class=${isOff ? "slider folded" : "slider"}>
    <span>${tools.brushSize}</span>
    <input type="range" min="1" max=${editor.largestBrush} aria-label=${tools.brushSize} ?disabled=${isOff}
      .value=${live(String(editor.brushSize))} aria-valuetext=${tools.pixels(editor.brushSize)}
      @input=${(event: Event) => (editor.brushSize = Number(input(event).value))} />
    <span class="value" aria-hidden="true">${tools.pixels(editor.brushSize)}</span>
  </label>`;
}

function renderTolerance(editor: EditorState): TemplateResult {
  const { tools } = editor.texts;
  return html`<label class="slider">
    <span>${tools.tolerance}</span>
    <input type="range" min="0" max="255" aria-label=${tools.tolerance} .value=${live(String(editor.tolerance))}
      @input=${(event: Event) => (editor.tolerance = Number(input(event).value))} />
    <span class="value" aria-hidden="true">${editor.tolerance}</span>
  </label>`;
}

function renderRectangle(editor: EditorState): TemplateResult {
  const { controller, texts, chosen } = editor;
  const isOff = !chosen || controller.busy !== null;
  const field = (side: Side) => html`<label class="number">
    <span aria-hidden="true">${texts.tools[side]}</span>
    <input type="number" min=${side === "x" || side === "y" ? 0 : 1} step="1" aria-label=${texts.tools[side]}
      ?disabled=${isOff} .value=${live(chosen ? String(chosen[side]) : "")}
      @change=${(event: Event) => chosen && changeSide(editor, chosen, side, input(event).valueAsNumber)} />
  </label>`;
  return html`${field("x")} ${field("y")} ${field("width")} ${field("height")}
    ${iconButton(texts.tools.deleteRectangle, icons.clear, isOff, () => editor.deleteChosen())}`;
}

/** What cannot be is refused by the core with the value and its bound, and the field shows what is. */
function changeSide(editor: EditorState, { id, x, y, width, height }: RectangleMark, side: Side, value: number): void {
  editor.controller.marks.changeRectangle(id, { x, y, width, height, [side]: value });
  editor.requestUpdate();
}

function renderPolygon(editor: EditorState): TemplateResult {
  const { marking, texts, corners } = editor;
  return namedButton(texts.tools.finishPolygon, icons.polygon, corners < 3, () => marking.finishPolygon());
}
