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
  /** What there was at the last tick that something was taken at. */
  #left: number;
  /** How many may be taken at this tick, and how many were: whole numbers. */
  #most: number;
  #taken = 0;
  #tick = 0;

  /** Makes a full bucket. */
  constructor(perSecond: number, ticksPerSecond: number) {
    this.#capacity = Math.max(1, perSecond);
    this.#perTick = perSecond / ticksPerSecond;
    this.#left = this.#capacity;
    this.#most = Math.floor(this.#left);
  }

  /** Takes one, if there is one at this tick of the clock. */
  take(tick: number): boolean {
    if (tick !== this.#tick) this.#fill(tick);
    if (this.#taken >= this.#most) return false;
    this.#taken++;
    return true;
  }

  #fill(tick: number): void {
    const filled = this.#left - this.#taken +
      (tick - this.#tick) * this.#perTick;
    this.#left = Math.min(this.#capacity, filled);
    this.#most = Math.floor(this.#left);
    this.#taken = 0;
    this.#tick = tick;
  }
}
