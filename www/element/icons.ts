// The icons: strokes on a 24 × 24 grid in the colour of the text.

import { svg, type TemplateResult } from "lit";

const icon = (paths: TemplateResult) => svg`
  <svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.8"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`;

export const icons = {
  brush: icon(svg`<path d="M20 4c-4 2-8 6-10.5 9.5l2 2C15 13 18 9 20 4Z"/><path d="M9 14c-3 0-3 3-5.500 5 3 1.500 8 .5 7.500-3.500"/>`),
  eraser: icon(svg`<path d="m8 19-4-4a1.500 1.500 0 0 1 0-2l8.500-8.500a1.500 1.500 0 0 1 2 0l5 5a1.500 1.500 0 0 1 0 2L12 19H8Z"/><path d="m9 8 7 7M12 19h8"/>`),
  rectangle: icon(svg`<rect x="4" y="6" width="16" height="12" rx="1" stroke-dasharray="3.500 2.500"/>`),
  undo: icon(svg`<path d="M8 5 4 9l4 4"/><path d="M4 9h10a5.500 5.500 0 0 1 0 11h-3"/>`),
  redo: icon(svg`<path d="m16 5 4 4-4 4"/><path d="M20 9H10a5.500 5.500 0 0 0 0 11h3"/>`),
  clear: icon(svg`<path d="M5 7h14M10 7V4.500h4V7M7 7l1 12.500h8L17 7"/>`),
  open: icon(svg`<path d="M4 17V6.500A1.500 1.500 0 0 1 5.500 5H10l2 2.500h6.500A1.500 1.500 0 0 1 20 9v8a1.500 1.500 0 0 1-1.500 1.500h-13A1.500 1.500 0 0 1 4 17Z"/>`),
  address: icon(svg`<path d="M10 14a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700l-1 1"/><path d="M14 10a4 4 0 0 0-5.700 0l-3 3a4 4 0 0 0 5.700 5.700l1-1"/>`),
  download: icon(svg`<path d="M12 4v11m-4.500-4.500L12 15l4.500-4.500M5 19.500h14"/>`),
  repair: icon(svg`<path d="m5 19 9-9M12.500 4v3M19 10.500h-3M17.500 5.500 15.500 7.500M8 6.500l1 1M17 15l1 1"/>`),
};
