// The look of what endpoints need: their settings, the question before something leaves, addresses.

import { css } from "lit";

export const endpointStyle = css`
  .endpoint,
  .endpoint details,
  .upload {
    display: grid;
    gap: 12px;
    min-width: 0;
  }

  .endpoint > details > :not(summary) {
    margin-top: 10px;
  }

  .endpoint summary {
    cursor: pointer;
    font-size: 13px;
    font-weight: 600;
  }

  .upload {
    padding: 10px 12px;
    border: 1px solid var(--line);
    border-radius: 12px;
  }

  .check {
    display: flex;
    align-items: flex-start;
    gap: 8px;
    font-size: 13.5px;
  }

  .check input {
    flex: none;
    width: 20px;
    height: 20px;
    margin: 0;
    accent-color: var(--accent);
  }

  .address {
    position: relative;
  }

  .address summary {
    list-style: none;
    white-space: nowrap;
  }

  .address summary::-webkit-details-marker {
    display: none;
  }

  .address form {
    position: absolute;
    z-index: 3;
    top: calc(100% + 6px);
    left: 0;
    display: flex;
    gap: 8px;
    width: min(420px, 78cqw);
    padding: 12px;
    border: 1px solid var(--line);
    border-radius: 14px;
    background: var(--raised);
    box-shadow: 0 8px 28px #0003;
  }

  .address input {
    flex: 1;
    min-width: 0;
  }

  .alert a {
    color: inherit;
    font-weight: 600;
  }

  #sending,
  #polarity {
    width: 420px;
  }

  dialog p {
    margin: 0;
    color: var(--quiet-ink);
  }

  dialog ul {
    margin: 0;
    padding-left: 20px;
  }

  dialog li {
    margin: 4px 0;
    overflow-wrap: anywhere;
  }

  dialog p.warning {
    color: var(--bad);
    font-weight: 600;
  }

  dialog .actions {
    justify-content: flex-end;
  }

  @container (max-width: 819px) {
    .header {
      position: relative;
    }

    .address {
      position: static;
    }

    .address summary {
      width: 44px;
      padding: 0;
      justify-content: center;
    }

    .address summary span {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }

    .address form {
      left: 12px;
      right: 12px;
      width: auto;
    }
  }
`;
