import type { ListedClient, ListPage, ListQuery } from "../protocol/mod.ts";
import type { Member } from "./member.ts";

/**
 * Who is connected. One server keeps it in memory; several that act as one
 * would share it, which is why two of its functions may take their time.
 */
export interface Roster {
  /** Gives out a number that is used once and never again. */
  claim(): number | Promise<number>;
  /** Adds a client under its number. */
  add(member: Member): void;
  /** Takes a client out. */
  remove(member: Member): void;
  /**
   * Some of the clients, by ascending number. Numbers are never used twice, so
   * whoever asks for page after page sees everybody who stays exactly once.
   */
  page(query: ListQuery): ListPage | Promise<ListPage>;
}

/** The roster of one server on its own: numbers 1, 2, 3 … in memory. */
export class LocalRoster implements Roster {
  /** In the order of their numbers, as numbers are claimed and added in order. */
  readonly #members = new Map<number, Member>();
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
    return this.#members.get(id);
  }

  /** The next number. */
  claim(): number {
    return ++this.#lastId;
  }

  /** Adds a client under its number. */
  add(member: Member): void {
    this.#members.set(member.id, member);
  }

  /** Takes a client out. */
  remove(member: Member): void {
    this.#members.delete(member.id);
  }

  /** Some of the clients, by ascending number. */
  page(query: ListQuery): ListPage {
    const clients: ListedClient[] = [];
    for (const member of this.#members.values()) {
      if (member.id <= query.after) continue;
      if (clients.length === query.limit) return { more: true, clients };
      const { id, address, port, connectedMs } = member;
      clients.push({ id, address, port, connectedMs });
    }
    return { more: false, clients };
  }
}
