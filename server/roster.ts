import type { ListPage, ListQuery } from "../protocol/mod.ts";
import { ByNumber } from "./by_number.ts";
import type { Member } from "./member.ts";

/**
 * Who is connected. One server keeps it in memory; several that act as one
 * share it, which is why two of its functions may take their time.
 */
export interface Roster {
  /**
   * Gives out a number that is used once and never again.
   *
   * @throws {NoNumberError} If there is none to be had now.
   */
  claim(): number | Promise<number>;
  /**
   * Whoever has claimed this number is gone, whether he was added or not: nobody
   * will be found under it any more.
   */
  release(id: number): void;
  /** Adds a client under its number. */
  add(member: Member): void;
  /** Takes a client out. */
  remove(member: Member): void;
  /**
   * Some of the clients, by ascending number. Numbers are never used twice, so
   * whoever asks for page after page sees everybody who stays exactly once.
   *
   * @throws {IncompleteError} Behind the last client, if some are missing.
   */
  page(query: ListQuery): ListPage | Promise<ListPage>;
}

/** No number can be given out now; the message says why. */
export class NoNumberError extends Error {
  /** What kind of error it is. */
  override readonly name = "NoNumberError";
}

/** The list does not have everybody; the message says who is missing. */
export class IncompleteError extends Error {
  /** What kind of error it is. */
  override readonly name = "IncompleteError";
}

/** The roster of one server on its own: numbers 1, 2, 3 … in memory. */
export class LocalRoster implements Roster {
  readonly #members = new ByNumber<Member>();
  /** For whoever sends: each message asks for one. */
  readonly #byId = new Map<number, Member>();
  #lastId = 0;

  /** How many clients are connected. */
  get size(): number {
    return this.#members.size;
  }

  /** The clients, by ascending number. */
  values(): Iterable<Member> {
    return this.#members.values();
  }

  /** The client with this number. */
  find(id: number): Member | undefined {
    return this.#byId.get(id);
  }

  /** The next number. */
  claim(): number {
    return ++this.#lastId;
  }

  /** Does nothing: a number that was counted needs no memory. */
  release(_id: number): void {}

  /** Adds a client under its number. */
  add(member: Member): void {
    this.#members.add(member);
    this.#byId.set(member.id, member);
  }

  /** Takes a client out. */
  remove(member: Member): void {
    this.#members.delete(member.id);
    this.#byId.delete(member.id);
  }

  /** Some of the clients, by ascending number. */
  page(query: ListQuery): ListPage {
    return this.#members.page(query);
  }
}
