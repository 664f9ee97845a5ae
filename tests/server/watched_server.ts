import { serve, type ServeOptions, type Server } from "../../server/mod.ts";
import type { ServerEvent } from "../../server/mod.ts";
import { within } from "./within.ts";

/** A test that waits so long for an event waits in vain, in milliseconds. */
const PATIENCE_MS = 10_000;

type Kind = ServerEvent["event"];
type Of<K extends Kind> = Extract<ServerEvent, { event: K }>;

/** What a server tells of itself, to be awaited. */
export class EventList {
  /** Everything that has happened, in order. */
  readonly all: ServerEvent[] = [];
  #change = Promise.withResolvers<void>();

  /** To be given to `serve` as `onEvent`. */
  readonly add = (event: ServerEvent): void => {
    this.all.push(event);
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  };

  /** All events of one kind, so far. */
  of<K extends Kind>(kind: K): Of<K>[] {
    return this.all.filter((event): event is Of<K> => event.event === kind);
  }

  /** The `count`th event of a kind, counted from 1; waits until it happens. */
  async nth<K extends Kind>(kind: K, count: number): Promise<Of<K>> {
    await this.until(() => this.of(kind).length >= count);
    return this.of(kind)[count - 1]!;
  }

  /** Waits until what has happened is as it is meant to be. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await within(PATIENCE_MS, this.#change.promise);
  }
}

/** A server on a free port of this machine, and what it tells of itself. */
export async function watchedServer(
  options: ServeOptions = {},
): Promise<Server & { events: EventList }> {
  const events = new EventList();
  const server = await serve({
    port: 0,
    name: "lab",
    onEvent: events.add,
    ...options,
  });
  return Object.assign(server, { events });
}
