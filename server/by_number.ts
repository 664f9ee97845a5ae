import type { ListedClient, ListPage, ListQuery } from "../protocol/mod.ts";

/**
 * How many numbers a span has. In one array of all clients each that comes or
 * goes would move all behind it: with 300,000 that took 100 microseconds.
 */
const SPAN_SIZE = 1_000;

/**
 * Clients by ascending number, so that a page costs what it holds and no more.
 *
 * @typeParam Client What is known of each.
 */
export class ByNumber<Client extends ListedClient> {
  /** The clients of each span of numbers, by ascending number. */
  readonly #spans = new Map<number, Client[]>();
  /** The spans that have clients, by ascending number. */
  readonly #order: number[] = [];
  #size = 0;

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** All of them, in order. */
  *values(): Iterable<Client> {
    for (const span of this.#order) yield* this.#spans.get(span)!;
  }

  /** The client with this number. */
  get(id: number): Client | undefined {
    const clients = this.#spans.get(spanOf(id));
    const client = clients?.[countUpTo(clients, id) - 1];
    return client?.id === id ? client : undefined;
  }

  /** Adds a client, unless there is one with its number. */
  add(client: Client): void {
    const span = spanOf(client.id);
    let clients = this.#spans.get(span);
    if (clients === undefined) {
      clients = [];
      this.#spans.set(span, clients);
      this.#order.splice(countBelow(this.#order, span), 0, span);
    }
    const at = countUpTo(clients, client.id);
    if (clients[at - 1]?.id === client.id) return;
    clients.splice(at, 0, client);
    this.#size++;
  }

  /** Takes the client with this number out. */
  delete(id: number): void {
    const span = spanOf(id);
    const clients = this.#spans.get(span);
    if (clients === undefined) return;
    const at = countUpTo(clients, id) - 1;
    if (clients[at]?.id !== id) return;
    clients.splice(at, 1);
    this.#size--;
    if (clients.length > 0) return;
    this.#spans.delete(span);
    this.#order.splice(countBelow(this.#order, span), 1);
  }

  /** Takes all clients out of which `gone` is true. */
  deleteAll(gone: (client: Client) => boolean): void {
    for (const { id } of [...this.values()].filter(gone)) this.delete(id);
  }

  /** Some of them, as a list shows them. */
  page({ after, limit }: ListQuery): ListPage {
    const clients: ListedClient[] = [];
    const first = countBelow(this.#order, spanOf(after));
    for (let i = first; i < this.#order.length; i++) {
      const span = this.#spans.get(this.#order[i]!)!;
      for (let at = countUpTo(span, after); at < span.length; at++) {
        if (clients.length === limit) return { more: true, clients };
        clients.push(listed(span[at]!));
      }
    }
    return { more: false, clients };
  }
}

function spanOf(id: number): number {
  return Math.ceil(id / SPAN_SIZE);
}

function listed(
  { id, address, port, connectedMs }: ListedClient,
): ListedClient {
  return { id, address, port, connectedMs };
}

/** How many clients have this number or a smaller one. */
function countUpTo(clients: readonly ListedClient[], id: number): number {
  return countWhile(clients.length, (at) => clients[at]!.id <= id);
}

/** How many numbers are smaller than this one. */
function countBelow(numbers: readonly number[], number: number): number {
  return countWhile(numbers.length, (at) => numbers[at]! < number);
}

/** How many places, from the first on, are such that `holds`; then none is. */
function countWhile(count: number, holds: (at: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
