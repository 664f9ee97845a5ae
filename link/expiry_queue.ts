import { onceATurn } from "./once_a_turn.ts";

/**
 * Something that can wait in an {@linkcode ExpiryQueue}, one at a time.
 *
 * A relay makes one for every message. Its fields, and those of the classes
 * below, are declared and set in the constructor: with initializers in the class
 * bodies a message took some 40 of 680 ns longer, the system's part left out.
 */
export abstract class Expiring {
  /** When the time is over, on the clock of `performance.now()`. */
  declare dueMs: number;
  /** The queue that this waits in, and the neighbours there: the queue's own. */
  declare queue: ExpiryQueue | undefined;
  /** Who expires before this. The queue's own. */
  declare previous: Expiring | undefined;
  /** Who expires after this. The queue's own. */
  declare next: Expiring | undefined;

  /** Makes something that waits in no queue yet. */
  constructor() {
    this.dueMs = 0;
    this.queue = this.previous = this.next = undefined;
  }

  /** Called when the time is over; this has left the queue by then. */
  abstract expire(): void;
}

/**
 * Gives each of any number of entries the same time, with one timer for all.
 *
 * As all wait equally long, they expire in the order in which they came: a
 * linked list is enough, and adding and removing cost the same however many
 * wait.
 *
 * @example Usage
 * ```ts
 * class Alarm extends Expiring {
 *   readonly rung = Promise.withResolvers<void>();
 *   override expire() {
 *     this.rung.resolve();
 *   }
 * }
 *
 * using queue = new ExpiryQueue(10);
 * const alarm = new Alarm();
 * queue.add(alarm);
 * await alarm.rung.promise;
 * ```
 */
export class ExpiryQueue implements Disposable {
  /** How long each entry waits, in milliseconds. */
  readonly timeoutMs: number;
  #first: Expiring | undefined;
  #last: Expiring | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Makes a queue in which everything waits for `timeoutMs` milliseconds. */
  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs;
  }

  /** Adds an entry that is in no queue. */
  add(entry: Expiring): void {
    entry.dueMs = turnNow() + this.timeoutMs;
    entry.queue = this;
    entry.previous = this.#last;
    entry.next = undefined;
    if (this.#last) this.#last.next = entry;
    else this.#first = entry;
    this.#last = entry;
    // A timer that is set already rings early at worst, and is then set anew.
    this.#timer ??= setTimeout(this.#ring, this.timeoutMs);
  }

  /** Takes an entry out; nothing happens if it is not in this queue. */
  remove(entry: Expiring): void {
    if (entry.queue !== this) return;
    if (entry.previous) entry.previous.next = entry.next;
    else this.#first = entry.next;
    if (entry.next) entry.next.previous = entry.previous;
    else this.#last = entry.previous;
    entry.queue = entry.previous = entry.next = undefined;
  }

  /** Stops the timer. What waits still does not expire any more. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#first = this.#last = undefined;
  }

  readonly #ring = (): void => {
    // The timer counts as set until all are done, so that what is added on
    // expiry does not set one that rings too late for who waits already.
    const nowMs = performance.now();
    try {
      while (this.#first && this.#first.dueMs <= nowMs) {
        const entry = this.#first;
        this.remove(entry);
        entry.expire();
      }
    } finally {
      this.#timer = this.#first &&
        setTimeout(this.#ring, Math.ceil(this.#first.dueMs - nowMs));
    }
  };
}

/**
 * The time on the clock of `performance.now()`: what is added together begins
 * together. In whole milliseconds, as V8 keeps a fraction in an object of its
 * own.
 */
const turnNow = onceATurn(() => Math.ceil(performance.now()));
