/**
 * Counts messages by the second, on a clock that ticks.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const meter = new MessageMeter(20); // 20 ticks are a second
 * meter.count(3);
 * meter.count(19);
 * assertEquals([meter.lastSecond(19), meter.lastSecond(25)], [0, 2]);
 * assertEquals(meter.lastSecond(45), 0);
 * ```
 */
export class MessageMeter {
  readonly #ticksPerSecond: number;
  #second = 0;
  #now = 0;
  #before = 0;

  /** Makes one that has counted nothing. */
  constructor(ticksPerSecond: number) {
    this.#ticksPerSecond = ticksPerSecond;
  }

  /** Counts one at this tick of the clock. */
  count(tick: number): void {
    this.#turn(tick);
    this.#now++;
  }

  /** How many were counted in the second before the one that `tick` is in. */
  lastSecond(tick: number): number {
    this.#turn(tick);
    return this.#before;
  }

  #turn(tick: number): void {
    const second = Math.floor(tick / this.#ticksPerSecond);
    if (second === this.#second) return;
    this.#before = second === this.#second + 1 ? this.#now : 0;
    this.#now = 0;
    this.#second = second;
  }
}
