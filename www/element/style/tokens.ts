// Colours and type. A host sets --reweave-accent, --reweave-paper, --reweave-stage and the like; all
// else follows. Light and dark stand beside each other, chosen by `theme` or by the system.

import { css } from "lit";

export const tokens = css`
  :host {
    --ink: var(--reweave-ink, light-dark(#1d1b24, #f1eff6));
    --quiet-ink: var(--reweave-quiet-ink, light-dark(#5c5869, #aba6ba));
    --paper: var(--reweave-paper, light-dark(#fcfbf9, #1a1820));
    --raised: var(--reweave-raised, light-dark(#ffffff, #26232e));
    --line: var(--reweave-line, light-dark(#ddd9d3, #3b3746));
    --stage: var(--reweave-stage, light-dark(#e8e5df, #100f14));
    --accent: var(--reweave-accent, light-dark(#4a35c9, #a899ff));
    --on-accent: var(--reweave-on-accent, light-dark(#ffffff, #17122e));
    --tint: color-mix(in srgb, var(--accent) 12%, transparent);
    --mark: #ff1fc8;
    --bad: light-dark(#b3261e, #ffb4ab);
    --bad-paper: light-dark(#fdecea, #3b1714);
    --shadow: 0 1px 2px #0000001f, 0 6px 20px #0000001f;
    --control: 40px;
    display: grid;
    container-type: size;
    height: 100%;
    min-height: 480px;
    color: var(--ink);
    background: var(--paper);
    font: var(--reweave-font, 15px/1.45 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Noto Sans SC", sans-serif);
    color-scheme: light dark;
  }

  :host([theme="light"]) {
    color-scheme: light;
  }

  :host([theme="dark"]) {
    color-scheme: dark;
  }

  [hidden] {
    display: none !important;
  }

  .spoken {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before {
      animation: none !important;
      transition: none !important;
    }
  }
`;
