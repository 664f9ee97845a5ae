import type { ListedClient } from "../protocol/mod.ts";
import type { Member } from "../server/member.ts";
import type { Bus } from "./bus.ts";
import {
  decodeNumber,
  encodeJson,
  type News,
  type NodeState,
  type Snapshot,
  type Subjects,
} from "./news.ts";

/** How often a node says that it is there, in milliseconds. */
const STATE_MS = 500;
/** How long who comes and who leaves is collected, in milliseconds. */
const COLLECT_MS = 50;
/** How many clients are told of at once, at most. */
const CLIENTS_AT_ONCE = 2_000;
/** How long a client is in JSON, at most, in bytes; a number of one is shorter. */
const CLIENT_SIZE = 150;
/** What stands around them, likewise. */
const AROUND_SIZE = 250;

/** What a node knows of itself. */
export type OwnState = Omit<NodeState, "version">;

/**
 * Tells the other nodes that this one is there, and who comes to it and leaves.
 */
export class Presence implements Disposable {
  readonly #bus: Bus;
  readonly #subjects: Subjects;
  readonly #state: () => OwnState;
  readonly #members: () => Iterable<Member>;
  readonly #id: number;
  /** How many clients are told of at once: as many as the bus takes. */
  readonly #clientsAtOnce: number;
  readonly #stateTimer: ReturnType<typeof setInterval>;
  #collectTimer: ReturnType<typeof setTimeout> | undefined;
  #version = 0;
  /** Who has come and who has left since it was told last. */
  #joined = new Map<number, ListedClient>();
  #left: number[] = [];

  /** Begins to tell; `members` are this node's clients, by ascending number. */
  constructor(
    bus: Bus,
    subjects: Subjects,
    state: () => OwnState,
    members: () => Iterable<Member>,
  ) {
    this.#bus = bus;
    this.#subjects = subjects;
    this.#state = state;
    this.#members = members;
    this.#id = state().id;
    this.#clientsAtOnce = Math.min(
      CLIENTS_AT_ONCE,
      Math.floor((bus.maxPayload - AROUND_SIZE) / CLIENT_SIZE),
    );
    this.#stateTimer = setInterval(() => this.tell(), STATE_MS);
    bus.subscribe(subjects.clients(this.#id), ({ bytes, respond }) => {
      respond(encodeJson(this.#snapshot(decodeNumber(bytes))));
    });
    bus.subscribe(subjects.ping(this.#id), ({ respond }) => {
      respond(new Uint8Array(0));
    });
  }

  /** Tells how this node is, now. */
  tell(): void {
    const state = { ...this.#state(), version: this.#version };
    this.#publish({ kind: "state", state });
  }

  /** Tells that a client has come. */
  joined({ id, address, port, connectedMs }: Member): void {
    this.#joined.set(id, { id, address, port, connectedMs });
    this.#collect();
  }

  /** Tells that a client has left. */
  left({ id }: Member): void {
    // Who has come a moment ago may be in a snapshot all the same.
    this.#joined.delete(id);
    this.#left.push(id);
    this.#collect();
  }

  /** Tells that this node is about to leave. */
  leaving(): void {
    this.#publish({ kind: "leaving", id: this.#id });
  }

  /** Tells that this node has left, and nothing more. */
  [Symbol.dispose](): void {
    clearInterval(this.#stateTimer);
    clearTimeout(this.#collectTimer);
    this.#publish({ kind: "gone", id: this.#id });
  }

  #collect(): void {
    const collected = this.#joined.size + this.#left.length;
    if (collected >= this.#clientsAtOnce) return this.#tellChanges();
    this.#collectTimer ??= setTimeout(() => this.#tellChanges(), COLLECT_MS);
  }

  #tellChanges(): void {
    clearTimeout(this.#collectTimer);
    this.#collectTimer = undefined;
    const since = this.#version++;
    this.#publish({
      kind: "changes",
      id: this.#id,
      since,
      version: this.#version,
      joined: [...this.#joined.values()],
      left: this.#left,
    });
    this.#joined = new Map();
    this.#left = [];
  }

  /** Clients as they were told of: what is being collected is still to be told. */
  #snapshot(after: number): Snapshot {
    const clients: ListedClient[] = [];
    for (const { id, address, port, connectedMs } of this.#members()) {
      if (id <= after) continue;
      if (clients.length === this.#clientsAtOnce) {
        return { version: this.#version, clients, more: true };
      }
      clients.push({ id, address, port, connectedMs });
    }
    return { version: this.#version, clients, more: false };
  }

  #publish(news: News): void {
    this.#bus.publish(this.#subjects.news, encodeJson(news));
  }
}
