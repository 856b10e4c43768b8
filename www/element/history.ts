// What was marked and what came of it. Repairs are versions; none is ever overwritten. Marks belong to
// the version that they were drawn on, their base: whoever draws on a shown result goes on from it,
// and undo leads back to the marks, and to the base, that were there before.

import type { Delivered } from "../lib/at-endpoint.ts";
import { Selection, type Rectangle, type Summary } from "../lib/marks.ts";
import type { Added, Changes, ShownPatch } from "../lib/protocol.ts";
import { unreadable } from "../lib/repair.ts";

/** The opened picture (number 0), or a repair of another version. */
export interface Version {
  /** The engine's number of it; null where it is known by its pixels on the screen alone. */
  id: number | null;
  /** Counted from 1 in the order in which they came. */
  readonly number: number;
  readonly base: Version | null;
  /** Its boxes over the base. */
  patches: readonly ShownPatch[];
  changes: Changes | null;
  /** Pixels that were repaired beside the marked ones. */
  readonly added: Added | null;
  delivered: Delivered | null;
  /** How many steps of marks were done when it was made; −1 once those can no longer be redone. */
  steps: number;
}

export type Edit<Answer> = (selection: Selection) => Answer;

const NOTHING: Summary = { marked: 0, coverage: 0, canUndo: false, canRedo: false, steps: 0 };

export class History {
  selection: Selection;
  readonly versions: Version[] = [original()];
  /** The version that is shown. */
  shown: Version;
  #summary: Summary = NOTHING;
  /** Which version the marks are on, from which step on; the first is the opened picture. */
  #bases: { readonly from: number; readonly version: Version }[];

  constructor(width: number, height: number) {
    this.selection = new Selection(width, height);
    [this.shown] = this.versions as [Version];
    this.#bases = [{ from: 0, version: this.shown }];
    this.#summary = this.selection.summary();
  }

  get summary(): Summary {
    return this.#summary;
  }

  /** The version that the marks are on. */
  get base(): Version {
    const { steps } = this.#summary;
    return (this.#bases.findLast(({ from }) => from <= steps) ?? this.#bases[0])?.version as Version;
  }

  /** Whether marks are shown: not over a result that they led to. */
  get showsMarks(): boolean {
    return this.shown === this.base;
  }

  get canUndo(): boolean {
    return !this.showsMarks || this.#summary.canUndo;
  }

  get canRedo(): boolean {
    return this.#summary.canRedo || this.#madeHere() !== null;
  }

  /** Adds marks to what is shown: on a result, the marks that led to it make way first. */
  add<Answer>(edit: Edit<Answer>): Answer {
    this.goOn();
    return this.change(edit);
  }

  /** Changes the marks that are there; they come into view with their base. */
  change<Answer>(edit: Edit<Answer>): Answer {
    const before = this.#summary.steps;
    try {
      return this.#move(edit);
    } finally {
      if (this.#summary.steps > before) this.#endUndone(before);
      this.shown = this.base;
    }
  }

  /** The shown version becomes the base, and nothing is marked on it. What the engine does not have
   * cannot be gone on from: then the marks come back into view. */
  goOn(): void {
    const { shown } = this;
    if (shown === this.base) return;
    if (shown.id === null) {
      this.shown = this.base;
      return;
    }
    this.change((selection) => selection.clear());
    const { steps } = this.#summary;
    this.#bases = [...this.#bases.filter(({ from }) => from < steps || from === 0), { from: steps, version: shown }];
    this.shown = shown;
  }

  /** Back by one: from a result to its marks, or by one mark. */
  undo(): boolean {
    if (!this.showsMarks) {
      this.shown = this.base;
      return true;
    }
    return this.#move((selection) => selection.undo());
  }

  /** Forth by one: a mark, or the result that the marks led to. */
  redo(): boolean {
    if (this.#move((selection) => selection.redo())) return true;
    const made = this.#madeHere();
    if (made) this.shown = made;
    return made !== null;
  }

  /** Takes a repair of the base's marks in and shows it. */
  take(made: Omit<Version, "number" | "base" | "steps">, base: Version, steps: number): Version {
    const number = this.versions.length;
    const version = { ...made, number, base, steps };
    this.versions.push(version);
    this.shown = version;
    return version;
  }

  /** Puts another form of the same result in its place: as delivered, or its region alone. */
  replace(version: Version, made: Pick<Version, "id" | "patches" | "changes" | "delivered">): void {
    closeAll(version.patches);
    Object.assign(version, made);
  }

  /** Puts other marks, with their own history, in the place of these; they are on the opened picture. */
  renew(selection: Selection): void {
    const [opened] = this.versions;
    this.selection.free();
    this.selection = selection;
    this.#bases = this.#bases.slice(0, 1);
    for (const version of this.versions) version.steps = -1;
    this.#summary = selection.summary();
    if (opened) this.shown = opened;
  }

  /** Frees the marks and the pictures of all versions. */
  free(): void {
    this.selection.free();
    for (const { patches } of this.versions) closeAll(patches);
  }

  #move<Answer>(edit: Edit<Answer>): Answer {
    try {
      return edit(this.selection);
    } finally {
      this.#summary = this.selection.summary();
      this.shown = this.base;
    }
  }

  /** A new step after the first `done` ends what was undone there, with its bases; what was repaired
   * from it stays, but no redo leads to it. */
  #endUndone(done: number): void {
    this.#bases = this.#bases.filter(({ from }) => from <= done);
    for (const version of this.versions) if (version.steps > done) version.steps = -1;
  }

  /** The last repair of the marks as they are. */
  #madeHere(): Version | null {
    const { base, shown } = this;
    const { steps } = this.#summary;
    const made = this.versions.findLast((version) => version.base === base && version.steps === steps);
    return made && made !== shown ? made : null;
  }
}

/** The boxes of a version over the opened picture, in the order in which they were made. */
export function patchesOf(version: Version): readonly ShownPatch[] {
  return version.base ? [...patchesOf(version.base), ...version.patches] : version.patches;
}

/** The engine's number of a version that it has. */
export function engineNumber({ id }: Version): number {
  if (id === null) throw unreadable();
  return id;
}

export function closeAll(patches: readonly ShownPatch[]): void {
  for (const { bitmap } of patches) bitmap.close();
}

/** The rectangle marks that can be sent, moved and resized. */
export interface RectangleMark extends Rectangle {
  readonly id: number;
  readonly subtract: boolean;
}

function original(): Version {
  return { id: 0, number: 0, base: null, patches: [], changes: null, added: null, delivered: null, steps: 0 };
}
