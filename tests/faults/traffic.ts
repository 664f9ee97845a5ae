import {
  Client,
  type ConnectOptions,
  type Delivery,
} from "../../client/mod.ts";
import { GoodbyeReason } from "../../protocol/mod.ts";
import {
  CONNECTION_LOST,
  type Ledgers,
  type Outcome,
} from "../../tools/ledger.ts";
import { PATIENCE_MS } from "../../tools/output.ts";
import { within } from "../server/within.ts";

/** How a send ends that was open when the server said goodbye. */
const UNDONE: Outcome = "undone";

/** Whoever has sent with such an end need not send again. */
const LAST_OUTCOMES: ReadonlySet<Outcome> = new Set([
  CONNECTION_LOST,
  UNDONE,
  "unknown-number",
]);

/** Who sends to whom, and how much at once. */
export interface TrafficOptions extends ConnectOptions {
  /** Where each send and its end is entered. */
  readonly ledgers: Ledgers;
  /** The numbers of those who are sent to. */
  readonly receivers: readonly number[];
  /**
   * How many clients send.
   *
   * @default {2}
   */
  readonly senders?: number;
  /**
   * How many sends of a sender to a receiver are open at a time.
   *
   * @default {8}
   */
  readonly open?: number;
}

/**
 * Clients that send without a pause to each of some receivers, until they are
 * stopped, the receiver has left, or the connection is lost.
 */
export class Traffic implements AsyncDisposable {
  /** Those who send. */
  readonly senders: readonly Client[];
  readonly #ledgers: Ledgers;
  readonly #running: Promise<void[]>;
  #stopped = false;
  #delivered = 0;
  #goals: { readonly count: number; readonly reach: () => void }[] = [];

  private constructor(senders: Client[], options: TrafficOptions) {
    const { ledgers, receivers, open = 8 } = options;
    this.senders = senders;
    this.#ledgers = ledgers;
    this.#running = Promise.all(
      senders.flatMap((sender) =>
        receivers.flatMap((receiver) =>
          Array.from({ length: open }, () => this.#send(sender, receiver))
        )
      ),
    );
    // Whoever waits for it hears of it all the same.
    this.#running.catch(() => {});
  }

  /** Connects the senders, and begins. */
  static async start(options: TrafficOptions): Promise<Traffic> {
    const { senders = 2 } = options;
    const clients: Client[] = [];
    while (clients.length < senders) {
      clients.push(await Client.connect(options));
    }
    return new Traffic(clients, options);
  }

  /** Resolves when so many more messages have been delivered. */
  async delivered(more: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#goals.push({ count: this.#delivered + more, reach: resolve });
    await within(PATIENCE_MS, promise);
  }

  /** Sends no more; resolves when all that was sent has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await within(PATIENCE_MS, this.#running);
  }

  /** Resolves when nobody sends any more because all connections are lost. */
  async lost(): Promise<void> {
    await within(PATIENCE_MS, this.#running);
  }

  /** Disconnects the senders, which ends whatever is open still. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.senders.map((sender) => sender.disconnect()));
  }

  async #send(sender: Client, receiver: number): Promise<void> {
    while (!this.#stopped) {
      const outcome = await this.#ledgers.record(
        nameOf(sender.id),
        nameOf(receiver),
        (text) => send(sender, receiver, text),
      );
      if (LAST_OUTCOMES.has(outcome)) return;
      if (outcome !== "delivered") continue;
      this.#delivered++;
      for (const { count, reach } of this.#goals) {
        if (count === this.#delivered) reach();
      }
    }
  }
}

/**
 * Sends a text. What is open when the server says that it shuts down is not
 * delivered, and can be told from what is lost.
 */
async function send(
  sender: Client,
  receiver: number,
  text: string,
): Promise<Delivery> {
  try {
    return await sender.send(receiver, text);
  } catch (error) {
    const { reason, why } = await sender.closed;
    if (reason !== GoodbyeReason.shuttingDown) throw error;
    return { delivered: false, ms: 0, reason: UNDONE, why };
  }
}

/** A client's name in the ledgers of one server. */
export function nameOf(id: number): string {
  return `client-${id}`;
}
