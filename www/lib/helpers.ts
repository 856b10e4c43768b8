// Other workers that fill parts beside the engine's worker: no memory is shared, so a page needs no
// special headers. They get copies of what a part reads, and answer with its pixels.

import type { FillJob } from "../generated/engine.js";
import { cores, type PostedModule } from "./platform.ts";
import { WorkerLink } from "./worker-link.ts";

/** Most workers of a fill, its own among them, unless more are asked for: each needs memory of its own. */
const MOST = 4;

/** Loans of a helper: the next one is there when it has filled one. */
const LOANS = 2;

/** How long helpers are kept for the next fill, in milliseconds. */
const KEPT_MS = 5000;

/** How long is waited for a helper before messages are looked at again, in milliseconds. */
const WAIT_MS = 20;

/** What of a job is needed to share it. */
export type Shared = Pick<FillJob, "isShareable" | "lend" | "takeBack" | "giveUp">;

interface Helper {
  readonly link: WorkerLink;
  state: "starting" | "ready" | "failed";
  /** What it has not answered yet. */
  loans: number;
}

/** The helpers of one worker, started when they are first needed. */
export class Helpers {
  readonly #make: () => Worker;
  readonly #engine: () => Promise<PostedModule>;
  #all: Helper[] = [];
  #ending: ReturnType<typeof setTimeout> | undefined;

  /** `make` makes another worker of `worker.ts`. */
  constructor(make: () => Worker, engine: PostedModule) {
    this.#make = make;
    this.#engine = () => Promise.resolve(engine);
  }

  /** Those that help with a job; `threads` as in the options of a fill. */
  join(job: Shared, threads: number): Crew {
    clearTimeout(this.#ending);
    const count = (threads || Math.min(cores(), MOST)) - 1;
    return new Crew(job, () => this.#some(count), () => this.#leave());
  }

  #some(count: number): readonly Helper[] {
    while (this.#all.length < count) {
      const helper: Helper = { link: new WorkerLink(this.#make, this.#engine), state: "starting", loans: 0 };
      this.#all.push(helper);
      helper.link.start().then(
        () => (helper.state = "ready"),
        // A page may not be allowed to: the job does it alone.
        () => (helper.state = "failed"),
      );
    }
    return this.#all.slice(0, count);
  }

  #leave(): void {
    this.#all = this.#all.filter(({ state }) => state !== "failed");
    clearTimeout(this.#ending);
    this.#ending = setTimeout(() => {
      for (const { link } of this.#all) link.lose(new Error("not needed any more"));
      this.#all = [];
    }, KEPT_MS);
  }
}

/** The helpers of one job. */
export class Crew {
  readonly #job: Shared;
  readonly #some: () => readonly Helper[];
  readonly #leave: () => void;
  readonly #ended = new AbortController();
  #helpers: readonly Helper[] = [];
  /** Ends the wait for an answer, if there is one. */
  #wake = (): void => undefined;

  constructor(job: Shared, some: () => readonly Helper[], leave: () => void) {
    this.#job = job;
    this.#some = some;
    this.#leave = leave;
  }

  /** Gives every helper that has little to do some parts, if there are any. */
  lend(): void {
    if (this.#helpers.length === 0 && this.#job.isShareable()) this.#helpers = this.#some();
    for (let loans = 0; loans < LOANS; loans++) {
      for (const helper of this.#helpers) {
        if (helper.state !== "ready" || helper.loans > loans) continue;
        const loan = this.#job.lend() as Uint8Array<ArrayBuffer> | undefined;
        if (!loan) return;
        void this.#fill(helper, loan);
      }
    }
  }

  /** Waits until a helper has answered, but not for long. */
  async news(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, WAIT_MS);
    });
  }

  /** The job has ended, or is not wanted any more. */
  end(): void {
    this.#ended.abort();
    this.#leave();
  }

  async #fill(helper: Helper, loan: Uint8Array<ArrayBuffer>): Promise<void> {
    const { signal } = this.#ended;
    const number = new DataView(loan.buffer).getUint32(0, true);
    helper.loans++;
    try {
      const answer = await helper.link.call("help", { loan }, { signal });
      if (!signal.aborted) this.#job.takeBack(answer);
    } catch {
      if (!signal.aborted) {
        helper.state = "failed";
        this.#job.giveUp(number);
      }
    }
    helper.loans--;
    this.#wake();
  }
}
