// A project that uses the package: copied to a folder of its own, installed from the tarball, built, served.

import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";

import type { Page } from "@playwright/test";

/** Made by `cargo xtask pack`. */
export const TARBALL = process.env.REWEAVE_TARBALL ?? "";

const EXAMPLES = join(import.meta.dirname, "../../examples/web");

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".css": "text/css",
  ".map": "application/json",
};

export interface Served {
  readonly url: string;
  stop(): void;
}

export class Project {
  readonly folder: string;
  readonly #served: Served[] = [];

  /** An example, or a folder without anything. */
  constructor(example: string | null) {
    this.folder = mkdtempSync(join(tmpdir(), "reweave-package-"));
    if (example) cpSync(join(EXAMPLES, example), this.folder, { recursive: true, filter: (from) => !/node_modules|\.next/.test(from) });
    else this.write("package.json", JSON.stringify({ private: true, type: "module", dependencies: { reweave: "" } }));
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  writeBytes(name: string, bytes: Uint8Array): void {
    writeFileSync(join(this.folder, name), bytes);
  }

  /** Installs what its `package.json` names, the tarball in the place of the package. */
  async install(): Promise<void> {
    if (!TARBALL) throw new Error("REWEAVE_TARBALL is not set: `cargo xtask test --only package` does that");
    const text = readFileSync(join(this.folder, "package.json"), "utf8");
    this.write("package.json", text.replace(/"reweave": ?"[^"]*"/, `"reweave": ${JSON.stringify(`file:${TARBALL}`)}`));
    await this.run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"]);
  }

  /** What it printed; a failure throws all of that. */
  run(command: string, args: readonly string[]): Promise<string> {
    const child = spawn(command, args, { cwd: this.folder, env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", CI: "1" } });
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (printed += String(text)));
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        if (code === 0) resolve(printed);
        else reject(new Error(`${command} ${args.join(" ")} ended with ${code}:\n${printed}`));
      });
    });
  }

  /** Installs it, builds it if that is said how, and opens it in a page. */
  async open(page: Page, folder: string, headers?: Readonly<Record<string, string>>): Promise<void> {
    await this.build();
    await page.goto((await this.serve(folder, headers)).url);
  }

  /** Installs it, and builds it if that is said how. */
  async build(): Promise<void> {
    await this.install();
    await this.run("npm", ["run", "build", "--if-present"]);
  }

  /** A command that serves it, once it has printed its address. */
  start(command: string, args: readonly string[]): Promise<Served> {
    const child = spawn(command, args, { cwd: this.folder, detached: true, env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1" } });
    const stop = () => {
      if (child.pid && child.exitCode === null) process.kill(-child.pid);
    };
    let printed = "";
    return new Promise((resolve, reject) => {
      const hear = (text: unknown) => {
        printed += String(text);
        const url = /http:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(printed)?.[0];
        if (url) resolve(this.#kept({ url, stop }));
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.on("close", (code) => reject(new Error(`${command} ended with ${code}:\n${printed}`)));
    });
  }

  /** Serves a folder of it as files, with headers of its own. */
  async serve(folder: string, headers: Readonly<Record<string, string>> = {}): Promise<Served> {
    return this.#kept(await serveFiles(join(this.folder, folder), headers));
  }

  /** With what serves it. */
  remove(): void {
    for (const served of this.#served) served.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #kept(served: Served): Served {
    this.#served.push(served);
    return served;
  }
}

export async function serveFiles(root: string, headers: Readonly<Record<string, string>> = {}): Promise<Served> {
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://h");
    const name = decodeURIComponent(pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    const path = join(root, normalize(name));
    if (!path.startsWith(root) || !existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "Content-Type": TYPES[extname(path)] ?? "application/octet-stream", ...headers });
    response.end(readFileSync(path));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, stop: () => server.close() };
}
