/** The longest first wait, in milliseconds. */
const FIRST_MS = 500;

/** The longest wait of all, in milliseconds. */
const LONGEST_MS = 30_000;

/**
 * How long to wait before each attempt: longer from time to time, to leave a
 * server alone that is not there, and by chance between a half of it and the
 * whole, so that those who were all cut off at once do not all come back at
 * once.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const backoff = new Backoff(() => 0.5);
 * const waitsMs = Array.from({ length: 8 }, () => backoff.next());
 * assertEquals(waitsMs, [375, 750, 1500, 3000, 6000, 12000, 22500, 22500]);
 * backoff.reset();
 * assertEquals(backoff.next(), 375);
 * ```
 */
export class Backoff {
  readonly #random: () => number;
  #wholeMs = FIRST_MS;

  /** Makes one that begins; `random` gives numbers from 0 to below 1. */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** How long to wait before the next attempt, in milliseconds. */
  next(): number {
    const halfMs = this.#wholeMs / 2;
    this.#wholeMs = Math.min(2 * this.#wholeMs, LONGEST_MS);
    return halfMs + halfMs * this.#random();
  }

  /** Begins anew. */
  reset(): void {
    this.#wholeMs = FIRST_MS;
  }
}
