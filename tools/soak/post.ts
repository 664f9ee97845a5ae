import { Ledgers, type Outcome } from "../ledger.ts";
import type { Findings } from "./findings.ts";
import { compose, isWhole } from "./letters.ts";
import type { Random } from "./random.ts";

/**
 * What a text begins with that nobody answers for: those who disturb send such,
 * and enter them nowhere.
 */
export const STRAY = "stray ";

/** After this time nothing that somebody sent or got is under way any more. */
const AFTERMATH_MS = 20_000;

/**
 * So much later than the server has surely taken a confirmation, in milliseconds,
 * nobody may be told that it did not come: less than the delivery timeout, and
 * longer than what a busy machine lets one program wait.
 */
const SURE_MS = 700;

/** Texts of up to so many bytes are too short to say who they are from. */
const TINY_SIZE = 2;

/** The first and the number of the characters that tiny texts are made of. */
const TINY_FIRST = 33;
const TINY_RANGE = 94;

/** Somebody who can be written to. */
export interface Addressee {
  /** The name in the ledgers, which nobody else ever has. */
  readonly name: string;
  /** The client's number. */
  readonly number: number;
  /** Whether it is known at once what this one got; else only later. */
  readonly prompt: boolean;
}

/** A text that is about to be sent. */
export interface Letter {
  /** What stands in the ledger. */
  readonly key: string;
  /** What goes over the wire. */
  readonly text: string;
}

/** What a post needs. */
export interface PostOptions {
  /** Where it enters what should not have come, and what was told wrongly. */
  readonly findings: Findings;
  /**
   * By when the server has surely taken what was sent to it before `fromMs`, or
   * Infinity if that is not known. Both times are of `performance.now()`.
   */
  readonly takenBy: (fromMs: number) => number;
}

/**
 * Who writes to whom, and what came: an address book in front of the ledgers.
 */
export class Post {
  /** What was sent and seen. */
  readonly ledgers = new Ledgers();
  readonly #findings: Findings;
  readonly #takenBy: PostOptions["takenBy"];
  readonly #addressees: Addressee[] = [];
  /** The names of all who have a number, or had one not long ago. */
  readonly #names = new Map<number, string>();
  /** When somebody left, in milliseconds on the clock of `performance.now()`. */
  readonly #left = new Map<Addressee, number>();
  /** The keys of tiny texts that can still arrive, by {@linkcode tinyPlace}. */
  readonly #tiny = new Map<string, string>();
  /** The places of tiny texts that have not ended, by their keys. */
  readonly #tinyPlaces = new Map<string, string>();
  #lastTiny = 0;
  /** When letters that have not ended were confirmed, by their keys. */
  readonly #confirmed = new Map<string, number>();

  /** Makes one that knows nobody yet. */
  constructor({ findings, takenBy }: PostOptions) {
    this.#findings = findings;
    this.#takenBy = takenBy;
  }

  /** Enters somebody, who can be written to from now on. */
  join(addressee: Addressee): void {
    this.#addressees.push(addressee);
    this.#names.set(addressee.number, addressee.name);
  }

  /** Strikes somebody out, who has got and sent all there is. */
  leave(addressee: Addressee): void {
    const at = this.#addressees.indexOf(addressee);
    if (at === -1) return;
    const last = this.#addressees.pop()!;
    if (last !== addressee) this.#addressees[at] = last;
    this.#left.set(addressee, performance.now());
  }

  /** Somebody to write to. */
  pick(random: Random): Addressee {
    return random.pick(this.#addressees);
  }

  /** Writes a letter of `size` bytes, or a few more. */
  write(from: Addressee, to: Addressee, size: number): Letter {
    const key = this.ledgers.send(from.name, to.name);
    if (size > TINY_SIZE || !to.prompt) {
      return { key, text: compose(key, size) };
    }
    const text = this.#nextTiny(size);
    const place = tinyPlace(from.number, to.name, text);
    if (this.#tiny.has(place)) return { key, text: key };
    this.#tiny.set(place, key);
    this.#tinyPlaces.set(key, place);
    return { key, text };
  }

  /** Enters how a letter ended. */
  settle({ key }: Letter, outcome: Outcome): void {
    this.ledgers.settle(key, outcome);
    this.#compare(key, outcome);
    const place = this.#tinyPlaces.get(key);
    if (place === undefined) return;
    this.#tinyPlaces.delete(key);
    // Of the others nobody knows whether they will still arrive.
    if (outcome === "delivered") this.#tiny.delete(place);
  }

  /** Enters what somebody got; returns what to {@linkcode Post.confirm} it by. */
  take(to: string, from: number, text: string): string | undefined {
    const name = this.#names.get(from);
    if (text.startsWith(STRAY)) {
      if (name !== undefined) {
        this.#findings.add(`${to} got a stray text from ${name}`);
      }
      return undefined;
    }
    const key = text.length <= TINY_SIZE
      ? this.#tiny.get(tinyPlace(from, to, text))
      : text;
    if (name === undefined || key === undefined) {
      const start = JSON.stringify(text.slice(0, 40));
      this.#findings.add(
        `${to} got ${start} from number ${from}, which did not send it`,
      );
    } else if (!isWhole(key)) {
      const { length } = text;
      const start = JSON.stringify(text.slice(0, 40));
      this.#findings.add(`${to} got ${start} (${length} characters) damaged`);
    } else if (!key.startsWith(`${name}>`)) {
      this.#findings.add(`${to} got ${key.split(" ", 1)} from ${name}`);
    }
    if (key === undefined) return undefined;
    this.ledgers.see(to, key);
    return key.split(" ", 1)[0];
  }

  /** Enters that a letter is confirmed now. */
  confirm(key: string | undefined): void {
    if (key === undefined || !this.ledgers.isOpen(key)) return;
    this.#confirmed.set(key, performance.now());
  }

  /** Forgets what is complete, and those who left a while ago. */
  tidy(nowMs = performance.now()): void {
    const gone = new Set<string>();
    for (const [addressee, leftMs] of this.#left) {
      if (nowMs < leftMs + AFTERMATH_MS) break;
      gone.add(addressee.name);
      this.#left.delete(addressee);
      this.#names.delete(addressee.number);
    }
    this.ledgers.forget(gone);
    for (const [place, key] of this.#tiny) {
      const [from, to] = key.split(/[>#]/);
      if (gone.has(from!) || gone.has(to!)) this.#tiny.delete(place);
    }
  }

  /** Complains if the server did not tell of a confirmation that it has taken. */
  #compare(key: string, outcome: Outcome): void {
    const confirmedMs = this.#confirmed.get(key);
    if (confirmedMs === undefined) return;
    this.#confirmed.delete(key);
    if (outcome !== "not-confirmed") return;
    const takenMs = this.#takenBy(confirmedMs);
    if (takenMs + SURE_MS > performance.now()) return;
    this.#findings.add(`${key} was confirmed, and reported as ${outcome}`);
  }

  #nextTiny(size: number): string {
    this.#lastTiny++;
    const first = this.#lastTiny % TINY_RANGE;
    const second = Math.floor(this.#lastTiny / TINY_RANGE) % TINY_RANGE;
    return String
      .fromCharCode(TINY_FIRST + first, TINY_FIRST + second)
      .slice(0, Math.max(1, size));
  }
}

/** Where a tiny text is found again by whom it came from, and to whom. */
function tinyPlace(from: number, to: string, text: string): string {
  return `${from} ${to} ${text}`;
}
