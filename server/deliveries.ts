import {
  Command,
  decodePayload,
  empty,
  forwardedMessage,
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

/**
 * A text on its way, for whoever has sent it: hears once how that ended. It is
 * the question to the receiver, too, as a relay makes one for every message.
 */
export abstract class Delivery extends Question {
  /** Whom it goes to: the deliveries' own. */
  declare to: number;
  /** Where it is under way: the deliveries' own. */
  declare deliveries: LocalDeliveries | undefined;

  /** Makes one that is not under way yet. */
  constructor() {
    super();
    this.to = 0;
    this.deliveries = undefined;
  }

  /** It has ended, with `Status.ok`, or with a refusal and why. */
  abstract end(status: Status, why: string): void;

  /** The receiver has answered. */
  override answer(response: Frame): void {
    let confirmed = false;
    let reason = "";
    try {
      if (response.status === Status.ok) {
        decodePayload(response, empty);
        confirmed = true;
      } else {
        reason = decodePayload(response, refusal) ||
          statusName(response.status);
      }
    } finally {
      // If the answer made no sense it is the receiver's link that ends with an
      // error; the sender is told all the same.
      if (confirmed) this.end(Status.ok, "");
      else this.end(Status.receiverRefused, notTaken(this.to, reason));
      this.deliveries!.ended();
    }
  }

  /** The receiver will not answer. */
  override giveUp(why: GiveUpReason): void {
    this.end(...this.deliveries!.explain(why, this.to));
    this.deliveries!.ended();
  }
}

function notTaken(by: number, reason: string): string {
  const what = `Client ${by} did not take it`;
  return reason === "" ? what : sentence(`${what}: ${reason}`);
}

/**
 * The way of a text from one client to another: who waits for which
 * confirmation.
 */
export interface Deliveries {
  /**
   * Passes on the text of a request `send`, whose payload that is, and ends
   * `delivery` once it is certain whether the receiver has confirmed it. What one
   * sender sends to one receiver arrives in the order of the calls. `send` is
   * good only during the call.
   */
  deliver(
    from: Sender,
    to: number,
    send: Uint8Array,
    delivery: Delivery,
  ): void;
  /** Takes no more; resolves when all that is under way has ended. */
  drain(): Promise<void>;
  /** Takes no more, and ends what is under way as not delivered. */
  close(): void;
}

/** Who sends a text: what the receiver is told of it. */
export type Sender = Pick<Member, "origin">;

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

  /** Passes the text on, if there is anybody to take it. */
  deliver(
    from: Sender,
    to: number,
    send: Uint8Array,
    delivery: Delivery,
  ): void {
    const receiver = this.#roster.find(to);
    if (!this.#open) {
      delivery.end(Status.shuttingDown, "The server is shutting down");
    } else if (receiver === undefined) {
      delivery.end(Status.unknownNumber, `No client has number ${to}`);
    } else if (receiver.link.queued > this.#limits.maxQueue) {
      delivery.end(
        Status.receiverBusy,
        `Client ${to} does not read fast enough; too much waits for it`,
      );
    } else if (receiver.link.asked >= this.#limits.maxUnconfirmed) {
      delivery.end(
        Status.receiverBusy,
        `Client ${to} does not confirm fast enough; too much waits for it`,
      );
    } else {
      delivery.to = to;
      delivery.deliveries = this;
      receiver.link.ask(
        FrameType.indication,
        Command.message,
        forwardedMessage,
        { origin: from.origin, send },
        this.#patience,
        delivery,
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
