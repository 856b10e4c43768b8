// The icons: strokes on a 24 × 24 grid in the colour of the text.

import { svg, type TemplateResult } from "lit";

const icon = (paths: TemplateResult) => svg`
  <svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.8"
    stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${paths}</svg>`;

export const icons = {
  brush: icon(svg`<path d="M20 4c-4 2-8 6-10.5 9.5l2 2C15 13 18 9 20 4Z"/><path d="M9 14c-3 0-3 3-5.500 5 3 1.500 8 .5 7.500-3.500"/>`),
  eraser: icon(svg`<path d="m8 19-4-4a1.500 1.500 0 0 1 0-2l8.500-8.500a1.500 1.500 0 0 1 2 0l5 5a1.500 1.500 0 0 1 0 2L12 19H8Z"/><path d="m9 8 7 7M12 19h8"/>`),
  rectangle: icon(svg`<rect x="4" y="6" width="16" height="12" rx="1" stroke-dasharray="3.500 2.500"/>`),
  lasso: icon(svg`<path d="M7 15.500c-2.500-1-4-2.700-4-5C3 7 7 4.500 12 4.500S21 7 21 10.500s-4 6-9 6c-1 0-2-.1-2.900-.3"/><circle cx="7.500" cy="17" r="1.800"/><path d="M7.500 18.800c0 1.200-.5 2-1.500 2.700"/>`),
  polygon: icon(svg`<path d="m5 9 8-4.500 6.500 5.500L16 19H7.500Z"/><g fill="currentColor" stroke="none"><circle cx="5" cy="9" r="1.700"/><circle cx="13" cy="4.500" r="1.700"/><circle cx="19.500" cy="10" r="1.700"/><circle cx="16" cy="19" r="1.700"/><circle cx="7.500" cy="19" r="1.700"/></g>`),
  wand: icon(svg`<path d="m4 20 10.500-10.500M13 6.500l4.500 4.500"/><path d="M17 3v3.500M15.300 4.700h3.500M20.500 12v2.500M19.300 13.200h2.500M9.500 4v2M8.500 5h2"/>`),
  pan: icon(svg`<path d="M7.500 12.500V7a1.500 1.500 0 0 1 3 0v4.500V5a1.500 1.500 0 0 1 3 0v6.500V6.500a1.500 1.500 0 0 1 3 0v5.500V9a1.500 1.500 0 0 1 3 0v5.500c0 3.500-2.500 6-6 6-3 0-4.500-1.200-6-3.500L4.800 13.700c-.6-1 .7-2.200 1.700-1.400Z"/>`),
  undo: icon(svg`<path d="M8 5 4 9l4 4"/><path d="M4 9h10a5.500 5.500 0 0 1 0 11h-3"/>`),
  redo: icon(svg`<path d="m16 5 4 4-4 4"/><path d="M20 9H10a5.500 5.500 0 0 0 0 11h3"/>`),
  clear: icon(svg`<path d="M5 7h14M10 7V4.500h4V7M7 7l1 12.500h8L17 7"/>`),
  invert: icon(svg`<circle cx="12" cy="12" r="8"/><path d="M12 4a8 8 0 0 1 0 16Z" fill="currentColor"/>`),
  grow: icon(svg`<circle cx="12" cy="12" r="3.500"/><path d="M12 5.500V2.500M12 21.500v-3M5.500 12h-3M21.500 12h-3M7.400 7.400 5.300 5.300M18.700 18.700l-2.100-2.100M7.400 16.600l-2.100 2.100M18.700 5.300l-2.100 2.100"/>`),
  shrink: icon(svg`<circle cx="12" cy="12" r="8.500" stroke-dasharray="3 2.700"/><circle cx="12" cy="12" r="3.500"/>`),
  tighten: icon(svg`<rect x="3" y="5" width="18" height="14" rx="1.500" stroke-dasharray="3 2.500"/><path d="M8 15.500 11.500 8h1L16 15.500M9.500 13h5"/>`),
  importing: icon(svg`<path d="M12 4v11m-4-4 4 4 4-4"/><path d="M4 14v4.500A1.500 1.500 0 0 0 5.500 20h13a1.500 1.500 0 0 0 1.500-1.500V14"/>`),
  exporting: icon(svg`<path d="M12 15V4m-4 4 4-4 4 4"/><path d="M4 14v4.500A1.500 1.500 0 0 0 5.500 20h13a1.500 1.500 0 0 0 1.500-1.500V14"/>`),
  open: icon(svg`<path d="M4 17V6.500A1.500 1.500 0 0 1 5.500 5H10l2 2.500h6.500A1.500 1.500 0 0 1 20 9v8a1.500 1.500 0 0 1-1.500 1.500h-13A1.500 1.500 0 0 1 4 17Z"/>`),
  address: icon(svg`<path d="M10 14a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700l-1 1"/><path d="M14 10a4 4 0 0 0-5.700 0l-3 3a4 4 0 0 0 5.700 5.700l1-1"/>`),
  download: icon(svg`<path d="M12 4v11m-4.500-4.500L12 15l4.500-4.500M5 19.500h14"/>`),
  repair: icon(svg`<path d="m5 19 9-9M12.500 4v3M19 10.500h-3M17.500 5.500 15.500 7.500M8 6.500l1 1M17 15l1 1"/>`),
  settings: icon(svg`<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>`),
  help: icon(svg`<circle cx="12" cy="12" r="8.500"/><path d="M9.500 9.500a2.500 2.500 0 1 1 3.700 2.200c-.8.500-1.200 1-1.200 1.800M12 16.500v.1"/>`),
  zoomIn: icon(svg`<path d="M12 5.500v13M5.500 12h13"/>`),
  zoomOut: icon(svg`<path d="M5.500 12h13"/>`),
  fit: icon(svg`<path d="M4 9V5.500A1.500 1.500 0 0 1 5.500 4H9M15 4h3.500A1.500 1.500 0 0 1 20 5.500V9M20 15v3.500a1.500 1.500 0 0 1-1.500 1.500H15M9 20H5.500A1.500 1.500 0 0 1 4 18.500V15"/>`),
  eye: icon(svg`<path d="M2.500 12C4.500 8 8 5.500 12 5.500S19.500 8 21.500 12c-2 4-5.500 6.500-9.500 6.500S4.500 16 2.500 12Z"/><circle cx="12" cy="12" r="3"/>`),
  sideBySide: icon(svg`<rect x="3.500" y="5" width="7.500" height="14" rx="1.500"/><rect x="13" y="5" width="7.500" height="14" rx="1.500"/>`),
  goOn: icon(svg`<path d="M5 12h13m-5-5 5 5-5 5"/>`),
};
