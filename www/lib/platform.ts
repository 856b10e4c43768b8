// What differs between a web page and Node.js (`platform-node.ts`): how a worker is made, and how a
// module's bytes are reached.

import { trust } from "./trusted.ts";

/** A module: its address, its bytes, or compiled. */
export type ModuleSource = string | URL | BufferSource | WebAssembly.Module;

/** The same as it can be posted to a worker. */
export type PostedModule = Exclude<ModuleSource, URL>;

/**
 * Makes a worker, as the class of that name does. It bears the same name, so that bundlers find the
 * worker's script behind `new Worker(new URL(…))`; but under Trusted Types the address goes through the
 * policy `reweave`, and a script of another origin is run by one of this page, which browsers ask for.
 */
export const Worker = function (url: URL | string, options: WorkerOptions) {
  const { href, origin, protocol } = new URL(url, globalThis.location.href);
  const isForeign = /^https?:$/.test(protocol) && origin !== globalThis.location.origin;
  const text = `import ${JSON.stringify(href)};`;
  const own = isForeign ? URL.createObjectURL(new Blob([text], { type: "text/javascript" })) : href;
  return new globalThis.Worker(trust().createScriptURL(own), options);
} as unknown as new (url: URL | string, options: WorkerOptions) => Worker;

/** What `WebAssembly` can be asked for; here an address is enough. */
export function reachable(source: ModuleSource): Promise<PostedModule> {
  return Promise.resolve(source instanceof URL ? source.href : source);
}

/** How many workers can run side by side. */
export function cores(): number {
  return navigator.hardwareConcurrency;
}
