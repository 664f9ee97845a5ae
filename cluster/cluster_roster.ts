import type { ListPage, ListQuery } from "../protocol/mod.ts";
import type { Member } from "../server/member.ts";
import {
  IncompleteError,
  type LocalRoster,
  type Roster,
} from "../server/roster.ts";
import type { Blocks } from "./blocks.ts";
import type { Bus } from "./bus.ts";
import type { Neighbours } from "./neighbours.ts";
import type { Presence } from "./presence.ts";

/** What a cluster's roster is made of. */
export interface ClusterRosterParts {
  /** This node. */
  readonly self: number;
  /** What joins it with the others. */
  readonly bus: Bus;
  /** This node's clients. */
  readonly local: LocalRoster;
  /** The numbers for them. */
  readonly blocks: Blocks;
  /** Who tells the others of them. */
  readonly presence: Presence;
  /** The clients of all nodes. */
  readonly neighbours: Neighbours;
}

/** The clients of all nodes of a cluster; those that come here get its numbers. */
export class ClusterRoster implements Roster {
  readonly #parts: ClusterRosterParts;

  /** Puts it together. */
  constructor(parts: ClusterRosterParts) {
    this.#parts = parts;
  }

  /** The next number of this node. */
  claim(): number | Promise<number> {
    return this.#parts.blocks.claim();
  }

  /** A number of this node is not in use any more. */
  release(id: number): void {
    this.#parts.blocks.release(id);
  }

  /** Adds a client of this node. */
  add(member: Member): void {
    const { self, local, presence, neighbours } = this.#parts;
    const { id, address, port, connectedMs } = member;
    local.add(member);
    neighbours.clients.add({ id, address, port, connectedMs, node: self });
    presence.joined(member);
  }

  /** Takes a client of this node out. */
  remove(member: Member): void {
    const { local, presence, neighbours } = this.#parts;
    local.remove(member);
    neighbours.clients.delete(member.id);
    presence.left(member);
  }

  /** Some of all clients, by ascending number. */
  page(query: ListQuery): ListPage {
    const page = this.#parts.neighbours.clients.page(query);
    if (page.more) return page;
    const why = this.#whyIncomplete();
    if (why === undefined) return page;
    // Nobody is to take this for all: behind the last client comes the truth.
    if (page.clients.length > 0) return { ...page, more: true };
    throw new IncompleteError(why);
  }

  #whyIncomplete(): string | undefined {
    const { bus, neighbours: { missing } } = this.#parts;
    if (missing.length > 0) {
      const [verb, whose] = missing.length === 1
        ? ["does", "its"]
        : ["do", "their"];
      return `${missing.join(", ")} ${verb} not answer: ${whose} clients are ` +
        "missing";
    }
    return bus.connected
      ? undefined
      : "NATS cannot be reached: clients of other servers may be missing";
  }
}
