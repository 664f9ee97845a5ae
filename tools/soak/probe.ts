import { Client } from "../../client/mod.ts";

/** How often the time is asked for. */
const INTERVAL_MS = 100;
/** So many answers are remembered. */
const REMEMBERED = 50;
/** What is no longer than this is not worth to be kept. */
const SHORTEST_GAP_MS = 500;

/** A time without an answer. */
export interface Gap {
  /** When it began, on the clock of `performance.now()`. */
  readonly atMs: number;
  /** How long it was, in milliseconds. */
  readonly ms: number;
}

/** What a probe found. */
export interface ProbeResult {
  /** How many answers came. */
  readonly answers: number;
  /** The longest that an answer took, in milliseconds. */
  readonly slowestMs: number;
  /** The longest time between two answers, and all that are half a second long. */
  readonly gaps: readonly Gap[];
  /** Why there are no more answers, if it ended before it was told to. */
  readonly lost: string | undefined;
}

/** A client that asks the server for its time, ten times a second. */
export class Probe {
  /** The connection, for whoever wants to ask something else. */
  readonly client: Client;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #gaps: Gap[] = [];
  readonly #latest: { askedAtMs: number; answeredAtMs: number }[] = [];
  #longest: Gap;
  #answers = 0;
  #slowestMs = 0;
  #answeredAtMs = performance.now();
  #lost: string | undefined;
  #over = false;

  private constructor(client: Client) {
    this.client = client;
    this.#longest = { atMs: this.#answeredAtMs, ms: 0 };
    this.#timer = setInterval(() => this.#ask(), INTERVAL_MS);
    client.closed.then(({ why }) => {
      if (!this.#over) this.#lost = why;
      clearInterval(this.#timer);
    });
  }

  /** Connects, and begins. */
  static async start(port: number, token: Uint8Array): Promise<Probe> {
    return new Probe(await Client.connect({ port, token }));
  }

  /** What it has found. */
  get result(): ProbeResult {
    return {
      answers: this.#answers,
      slowestMs: this.#slowestMs,
      gaps: this.#gaps.includes(this.#longest)
        ? this.#gaps
        : [this.#longest, ...this.#gaps],
      lost: this.#lost,
    };
  }

  /**
   * By when the server has surely taken what was sent to it before `fromMs`: it
   * has answered a question by then that was asked later. Infinity if that is
   * not so yet. The times are of `performance.now()`, and not long ago.
   */
  takenBy(fromMs: number): number {
    const first = this.#latest.find(({ askedAtMs }) => askedAtMs > fromMs);
    return first?.answeredAtMs ?? Infinity;
  }

  /** Asks no more; what happens from now on does not count. */
  stop(): void {
    if (this.#over) return;
    this.#endGap();
    this.#over = true;
    clearInterval(this.#timer);
  }

  async #ask(): Promise<void> {
    const askedAtMs = performance.now();
    try {
      await this.client.time();
    } catch (error) {
      if (!this.#over) this.#lost ??= (error as Error).message;
      return;
    }
    if (this.#over) return;
    this.#answers++;
    this.#endGap();
    this.#slowestMs = Math.max(this.#slowestMs, performance.now() - askedAtMs);
    this.#answeredAtMs = performance.now();
    this.#latest.push({ askedAtMs, answeredAtMs: this.#answeredAtMs });
    if (this.#latest.length > REMEMBERED) this.#latest.shift();
  }

  #endGap(): void {
    const atMs = this.#answeredAtMs;
    const gap = { atMs, ms: performance.now() - atMs };
    if (gap.ms > this.#longest.ms) this.#longest = gap;
    if (gap.ms >= SHORTEST_GAP_MS) this.#gaps.push(gap);
  }
}
