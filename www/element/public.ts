// What the element is for those who embed it: the type of the package's entries, so that nothing else of
// it, and nothing of what it is built with, is promised.

import type { UploadHook } from "../lib/at-endpoint.ts";
import type { Mask, Rectangle, Selection } from "../lib/marks.ts";
import type { FillOptions } from "../lib/protocol.ts";
import type { EditorEvents } from "./events.ts";
import type { Preferences } from "./preferences.ts";

/** How it looks; "auto" follows the system. */
export type Theme = "auto" | "light" | "dark";

/** A key, or what gives it when it is needed. It is never kept. */
export type Credentials = string | (() => string | Promise<string>);

/** `<reweave-editor>`. */
export interface ReweaveEditorElement extends HTMLElement {
  /** Address of the picture that is opened first. */
  src: string | null;
  /** Address of a picture that "Try the sample" opens; without it there is no such button. */
  sample: string | null;
  theme: Theme;
  /** Names of the tools that are offered, apart by spaces; without it all are. */
  tools: string | null;
  /** Where repairs run at first: an endpoint's address, or the id of a profile. */
  endpoint: string | null;
  /** Gives a file an address that an endpoint can reach, where one takes addresses only. */
  upload: UploadHook | null;
  /** The endpoint's key, where the host has it; never an attribute. */
  credentials: Credentials | null;
  /** What a person has set; told by `reweave-preferences`. */
  preferences: Preferences;
  /** What is chosen of repairs in this browser; what is not named is as it is by default. */
  fillOptions: FillOptions;
  /** The marks, for reading; nothing without a picture. They are changed by `mark`. */
  readonly selection: Selection | null;

  /** Opens a picture: a file, or one at an http or https address. A refused one is told by
   * `reweave-error`, and what was open stays. */
  open(picture: Blob | string | URL): Promise<void>;
  /** Changes the marks by `edit`, as a step that can be undone, and shows them. */
  mark<Answer>(edit: (selection: Selection) => Answer): Answer | undefined;
  /** What is marked; to be freed by the caller. Nothing without a picture. */
  mask(): Mask | null;
  /** The marks as 1 to 50 rectangles, where they are nothing else. */
  rectangles(): Rectangle[] | null;
  /** Repairs what is marked; answers whether a result is there. Why not, `reweave-error` tells. */
  repair(): Promise<boolean>;
  cancel(): void;
  /** The shown repair, else the last one, as a file; nothing without one. */
  result(saveAs?: "png" | "jpeg"): Promise<Blob | undefined>;
  undo(): void;
  redo(): void;
  clear(): void;

  addEventListener<Type extends keyof EditorEvents>(
    type: Type,
    listener: (this: this, event: EditorEvents[Type]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}
