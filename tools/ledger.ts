import { ConnectionError, type Delivery } from "../client/mod.ts";

/** How a send ended: `delivered`, or the reason why not. */
export type Outcome = string;

/** The connection was lost before it was known how a send ended. */
export const CONNECTION_LOST: Outcome = "connection-lost";

/** After these nothing was passed on, so that nobody can have seen it. */
const NOTHING_SENT: ReadonlySet<Outcome> = new Set([
  "unknown-number",
  "own-number",
  "receiver-busy",
  "unreachable",
  "text-too-long",
  "malformed",
  "too-many-requests",
  "too-many-unanswered",
  // Open when the server said that it shuts down.
  "undone",
]);

/** One send, as its sender's ledger has it. */
interface Send {
  readonly from: string;
  readonly to: string;
  /** Counts what one sender sends to one receiver, from 1. */
  readonly serial: number;
  readonly outcomes: Outcome[];
  /** How often its receiver saw it. */
  seen: number;
}

/** How many sends there were, and how they ended. */
export interface LedgerSummary {
  /** All sends. */
  readonly sent: number;
  /** Those that were reported delivered. */
  readonly delivered: number;
  /** The others by their reasons. */
  readonly notDelivered: Readonly<Record<Outcome, number>>;
  /** How many messages receivers saw. */
  readonly seen: number;
}

/**
 * The ledgers of senders and receivers, to be compared: each send ends in
 * exactly one of delivered and not delivered, and what was reported delivered
 * was seen by its receiver exactly once and in order. What was reported not
 * delivered was seen once at the most, and not at all if it was refused at once.
 *
 * Whoever sends or receives has a name here that is never used again, other
 * than a client's number.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const ledgers = new Ledgers();
 * const text = ledgers.send("alice", "bob");
 * ledgers.see("bob", text);
 * ledgers.settle(text, "delivered");
 * assertEquals(ledgers.faults(), []);
 * ledgers.see("bob", text);
 * assertEquals(ledgers.faults(), ["alice>bob#1 was seen 2 times"]);
 * ```
 */
export class Ledgers {
  readonly #sends = new Map<string, Send>();
  readonly #serials = new Map<string, number>();
  /** The serial that a receiver saw last of a sender. */
  readonly #lastSeen = new Map<string, number>();
  readonly #faults: string[] = [];
  /** What was forgotten, in sums. */
  readonly #past = { sent: 0, delivered: 0, seen: 0 };
  readonly #pastNotDelivered: Record<Outcome, number> = {};

  /**
   * Enters a send and, as soon as it is known, how it ended, which this resolves
   * to. `send` is given the text to send, and called at once.
   */
  async record(
    from: string,
    to: string,
    send: (text: string) => Promise<Delivery>,
  ): Promise<Outcome> {
    const text = this.send(from, to);
    const outcome = await outcomeOf(send(text));
    this.settle(text, outcome);
    return outcome;
  }

  /**
   * Enters a send, and returns the text to send: it tells one from another. A
   * space and anything else may be put behind it.
   */
  send(from: string, to: string): string {
    const pair = `${from}>${to}`;
    const serial = (this.#serials.get(pair) ?? 0) + 1;
    this.#serials.set(pair, serial);
    const text = `${pair}#${serial}`;
    this.#sends.set(text, { from, to, serial, outcomes: [], seen: 0 });
    return text;
  }

  /** Enters how a send ended. */
  settle(text: string, outcome: Outcome): void {
    const send = this.#sends.get(text);
    if (send === undefined) this.#faults.push(`${text} ended and was not sent`);
    else send.outcomes.push(outcome);
  }

  /** Whether it is not known yet how a send ended. */
  isOpen(text: string): boolean {
    return this.#sends.get(text)?.outcomes.length === 0;
  }

  /** Enters that a receiver saw a message. */
  see(receiver: string, message: string): void {
    const [text = ""] = message.split(" ", 1);
    const send = this.#sends.get(text);
    if (send === undefined) {
      this.#faults.push(`${receiver} saw ${text}, which nobody sent`);
      return;
    }
    send.seen++;
    const { from, to, serial } = send;
    if (to !== receiver) this.#faults.push(`${receiver} saw ${text}`);
    const pair = `${from}>${to}`;
    const last = this.#lastSeen.get(pair) ?? 0;
    if (serial < last) {
      this.#faults.push(`${text} was seen behind number ${last}`);
    }
    this.#lastSeen.set(pair, serial);
  }

  /**
   * Enters all that a receiver saw: what `listen --json` has printed. A line
   * that it was killed in does not count.
   */
  seePrinted(receiver: string, stdout: string): void {
    for (const line of stdout.split("\n").slice(0, -1)) {
      const { text } = JSON.parse(line);
      if (text !== undefined) this.see(receiver, text);
    }
  }

  /** What is wrong with the ledgers; nothing, if they agree. */
  faults(): string[] {
    const faults = [...this.#faults];
    for (const [text, send] of this.#sends) {
      const fault = faultOf(send);
      if (fault !== undefined) faults.push(`${text} ${fault}`);
    }
    return faults;
  }

  /**
   * Forgets the sends that are complete, so that hours of them fit in memory;
   * only the sums keep them. If one of them is seen once more, that is a message
   * which nobody sent. Whoever is in `gone` sends nothing and sees nothing any
   * more.
   */
  forget(gone: ReadonlySet<string> = new Set()): void {
    for (const [text, send] of this.#sends) {
      const { to, outcomes: [outcome], seen } = send;
      if (outcome === undefined || faultOf(send) !== undefined) continue;
      const complete = outcome === "delivered" || NOTHING_SENT.has(outcome);
      if (!complete && !gone.has(to)) continue;
      this.#sends.delete(text);
      this.#past.sent++;
      this.#past.seen += seen;
      if (outcome === "delivered") this.#past.delivered++;
      else count(this.#pastNotDelivered, outcome);
    }
    if (gone.size === 0) return;
    for (const pairs of [this.#serials, this.#lastSeen]) {
      for (const pair of pairs.keys()) {
        const [from, to] = pair.split(">");
        if (gone.has(from!) || gone.has(to!)) pairs.delete(pair);
      }
    }
  }

  /** The sums. */
  summary(): LedgerSummary {
    const notDelivered = { ...this.#pastNotDelivered };
    let { sent, delivered, seen } = this.#past;
    for (const send of this.#sends.values()) {
      sent++;
      seen += send.seen;
      const outcome = send.outcomes[0] ?? "open";
      if (outcome === "delivered") delivered++;
      else count(notDelivered, outcome);
    }
    return { sent, delivered, notDelivered, seen };
  }
}

async function outcomeOf(sending: Promise<Delivery>): Promise<Outcome> {
  try {
    const delivery = await sending;
    return delivery.delivered ? "delivered" : delivery.reason;
  } catch (error) {
    if (error instanceof ConnectionError) return CONNECTION_LOST;
    throw error;
  }
}

/** What is wrong with a send, if anything is. */
function faultOf({ outcomes, seen }: Send): string | undefined {
  const [outcome] = outcomes;
  if (outcome === undefined) return "has no end";
  if (outcomes.length > 1) return `ended as ${outcomes.join(" and as ")}`;
  if (seen > 1) return `was seen ${seen} times`;
  if (outcome === "delivered" && seen === 0) {
    return "was reported delivered and not seen";
  }
  if (NOTHING_SENT.has(outcome) && seen > 0) {
    return `was refused as ${outcome}, and seen`;
  }
  return undefined;
}

function count(counts: Record<Outcome, number>, outcome: Outcome): void {
  counts[outcome] = (counts[outcome] ?? 0) + 1;
}
