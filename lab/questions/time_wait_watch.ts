import { type Sockets, sockets } from "../sockets.ts";
import { lookUntil } from "./look_until.ts";

/** A look at a socket in TIME-WAIT. */
export interface TimeWaitLook {
  /** When, in milliseconds after the first. */
  readonly ms: number;
  /** How long `ss` says that it will be there still, in milliseconds. */
  readonly leftMs: number;
}

/** How long a socket was in TIME-WAIT. */
export interface TimeWaitWatched {
  /** Every look at which it was there. */
  readonly looks: readonly TimeWaitLook[];
  /** When it was gone, in milliseconds after the first look, if it ever was. */
  readonly goneMs?: number;
}

/** How often it is looked for, in milliseconds. */
const INTERVAL_MS = 500;

/** It is not watched for longer than this, in milliseconds. */
const LONGEST_MS = 150_000;

/**
 * Watches a socket that is in TIME-WAIT until it is gone, beside whatever else is
 * done. Whoever disposes of it ends that.
 */
export class TimeWaitWatch implements AsyncDisposable {
  /** The sockets of both sides, when the watch began. */
  readonly first: Sockets;
  /** Resolves when it is gone, or was not to be seen at all. */
  readonly watched: Promise<TimeWaitWatched>;
  /** Which sockets are looked at, in `ss`'s words. */
  readonly #filter: string;
  readonly #startMs = performance.now();
  /** Ends the pause between two looks; and all of it, if it is aborted. */
  readonly #ending = new AbortController();

  private constructor(filter: string, first: Sockets) {
    this.#filter = filter;
    this.first = first;
    this.watched = this.#watch();
    // Whoever awaits it learns of a failure; nobody may.
    this.watched.catch(() => {});
  }

  /**
   * Waits a moment until nothing is left of the connection between two ports but
   * a TIME-WAIT at either side, and begins.
   */
  static async begin(one: number, other: number): Promise<TimeWaitWatch> {
    const filter = `( sport = :${one} and dport = :${other} ) or ` +
      `( sport = :${other} and dport = :${one} )`;
    const first = await lookUntil(
      { filter },
      (rows) =>
        rows.length > 0 && rows.every(({ state }) => state === "TIME-WAIT"),
    );
    return new TimeWaitWatch(filter, first);
  }

  /** Watches no more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort();
    await Promise.allSettled([this.watched]);
  }

  async #watch(): Promise<TimeWaitWatched> {
    const looks: TimeWaitLook[] = [];
    let rows = this.first.sockets;
    for (;;) {
      const ms = performance.now() - this.#startMs;
      const socket = rows.find(({ state }) => state === "TIME-WAIT");
      if (socket === undefined) return { looks, goneMs: ms };
      looks.push({ ms, leftMs: socket.timer?.leftMs ?? 0 });
      if (ms > LONGEST_MS || this.#ending.signal.aborted) return { looks };
      await this.#pause();
      rows = (await sockets({ filter: this.#filter })).sockets;
    }
  }

  #pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { signal } = this.#ending;
    const timer = setTimeout(resolve, INTERVAL_MS);
    const end = () => resolve();
    signal.addEventListener("abort", end);
    return promise.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
    });
  }
}
