/** How often it looks at the clock, in milliseconds. */
const LOOK_MS = 20;

/**
 * Tells how long something takes on a machine that runs: while it stands still,
 * as a machine that is shared with others may, no time is counted. For what has
 * to happen within a time, in programs whose clock is not in a test's hands.
 */
export class Stopwatch implements Disposable {
  #ms = 0;
  #lookedMs = performance.now();
  readonly #timer = setInterval(() => this.#look(), LOOK_MS);

  /** How long it has run, in milliseconds. */
  get ms(): number {
    this.#look();
    return this.#ms;
  }

  /** Stops it. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const nowMs = performance.now();
    this.#ms += Math.min(nowMs - this.#lookedMs, 2 * LOOK_MS);
    this.#lookedMs = nowMs;
  }
}
