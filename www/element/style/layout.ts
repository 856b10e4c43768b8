// Where things are: on wide hosts the panel beside the stage, on narrow ones under it.

import { css } from "lit";

export const layout = css`
  .layout {
    position: relative;
    display: grid;
    min-height: 0;
    height: 100%;
  }

  .header {
    grid-area: header;
    display: flex;
    align-items: center;
    gap: 10px;
    padding: 8px 14px;
    border-bottom: 1px solid var(--line);
    background: var(--paper);
  }

  .name {
    font-weight: 680;
    font-size: 17px;
    letter-spacing: -0.015em;
    margin-right: 4px;
  }

  .rights {
    margin-left: auto;
    color: var(--quiet-ink);
    font-size: 13px;
    text-align: right;
  }

  .foot.rights {
    display: none;
    margin: 0;
  }

  .header .icon {
    border-color: transparent;
    background: none;
  }

  #stage {
    grid-area: stage;
  }

  .panel {
    grid-area: panel;
    display: grid;
    grid-auto-rows: max-content;
    align-content: start;
    background: var(--paper);
  }

  @container (min-width: 820px) {
    .layout {
      grid-template:
        "header header" auto
        "stage panel" minmax(0, 1fr) / minmax(0, 1fr) 316px;
    }

    .panel {
      overflow: auto;
      border-left: 1px solid var(--line);
    }
  }

  @container (max-width: 819px) {
    :host {
      --control: 44px;
    }

    .layout {
      overflow: auto;
      grid-template: "header" auto "stage" minmax(56cqh, 1fr) "panel" auto / minmax(0, 1fr);
    }

    .header {
      gap: 6px;
      padding: 6px 10px;
    }

    .open {
      white-space: nowrap;
    }

    .header .rights {
      visibility: hidden;
      flex: 1;
      width: 0;
      height: 0;
    }

    .foot.rights {
      display: block;
      padding: 14px;
      text-align: center;
    }

    .panel {
      border-top: 1px solid var(--line);
    }

    /* What one came for stands first; settings are a scroll away. */
    .repair .actions,
    .repair .status {
      order: -1;
    }
  }

  @container (max-width: 480px) {
    .header {
      gap: 2px;
      padding: 6px 6px 6px 10px;
    }

    .header .open {
      padding: 0 9px;
      margin-left: 6px;
      gap: 6px;
    }

    .header .name {
      font-size: 16px;
      margin-right: 0;
    }
  }

  /* The narrowest phones: what can be pressed stays in view. */
  @container (max-width: 380px) {
    .header .name {
      display: none;
    }
  }

  @media (pointer: coarse) {
    :host {
      --control: 44px;
    }

    input[type="range"],
    .check,
    .more > summary,
    .endpoint summary {
      min-height: 44px;
      align-items: center;
    }

    .quiet {
      min-height: 44px;
    }

    .number input[type="number"] {
      min-height: 44px;
    }
  }
`;
