// The start, which nobody has to think about: whatever needs a module loads it, once, and again after a
// failure. Classes of WebAssembly are made at once, so `init` has to have ended before them.

import { choose, type InitOptions, type ModuleSource } from "./assets.ts";
import { outOfOrder } from "./errors.ts";
import * as classes from "./marks.ts";
import { areMarksLoaded, loadMarks } from "./marks.ts";

export type { InitOptions, ModuleSource };
export { areMarksLoaded as ready };

/**
 * Loads what marks and masks need. All functions here that answer a promise do so by themselves; before
 * `new Selection` or `Mask.fromRectangles` it has to have been awaited once. It can be called as often as
 * one likes. The options name parts of the package that a page has in other places, and hold from then on.
 *
 * Rejects with "module-lost"; the next call tries again.
 */
export async function init(options: InitOptions = {}): Promise<void> {
  choose(options);
  await loadMarks();
}

export const Mask = guarded("Mask", classes.Mask);
export type Mask = classes.Mask;
export const Selection = guarded("Selection", classes.Selection);
export type Selection = classes.Selection;
export const Endpoint = guarded("Endpoint", classes.Endpoint);
export type Endpoint = classes.Endpoint;
export const EndpointRepair = guarded("EndpointRepair", classes.EndpointRepair);
export type EndpointRepair = classes.EndpointRepair;
export const Upload = guarded("Upload", classes.Upload);
export type Upload = classes.Upload;

/** A class that says what is missing, where WebAssembly would only find nothing. */
function guarded<Class extends object>(name: string, made: Class): Class {
  const check = () => {
    if (!areMarksLoaded()) throw outOfOrder("init() has to be awaited first", name);
  };
  return new Proxy(made, {
    construct(target, args: unknown[], made) {
      check();
      return Reflect.construct(target as new (...args: unknown[]) => object, args, made) as object;
    },
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== "function" || key === Symbol.hasInstance) return value;
      return (...args: unknown[]) => {
        check();
        return Reflect.apply(value, target, args) as unknown;
      };
    },
  });
}
