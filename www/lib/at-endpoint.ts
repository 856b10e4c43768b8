// A repair at an endpoint: what leaves is prepared, told and sent; what comes back is composited.

import type { EngineClient } from "./engine-client.ts";
import { cancelled, reweaveError, toReweaveError } from "./errors.ts";
import {
  Endpoint,
  EndpointRepair,
  Upload,
  type Delivery,
  type EndpointSettings,
  type EndpointStage,
  type Mask,
  type Rectangle,
  type UploadSettings,
} from "./marks.ts";
import type { Changes, OutgoingFile } from "./protocol.ts";
import { unreadable, type RepairReport, type Result, type Subject } from "./repair.ts";

/** Gives a file an address that an endpoint can reach. */
export type UploadHook = (file: Blob, name: string) => Promise<string>;

/** A repair at an endpoint. A key is kept in memory only. */
export interface AtEndpoint {
  readonly kind: "endpoint";
  readonly settings: EndpointSettings;
  /** Whether to ask for a link; base64 comes in the reply, which a page can always read. */
  readonly asLink: boolean;
  /** How a local picture gets an address, where the endpoint takes addresses only. */
  readonly upload?: UploadHook | UploadSettings | undefined;
  /** Asked before anything leaves; an answer of `false` cancels the repair. */
  readonly confirm?: ((sending: Sending) => Promise<boolean>) | undefined;
}

/** What is about to leave, and where it goes. */
export interface Sending {
  readonly host: string;
  /** Where the files are uploaded before that: a host, or the embedder's own way. */
  readonly upload: { readonly host: string | null } | null;
  /** The header that carries the key, if one is sent. */
  readonly keyHeader: string | null;
  /** Whether somebody on the way can read it: plain http to another machine. */
  readonly isReadable: boolean;
  readonly image: Omit<OutgoingFile, "bytes"> & { readonly bytes: number } | { readonly url: string };
  readonly region: { readonly rectangles: number } | { readonly maskBytes: number };
}

/** What an endpoint delivered, as it came. */
export interface Delivered {
  /** The file; nothing where the page may not read the link. */
  readonly file: Uint8Array<ArrayBuffer> | null;
  /** The link that it came from, and when that expires in unix seconds. */
  readonly link: string | null;
  readonly expires: number | null;
  /** What it changes; nothing where the original cannot be read. */
  readonly changes: Changes | null;
  /** The region's bits. */
  readonly mask: Uint8Array;
  /** Whether the whole picture is shown as it was delivered, not the region alone. */
  readonly whole: boolean;
}

/** What is sent, in the form in which it is. */
interface Prepared {
  readonly image: OutgoingFile | string;
  readonly rectangles: readonly Rectangle[] | null;
  readonly mask: Uint8Array<ArrayBuffer> | null;
}

type OnReport = (report: RepairReport) => void;

/** Runs a repair at an endpoint. */
export async function atEndpoint(
  engine: EngineClient,
  subject: Subject,
  mask: Mask,
  at: AtEndpoint,
  signal: AbortSignal,
  onReport: OnReport,
): Promise<Result> {
  const endpoint = new Endpoint(at.settings);
  try {
    endpoint.checkMask(mask);
    onReport({ stage: "prepare", fraction: null });
    const bits = mask.toBytes();
    const prepared = await prepare(engine, subject, endpoint, at, bits);
    throwIfAborted(signal);
    const files = [typeof prepared.image !== "string", prepared.mask !== null].filter(Boolean).length;
    const upload = files > 0 && !endpoint.takesFiles ? uploader(at.upload, files, endpoint) : null;
    const goesOn = await at.confirm?.(sending(endpoint, prepared, upload));
    if (goesOn === false || signal.aborted) throw cancelled();
    const delivery = await send(endpoint, at, prepared, upload, !subject.readable, signal, onReport);
    throwIfAborted(signal);
    onReport({ stage: "composite", fraction: null });
    return subject.readable
      ? await composited(engine, bits, delivery, subject.base)
      : await asDelivered(subject, bits, delivery);
  } finally {
    endpoint.free();
  }
}

async function prepare(
  engine: EngineClient,
  { selection, width, height, url, readable, base }: Subject,
  endpoint: Endpoint,
  at: AtEndpoint,
  bits: Uint8Array,
): Promise<Prepared> {
  const rectangles = endpoint.takesRectangles ? selection.rectangles() : null;
  const mask = rectangles ? null : await engine.maskPng({ width, height, mask: bits });
  // An address is sent where there is no other way: what is behind it may be turned or change. No
  // repair is behind it.
  const byAddress = url !== null && base === 0 && (!readable || (!endpoint.takesFiles && !at.upload));
  if (!readable && !(url && endpoint.takesUrls)) throw unreadable();
  if (byAddress || !at.upload) endpoint.checkImage(byAddress);
  return { image: byAddress ? url : await engine.outgoing(endpoint.limits, base), rectangles, mask };
}

interface Uploader {
  readonly host: string | null;
  readonly isReadable: boolean;
  send(file: Uint8Array<ArrayBuffer>, mime: string, signal: AbortSignal): Promise<string>;
}

function uploader(upload: AtEndpoint["upload"], files: number, endpoint: Endpoint): Uploader {
  if (typeof upload === "function") {
    const send = (bytes: Uint8Array<ArrayBuffer>, mime: string) => upload(new Blob([bytes], { type: mime }), fileName(mime));
    return { host: null, isReadable: false, send };
  }
  // Refuses: a file is to be sent and nothing gives it an address.
  if (!upload) endpoint.checkImage(false);
  const settings = upload ?? { url: "" };
  const known = new Upload(settings);
  try {
    known.checkCount(files);
    const send: Uploader["send"] = (bytes, mime, signal) => uploaded(settings, bytes, mime, signal);
    return { host: known.host, isReadable: known.isReadableOnTheWay, send };
  } finally {
    known.free();
  }
}

async function uploaded(
  settings: UploadSettings,
  bytes: Uint8Array,
  mime: string,
  signal: AbortSignal,
): Promise<string> {
  const upload = new Upload(settings);
  const cancel = () => upload.cancel();
  signal.addEventListener("abort", cancel);
  try {
    return await upload.send(bytes, mime, fileName(mime));
  } finally {
    signal.removeEventListener("abort", cancel);
    upload.free();
  }
}

async function send(
  endpoint: Endpoint,
  at: AtEndpoint,
  { image, rectangles, mask }: Prepared,
  upload: Uploader | null,
  showsUnread: boolean,
  signal: AbortSignal,
  onReport: OnReport,
): Promise<Delivery> {
  if (upload) onReport({ stage: "upload", fraction: null });
  const place = async (bytes: Uint8Array<ArrayBuffer>, mime: string) =>
    upload ? upload.send(bytes, mime, signal) : bytes;
  const request = {
    image: typeof image === "string" ? image : await place(image.bytes, image.mime),
    mime: typeof image === "string" ? "" : image.mime,
    rectangles,
    mask: mask && (await place(mask, "image/png")),
    asLink: at.asLink,
  };
  throwIfAborted(signal);
  const run = new EndpointRepair(endpoint);
  const cancel = () => run.cancel();
  signal.addEventListener("abort", cancel);
  try {
    const onProgress = (stage: EndpointStage, fraction: number) =>
      onReport({ stage, fraction: fraction > 0 ? fraction : null });
    return await run.run(request, onProgress);
  } catch (error) {
    return linkAlone(error, showsUnread);
  } finally {
    signal.removeEventListener("abort", cancel);
    run.free();
  }
}

/** Of a picture that cannot be read here, a result can be shown that cannot be read either. */
function linkAlone(error: unknown, canBeShown: boolean): Delivery {
  const { details } = toReweaveError(error);
  if (!canBeShown || details.code !== "result-unreachable") throw error;
  return { bytes: new Uint8Array(), link: details.link, expires: details.expires };
}

async function composited(
  engine: EngineClient,
  mask: Uint8Array,
  delivery: Delivery,
  base: number,
): Promise<Result> {
  const { bytes, link, expires } = delivery;
  const { version, changes, delivered, patches } = await engine.accept(bytes, mask, false, base);
  return { version, changes, patches, added: null, delivered: { file: bytes, link, expires, changes: delivered, mask, whole: false } };
}

/** The original cannot be read, so there is nothing to put the region into. */
async function asDelivered({ width, height }: Subject, mask: Uint8Array, delivery: Delivery): Promise<Result> {
  const { bytes, link, expires } = delivery;
  const file = bytes.length > 0 ? bytes : null;
  const bitmap = file ? await createImageBitmap(new Blob([file])) : await bitmapOf(link, expires);
  if (bitmap.width !== width || bitmap.height !== height) {
    const message = `the result has ${bitmap.width} × ${bitmap.height} pixels, the picture has ${width} × ${height}`;
    const size = { width: bitmap.width, height: bitmap.height, pictureWidth: width, pictureHeight: height };
    bitmap.close();
    throw reweaveError(message, { code: "result-size", ...size });
  }
  const patches = [{ bounds: { x: 0, y: 0, width, height }, bitmap }];
  return { version: null, patches, changes: null, added: null, delivered: { file, link, expires, changes: null, mask, whole: true } };
}

async function bitmapOf(link: string | null, expires: number | null): Promise<ImageBitmap> {
  if (!link) throw reweaveError("the endpoint's reply lacks image", { code: "reply-incomplete", field: "image" });
  try {
    return await createImageBitmap(await loadedImage(link));
  } catch {
    throw resultUnreachable(link, expires);
  }
}

/** A picture that may be shown and not read. */
export async function loadedImage(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.referrerPolicy = "no-referrer";
  image.src = url;
  await image.decode();
  return image;
}

function sending(endpoint: Endpoint, prepared: Prepared, upload: Uploader | null): Sending {
  const { image, rectangles, mask } = prepared;
  return {
    host: endpoint.host,
    upload: upload && { host: upload.host },
    keyHeader: endpoint.keyHeader ?? null,
    isReadable: endpoint.isReadableOnTheWay || (upload?.isReadable ?? false),
    image:
      typeof image === "string"
        ? { url: image }
        : { bytes: image.bytes.length, mime: image.mime, jpegQuality: image.jpegQuality },
    region: rectangles ? { rectangles: rectangles.length } : { maskBytes: mask?.length ?? 0 },
  };
}

/** A name that nobody can guess: an upload may lie in the open. */
function fileName(mime: string): string {
  const random = crypto.getRandomValues(new Uint8Array(16));
  const name = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const extension = { "image/jpeg": "jpg", "image/webp": "webp", "image/bmp": "bmp" }[mime] ?? "png";
  return `reweave-${name}.${extension}`;
}

function resultUnreachable(link: string, expires: number | null): Error {
  const message = "the result's link cannot be reached, or does not allow this page to read it (CORS)";
  return reweaveError(message, { code: "result-unreachable", link, expires });
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}
