/** The smallest time that is told from others, in milliseconds. */
const SMALLEST_MS = 0.001;
/** Each bucket is so much wider than the one before: quantiles are 2 % exact. */
const STEP = 1.02;
const BUCKETS = 1200;

/**
 * Times in buckets that grow with them, so that any number of times costs the
 * same memory.
 *
 * @example Usage
 * ```ts
 * import { assert } from "@std/assert";
 *
 * const histogram = new Histogram();
 * for (let ms = 1; ms <= 100; ms++) histogram.add(ms);
 * assert(Math.abs(histogram.quantile(0.5) - 50) < 1);
 * ```
 */
export class Histogram {
  readonly #buckets = new Float64Array(BUCKETS);
  #count = 0;

  /** Adds a time in milliseconds. */
  add(ms: number): void {
    const steps = Math.log(Math.max(ms, SMALLEST_MS) / SMALLEST_MS) /
      Math.log(STEP);
    this.#buckets[Math.min(BUCKETS - 1, Math.floor(steps))]!++;
    this.#count++;
  }

  /**
   * The time that this share of all times does not exceed, in milliseconds; NaN
   * if there are none.
   */
  quantile(share: number): number {
    if (this.#count === 0) return NaN;
    let rest = Math.ceil(this.#count * share);
    for (let i = 0; i < BUCKETS; i++) {
      rest -= this.#buckets[i]!;
      if (rest <= 0) return SMALLEST_MS * STEP ** (i + 1);
    }
    return NaN;
  }
}
