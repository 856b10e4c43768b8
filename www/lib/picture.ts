// Pictures and their repairs, without the element. Each has an engine, in a worker of its own, for as long
// as it is open.

import type { EngineClient } from "./engine-client.ts";
import { outOfOrder } from "./errors.ts";
import { loadMarks } from "./marks.ts";
import { borrow, giveBack } from "./pool.ts";
import type { Added, Changes, FillOptions, Format } from "./protocol.ts";
import { markedBy, type Region } from "./regions.ts";
import { repair as runRepair, type RepairAt, type RepairReport, type Result } from "./repair.ts";
import { fileOf, type PictureSource } from "./sources.ts";
import { startTask, type RepairOptions, type RepairProgress, type RepairTask } from "./task.ts";

/** What a picture and its versions share. */
interface Session {
  readonly engine: EngineClient;
  readonly width: number;
  readonly height: number;
  readonly url: string | null;
  isOpen: boolean;
  /** Repairs under way. */
  running: number;
}

/** The result of a repair of a picture that can be read, as one that is open here can. */
type Readable = Result & { version: number; changes: Changes };

/** Whoever forgets to close a picture keeps a worker no longer than the last version of it. */
const forgotten = new FinalizationRegistry(giveBack);

/** A picture, as it was opened or as a repair left it. It never changes. */
export class Version {
  readonly width: number;
  readonly height: number;
  /** 0 for the picture as it was opened. */
  readonly number: number;
  /** @internal */
  readonly session: Session;

  /** Made by `openPicture` and `repair`. */
  constructor(session: Session, number: number) {
    this.width = session.width;
    this.height = session.height;
    this.number = number;
    this.session = session;
  }

  /** Repairs a region of it: the answer is another version, in which every other pixel is the same. */
  repair(region: Region, options: RepairOptions = {}): RepairTask<Repaired> {
    const { session } = this;
    const run = async (signal: AbortSignal, report: (progress: RepairProgress) => void) => {
      session.running++;
      try {
        return new Repaired(session, await repaired(session, this.number, region, options, signal, report));
      } finally {
        session.running--;
      }
    };
    return startTask(run, options);
  }

  /** A file: PNG, exact to the bit, or JPEG with a quality from 0 to 1, as of canvases. */
  async toBlob(type: "image/png" | "image/jpeg" = "image/png", quality = 0.92): Promise<Blob> {
    const version = this.number;
    const { engine } = opened(this.session);
    if (type === "image/png") return engine.encode({ format: "png", version });
    return engine.encode({ format: "jpeg", quality: Math.round(quality * 100), version });
  }

  /** The pixels, 8 bits each. Where there is no `ImageData` (Node.js), an object of the same fields. */
  async toImageData(): Promise<ImageData> {
    const { width, height, data } = await opened(this.session).engine.pixels(this.number);
    if (typeof ImageData === "undefined") return { width, height, data, colorSpace: "srgb" } as ImageData;
    return new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height);
  }

  async toImageBitmap(): Promise<ImageBitmap> {
    return createImageBitmap(await this.toImageData());
  }
}

/** A picture that is open. Closing it ends what runs on it and frees its memory. */
export class Picture extends Version {
  readonly format: Format;

  constructor(session: Session, format: Format) {
    super(session, 0);
    this.format = format;
  }

  close(): void {
    const { session } = this;
    if (!session.isOpen) return;
    session.isOpen = false;
    forgotten.unregister(session);
    if (session.running > 0) session.engine.dispose();
    else giveBack(session.engine);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** A version that a repair has made. */
export class Repaired extends Version {
  /** The changed pixels on both sides of the region; outside they are 0. */
  readonly changes: Changes;
  /** How many pixels were filled beside the marked ones; nothing from an endpoint. */
  readonly added: Added | null;
  /** Of a repair whose picture nobody else has.
   * @internal */
  owned: Picture | null = null;

  constructor(session: Session, { version, changes, added }: Readable) {
    super(session, version);
    this.changes = changes;
    this.added = added;
  }

  /** Gives this version up, not those that were made of it; of `repair(source, …)`, the picture too. */
  close(): void {
    if (this.owned) this.owned.close();
    else if (this.session.isOpen) this.session.engine.forget(this.number);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Opens a picture for several repairs. What cannot be opened rejects with a `ReweaveError`. */
export async function openPicture(source: PictureSource): Promise<Picture> {
  const [file] = await Promise.all([fileOf(source), loadMarks()]);
  const engine = borrow();
  try {
    const { width, height, format } = await engine.open(file, { bitmap: false, levels: false });
    const url = typeof source === "string" || source instanceof URL ? String(source) : null;
    const session = { engine, width, height, url, isOpen: true, running: 0 };
    forgotten.register(session, engine, session);
    return new Picture(session, format);
  } catch (error) {
    giveBack(engine);
    throw error;
  }
}

/** Repairs a region of a picture, once. */
export function repair(source: PictureSource, region: Region, options: RepairOptions = {}): RepairTask<Repaired> {
  const run = async (signal: AbortSignal, report: (progress: RepairProgress) => void) => {
    const picture = await openPicture(source);
    try {
      const repaired = await picture.repair(region, { ...options, signal, onProgress: report });
      repaired.owned = picture;
      return repaired;
    } catch (error) {
      picture.close();
      throw error;
    }
  };
  return startTask(run, options);
}

async function repaired(
  session: Session,
  base: number,
  region: Region,
  options: RepairOptions,
  signal: AbortSignal,
  report: (progress: RepairProgress) => void,
): Promise<Readable> {
  const { engine, width, height, url } = opened(session);
  const selection = await markedBy(region, session, engine);
  const subject = { selection, width, height, url, readable: true, base };
  const onReport = ({ stage, fraction, patches }: RepairReport) => {
    report({ stage, fraction });
    if (patches) options.onPreview?.(patches);
  };
  const previews = options.onPreview !== undefined;
  report({ stage: "plan", fraction: 0 });
  const result = await runRepair(engine, subject, whereOf(options), signal, onReport, { shown: false, previews });
  report({ stage: "finish", fraction: 1 });
  return result as Readable;
}

function whereOf(options: RepairOptions): RepairAt {
  const { endpoint, asLink = false, upload, confirm } = options;
  if (endpoint) return { kind: "endpoint", settings: endpoint, asLink, upload, confirm };
  const { quality, seed, expand, halo, threads, searchArea } = options;
  // What is not there counts as not named.
  return { kind: "browser", options: { quality, seed, expand, halo, threads, searchArea } as FillOptions };
}

function opened(session: Session): Session {
  if (session.isOpen) return session;
  throw outOfOrder("the picture was closed");
}
