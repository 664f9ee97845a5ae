import type { ListedClient } from "../protocol/mod.ts";
import { ByNumber } from "../server/by_number.ts";
import { blockOf } from "./blocks.ts";
import type { Bus } from "./bus.ts";
import {
  decodeSnapshot,
  encodeJson,
  type News,
  type NodeState,
  type Snapshot,
  type Subjects,
} from "./news.ts";

/** How long nodes may be silent. */
export interface NeighbourPatience {
  /**
   * Who has said nothing for so long is missing, in milliseconds.
   *
   * @default {2500}
   */
  readonly silenceMs?: number;
  /**
   * Who has said nothing for so long is forgotten, in milliseconds.
   *
   * @default {60000}
   */
  readonly forgetMs?: number;
}

/** How long a node may take to answer, in milliseconds. */
const ANSWER_MS = 1_000;

/** A client of some node. */
export interface ClusterClient extends ListedClient {
  /** The node that it is connected to. */
  readonly node: number;
}

/** Another node, as far as it is known. */
export interface Neighbour {
  /** What it has said of itself last. */
  readonly state: NodeState;
  /** Whether it has not been heard for too long. */
  readonly missing: boolean;
  /** Whether it is about to leave, and takes nothing new. */
  readonly leaving: boolean;
}

type Changes = Extract<News, { kind: "changes" }>;

/** The same, for the one who keeps it. */
interface Kept extends Neighbour {
  state: NodeState;
  missing: boolean;
  leaving: boolean;
  heardMs: number;
  /** What is known of its clients; `undefined` while that is being fetched. */
  version: number | undefined;
  /** What it has told while they were being fetched. */
  meanwhile: Changes[];
  /** How often they were fetched: an older answer that comes late is none. */
  fetches: number;
}

/**
 * The other nodes of a cluster and all of their clients, kept up to date by what
 * they tell. Who comes and who leaves is told with a number that counts on: if
 * one is missing, or a node is new or was missing, its clients are fetched as a
 * whole.
 */
export class Neighbours implements Disposable {
  /** The clients of all nodes; those of this one are added by others. */
  readonly clients = new ByNumber<ClusterClient>();
  /** Called when a node is missing, or has left: nothing of it is to be expected. */
  onLost: (node: number, name: string) => void = () => {};
  readonly #bus: Bus;
  readonly #subjects: Subjects;
  readonly #kept = new Map<number, Kept>();
  /** The nodes that blocks belong to. */
  readonly #owners = new Map<number, number>();
  /** What is under way to know all clients of nodes. */
  readonly #fetching = new Set<Promise<void>>();
  readonly #silenceMs: number;
  readonly #forgetMs: number;
  readonly #timer: ReturnType<typeof setInterval>;

  /** Knows nobody yet. */
  constructor(
    bus: Bus,
    subjects: Subjects,
    { silenceMs = 2_500, forgetMs = 60_000 }: NeighbourPatience = {},
  ) {
    this.#bus = bus;
    this.#subjects = subjects;
    this.#silenceMs = silenceMs;
    this.#forgetMs = forgetMs;
    this.#timer = setInterval(() => this.#look(), silenceMs / 5);
  }

  /** All that are known, missing ones too. */
  get all(): Iterable<Neighbour> {
    return this.#kept.values();
  }

  /** The names of those that are missing. */
  get missing(): string[] {
    return [...this.#kept.values()].filter(({ missing }) => missing)
      .map(({ state }) => state.name);
  }

  /** The connection that a node has spoken on last, if it is known. */
  connectionOf(node: number): number | undefined {
    return this.#kept.get(node)?.state.connection;
  }

  /** The node that a number belongs to, if one that is known has it. */
  ownerOf(number: number): Neighbour | undefined {
    const node = this.#owners.get(blockOf(number));
    return node === undefined ? undefined : this.#kept.get(node);
  }

  /** Resolves when the clients of all nodes are known that answer. */
  async settled(): Promise<void> {
    while (this.#fetching.size > 0) await Promise.all(this.#fetching);
  }

  /** Takes news of another node. */
  hear(news: News): void {
    switch (news.kind) {
      case "state":
        return this.#hearState(news.state);
      case "changes":
        return this.#hearChanges(news);
      case "leaving":
        return this.#hearLeaving(news.id);
      case "gone":
        return this.#forget(news.id);
    }
  }

  /** Nothing can be heard of anybody now. */
  loseAll(): void {
    for (const node of this.#kept.keys()) this.lose(node);
  }

  /** All can be heard again: their silence counts from now on. */
  listenAgain(): void {
    const nowMs = performance.now();
    for (const kept of this.#kept.values()) kept.heardMs = nowMs;
  }

  /** A node does not answer. */
  lose(node: number): void {
    const kept = this.#kept.get(node);
    if (kept === undefined || kept.missing) return;
    kept.missing = true;
    kept.version = undefined;
    kept.meanwhile = [];
    this.clients.deleteAll((client) => client.node === node);
    this.onLost(node, kept.state.name);
  }

  /** Listens no more. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #hearState(state: NodeState): void {
    let kept = this.#kept.get(state.id);
    if (kept === undefined) {
      this.#forgetFormer(state);
      kept = {
        state,
        missing: true,
        leaving: false,
        heardMs: 0,
        version: undefined,
        meanwhile: [],
        fetches: 0,
      };
      this.#kept.set(state.id, kept);
    }
    // It comes late, from a connection that is over.
    if (state.connection < kept.state.connection) return;
    if (state.connection > kept.state.connection) this.lose(state.id);
    const isNew = kept.missing;
    this.#keepState(kept, state);
    kept.missing = false;
    kept.heardMs = performance.now();
    if (kept.leaving) return;
    const known = kept.version;
    if (isNew || known !== undefined && known !== state.version) {
      this.#fetch(kept);
    }
  }

  /** Takes note of what a node says of itself; blocks that are over it leaves out. */
  #keepState(kept: Kept, state: NodeState): void {
    for (const block of kept.state.blocks) this.#owners.delete(block);
    for (const block of state.blocks) this.#owners.set(block, state.id);
    kept.state = state;
  }

  #hearChanges(news: Changes): void {
    const kept = this.#kept.get(news.id);
    if (kept === undefined || kept.missing || kept.leaving) return;
    kept.heardMs = performance.now();
    if (kept.version === undefined) {
      kept.meanwhile.push(news);
    } else if (news.since === kept.version) {
      this.#apply(kept, news);
    } else if (news.version !== kept.version) {
      this.#fetch(kept);
    }
  }

  #hearLeaving(node: number): void {
    const kept = this.#kept.get(node);
    if (kept === undefined) return;
    kept.leaving = true;
    this.clients.deleteAll((client) => client.node === node);
  }

  #apply(kept: Kept, { joined, left, version }: Changes): void {
    const node = kept.state.id;
    for (const client of joined) this.clients.add({ ...client, node });
    for (const id of left) this.clients.delete(id);
    kept.version = version;
  }

  #fetch(kept: Kept): void {
    const fetching = this.#fetchClients(kept)
      .finally(() => this.#fetching.delete(fetching));
    this.#fetching.add(fetching);
  }

  /** Fetches the clients of a node as a whole. */
  async #fetchClients(kept: Kept): Promise<void> {
    const { id: node } = kept.state;
    kept.version = undefined;
    kept.meanwhile = [];
    const fetch = ++kept.fetches;
    const isOver = () => kept.missing || kept.leaving || kept.fetches !== fetch;
    try {
      const clients: ListedClient[] = [];
      let page: Snapshot;
      do {
        const after = clients.at(-1)?.id ?? 0;
        page = decodeSnapshot(
          await this.#bus.request(
            this.#subjects.clients(node),
            encodeJson(after),
            ANSWER_MS,
          ),
        );
        clients.push(...page.clients);
      } while (page.more);
      if (isOver()) return;
      this.clients.deleteAll((client) => client.node === node);
      for (const client of clients) this.clients.add({ ...client, node });
      // Numbers are never used twice: what was told since the first page can be
      // applied whether the pages have it already or not.
      for (const news of kept.meanwhile) this.#apply(kept, news);
      kept.version = Math.max(page.version, kept.version ?? 0);
      kept.meanwhile = [];
    } catch {
      // Its next state, or its silence, decides.
      if (!isOver()) kept.version = -1;
    }
  }

  #forget(node: number): void {
    const kept = this.#kept.get(node);
    if (kept === undefined) return;
    this.lose(node);
    this.#kept.delete(node);
    for (const block of kept.state.blocks) this.#owners.delete(block);
  }

  /**
   * A node has come; one that was called the same at the same place may be what
   * it was before. If it is gone, nobody waits for it.
   */
  #forgetFormer({ name, address }: NodeState): void {
    for (const { state, missing } of this.#kept.values()) {
      if (state.name !== name || state.address !== address) continue;
      const { id } = state;
      if (missing) this.#forget(id);
      else this.#ask(id).catch(() => this.#forget(id));
    }
  }

  /**
   * Asks a node whether it is there.
   *
   * @throws {Error} If it is not.
   */
  async #ask(node: number): Promise<void> {
    const nothing = new Uint8Array(0);
    await this.#bus.request(this.#subjects.ping(node), nothing, ANSWER_MS);
  }

  #look(): void {
    // What cannot be heard says nothing by its silence.
    if (!this.#bus.connected) return;
    const nowMs = performance.now();
    for (const [node, { heardMs, missing }] of this.#kept) {
      const silentMs = nowMs - heardMs;
      if (missing && silentMs > this.#forgetMs) this.#forget(node);
      else if (!missing && silentMs > this.#silenceMs) this.lose(node);
    }
  }
}
