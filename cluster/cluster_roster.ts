import type { ListPage, ListQuery } from "../protocol/mod.ts";
import type { Member } from "../server/member.ts";
import {
  IncompleteError,
  type LocalRoster,
  type Roster,
} from "../server/roster.ts";
import type { Blocks } from "./blocks.ts";
import type { Neighbours } from "./neighbours.ts";
import type { Presence } from "./presence.ts";

/** What a cluster's roster is made of. */
export interface ClusterRosterParts {
  /** This node. */
  readonly self: number;
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
    const { clients, missing } = this.#parts.neighbours;
    const page = clients.page(query);
    if (page.more || missing.length === 0) return page;
    // Nobody is to take this for all: behind the last client comes the truth.
    if (page.clients.length > 0) return { ...page, more: true };
    const verb = missing.length === 1 ? "does" : "do";
    throw new IncompleteError(
      `${missing.join(", ")} ${verb} not answer: clients of other servers ` +
        "are missing",
    );
  }
}
