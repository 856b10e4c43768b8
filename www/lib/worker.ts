// The engine's worker: pictures, the fill and the composite, off the page's main thread.
//
// A fill runs in steps of some milliseconds; between them the worker takes messages, so that it can
// be cancelled without SharedArrayBuffer.

import init, { Engine, maskPng, type FillJob, type ShownPatch as WasmPatch } from "../generated/engine.js";
import { cancelled, posted, reweaveError } from "./errors.ts";
import type { CallName, Calls, Changes, FillReport, FromWorker, Repaired, ShownPatch, ToWorker } from "./protocol.ts";

/** Most bytes of a picture's samples: beside them the page's copy and the encoder need room. */
const MAX_MEMORY = 1 << 29;

/** Rows that are handed over at a time, so that no second whole picture is built in wasm memory. */
const BAND = 512;

let engine: Engine | null = null;
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
    return { result: null };
  },

  async open({ file }) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    // The picture that is open stays until the new one is known to be good.
    const opened = new Engine(bytes, MAX_MEMORY);
    const about = opened.about();
    const bitmap = await pictureBitmap(opened, about.width, about.height).catch((error: unknown) => {
      opened.free();
      throw error;
    });
    engine?.free();
    engine = opened;
    return { result: { ...about, bitmap }, transfer: [bitmap] };
  },

  async fill({ mask }, id) {
    const job = current().fill(mask);
    let taken = false;
    try {
      await runFill(job, id);
      taken = true;
      return await repaired(current().acceptFill(job), null);
    } finally {
      cancelledCalls.delete(id);
      if (!taken) job.free();
    }
  },

  async accept({ file, mask, whole }) {
    const { changes, delivered } = current().acceptDelivered(file, mask, whole, MAX_MEMORY);
    return repaired(changes, delivered);
  },

  async outgoing({ limits }) {
    const file = current().outgoing(limits);
    const bytes = file.takeBytes() as Uint8Array<ArrayBuffer>;
    const result = { bytes, mime: file.mime, jpegQuality: file.jpegQuality ?? null };
    file.free();
    return Promise.resolve({ result, transfer: [bytes.buffer] });
  },

  async maskPng({ width, height, mask }) {
    const png = maskPng(width, height, mask) as Uint8Array<ArrayBuffer>;
    return Promise.resolve({ result: png, transfer: [png.buffer] });
  },

  async encode(args) {
    const bytes = args.format === "png" ? current().encodePng() : current().encodeJpeg(args.quality);
    const result = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: `image/${args.format}` });
    return Promise.resolve({ result });
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

async function runFill(job: FillJob, id: number): Promise<void> {
  for (;;) {
    if (cancelledCalls.has(id)) throw cancelled();
    const step = job.step();
    if (step.kind === "done") return;
    if (step.progress) {
      const patches = step.kind === "preview" ? await bitmaps(job.shown()) : undefined;
      const report: FillReport = { progress: step.progress, ...(patches && { patches }) };
      post({ id, report }, patches?.map((patch) => patch.bitmap));
    }
    await breathe();
  }
}

async function repaired(changes: Changes, delivered: Changes | null): Promise<Answer<Repaired>> {
  const patches = await bitmaps(current().shown());
  return { result: { changes, delivered, patches }, transfer: patches.map((patch) => patch.bitmap) };
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

/** In bands: neither wasm memory nor a canvas has to hold a second whole picture. */
async function pictureBitmap(opened: Engine, width: number, height: number): Promise<ImageBitmap> {
  const image = imageData(width, height);
  for (let y = 0; y < height; y += BAND) {
    const rows = Math.min(BAND, height - y);
    image.data.set(opened.rgba({ x: 0, y, width, height: rows }), y * width * 4);
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
    const reason = "no picture is open";
    throw reweaveError(`this is not possible now: ${reason}`, { code: "out-of-order", call: "this", reason });
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
