// Opening a picture, fast: what the browser decodes is shown and drawn on at once, while the engine's
// own decoding, which repairs start from, goes on behind it in the worker.

import type { EngineClient } from "../lib/engine-client.ts";
import { reweaveError } from "../lib/errors.ts";
import { loadMarks } from "../lib/marks.ts";
import { openAddress } from "../lib/open-address.ts";
import type { Shown } from "./surface.ts";

/** The picture that is open. */
export interface OpenPicture extends Shown {
  readonly name: string;
  /** Where it was opened from, if that was an address. */
  readonly url: string | null;
  /** Whether its pixels can be read; a host may allow a page to show a picture only. */
  readonly readable: boolean;
  levels: readonly ImageBitmap[];
  hasAlpha: boolean;
}

/** A picture that can be drawn on, and the promise that the engine has it too. */
export interface Opening {
  readonly picture: OpenPicture;
  readonly decoded: Promise<void>;
}

export async function openFile(engine: EngineClient, file: Blob, name: string, url: string | null): Promise<Opening> {
  if (file.size === 0) throw reweaveError("the file is empty (0 bytes)", { code: "empty-file" });
  const browsers = ownDecode(file);
  try {
    const [about] = await Promise.all([engine.probe(file), loadMarks()]);
    const bitmap = await browsers;
    if (bitmap?.width === about.width && bitmap.height === about.height) return shownFirst(engine, file, { name, url, bitmap });
  } catch (error) {
    void browsers.then((bitmap) => bitmap?.close());
    throw error;
  }
  // What the browser does not know, or turns another way, the engine shows.
  void browsers.then((bitmap) => bitmap?.close());
  const { width, height, bitmap, levels, channels } = await engine.open(file, { bitmap: true });
  if (!bitmap) throw reweaveError("a fault in Reweave: no bitmap", { code: "internal", reason: "no bitmap" });
  const picture = { name, url, width, height, bitmap, levels, hasAlpha: hasAlpha(channels), readable: true };
  return { picture, decoded: Promise.resolve() };
}

/** Opens the picture at an address; where it may only be shown, endpoints can still repair it. */
export async function openUrl(engine: EngineClient, address: string): Promise<Opening> {
  const { name, url, file, bitmap } = await openAddress(address);
  if (file) return openFile(engine, file, name, url);
  await loadMarks();
  const { width, height } = bitmap;
  const picture = { name, url, bitmap, width, height, levels: [], hasAlpha: true, readable: false };
  return { picture, decoded: Promise.resolve() };
}

export function closePicture(picture: OpenPicture | null): void {
  picture?.bitmap.close();
  for (const level of picture?.levels ?? []) level.close();
}

function shownFirst(engine: EngineClient, file: Blob, shown: Pick<OpenPicture, "name" | "url" | "bitmap">): Opening {
  const { width, height } = shown.bitmap;
  const picture: OpenPicture = { ...shown, width, height, levels: [], hasAlpha: true, readable: true };
  const decoded = engine.open(file, { bitmap: false }).then(({ levels, channels }) => {
    picture.levels = levels;
    picture.hasAlpha = hasAlpha(channels);
  });
  return { picture, decoded };
}

/** Without colour management, as the engine reads the samples: a repaired box has to fit in. */
async function ownDecode(file: Blob): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file, { colorSpaceConversion: "none", imageOrientation: "from-image" });
  } catch {
    return null;
  }
}

function hasAlpha(channels: number): boolean {
  return channels === 2 || channels === 4;
}
