// The page's side of the engine's worker. Versions have numbers of their own here, which stay good
// when the worker is lost: the picture's file and a recipe of each version are kept, and in a new
// worker what a call needs is opened and repaired again. The fill is deterministic, so nothing is
// lost but time.

import { engine, makeWorker } from "./assets.ts";
import { cancelled, outOfOrder, reweaveError } from "./errors.ts";
import { pack, unpack, type Packed } from "./packed.ts";
import type {
  Calls,
  EncodeArgs,
  FillOptions,
  OpenedPicture,
  OpenOptions,
  OutgoingFile,
  Pixels,
  Probed,
  ReadMask,
  Repaired,
  StrokesArgs,
  WandArgs,
} from "./protocol.ts";
import { WorkerLink, type CallOptions } from "./worker-link.ts";

export type { CallOptions };

/** How a fill is called, and what is chosen for it. */
export interface FillCall extends CallOptions {
  readonly options?: FillOptions;
  /** Whether bitmaps that show the answer, and previews while it is made, are wanted; default true. */
  readonly shown?: boolean;
  readonly previews?: boolean;
}

/** One version, and how it is made again. */
interface Version {
  readonly recipe: Recipe | null;
  /** The worker's number of it, once it has one; of the worker of that generation only. */
  inWorker: { readonly generation: number; readonly number: Promise<number> } | null;
  /** Calls that work on it. */
  users: number;
  forgotten: boolean;
}

interface Recipe {
  readonly base: Version;
  readonly mask: Packed;
  /** What was chosen for the fill. */
  readonly options: FillOptions;
  /** What an endpoint delivered; nothing where the fill repaired. */
  readonly delivered: { readonly file: Uint8Array; readonly whole: boolean } | null;
}

/** An opened picture; version 0 is the file itself. */
interface Picture {
  readonly file: Blob | Pixels;
  readonly versions: Map<number, Version>;
}

export class EngineClient {
  #link = new WorkerLink(makeWorker, engine);
  #picture: Picture | null = null;
  #nextVersion = 1;
  /** The last opening: they take turns, so that the worker's picture is the one that is meant. */
  #opening: Promise<unknown> = Promise.resolve();

  /** Starts the worker, so that the first call need not wait for it. Whether that works is told by
   * the first call. */
  preload(): void {
    this.#link.start().catch(() => undefined);
  }

  /** What the header of a file says; refuses what `open` would refuse without looking at pixels. */
  async probe(file: Blob): Promise<Probed> {
    return this.#link.call("probe", { file });
  }

  /** Opens a picture as version 0. The one before, with all of its versions, stays when this one is
   * refused. */
  async open(file: Blob | Pixels, { bitmap = true, levels = true }: OpenOptions = {}): Promise<OpenedPicture> {
    return this.#inTurn(async () => {
      const answer = await this.#link.call("open", { file, bitmap, levels });
      const opened = inWorker(null, this.#link.generation, Promise.resolve(0));
      this.#picture = { file, versions: new Map([[0, opened]]) };
      return answer;
    });
  }

  /** Repairs what the mask's bits mark in a version; the answer is a new one. */
  async fill(mask: Uint8Array, base: number, fill: FillCall): Promise<Repaired> {
    const { options = {}, shown = true, previews = true, ...call } = fill;
    const run = (number: number) => this.#link.call("fill", { mask, base: number, options, shown, previews }, call);
    return this.#repair(base, { mask: pack(mask), options, delivered: null }, run, call.signal);
  }

  /** Composites the region of a picture that an endpoint delivered into a version, or with `whole`
   * all of it; the answer is a new version. */
  async accept(file: Uint8Array, mask: Uint8Array, whole: boolean, base: number): Promise<Repaired> {
    const run = (number: number) => this.#link.call("accept", { file, mask, whole, base: number, shown: true });
    return this.#repair(base, { mask: pack(mask), options: {}, delivered: { file, whole } }, run);
  }

  /** The file of a version to send to an endpoint with these limits. */
  async outgoing(limits: Calls["outgoing"]["args"]["limits"], base: number): Promise<OutgoingFile> {
    return this.#on(base, (number) => this.#link.call("outgoing", { limits, base: number }));
  }

  /** A version as a file. */
  async encode(args: EncodeArgs): Promise<Blob> {
    return this.#on(args.version, (version) => this.#link.call("encode", { ...args, version }));
  }

  /** A version's pixels. */
  async pixels(version: number): Promise<Pixels> {
    return this.#on(version, (number) => this.#link.call("pixels", { version: number }));
  }

  /** A version as PNG that is transparent where the mask's bits mark. */
  async holePng(mask: Uint8Array, version: number): Promise<Blob> {
    return this.#on(version, (number) => this.#link.call("holePng", { mask, version: number }));
  }

  /** A mask's bits as a PNG of strictly 0 and 255; it needs no picture. */
  async maskPng(args: Calls["maskPng"]["args"]): Promise<Uint8Array<ArrayBuffer>> {
    return this.#link.call("maskPng", args);
  }

  /** A mask from a picture file that somebody else made; it needs no picture. */
  async readMask(file: Blob): Promise<ReadMask> {
    return this.#link.call("readMask", { file });
  }

  /** The bits of the connected region of like colour round a pixel. */
  async wand(args: WandArgs): Promise<Uint8Array<ArrayBuffer>> {
    return this.#on(args.version, (version) => this.#link.call("wand", { ...args, version }));
  }

  /** The bits of what stands out in an area like text, lines or a logo. */
  async strokes(args: StrokesArgs): Promise<Uint8Array<ArrayBuffer>> {
    return this.#on(args.version, (version) => this.#link.call("strokes", { ...args, version }));
  }

  /** Gives a version up and frees its memory, once nothing works on it; what was made from it stays. */
  forget(version: number): void {
    const known = this.#picture?.versions.get(version);
    if (!known || version === 0) return;
    this.#picture?.versions.delete(version);
    known.forgotten = true;
    this.#freeUnused(known);
  }

  /** Forgets the picture: another one is shown that cannot be read. */
  close(): void {
    this.#picture = null;
  }

  /** Ends the worker and frees its memory. */
  dispose(): void {
    this.#link.lose(cancelled());
    this.#picture = null;
  }

  /** Makes a new version of `base`. */
  async #repair(
    base: number,
    made: Omit<Recipe, "base">,
    run: (base: number) => Promise<Repaired>,
    signal?: AbortSignal,
  ): Promise<Repaired> {
    const { picture, version } = this.#find(base);
    const repaired = await this.#using(picture, version, run, signal);
    const recipe = { base: version, ...made };
    const number = this.#nextVersion++;
    picture.versions.set(number, inWorker(recipe, this.#link.generation, Promise.resolve(repaired.version)));
    return { ...repaired, version: number };
  }

  async #on<Answer>(version: number, run: (version: number) => Promise<Answer>): Promise<Answer> {
    const found = this.#find(version);
    return this.#using(found.picture, found.version, run);
  }

  /** Runs a call with the worker's number of a version, which is made again first if it has to be. */
  async #using<Answer>(
    picture: Picture,
    version: Version,
    run: (version: number) => Promise<Answer>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    version.users++;
    try {
      const number = await unlessAborted(this.#ensure(picture, version), signal);
      this.#check(picture);
      // An error too: the worker may have had another picture already, for which the call was not meant.
      return await run(number).finally(() => this.#check(picture));
    } finally {
      version.users--;
      this.#freeUnused(version);
    }
  }

  /** The worker's number of a version; calls that need the same one wait for the same work. */
  #ensure(picture: Picture, version: Version): Promise<number> {
    const { generation } = this.#link;
    if (version.inWorker?.generation === generation) return version.inWorker.number;
    const number = this.#again(picture, version);
    version.inWorker = { generation, number };
    number.catch(() => {
      // What failed is forgotten: the next call tries again.
      if (version.inWorker?.number === number) version.inWorker = null;
    });
    return number;
  }

  async #again(picture: Picture, { recipe }: Version): Promise<number> {
    if (!recipe) {
      return this.#inTurn(async () => {
        this.#check(picture);
        await this.#link.call("open", { file: picture.file, bitmap: false, levels: false });
        return 0;
      });
    }
    const mask = unpack(recipe.mask);
    const { delivered, options } = recipe;
    const { version } = await this.#using(picture, recipe.base, (base) =>
      delivered
        ? this.#link.call("accept", { ...delivered, mask, base, shown: false })
        : this.#link.call("fill", { mask, base, options, shown: false, previews: false }),
    );
    return version;
  }

  #find(version: number): { picture: Picture; version: Version } {
    const picture = this.#picture;
    if (!picture) {
      throw outOfOrder("no picture is open");
    }
    const found = picture.versions.get(version);
    if (found) return { picture, version: found };
    throw reweaveError(`there is no version ${version} of the picture`, { code: "no-such-version", version });
  }

  /** What worked on a picture is over when another one has taken its place. */
  #check(picture: Picture): void {
    if (this.#picture !== picture) throw cancelled();
  }

  #inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#opening.then(work);
    this.#opening = turn.catch(() => undefined);
    return turn;
  }

  #freeUnused(version: Version): void {
    const { forgotten, users, inWorker } = version;
    if (!forgotten || users > 0 || inWorker?.generation !== this.#link.generation) return;
    version.inWorker = null;
    // The worker may have another picture by now, or be gone: then it has forgotten.
    const free = async () => this.#link.send("forget", { version: await inWorker.number });
    free().catch(() => undefined);
  }
}

function inWorker(recipe: Recipe | null, generation: number, number: Promise<number>): Version {
  return { recipe, inWorker: { generation, number }, users: 0, forgotten: false };
}

/** Made again goes on: the next call needs it too. But who gave up does not wait for it. */
async function unlessAborted<Answer>(work: Promise<Answer>, signal?: AbortSignal): Promise<Answer> {
  if (!signal) return work;
  if (signal.aborted) throw cancelled();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(cancelled());
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
