import { visibleText } from "../terminal/mod.ts";
import { Backoff } from "./backoff.ts";
import type { Client } from "./client.ts";
import type { Closing } from "./closing.ts";
import { ConnectionError } from "./connection_error.ts";
import { disconnectedError } from "./disconnected_error.ts";
import { pause } from "./pause.ts";
import type { Texts } from "./texts/mod.ts";

/** A connection that was up so long has lasted, in milliseconds. */
const LASTING_MS = 10_000;

/** What a {@linkcode Reconnection} is made of. */
export interface ReconnectionOptions {
  /** Connects, or gives up when the signal is aborted. */
  readonly connect: (signal: AbortSignal) => Promise<Client>;
  /** Tells the person what happens, a line an event. */
  readonly say: (line: string) => void;
  /** The texts for people. */
  readonly texts: Texts;
  /** How long to wait before each attempt. */
  readonly backoff?: Backoff;
  /** Waits; see {@linkcode pause}. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** The time on a clock that only goes forward, in milliseconds. */
  readonly now?: () => number;
}

/**
 * Waits for a server: tries to connect, less and less often, until there is a
 * connection, or it is clear that there will be none.
 */
export class Reconnection {
  readonly #options: ReconnectionOptions;
  readonly #backoff: Backoff;
  readonly #wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly #now: () => number;
  #connectedAtMs = 0;

  /** Makes one; nothing is done yet. */
  constructor(options: ReconnectionOptions) {
    this.#options = options;
    this.#backoff = options.backoff ?? new Backoff();
    this.#wait = options.wait ?? pause;
    this.#now = options.now ?? (() => performance.now());
  }

  /**
   * Connects at once or, if that is not possible, later. Rejects with the
   * signal's reason, and with an error that would be the same the next time.
   */
  async connect(signal: AbortSignal): Promise<Client> {
    const { say, texts } = this.#options;
    let said = "";
    for (;;) {
      try {
        const client = await this.#options.connect(signal);
        this.#connectedAtMs = this.#now();
        say(texts.connectedAs(client.id));
        return client;
      } catch (error) {
        if (!(error instanceof ConnectionError) || error.permanent) throw error;
        const why = visibleText(error.message);
        if (why !== said) say(why);
        said = why;
      }
      await this.#waitAWhile(signal);
    }
  }

  /**
   * Connects again a while after a connection was closed. Rejects as
   * {@linkcode Reconnection.connect} does.
   */
  async reconnect(closing: Closing, signal: AbortSignal): Promise<Client> {
    const error = disconnectedError(closing);
    if (error.permanent) throw error;
    const { say, texts } = this.#options;
    say(texts.disconnected(visibleText(closing.why)));
    const lastedMs = this.#now() - this.#connectedAtMs;
    if (lastedMs >= LASTING_MS) this.#backoff.reset();
    await this.#waitAWhile(signal);
    return await this.connect(signal);
  }

  async #waitAWhile(signal: AbortSignal): Promise<void> {
    const { say, texts } = this.#options;
    const ms = this.#backoff.next();
    say(texts.tryingAgain((ms / 1000).toFixed(1)));
    await this.#wait(ms, signal);
  }
}
