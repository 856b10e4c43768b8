// The stage. Canvases fill all of it; the surface is the part of it that no tool floats over, where a
// fitted picture lies in the middle.

import { css } from "lit";

export const stage = css`
  #stage {
    --left: 72px;
    --top: 0px;
    --bottom: 68px;
    position: relative;
    overflow: hidden;
    min-height: 0;
    background: var(--stage);
  }

  #surface {
    position: absolute;
    inset: var(--top) 0 var(--bottom) var(--left);
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
    -webkit-touch-callout: none;
    cursor: crosshair;
    outline: none;
  }

  #frame {
    position: absolute;
    inset: calc(-1 * var(--top)) 0 calc(-1 * var(--bottom)) calc(-1 * var(--left));
  }

  #stage.empty #surface {
    pointer-events: none;
  }

  #surface.brush,
  #surface.eraser {
    cursor: none;
  }

  #surface.pan {
    cursor: grab;
  }

  #surface.pan:active {
    cursor: grabbing;
  }

  #surface[aria-busy="true"] {
    cursor: default;
  }

  #stage:has(#surface:focus-visible:not([data-pointed]))::after {
    content: "";
    position: absolute;
    inset: 0;
    border: 3px solid var(--accent);
    pointer-events: none;
  }

  canvas,
  #overlay {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    pointer-events: none;
  }

  #area,
  #marks {
    transition: opacity 0.15s;
  }

  #area.faded,
  #marks.faded {
    opacity: 0;
  }

  .split #before {
    width: 50%;
  }

  .split #after,
  .split #area,
  .split #marks,
  .split #overlay {
    left: 50%;
    width: 50%;
  }

  .split #frame::after {
    content: "";
    position: absolute;
    inset: 0 auto 0 50%;
    width: 2px;
    margin-left: -1px;
    background: var(--paper);
  }

  .pane-name {
    position: absolute;
    top: 12px;
    padding: 3px 10px;
    border-radius: 999px;
    background: #000000b3;
    color: #fff;
    font-size: 12.5px;
    pointer-events: none;
  }

  .pane-name.before {
    right: calc(50% + 12px);
  }

  .pane-name.after {
    right: 12px;
  }

  .probe {
    position: absolute;
    left: 0;
    top: 0;
    width: 0;
    height: 0;
    pointer-events: none;
  }

  .probe.right {
    left: 100%;
  }

  .probe.bottom {
    top: 100%;
  }

  #overlay {
    overflow: hidden;
    fill: none;
    stroke-linejoin: round;
  }

  #overlay .under {
    stroke: #000;
    stroke-width: 3;
    stroke-opacity: 0.75;
  }

  #overlay .over {
    stroke: #fff;
    stroke-width: 1.5;
  }

  #overlay .draft .over {
    stroke-dasharray: 6 4;
  }

  #overlay .draft {
    fill: color-mix(in srgb, var(--mark) 22%, transparent);
  }

  #overlay .draft.subtract {
    fill: #fff4;
  }

  #overlay .draft .over {
    fill: none;
  }

  #overlay .stroke {
    stroke: var(--mark);
    stroke-opacity: 0.5;
    stroke-linecap: round;
  }

  #overlay .stroke.subtract {
    stroke: #fff;
  }

  #overlay .grip {
    fill: #fff;
    stroke: #000c;
    stroke-width: 1.5;
  }

  #overlay .grip.middle {
    fill: var(--accent);
    stroke: #fff;
  }

  #divider {
    position: absolute;
    left: 0;
    top: 0;
    width: 44px;
    margin-left: -22px;
    height: 100%;
    cursor: ew-resize;
    touch-action: none;
    background: linear-gradient(#fff, #fff) 50% 0 / 2px 100% no-repeat;
    filter: drop-shadow(0 0 1px #000a);
  }

  #divider i {
    position: absolute;
    left: 50%;
    top: 50%;
    width: 36px;
    height: 36px;
    margin: -18px;
    border-radius: 50%;
    background: #fff
      url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 36 36' fill='none' stroke='%23333' stroke-width='2' stroke-linecap='round' stroke-linejoin='round'%3E%3Cpath d='m14 13-5 5 5 5m8-10 5 5-5 5'/%3E%3C/svg%3E");
  }

  .invitation {
    position: absolute;
    inset: 16px 16px 16px var(--left);
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 10px;
    padding: 16px;
    border: 2px dashed color-mix(in srgb, var(--quiet-ink) 45%, transparent);
    border-radius: 20px;
    text-align: center;
    pointer-events: none;
    color: var(--quiet-ink);
  }

  .invitation p {
    margin: 0;
  }

  .invitation .lead {
    color: var(--ink);
    font-size: 21px;
    font-weight: 600;
    letter-spacing: -0.01em;
    text-wrap: balance;
  }

  .invitation button {
    pointer-events: auto;
    margin-top: 8px;
  }

  .messages {
    position: absolute;
    left: calc(var(--left) + 8px);
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
    border-radius: 14px;
    border: 1px solid currentColor;
    color: var(--bad);
    background: var(--bad-paper);
    box-shadow: var(--shadow);
  }

  .alert p {
    margin: 0;
    flex: 1;
    overflow-wrap: anywhere;
  }

  .alert code {
    font-size: 12px;
    white-space: nowrap;
  }

  @container (max-width: 819px) {
    #stage {
      --left: 0px;
      --top: 60px;
      --bottom: 132px;
    }

    .invitation {
      inset: 64px 16px 128px;
    }

    .messages {
      left: 10px;
      right: 10px;
    }
  }
`;
