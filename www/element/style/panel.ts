// The panel's sections.

import { css } from "lit";

export const panel = css`
  section {
    display: grid;
    gap: 14px;
    padding: 16px 18px;
    min-width: 0;
  }

  section + section {
    border-top: 1px solid var(--line);
  }

  section h2 {
    margin: 0;
    font-size: 13px;
    font-weight: 650;
  }

  section.region {
    gap: 8px;
  }

  .field {
    display: grid;
    gap: 5px;
    min-width: 0;
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
    margin-top: -6px;
  }

  .actions,
  .row {
    display: flex;
    gap: 8px;
  }

  .wide {
    flex: 1;
  }

  .grid {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 8px;
  }

  .list {
    display: grid;
    gap: 8px;
  }

  .number.by {
    justify-content: center;
  }

  .more > summary {
    cursor: pointer;
    font-size: 13px;
    color: var(--quiet-ink);
    padding: 6px 0;
  }

  .fill .line {
    font-size: 13.5px;
  }

  .fill .line > :last-child {
    flex: 0 0 132px;
  }

  .fill fieldset {
    display: grid;
    gap: 6px;
    margin: 0;
    padding: 0;
    border: 0;
    font-size: 13.5px;
  }

  .fill legend {
    padding: 0 0 4px;
  }

  .fill fieldset > p {
    margin: 0;
  }

  .status {
    display: grid;
    gap: 6px;
    min-height: 4em;
    align-content: start;
    font-size: 14px;
  }

  meter {
    border-radius: 4px;
    background: var(--line);
  }

  meter::-webkit-meter-inner-element {
    height: 8px;
    vertical-align: top;
  }

  meter::-webkit-meter-bar {
    height: 8px;
    border: 0;
    border-radius: 4px;
    background: var(--line);
  }

  meter::-webkit-meter-optimum-value {
    border-radius: 4px;
    background: var(--accent);
  }

  meter::-webkit-meter-suboptimum-value {
    border-radius: 4px;
    background: var(--bad);
  }

  meter::-moz-meter-bar {
    background: var(--accent);
  }

  meter:-moz-meter-sub-optimum::-moz-meter-bar {
    background: var(--bad);
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

  .versions {
    display: flex;
    gap: 8px;
    overflow-x: auto;
    padding: 4px;
    margin: -4px;
  }

  .version {
    position: relative;
    flex: none;
    display: grid;
    justify-items: center;
    gap: 3px;
    padding: 4px;
    border: 2px solid transparent;
    border-radius: 12px;
    font-size: 12px;
    color: var(--quiet-ink);
    cursor: pointer;
  }

  .version:has(:checked) {
    border-color: var(--accent);
    background: var(--tint);
    color: var(--ink);
  }

  .thumbnail {
    position: static;
    width: 56px;
    height: 44px;
    object-fit: cover;
    border-radius: 7px;
    background: var(--stage);
  }

  @container (max-width: 819px) {
    section {
      padding: 14px 14px;
    }
  }
`;
