import type { NodeEntry } from "../protocol/mod.ts";
import type { Cluster, LocalNode } from "../server/cluster.ts";
import { Blocks, rangeOf } from "./blocks.ts";
import type { Bus } from "./bus.ts";
import { ClusterDeliveries } from "./cluster_deliveries.ts";
import { ClusterRoster } from "./cluster_roster.ts";
import { type Neighbour, Neighbours } from "./neighbours.ts";
import { decodeJson, encodeJson, type News, Subjects } from "./news.ts";
import { type OwnState, Presence } from "./presence.ts";

/** How long to wait for what others tell of themselves, in milliseconds. */
const GREETING_MS = 300;
/** How long a node may take to say that it is there, in milliseconds. */
const PING_TIMEOUT_MS = 500;

/** This node and all others that are on the same bus, as one. */
export class ClusterOfNodes implements Cluster {
  /** The clients of all nodes. */
  readonly roster: ClusterRoster;
  /** Deliveries to all of them. */
  readonly deliveries: ClusterDeliveries;
  readonly #bus: Bus;
  readonly #subjects: Subjects;
  readonly #presence: Presence;
  readonly #neighbours: Neighbours;
  readonly #state: () => OwnState;
  #connections = 1;
  #doubled = false;

  /**
   * Has a server join the nodes on `bus` that are of the cluster with this name.
   *
   * @throws {Error} If no numbers can be had.
   */
  static async join(
    node: LocalNode,
    bus: Bus,
    name: string,
  ): Promise<ClusterOfNodes> {
    const blocks = await Blocks.begin(bus, () => cluster.#presence.tell());
    const cluster = new ClusterOfNodes(node, bus, new Subjects(name), blocks);
    cluster.#greet();
    // So that the first client's list has everybody.
    await new Promise((resolve) => setTimeout(resolve, GREETING_MS));
    return cluster;
  }

  private constructor(
    node: LocalNode,
    bus: Bus,
    subjects: Subjects,
    blocks: Blocks,
  ) {
    const self = blocks.fetched[0]!;
    this.#bus = bus;
    this.#subjects = subjects;
    this.#state = () => ({
      id: self,
      name: node.name,
      address: node.address,
      sinceMs: node.sinceMs,
      clients: node.roster.size,
      messagesPerSecond: node.messagesPerSecond(),
      connection: this.#connections,
      blocks: blocks.fetched,
    });
    this.deliveries = new ClusterDeliveries({
      self,
      local: node.deliveries,
      blocks,
      bus,
      subjects,
      deliveryTimeoutMs: node.limits.deliveryTimeoutMs,
    });
    const neighbours = new Neighbours(bus, subjects, self, this.deliveries);
    this.deliveries.neighbours = neighbours;
    this.#neighbours = neighbours;
    this.#presence = new Presence(
      bus,
      subjects,
      this.#state,
      () => node.roster.values(),
    );
    this.roster = new ClusterRoster({
      self,
      local: node.roster,
      blocks,
      presence: this.#presence,
      neighbours,
    });
    bus.subscribe(subjects.news, ({ bytes }) => {
      const news = decodeJson<News>(bytes);
      if (isDouble(news, this.#state())) this.#reportDouble(node);
      if (news.kind === "who") this.#presence.tell();
      else if (!("id" in news) || news.id !== self) neighbours.hear(news);
    });
    bus.onChange = (connected, why) => {
      if (connected) {
        this.#connections++;
        node.report({
          event: "trouble",
          what: `NATS is back (${why}): all clients can be reached again`,
        });
        this.#greet();
      } else {
        neighbours.loseAll();
        node.report({
          event: "trouble",
          what:
            `NATS is gone (${why}): only this server's own clients can be ` +
            "reached until it is back",
        });
      }
    };
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

  /** Another node has this one's number: the count of all has begun anew. */
  #reportDouble(node: LocalNode): void {
    if (this.#doubled) return;
    this.#doubled = true;
    node.report({
      event: "trouble",
      what: "another server has this one's numbers, as NATS has lost what it " +
        "had stored; start this server again, and keep JetStream's directory",
    });
  }

  /** Tells who this is, and asks who else is there. */
  #greet(): void {
    this.#presence.tell();
    this.#bus.publish(this.#subjects.news, encodeJson({ kind: "who" }));
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

/** Whether news are of another node that has the same number. */
function isDouble(news: News, own: OwnState): boolean {
  return news.kind === "state" && news.state.id === own.id &&
    (news.state.sinceMs !== own.sinceMs || news.state.address !== own.address);
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
