/** The slots of a wheel; what is due later is called once before. */
const SLOTS = 256;
/** So many ticks at most pass at once, however late the timer rings. */
const LONGEST_LEAP = 4;

/** Something that a {@linkcode TimerWheel} calls, one call at a time. */
export abstract class WheelEntry {
  /** The wheel's slot that this waits in: the wheel's own. */
  slot: Set<WheelEntry> | undefined;

  /** Called when it is due, or before; it is in no wheel by then. */
  abstract ring(): void;
}

/**
 * One coarse timer for any number of entries.
 *
 * It is made for deadlines that move all the time, such as "ten seconds after
 * the last byte": whoever hears a byte only notes {@linkcode TimerWheel.now};
 * the entry compares when it is called, and adds itself again for the rest. So
 * a byte costs nothing, and a quiet connection one call in ten seconds.
 *
 * Time stands still while this program does: if it was stopped, or its machine
 * slept, four ticks have passed at the most. What it could not have heard in
 * the meantime, nobody is held to have missed.
 *
 * @example Usage
 * ```ts
 * class Alarm extends WheelEntry {
 *   readonly rung = Promise.withResolvers<void>();
 *   override ring() {
 *     this.rung.resolve();
 *   }
 * }
 *
 * using wheel = new TimerWheel(5);
 * const alarm = new Alarm();
 * wheel.add(alarm, wheel.ticks(20));
 * await alarm.rung.promise;
 * ```
 */
export class TimerWheel implements Disposable {
  /** How long a tick is, in milliseconds. */
  readonly tickMs: number;
  /** The time, in ticks since the wheel was made, while anything waits. */
  now = 0;
  readonly #slots: Set<WheelEntry>[] = [];
  #size = 0;
  #timeMs = 0;
  #rungMs = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Makes a wheel; its timer runs only while something waits. */
  constructor(tickMs = 50) {
    this.tickMs = tickMs;
    for (let i = 0; i < SLOTS; i++) this.#slots.push(new Set());
  }

  /** How many entries wait. */
  get size(): number {
    return this.#size;
  }

  /**
   * After so many ticks a time is over, wherever in the current one it begins.
   * They do not pass in one leap: what has come in time is heard of before.
   */
  ticks(ms: number): number {
    return 1 + Math.max(LONGEST_LEAP, Math.ceil(ms / this.tickMs));
  }

  /** Has an entry called in so many ticks, or sooner. */
  add(entry: WheelEntry, ticks: number): void {
    this.remove(entry);
    const wait = Math.min(Math.max(1, ticks), SLOTS - 1);
    entry.slot = this.#slots[(this.now + wait) % SLOTS]!;
    entry.slot.add(entry);
    this.#size++;
    if (this.#timer !== undefined) return;
    this.#rungMs = performance.now();
    this.#timer = setInterval(this.#turn, this.tickMs);
  }

  /** Takes an entry out; nothing happens if it does not wait. */
  remove(entry: WheelEntry): void {
    if (entry.slot === undefined) return;
    entry.slot.delete(entry);
    entry.slot = undefined;
    this.#size--;
    if (this.#size === 0) this.#stop();
  }

  /** Stops; what waits still is not called any more. */
  [Symbol.dispose](): void {
    for (const slot of this.#slots) {
      for (const entry of slot) this.remove(entry);
    }
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  readonly #turn = (): void => {
    const nowMs = performance.now();
    const longestMs = LONGEST_LEAP * this.tickMs;
    this.#timeMs += Math.min(nowMs - this.#rungMs, longestMs);
    this.#rungMs = nowMs;
    const until = Math.floor(this.#timeMs / this.tickMs);
    while (this.now < until) {
      this.now++;
      for (const entry of this.#slots[this.now % SLOTS]!) {
        this.remove(entry);
        entry.ring();
      }
    }
  };
}
