import type { NodeEntry } from "../protocol/mod.ts";
import type { Cluster, LocalNode } from "../server/cluster.ts";
import { Blocks, rangeOf } from "./blocks.ts";
import type { Bus } from "./bus.ts";
import { ClusterDeliveries } from "./cluster_deliveries.ts";
import { ClusterRoster } from "./cluster_roster.ts";
import { type Neighbour, Neighbours } from "./neighbours.ts";
import { decodeNews, encodeJson, type News, Subjects } from "./news.ts";
import { type OwnState, Presence } from "./presence.ts";
import { reachableAddress } from "./reachable_address.ts";

/** How long to wait for what others tell of themselves, in milliseconds. */
const GREETING_MS = 300;
/** How long a node may take to say that it is there, in milliseconds. */
const PING_TIMEOUT_MS = 500;
/** Trouble of one kind is told so often at most, in milliseconds. */
const TROUBLE_MS = 60_000;

/** This node and all others that are on the same bus, as one. */
export class ClusterOfNodes implements Cluster {
  /** The clients of all nodes. */
  readonly roster: ClusterRoster;
  /** Deliveries to all of them. */
  readonly deliveries: ClusterDeliveries;
  readonly #node: LocalNode;
  readonly #bus: Bus;
  readonly #subjects: Subjects;
  readonly #blocks: Blocks;
  readonly #neighbours: Neighbours;
  readonly #presence: Presence;
  readonly #self: number;
  readonly #address: string;
  /** When trouble of each kind was told last, by `performance.now()`. */
  readonly #toldMs = new Map<string, number>();
  #doubled = false;

  /**
   * Has a server join the nodes on `bus` that are of the cluster with this name.
   *
   * @throws {Error} If no numbers can be had, or the bus refuses what a node does.
   */
  static async join(
    node: LocalNode,
    bus: Bus,
    name: string,
  ): Promise<ClusterOfNodes> {
    const subjects = new Subjects(name);
    const neighbours = new Neighbours(bus, subjects);
    let cluster: ClusterOfNodes | undefined;
    try {
      bus.subscribe(subjects.news, ({ bytes }) => {
        const news = decodeNews(bytes);
        if (cluster === undefined) neighbours.hear(news);
        else cluster.#hear(news);
      });
      const refusals: string[] = [];
      bus.onTrouble = ({ kind, what }) => {
        if (kind === "refused") refusals.push(what);
      };
      await greet(bus, subjects);
      throwFirst(refusals);
      const blocks = new Blocks(bus);
      // They may have come before NATS has lost its count.
      for (const { state } of neighbours.all) {
        blocks.passOver(state.highestBlock);
      }
      await blocks.fetch();
      // Whoever has been slow to refuse has done so before he answers that.
      throwFirst(refusals);
      cluster = new ClusterOfNodes(node, bus, subjects, blocks, neighbours);
      // So that the first client's list has everybody.
      await neighbours.settled();
      return cluster;
    } catch (error) {
      neighbours[Symbol.dispose]();
      throw error;
    }
  }

  private constructor(
    node: LocalNode,
    bus: Bus,
    subjects: Subjects,
    blocks: Blocks,
    neighbours: Neighbours,
  ) {
    const [self] = blocks.all;
    this.#node = node;
    this.#bus = bus;
    this.#subjects = subjects;
    this.#blocks = blocks;
    this.#neighbours = neighbours;
    this.#self = self!;
    this.#address = reachableAddress(node.address, bus.ownAddress);
    this.deliveries = new ClusterDeliveries({
      self: this.#self,
      local: node.deliveries,
      blocks,
      neighbours,
      bus,
      subjects,
      deliveryTimeoutMs: node.limits.deliveryTimeoutMs,
    });
    this.#presence = new Presence(
      bus,
      subjects,
      () => this.#state(),
      () => node.roster.values(),
    );
    this.roster = new ClusterRoster({
      self: this.#self,
      bus,
      local: node.roster,
      blocks,
      presence: this.#presence,
      neighbours,
    });
    blocks.onFetched = () => this.#presence.tell();
    neighbours.onLost = (other, name) => this.deliveries.lost(other, name);
    bus.onChange = (connected, why) => this.#changed(connected, why);
    bus.onTrouble = ({ kind, what }) => this.#trouble(kind, what);
    this.#presence.tell();
  }

  /** This node, and all others that are known; asks each whether it is there. */
  async nodes(): Promise<NodeEntry[]> {
    const others = await Promise.all(
      Array.from(this.#neighbours.all, (neighbour) => this.#ask(neighbour)),
    );
    const own = entry(this.#state());
    return [
      { ...own, self: true, missing: false, roundTripUs: 0 },
      ...others.toSorted((a, b) => a.name < b.name ? -1 : 1),
    ];
  }

  /** Tells the others that this node takes nothing new. */
  leave(): void {
    this.#presence.leaving();
  }

  /** Tells the others that this node has left, and leaves the bus. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.deliveries[Symbol.dispose]();
    this.#presence[Symbol.dispose]();
    this.#neighbours[Symbol.dispose]();
    this.#bus.onChange = () => {};
    await this.#bus[Symbol.asyncDispose]();
  }

  /** How this node is. */
  #state(): OwnState {
    const { name, sinceMs, roster, messagesPerSecond } = this.#node;
    return {
      id: this.#self,
      name,
      address: this.#address,
      sinceMs,
      clients: roster.size,
      messagesPerSecond: messagesPerSecond(),
      connection: this.#bus.connection,
      blocks: this.#blocks.all,
      highestBlock: this.#blocks.highest,
    };
  }

  /** News, this node's own among them. */
  #hear(news: News): void {
    if (news.kind === "who") return this.#presence.tell();
    if (news.kind === "state") {
      const { id, sinceMs, address, blocks, highestBlock } = news.state;
      if (sinceMs === this.#node.sinceMs && address === this.#address) return;
      if (blocks.some((block) => this.#blocks.owns(block))) {
        return this.#reportDouble();
      }
      this.#blocks.passOver(highestBlock);
      if (id !== this.#self) this.#neighbours.hear(news);
    } else if (news.id !== this.#self) {
      this.#neighbours.hear(news);
    }
  }

  /** The connection to the others was lost, or is back. */
  #changed(connected: boolean, why: string): void {
    if (connected) {
      this.#neighbours.listenAgain();
      this.#report(`NATS is back (${why}): all clients can be reached again`);
      this.#presence.tell();
      askWho(this.#bus, this.#subjects);
    } else {
      this.#neighbours.loseAll();
      this.#report(
        `NATS is gone (${why}): only this server's own clients can be reached ` +
          "until it is back",
      );
    }
  }

  /** Something has gone wrong on the bus: others may do so again and again. */
  #trouble(kind: string, what: string): void {
    const nowMs = performance.now();
    if (nowMs - (this.#toldMs.get(kind) ?? -Infinity) < TROUBLE_MS) return;
    this.#toldMs.set(kind, nowMs);
    this.#report(what);
  }

  /** Another node has numbers of this one: the count of all has begun anew. */
  #reportDouble(): void {
    if (this.#doubled) return;
    this.#doubled = true;
    this.#report(
      "another server has this one's numbers, as NATS has lost what it had " +
        "stored; start this server again, and keep JetStream's directory",
    );
  }

  #report(what: string): void {
    this.#node.report({ event: "trouble", what });
  }

  /** Asks a node whether it is there, and how far it is. */
  async #ask({ state, missing }: Neighbour): Promise<NodeEntry> {
    const startMs = performance.now();
    let answers = !missing;
    try {
      if (answers) {
        await this.#bus.request(
          this.#subjects.ping(state.id),
          new Uint8Array(0),
          PING_TIMEOUT_MS,
        );
      }
    } catch {
      answers = false;
    }
    const roundTripUs = Math.round((performance.now() - startMs) * 1000);
    return {
      ...entry(state),
      self: false,
      missing: !answers,
      roundTripUs: answers ? roundTripUs : 0,
    };
  }
}

/** Asks all nodes to tell how they are, and gives them time for it. */
async function greet(bus: Bus, subjects: Subjects): Promise<void> {
  askWho(bus, subjects);
  await new Promise((resolve) => setTimeout(resolve, GREETING_MS));
}

function throwFirst([refusal]: readonly string[]): void {
  if (refusal !== undefined) throw new Error(refusal);
}

function askWho(bus: Bus, subjects: Subjects): void {
  bus.publish(subjects.news, encodeJson({ kind: "who" }));
}

function entry(state: OwnState) {
  const { name, address, sinceMs, clients, messagesPerSecond, blocks } = state;
  return {
    name,
    address,
    sinceMs,
    clients,
    messagesPerSecond,
    ranges: blocks.map(rangeOf),
  };
}
