/**
 * So many of something a second, on a clock that ticks: a bucket of a second's
 * worth that each takes from, and that fills again with time.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const limit = new RateLimit(20, 10); // 20 a second; 10 ticks are a second
 * const inFirstTick = Array.from({ length: 30 }, () => limit.take(0));
 * assertEquals(inFirstTick.filter((taken) => taken).length, 20);
 * assertEquals([limit.take(1), limit.take(1), limit.take(1)], [true, true, false]);
 * ```
 */
export class RateLimit {
  readonly #capacity: number;
  readonly #perTick: number;
  #left: number;
  #tick = 0;

  /** Makes a full bucket. */
  constructor(perSecond: number, ticksPerSecond: number) {
    this.#capacity = Math.max(1, perSecond);
    this.#perTick = perSecond / ticksPerSecond;
    this.#left = this.#capacity;
  }

  /** Takes one, if there is one at this tick of the clock. */
  take(tick: number): boolean {
    if (tick !== this.#tick) {
      const filled = this.#left + (tick - this.#tick) * this.#perTick;
      this.#left = Math.min(this.#capacity, filled);
      this.#tick = tick;
    }
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
