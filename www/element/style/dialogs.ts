// Dialogs.

import { css } from "lit";

export const dialogs = css`
  dialog {
    box-sizing: border-box;
    max-width: min(560px, calc(100vw - 24px));
    max-height: calc(100dvh - 24px);
    padding: 20px 22px;
    border: 1px solid var(--line);
    border-radius: 18px;
    background: var(--raised);
    color: inherit;
    box-shadow: 0 20px 60px #0006;
    overflow: auto;
  }

  dialog::backdrop {
    background: #0008;
  }

  dialog form {
    display: grid;
    gap: 14px;
  }

  dialog h2 {
    margin: 0;
    font-size: 18px;
  }

  dialog h3 {
    margin: 0 0 4px;
    font-size: 13px;
    color: var(--quiet-ink);
  }

  #settings {
    width: 400px;
  }

  .line {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 16px;
  }

  .line > :last-child {
    flex: 0 1 170px;
    min-width: 0;
  }

  input[type="color"] {
    height: var(--control);
    padding: 3px;
    border: 1px solid var(--line);
    border-radius: 10px;
    background: var(--raised);
  }

  #help {
    width: 720px;
    max-width: min(720px, calc(100vw - 24px));
  }

  .shortcuts {
    columns: 2 300px;
    column-gap: 32px;
  }

  .shortcuts > div {
    break-inside: avoid;
    margin-bottom: 14px;
  }

  .shortcuts dl {
    margin: 0;
    display: grid;
    gap: 4px;
    font-size: 13.5px;
  }

  .shortcuts dl > div {
    display: grid;
    grid-template-columns: 118px 1fr;
    gap: 10px;
  }

  .shortcuts dd {
    margin: 0;
  }

  kbd {
    display: inline-block;
    padding: 0 6px;
    border: 1px solid var(--line);
    border-bottom-width: 2px;
    border-radius: 6px;
    background: var(--paper);
    font: 12px/1.6 ui-monospace, monospace;
    white-space: nowrap;
  }
`;
