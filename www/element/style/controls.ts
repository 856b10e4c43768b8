// Buttons, fields, sliders, and the docks that float over the stage.

import { css } from "lit";

export const controls = css`
  button,
  .button,
  .tool {
    position: relative;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: var(--control);
    padding: 0 14px;
    box-sizing: border-box;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--raised);
    color: inherit;
    font: inherit;
    text-decoration: none;
    cursor: pointer;
  }

  .icon,
  .tool {
    width: var(--control);
    padding: 0;
    flex: none;
  }

  svg {
    flex: none;
  }

  button:hover:not(:disabled),
  .button:hover,
  .tool:hover {
    border-color: var(--accent);
    background: color-mix(in srgb, var(--accent) 8%, var(--raised));
  }

  button:disabled {
    opacity: 0.42;
    cursor: default;
  }

  :is(button, select, input, summary, a):focus-visible,
  .button:has(:focus-visible),
  .tool:has(:focus-visible),
  .version:has(:focus-visible) {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }

  .primary {
    flex: 1;
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
  }

  .primary:hover:not(:disabled) {
    background: color-mix(in srgb, var(--accent) 88%, #000);
  }

  .quiet {
    min-height: 28px;
    padding: 0 10px;
    border-color: currentColor;
    background: none;
    white-space: nowrap;
  }

  .named {
    flex: 1;
    justify-content: flex-start;
    gap: 7px;
    padding: 0 10px;
    font-size: 13.5px;
    text-align: start;
    line-height: 1.2;
    min-width: 0;
  }

  [aria-pressed="true"] {
    border-color: var(--accent);
    background: var(--tint);
  }

  .open input,
  .tool input,
  .version input {
    position: absolute;
    inset: 0;
    margin: 0;
    opacity: 0;
    cursor: pointer;
    width: 100%;
    height: 100%;
  }

  .open input::file-selector-button {
    cursor: pointer;
  }

  .dock {
    display: flex;
    align-items: center;
    gap: 2px;
    padding: 4px;
    border: 1px solid color-mix(in srgb, var(--line) 70%, transparent);
    border-radius: 16px;
    background: color-mix(in srgb, var(--raised) 94%, transparent);
    backdrop-filter: blur(12px);
    box-shadow: var(--shadow);
    box-sizing: border-box;
  }

  .dock button,
  .dock .tool {
    border-color: transparent;
    background: none;
    border-radius: 12px;
  }

  .dock button:hover:not(:disabled),
  .dock .tool:hover {
    background: var(--tint);
  }

  .dock .tool:has(:checked) {
    background: var(--accent);
    color: var(--on-accent);
  }

  .value {
    min-width: 5ch;
    text-align: center;
    font-size: 13px;
    font-variant-numeric: tabular-nums;
    color: var(--quiet-ink);
  }

  .rail {
    position: absolute;
    left: 12px;
    top: 12px;
    bottom: 12px;
    display: flex;
    flex-direction: column;
    flex-wrap: wrap;
    align-content: flex-start;
    gap: 10px;
    pointer-events: none;
  }

  .rail .dock {
    flex-direction: column;
    pointer-events: auto;
  }

  .options {
    position: absolute;
    left: var(--left);
    bottom: 12px;
    min-height: 50px;
    max-width: calc(100% - var(--left) - 220px);
    padding: 4px 12px;
    gap: 10px;
  }

  .options.bare {
    visibility: hidden;
  }

  .zoom {
    position: absolute;
    right: 12px;
    bottom: 12px;
  }

  .slider {
    display: flex;
    align-items: center;
    gap: 10px;
    color: var(--quiet-ink);
    font-size: 13px;
    white-space: nowrap;
  }

  .slider.folded {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }

  .slider input {
    width: 170px;
    min-width: 60px;
    margin: 0;
  }

  .number {
    display: flex;
    align-items: center;
    gap: 5px;
    color: var(--quiet-ink);
    font-size: 12.5px;
    white-space: nowrap;
  }

  .number input {
    width: 7.5ch;
  }

  input[type="range"] {
    accent-color: var(--accent);
    height: 28px;
  }

  select,
  input:is([type="text"], [type="url"], [type="password"], [type="number"]) {
    min-height: var(--control);
    width: 100%;
    box-sizing: border-box;
    padding: 0 10px;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--raised);
    color: inherit;
    font: inherit;
    text-overflow: ellipsis;
  }

  .number input[type="number"] {
    width: 8.5ch;
    min-height: 36px;
    padding: 0 4px 0 8px;
    font-size: 13.5px;
    font-variant-numeric: tabular-nums;
  }

  @container (max-width: 819px) {
    .rail {
      inset: 0;
      pointer-events: none;
    }

    .rail .dock {
      position: absolute;
      flex-direction: row;
    }

    .rail .tools {
      left: 50%;
      bottom: 10px;
      transform: translateX(-50%);
      max-width: calc(100% - 16px);
      justify-content: safe center;
      overflow-x: auto;
    }

    .rail .history {
      left: 8px;
      top: 8px;
    }

    .zoom {
      right: 8px;
      top: 8px;
      bottom: auto;
    }

    .options {
      left: 50%;
      bottom: 68px;
      transform: translateX(-50%);
      width: max-content;
      max-width: calc(100% - 16px);
      overflow-x: auto;
      scrollbar-width: none;
    }

    .slider input {
      width: 150px;
    }

    .slider > span:first-child {
      display: none;
    }

    .options .number {
      flex-direction: column;
      gap: 1px;
      font-size: 11px;
    }

    .options .number input[type="number"] {
      width: 66px;
    }

    .options {
      gap: 6px;
    }
  }

  @container (max-width: 400px) {
    .zoom .value {
      display: none;
    }
  }

  @media (forced-colors: active) {
    .dock {
      border-color: CanvasText;
    }

    .tool:has(:checked),
    .version:has(:checked),
    [aria-pressed="true"] {
      outline: 3px solid Highlight;
      outline-offset: -3px;
    }
  }
`;
