import {
  Command,
  decodePayload,
  empty,
  encodedMessage,
  type Frame,
  FrameType,
  refusal,
  sentence,
  Status,
  statusName,
} from "../protocol/mod.ts";
import { ExpiryQueue, type GiveUpReason, Question } from "../link/mod.ts";
import type { Member } from "./member.ts";
import type { LocalRoster } from "./roster.ts";

/** Hears how a delivery ended, once: `Status.ok`, or a refusal and why. */
export type DeliveryOutcome = (status: Status, why: string) => void;

/**
 * The way of a text from one client to another: who waits for which
 * confirmation.
 */
export interface Deliveries {
  /**
   * Passes `text` on and tells `outcome` once whether the receiver confirmed
   * it. What one sender sends to one receiver arrives in the order of the
   * calls. `text` is good only during the call.
   */
  deliver(
    from: Member,
    to: number,
    text: Uint8Array,
    outcome: DeliveryOutcome,
  ): void;
}

/** Limits that concern deliveries; see `ServerLimits`. */
export interface DeliveryLimits {
  /** How long a receiver may take to confirm, in milliseconds. */
  readonly deliveryTimeoutMs: number;
  /** How many bytes may wait for a receiver, at most. */
  readonly maxQueue: number;
  /** How many messages may wait for a receiver's confirmation, at most. */
  readonly maxUnconfirmed: number;
}

/** Deliveries among the clients of one server. */
export class LocalDeliveries implements Deliveries, Disposable {
  readonly #roster: LocalRoster;
  readonly #limits: DeliveryLimits;
  readonly #patience: ExpiryQueue;
  #open = true;
  #closed = false;
  #underWay = 0;
  #onAllEnded: (() => void) | undefined;

  /** Delivers to the clients of `roster`. */
  constructor(roster: LocalRoster, limits: DeliveryLimits) {
    this.#roster = roster;
    this.#limits = limits;
    this.#patience = new ExpiryQueue(limits.deliveryTimeoutMs);
  }

  /** Passes `text` on, if there is anybody to take it. */
  deliver(
    from: Member,
    to: number,
    text: Uint8Array,
    outcome: DeliveryOutcome,
  ): void {
    const receiver = this.#roster.find(to);
    if (!this.#open) {
      outcome(Status.shuttingDown, "The server is shutting down");
    } else if (receiver === undefined) {
      outcome(Status.unknownNumber, `No client has number ${to}`);
    } else if (receiver.link.queued > this.#limits.maxQueue) {
      outcome(
        Status.receiverBusy,
        `Client ${to} does not read fast enough; too much waits for it`,
      );
    } else if (receiver.link.asked >= this.#limits.maxUnconfirmed) {
      outcome(
        Status.receiverBusy,
        `Client ${to} does not confirm fast enough; too much waits for it`,
      );
    } else {
      receiver.link.ask(
        FrameType.indication,
        Command.message,
        encodedMessage,
        { origin: from.origin, text },
        this.#patience,
        new Confirmation(this, to, outcome),
      );
      this.#underWay++;
    }
  }

  /** Takes no more; resolves when all that is under way has ended. */
  drain(): Promise<void> {
    this.#open = false;
    return new Promise((resolve) => {
      this.#onAllEnded = resolve;
      if (this.#underWay === 0) resolve();
    });
  }

  /** Takes no more, and ends what is under way as not delivered. */
  close(): void {
    this.#open = false;
    this.#closed = true;
    for (const member of this.#roster.values()) member.link.abandon();
  }

  /** Closes, and stops the timer. */
  [Symbol.dispose](): void {
    this.close();
    this.#patience[Symbol.dispose]();
  }

  /** One that was under way has ended; for the deliveries themselves. */
  ended(): void {
    this.#underWay--;
    if (this.#underWay === 0) this.#onAllEnded?.();
  }

  /** Why a receiver's confirmation will not come any more. */
  explain(why: GiveUpReason, to: number): [Status, string] {
    if (why === "timeout") {
      const seconds = this.#patience.timeoutMs / 1000;
      return [
        Status.notConfirmed,
        `Client ${to} did not confirm within ${seconds} s`,
      ];
    }
    return this.#closed
      ? [Status.shuttingDown, "The server is shutting down"]
      : [Status.receiverGone, `Client ${to} left before it confirmed`];
  }
}

/** Waits for one receiver's confirmation of one message. */
class Confirmation extends Question {
  readonly #deliveries: LocalDeliveries;
  readonly #to: number;
  readonly #outcome: DeliveryOutcome;

  constructor(
    deliveries: LocalDeliveries,
    to: number,
    outcome: DeliveryOutcome,
  ) {
    super();
    this.#deliveries = deliveries;
    this.#to = to;
    this.#outcome = outcome;
  }

  override answer(response: Frame): void {
    let status: Status = Status.receiverRefused;
    let why = `Client ${this.#to} did not take it`;
    try {
      if (response.status === Status.ok) {
        decodePayload(response, empty);
        status = Status.ok;
      } else {
        const reason = decodePayload(response, refusal) ||
          statusName(response.status);
        why = sentence(`${why}: ${reason}`);
      }
    } finally {
      // If the answer made no sense it is the receiver's link that ends with an
      // error; the sender is told all the same.
      this.#outcome(status, why);
      this.#deliveries.ended();
    }
  }

  override giveUp(why: GiveUpReason): void {
    this.#outcome(...this.#deliveries.explain(why, this.#to));
    this.#deliveries.ended();
  }
}
