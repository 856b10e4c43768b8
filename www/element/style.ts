// The look. The picture is the hero: one quiet stage, tools below it, choices beside it. The element
// asks its own size (container queries), so it looks right in a narrow host on a wide screen.

import { css } from "lit";

export const style = css`
  :host {
    --ink: #1c1a22;
    --quiet-ink: #5d5967;
    --paper: #fbfaf8;
    --raised: #ffffff;
    --line: #dcd8d2;
    --stage: #e9e6e0;
    --accent: #4a35c9;
    --on-accent: #ffffff;
    --mark: #ff1fc8;
    --bad: #b3261e;
    --bad-paper: #fdecea;
    display: grid;
    container-type: size;
    height: 100%;
    min-height: 480px;
    color: var(--ink);
    background: var(--paper);
    font: 15px/1.45 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Noto Sans SC", sans-serif;
    color-scheme: light dark;
  }

  @media (prefers-color-scheme: dark) {
    :host {
      --ink: #f0eef5;
      --quiet-ink: #aaa5b8;
      --paper: #18161d;
      --raised: #24212b;
      --line: #3a3644;
      --stage: #0f0e13;
      --accent: #a899ff;
      --on-accent: #17122e;
      --bad: #ffb4ab;
      --bad-paper: #3b1714;
    }
  }

  [hidden] {
    display: none !important;
  }

  header,
  .tools,
  aside {
    background: var(--paper);
  }

  .layout {
    display: grid;
    min-height: 0;
    height: 100%;
    grid-template: "header" auto "stage" minmax(240px, 1fr) "tools" auto "panel" auto / minmax(0, 1fr);
  }

  header {
    grid-area: header;
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 10px 16px;
    border-bottom: 1px solid var(--line);
  }

  .name {
    font-weight: 650;
    font-size: 17px;
    letter-spacing: -0.01em;
  }

  .rights {
    margin-left: auto;
    color: var(--quiet-ink);
    font-size: 13px;
    text-align: right;
  }

  #stage {
    grid-area: stage;
    position: relative;
    overflow: hidden;
    background: var(--stage);
    min-height: 0;
  }

  #surface {
    position: absolute;
    inset: 0;
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
    cursor: crosshair;
    overflow: hidden;
  }

  #surface.brush,
  #surface.eraser {
    cursor: none;
  }

  #surface[aria-busy="true"] {
    cursor: default;
  }

  #surface:focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: -3px;
  }

  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    pointer-events: none;
  }

  #marks {
    transition: opacity 0.15s;
  }

  #marks.faded {
    opacity: 0;
  }

  #band,
  #cursor,
  #split {
    position: absolute;
    left: 0;
    top: 0;
    pointer-events: none;
  }

  #band {
    border: 2px solid var(--mark);
    background: color-mix(in srgb, var(--mark) 25%, transparent);
    box-sizing: border-box;
    outline: 1px solid #fff;
  }

  #cursor {
    border: 1.5px solid #fff;
    border-radius: 50%;
    box-sizing: border-box;
    box-shadow:
      0 0 0 1px #0009,
      inset 0 0 0 1px #0009;
  }

  #split {
    width: 2px;
    margin-left: -1px;
    height: 100%;
    background: #fff;
    box-shadow: 0 0 0 1px #0008;
  }

  .invitation {
    position: absolute;
    inset: 16px;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 10px;
    padding: 16px;
    border: 2px dashed var(--line);
    border-radius: 16px;
    text-align: center;
    pointer-events: none;
    color: var(--quiet-ink);
  }

  .invitation p {
    margin: 0;
  }

  .invitation .lead {
    color: var(--ink);
    font-size: 20px;
    text-wrap: balance;
  }

  .invitation button {
    pointer-events: auto;
    margin-top: 8px;
  }

  .messages {
    position: absolute;
    left: 12px;
    right: 12px;
    top: 12px;
    pointer-events: none;
  }

  .alert {
    pointer-events: auto;
    display: flex;
    align-items: flex-start;
    gap: 12px;
    max-width: 640px;
    margin: 0 auto;
    padding: 10px 14px;
    border-radius: 12px;
    border: 1px solid currentColor;
    color: var(--bad);
    background: var(--bad-paper);
    box-shadow: 0 4px 16px #0002;
  }

  .alert p {
    margin: 0;
    flex: 1;
    overflow-wrap: anywhere;
  }

  .alert code {
    font-size: 12px;
    opacity: 0.8;
    white-space: nowrap;
  }

  .tools {
    grid-area: tools;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: 8px 16px;
    padding: 8px 12px;
    border-top: 1px solid var(--line);
  }

  .group {
    display: flex;
    gap: 2px;
    padding: 2px;
    border: 1px solid var(--line);
    border-radius: 12px;
    background: var(--raised);
  }

  button,
  .button,
  .tool {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 40px;
    padding: 0 14px;
    box-sizing: border-box;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--raised);
    color: inherit;
    font: inherit;
    cursor: pointer;
  }

  .group > * {
    border-color: transparent;
    background: none;
  }

  .icon {
    width: 40px;
    padding: 0;
  }

  svg {
    flex: none;
  }

  button:hover:not(:disabled),
  .button:hover,
  .tool:hover {
    border-color: var(--accent);
  }

  button:disabled {
    opacity: 0.45;
    cursor: default;
  }

  button:focus-visible,
  select:focus-visible,
  input:focus-visible,
  .button:focus-within:has(:focus-visible),
  .tool:has(:focus-visible) {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }

  .primary {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
    flex: 1;
  }

  .quiet {
    min-height: 28px;
    padding: 0 10px;
    border-color: currentColor;
    background: none;
    white-space: nowrap;
  }

  .open,
  .tool {
    position: relative;
  }

  .open input,
  .tool input {
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

  .tool:has(:checked) {
    background: var(--accent);
    color: var(--on-accent);
  }

  .size {
    display: flex;
    align-items: center;
    gap: 8px;
    color: var(--quiet-ink);
    font-size: 13px;
  }

  .size input {
    width: 130px;
  }

  .size .value {
    min-width: 5.5ch;
    font-variant-numeric: tabular-nums;
  }

  input[type="range"] {
    accent-color: var(--accent);
    height: 24px;
  }

  aside {
    grid-area: panel;
    display: grid;
    /* A row is as high as what is in it, however little room there is: the panel scrolls. */
    grid-auto-rows: max-content;
    align-content: start;
    gap: 14px;
    padding: 14px 16px 18px;
    border-top: 1px solid var(--line);
    overflow: auto;
  }

  .field,
  .result {
    display: grid;
    gap: 5px;
    min-width: 0;
  }

  .result {
    gap: 12px;
  }

  .field > span:first-child {
    font-size: 13px;
    font-weight: 600;
  }

  small {
    color: var(--quiet-ink);
    font-size: 12.5px;
  }

  small.warning {
    color: var(--bad);
  }

  select,
  .field input:not([type="range"]) {
    min-height: 40px;
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

  meter,
  progress {
    width: 100%;
    height: 8px;
  }

  .field input[type="range"] {
    width: 100%;
    margin: 0;
  }

  .ends {
    display: flex;
    justify-content: space-between;
  }

  .actions {
    display: flex;
    gap: 8px;
  }

  .status {
    display: grid;
    gap: 6px;
    min-height: 4.2em;
    align-content: start;
  }

  progress {
    appearance: none;
    border: 0;
    border-radius: 4px;
    overflow: hidden;
    background: var(--line);
  }

  progress::-webkit-progress-bar {
    background: var(--line);
  }

  progress::-webkit-progress-value {
    background: var(--accent);
    transition: width 0.1s;
  }

  progress::-moz-progress-bar {
    background: var(--accent);
  }

  progress.idle {
    visibility: hidden;
  }

  progress.waiting {
    background: linear-gradient(90deg, var(--line) 30%, var(--accent) 50%, var(--line) 70%) 0 0 / 300% 100%;
    animation: waiting 1.4s linear infinite;
  }

  progress.waiting::-webkit-progress-bar {
    background: none;
  }

  @keyframes waiting {
    from {
      background-position: 150% 0;
    }
    to {
      background-position: -50% 0;
    }
  }

  dialog {
    border: 1px solid var(--line);
    border-radius: 16px;
    background: var(--raised);
    color: inherit;
  }

  dialog h2 {
    margin: 0 0 8px;
    font-size: 18px;
  }

  dialog::backdrop {
    background: #0008;
  }

  @container (min-width: 820px) {
    .layout {
      grid-template:
        "header header" auto
        "stage panel" minmax(0, 1fr)
        "tools panel" auto / minmax(0, 1fr) 320px;
    }

    aside {
      border-top: 0;
      border-left: 1px solid var(--line);
      padding: 18px 20px;
      gap: 18px;
    }
  }

  @container (max-width: 819px) {
    .layout {
      overflow: auto;
      grid-template: "header" auto "stage" minmax(50cqh, 1fr) "tools" auto "panel" auto / minmax(0, 1fr);
    }

    aside {
      overflow: visible;
    }

    /* What one came for stands first; settings are a scroll away. */
    .actions,
    .status {
      order: -1;
    }

    .status {
      min-height: 3.2em;
    }

    .open {
      white-space: nowrap;
    }

    .rights {
      flex: 0 1 15ch;
      font-size: 12px;
      line-height: 1.3;
    }

    .tools {
      justify-content: space-between;
      gap: 8px;
    }

    .tool span,
    .size > span:first-child {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }

    .tool,
    .icon {
      width: 44px;
      min-height: 44px;
      padding: 0;
    }

    .size {
      order: 3;
      flex: 1 1 100%;
    }

    .size input {
      flex: 1;
      height: 32px;
    }

    button,
    .button,
    select {
      min-height: 44px;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before {
      animation: none !important;
      transition: none !important;
    }
  }

  @media (forced-colors: active) {
    .tool:has(:checked) {
      outline: 3px solid Highlight;
      outline-offset: -3px;
    }
  }
`;
