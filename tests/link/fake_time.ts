/**
 * Time in a test's hands: what takes seconds takes none, and nothing depends on
 * how busy the machine is.
 *
 * @module
 */

import { settled } from "./pipe.ts";

interface Timer {
  readonly ring: () => void;
  readonly everyMs: number | undefined;
  dueMs: number;
}

/** No other timer has such a number, and no two of these have the same. */
let lastId = 1e9;

/**
 * Time that passes only when it is told to: `performance.now()`, all timers that
 * are set while this is in use, and `AbortSignal.timeout()`. Timers that were set
 * before can be cleared, as ever.
 */
export class FakeTime implements Disposable {
  /** How many timers were set so far. */
  timersSet = 0;
  #nowMs: number;
  readonly #timers = new Map<number, Timer>();
  readonly #now = performance.now;
  readonly #timeout = AbortSignal.timeout;
  readonly #real = {
    setTimeout: globalThis.setTimeout,
    setInterval: globalThis.setInterval,
    clearTimeout: globalThis.clearTimeout,
    clearInterval: globalThis.clearInterval,
  };

  /** Takes time into the test's hands, at `nowMs`. */
  constructor(nowMs = 0) {
    this.#nowMs = nowMs;
    performance.now = () => this.#nowMs;
    AbortSignal.timeout = (ms) => {
      const controller = new AbortController();
      const why = new DOMException("Signal timed out.", "TimeoutError");
      this.#set(() => controller.abort(why), ms);
      return controller.signal;
    };
    const clear = (id?: number) => {
      if (!this.#timers.delete(id!)) this.#real.clearTimeout(id);
    };
    Object.assign(globalThis, {
      setTimeout: (ring: () => void, ms = 0) => this.#set(ring, ms),
      setInterval: (ring: () => void, ms = 0) => this.#set(ring, ms, ms),
      clearTimeout: clear,
      clearInterval: clear,
    });
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Lets `ms` milliseconds pass, one by one. */
  pass(ms: number): void {
    for (let i = 0; i < ms; i++) this.leap(1);
  }

  /** Lets `ms` milliseconds pass, one by one, and all that can go on do so. */
  async live(ms: number): Promise<void> {
    for (let i = 0; i < ms; i++) {
      this.leap(1);
      await settled();
    }
  }

  /** Lets `ms` milliseconds pass in which the program stands still. */
  leap(ms: number): void {
    this.#nowMs += ms;
    const due = [...this.#timers]
      .filter(([, { dueMs }]) => dueMs <= this.#nowMs)
      .sort(([, a], [, b]) => a.dueMs - b.dueMs);
    for (const [id, timer] of due) {
      // Whoever was called before may have cleared it.
      if (!this.#timers.has(id)) continue;
      if (timer.everyMs === undefined) this.#timers.delete(id);
      else timer.dueMs = this.#nowMs + timer.everyMs;
      timer.ring();
    }
  }

  [Symbol.dispose](): void {
    performance.now = this.#now;
    AbortSignal.timeout = this.#timeout;
    Object.assign(globalThis, this.#real);
  }

  #set(ring: () => void, ms: number, everyMs?: number): number {
    const id = ++lastId;
    this.timersSet++;
    this.#timers.set(id, { ring, everyMs, dueMs: this.#nowMs + ms });
    return id;
  }
}
