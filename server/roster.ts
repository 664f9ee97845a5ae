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
  readonly #members = new Map<number, Member>();
  /** By ascending number, so that a page costs what it holds and no more. */
  readonly #inOrder: Member[] = [];
  #lastId = 0;

  /** How many clients are connected. */
  get size(): number {
    return this.#members.size;
  }

  /** The clients, by ascending number. */
  values(): Iterable<Member> {
    return this.#inOrder.values();
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
    this.#inOrder.splice(this.#countUpTo(member.id), 0, member);
  }

  /** Takes a client out. */
  remove(member: Member): void {
    if (!this.#members.delete(member.id)) return;
    this.#inOrder.splice(this.#countUpTo(member.id) - 1, 1);
  }

  /** Some of the clients, by ascending number. */
  page({ after, limit }: ListQuery): ListPage {
    const start = this.#countUpTo(after);
    const end = start + limit;
    const clients = this.#inOrder.slice(start, end).map(listed);
    return { more: end < this.#inOrder.length, clients };
  }

  /** How many clients have this number or a smaller one. */
  #countUpTo(id: number): number {
    let low = 0;
    let high = this.#inOrder.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#inOrder[middle]!.id <= id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function listed({ id, address, port, connectedMs }: Member): ListedClient {
  return { id, address, port, connectedMs };
}
