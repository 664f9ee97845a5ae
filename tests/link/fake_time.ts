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

/**
 * Time that passes only when it is told to: `performance.now()` and all timers
 * that are set while this is in use.
 */
export class FakeTime implements Disposable {
  /** How many timers were set so far. */
  timersSet = 0;
  #nowMs = 0;
  readonly #timers = new Map<number, Timer>();
  readonly #now = performance.now;
  readonly #real = {
    setTimeout: globalThis.setTimeout,
    setInterval: globalThis.setInterval,
    clearTimeout: globalThis.clearTimeout,
    clearInterval: globalThis.clearInterval,
  };

  constructor() {
    performance.now = () => this.#nowMs;
    const clear = (id?: number) => void this.#timers.delete(id!);
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
    Object.assign(globalThis, this.#real);
  }

  #set(ring: () => void, ms: number, everyMs?: number): number {
    const id = ++this.timersSet;
    this.#timers.set(id, { ring, everyMs, dueMs: this.#nowMs + ms });
    return id;
  }
}
