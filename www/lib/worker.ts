// The engine's worker: pictures, the fill and the composite, off the page's main thread.
//
// A fill runs in steps of some milliseconds; between them the worker takes messages, so that it can
// be cancelled without SharedArrayBuffer.

import init, {
  Engine,
  FillHelper,
  maskPng,
  probe,
  readMask,
  type FillJob,
  type ShownPatch as WasmPatch,
} from "../generated/engine.js";
import { cancelled, outOfOrder, posted, reweaveError, toReweaveError } from "./errors.ts";
import { Helpers } from "./helpers.ts";
import { Worker } from "./platform.ts";
import type { CallName, Calls, FillReport, FromWorker, Pixels, Probed, Repaired, ShownPatch, ToWorker } from "./protocol.ts";

/** Most bytes of a picture's samples: beside them the page's copy and the encoder need room. */
const MAX_MEMORY = 1 << 29;

/** Rows that are handed over at a time, so that no second whole picture is built in wasm memory. */
const BAND = 512;

/** Bytes of a file that are read for its header: the profiles and previews in front of most fit. */
const BEGINNING = 1 << 17;

let engine: Engine | null = null;
let helpers: Helpers | null = null;
/** The last loan: they take turns. */
let helping: Promise<unknown> = Promise.resolve();
const cancelledCalls = new Set<number>();

interface Answer<Result> {
  result: Result;
  transfer?: Transferable[];
}

type Handlers = {
  [Name in CallName]: (args: Calls[Name]["args"], id: number) => Promise<Answer<Calls[Name]["result"]>>;
};

const handlers: Handlers = {
  async start({ engine }) {
    await init({ module_or_path: engine });
    helpers = new Helpers(() => new Worker(self.location.href, { type: "module", name: "reweave-helper" }), engine);
    return { result: null };
  },

  async probe({ file }) {
    try {
      return { result: await probed(file, BEGINNING) };
    } catch (error) {
      // Perhaps the header only goes on: every other error is certain.
      if (file.size <= BEGINNING || toReweaveError(error).code !== "picture-broken") throw error;
      return { result: await probed(file, file.size) };
    }
  },

  async open({ file, bitmap, levels }) {
    // The picture that is open stays until the new one is known to be good.
    const opened = file instanceof Blob ? new Engine(await bytesOf(file), MAX_MEMORY) : fromPixels(file);
    try {
      const about = opened.about();
      const whole = bitmap ? await pictureBitmap(opened, about.width, about.height) : null;
      const halves = levels ? (await bitmaps(opened.levels())).map((level) => level.bitmap) : [];
      engine?.free();
      engine = opened;
      return { result: { ...about, bitmap: whole, levels: halves }, transfer: [...(whole ? [whole] : []), ...halves] };
    } finally {
      if (engine !== opened) opened.free();
    }
  },

  async fill({ mask, base, options, shown, previews }, id) {
    const filled = current();
    const job = filled.fill(mask, base, options);
    let taken = false;
    try {
      await runFill(job, options.threads ?? 0, previews, id);
      // Another picture was opened in the meantime.
      if (engine !== filled) throw cancelled();
      taken = true;
      const accepted = filled.acceptFill(job);
      return await repaired({ ...accepted, delivered: null }, shown);
    } finally {
      cancelledCalls.delete(id);
      if (!taken) job.free();
    }
  },

  help({ loan }, id) {
    const help = helping.then(() => fillLoan(loan, id));
    helping = help.catch(() => undefined);
    return help;
  },

  async accept({ file, mask, whole, base, shown }) {
    const accepted = current().acceptDelivered(file, mask, whole, MAX_MEMORY, base);
    return repaired({ ...accepted, added: null }, shown);
  },

  async outgoing({ limits, base }) {
    const file = current().outgoing(limits, base);
    const bytes = file.takeBytes() as Uint8Array<ArrayBuffer>;
    const result = { bytes, mime: file.mime, jpegQuality: file.jpegQuality ?? null };
    file.free();
    return Promise.resolve({ result, transfer: [bytes.buffer] });
  },

  async encode(args) {
    const { format, version } = args;
    const bytes = format === "png" ? current().encodePng(version) : current().encodeJpeg(args.quality, version);
    return Promise.resolve({ result: blobOf(bytes, format) });
  },

  async pixels({ version }) {
    const { width, height } = current().about();
    const data = current().rgba({ x: 0, y: 0, width, height }, version) as Uint8ClampedArray<ArrayBuffer>;
    return Promise.resolve({ result: { width, height, data }, transfer: [data.buffer] });
  },

  async holePng({ mask, version }) {
    return Promise.resolve({ result: blobOf(current().holePng(mask, version), "png") });
  },

  async maskPng({ width, height, mask }) {
    return Promise.resolve(transferred(maskPng(width, height, mask)));
  },

  async readMask({ file }) {
    const read = readMask(await bytesOf(file), MAX_MEMORY);
    const { width, height, marked, certain, share } = read;
    const bits = read.bits() as Uint8Array<ArrayBuffer>;
    read.free();
    return { result: { width, height, bits, marked, certain, share }, transfer: [bits.buffer] };
  },

  async wand({ version, x, y, tolerance }) {
    return Promise.resolve(transferred(current().wand(version, x, y, tolerance)));
  },

  async strokes({ version, area, grow }) {
    return Promise.resolve(transferred(current().strokes(version, area, grow)));
  },

  async forget({ version }) {
    current().forget(version);
    return Promise.resolve({ result: null });
  },
};

self.addEventListener("message", (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  if ("cancel" in message) {
    cancelledCalls.add(message.cancel);
    return;
  }
  const { id } = message;
  void answer(message).then(
    ({ result, transfer }) => post({ id, ok: result }, transfer),
    // A trap leaves wasm memory in an unknown state: the page has to start a new worker.
    (error: unknown) => post({ id, error: posted(error), lost: error instanceof WebAssembly.RuntimeError }),
  );
});

/** Always a promise: an error thrown at once must be answered too. */
async function answer({ id, call, args }: Exclude<ToWorker, { cancel: number }>): Promise<Answer<unknown>> {
  const handler = handlers[call] as (args: unknown, id: number) => Promise<Answer<unknown>>;
  return handler(args, id);
}

async function runFill(job: FillJob, threads: number, previews: boolean, id: number): Promise<void> {
  const crew = helpers?.join(job, threads);
  try {
    for (;;) {
      if (cancelledCalls.has(id)) throw cancelled();
      crew?.lend();
      const step = job.step();
      if (step.kind === "done") return;
      if (step.progress) {
        const patches = step.kind === "preview" && previews ? await bitmaps(job.shown()) : undefined;
        const report: FillReport = { progress: step.progress, ...(patches && { patches }) };
        post({ id, report }, patches?.map((patch) => patch.bitmap));
      }
      await (step.kind === "waiting" ? crew?.news() : breathe());
    }
  } finally {
    crew?.end();
  }
}

async function fillLoan(loan: Uint8Array, id: number): Promise<Answer<Uint8Array<ArrayBuffer>>> {
  const helper = new FillHelper(loan);
  try {
    for (;;) {
      if (cancelledCalls.has(id)) throw cancelled();
      const answer = helper.step();
      if (answer) return transferred(answer);
      await breathe();
    }
  } finally {
    cancelledCalls.delete(id);
    helper.free();
  }
}

async function repaired(made: Omit<Repaired, "patches">, shown: boolean): Promise<Answer<Repaired>> {
  const patches = shown ? await bitmaps(current().shown(made.version)) : [];
  return { result: { ...made, patches }, transfer: patches.map((patch) => patch.bitmap) };
}

async function probed(file: Blob, length: number): Promise<Probed> {
  return probe(await bytesOf(file.slice(0, length)), file.size, MAX_MEMORY);
}

async function bytesOf(file: Blob): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}

function blobOf(bytes: Uint8Array, format: "png" | "jpeg"): Blob {
  return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: `image/${format}` });
}

/** Bytes that were copied out of wasm memory and belong to nobody else. */
function transferred(bytes: Uint8Array): Answer<Uint8Array<ArrayBuffer>> {
  const result = bytes as Uint8Array<ArrayBuffer>;
  return { result, transfer: [result.buffer] };
}

async function bitmaps(patches: WasmPatch[]): Promise<ShownPatch[]> {
  return Promise.all(
    patches.map(async (patch) => {
      const { bounds } = patch;
      const image = new ImageData(patch.takeRgba() as Uint8ClampedArray<ArrayBuffer>, bounds.width, bounds.height);
      patch.free();
      return { bounds, bitmap: await createImageBitmap(image) };
    }),
  );
}

function fromPixels({ width, height, data }: Pixels): Engine {
  return Engine.fromPixels(width, height, new Uint8Array(data.buffer, data.byteOffset, data.length));
}

/** In bands: neither wasm memory nor a canvas has to hold a second whole picture. */
async function pictureBitmap(opened: Engine, width: number, height: number): Promise<ImageBitmap> {
  const image = imageData(width, height);
  for (let y = 0; y < height; y += BAND) {
    const rows = Math.min(BAND, height - y);
    image.data.set(opened.rgba({ x: 0, y, width, height: rows }, 0), y * width * 4);
  }
  return createImageBitmap(image);
}

function imageData(width: number, height: number): ImageData {
  try {
    return new ImageData(width, height);
  } catch {
    const needed = width * height * 4;
    const message = `this needs ${needed} bytes of memory, more than the browser gives`;
    throw reweaveError(message, { code: "memory", needed, max: MAX_MEMORY });
  }
}

function current(): Engine {
  if (!engine) {
    throw outOfOrder("no picture is open");
  }
  return engine;
}

/** Lets waiting messages in; `setTimeout` would wait 4 ms each time. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

function post(message: FromWorker, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}
