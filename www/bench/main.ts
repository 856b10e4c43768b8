// The benchmark: in each round every method repairs every case once, so that whatever else the
// machine does in the meantime falls on all of them alike. A round before the first warms up the
// just-in-time compiler, and gives the pictures whose quality is measured.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import init from "../generated/engine.js";
import { measure } from "./measures.ts";
import { CLASSES } from "./masks.ts";
import { nativeMethod, opencvMethods, reweave, type Method } from "./methods.ts";
import { damage, readPicture, type Case } from "./picture.ts";
import { FILL, NATIVE, REWEAVE, tables, type Measured } from "./report.ts";

/** Runs in `www/`, as `cargo xtask bench` starts it. */
export async function main(words: string[]): Promise<void> {
  const { values: options, positionals } = parseArgs({
    args: words,
    allowPositionals: true,
    options: {
      rounds: { type: "string", default: "5" },
      pictures: { type: "string" },
      native: { type: "string" },
      record: { type: "string" },
    },
  });
  await init({ module_or_path: readFileSync("generated/engine.wasm") });
  const methods = [reweave, ...(await opencvMethods())];
  if (options.native !== undefined) methods.push(nativeMethod(options.native));
  const pictures = [...positionals, ...(options.pictures === undefined ? [] : filesOf(options.pictures))];
  const rounds = Number(options.rounds);

  const measured = measureAll(pictures, methods, rounds);
  const result = tables(measured);
  console.log(`\n${machine()}\n\n${result}`);
  if (options.record !== undefined) record(options.record, result, rounds, pictures.length);
}

function measureAll(pictures: readonly string[], methods: readonly Method[], rounds: number): Measured[] {
  const measured = new Map<string, Measured>();
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now();
    process.stdout.write(`      ${round === 0 ? "warm-up and quality" : `round ${round} of ${rounds}`} `);
    // Whoever comes first finds other caches than who comes last.
    const inTurn = methods.map((_, index) => methods[(index + round) % methods.length] as Method);
    for (const path of pictures) {
      const picture = readPicture(path);
      for (const kind of CLASSES) {
        const damaged = damage(picture, kind);
        for (const method of inTurn) measureOne(measured, damaged, path, method, round === 0);
      }
      process.stdout.write(".");
    }
    console.log(` in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  // In the order of the tables, whoever came first.
  const names = [REWEAVE, FILL, NATIVE, ...methods.map(({ name }) => name)];
  return [...new Set(names)].flatMap((name) => [...measured.values()].filter((one) => one.method === name));
}

function measureOne(measured: Map<string, Measured>, damaged: Case, path: string, method: Method, warmUp: boolean): void {
  const { kind, truth, mask } = damaged;
  const entry = (name: string): Measured => {
    const key = [name, kind, path].join("\n");
    const one = measured.get(key) ?? { kind, picture: path, method: name, quality: null, milliseconds: [] };
    measured.set(key, one);
    return one;
  };
  const { milliseconds, fill, rgb } = method.run(damaged);
  if (warmUp) {
    entry(method.name).quality = rgb && measure(truth.width, truth.rgb, rgb, mask);
    return;
  }
  entry(method.name).milliseconds.push(milliseconds);
  if (fill !== undefined) entry(FILL).milliseconds.push(fill);
}

function filesOf(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /\.(png|jpe?g)$/i.test(name));
  if (names.length === 0) throw new Error(`${folder} holds no PNG or JPEG file`);
  return names.sort().map((name) => join(folder, name));
}

function record(folder: string, result: string, rounds: number, pictures: number): void {
  const date = new Date().toISOString().slice(0, 10);
  const path = join(folder, `${date}.md`);
  const how = `Measured by \`cargo xtask bench\` on ${pictures} pictures; times are medians of ${rounds} rounds, each of
which ran every method once on every case, after one to warm up; one thread. A time is from a decoded
picture and a mask in memory to the whole repaired picture in memory; of Reweave's, which counts the
changed pixels too, the fill alone is told as well. Where the native engine is named, it ran in a
process of its own each time, so without a warm-up. Quality and times in a table are means over the
pictures, ratios geometric means. PSNR is of the damaged pixels, SSIM and GMSD (lower is better) of
luma over the mask grown by three pixels.`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `# ${date}\n\n${machine()}\n\n${how}\n\n${result}`);
  console.log(`written to ${path}`);
}

/** Where, and of what, the figures are. */
function machine(): string {
  return [
    `- CPU: ${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores`,
    `- Node.js ${process.version}`,
    `- Reweave ${versionOf("package.json")}, ${commit()}`,
    `- OpenCV: @techstark/opencv-js ${versionOf("node_modules/@techstark/opencv-js/package.json")}, radius 3`,
  ].join("\n");
}

function versionOf(path: string): string {
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

/** With `-dirty` where the sources are no longer those of the commit. */
function commit(): string {
  return execFileSync("git", ["describe", "--always", "--dirty", "--exclude=*"], { encoding: "utf8" }).trim();
}
