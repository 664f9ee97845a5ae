import { Status } from "../protocol/mod.ts";
import { Expiring, ExpiryQueue } from "../link/mod.ts";
import {
  type Deliveries,
  Delivery,
  type LocalDeliveries,
  type Sender,
} from "../server/deliveries.ts";
import {
  Batch,
  type BatchHead,
  BatchKind,
  type Outcome,
  readBatch,
  type RelayedText,
} from "./batch.ts";
import type { Blocks } from "./blocks.ts";
import type { Bus } from "./bus.ts";
import type { Neighbours } from "./neighbours.ts";
import type { Subjects } from "./news.ts";

/**
 * A batch is sent when it has so many bytes, even in the middle of a turn; or half
 * of what the bus takes at once, if that is less: the other half is for one text.
 */
const LARGEST_BATCH = 256 * 1024;

/**
 * So many bytes of texts may be sent to a node that it has not taken: more would
 * only wait in somebody's memory.
 */
const MOST_UNTAKEN = 8 * 1024 * 1024;

/** A node tells how much it has taken at the latest when it is so much more. */
const TELL_TAKEN = 1024 * 1024;

/** What a cluster's deliveries are made of. */
export interface ClusterDeliveriesParts {
  /** This node. */
  readonly self: number;
  /** Deliveries to this node's clients. */
  readonly local: LocalDeliveries;
  /** Their numbers. */
  readonly blocks: Blocks;
  /** The other nodes. */
  readonly neighbours: Neighbours;
  readonly bus: Bus;
  readonly subjects: Subjects;
  /** How long a receiver may take to confirm, in milliseconds. */
  readonly deliveryTimeoutMs: number;
}

/** What is under way to a node, and what it will be told next. */
interface Way {
  readonly texts: Batch;
  readonly outcomes: Batch;
  /** What the node has not said the outcome of, by its id. */
  readonly waiting: Map<number, Hop>;
  /** How many bytes of texts were sent to the node, modulo 2^32. */
  sent: number;
  /** How many of them it has taken, as it says. */
  taken: number;
  /** Whether `taken` counts from another beginning, as the node was lost. */
  afresh: boolean;
  /** The connection that it has sent its last batch on. */
  connection: number;
  /** How many were taken from it, and how many it was told of. */
  takenHere: number;
  toldTaken: number;
}

/** A text that is under way to another node. */
class Hop extends Expiring {
  readonly id: number;
  readonly to: number;
  readonly delivery: Delivery;
  readonly #onExpired: (hop: Hop) => void;

  constructor(
    id: number,
    to: number,
    delivery: Delivery,
    onExpired: (hop: Hop) => void,
  ) {
    super();
    this.id = id;
    this.to = to;
    this.delivery = delivery;
    this.#onExpired = onExpired;
  }

  override expire(): void {
    this.#onExpired(this);
  }
}

/** A text from another node, which wants to know how it ends. */
class Relayed extends Delivery {
  // A question to the receiver has an `id` of its own.
  declare readonly hop: number;
  declare readonly node: number;
  declare readonly tell: (node: number, outcome: Outcome) => void;

  constructor(
    hop: number,
    node: number,
    tell: (node: number, outcome: Outcome) => void,
  ) {
    super();
    this.hop = hop;
    this.node = node;
    this.tell = tell;
  }

  override end(status: Status, why: string): void {
    this.tell(this.node, { id: this.hop, status, why });
  }
}

/**
 * Deliveries to the clients of all nodes. A text for another node's client goes
 * there in a batch with all others of the same turn of the event loop, is
 * delivered there as one of its own, and its outcome comes back in the same way.
 */
export class ClusterDeliveries implements Deliveries, Disposable {
  readonly #parts: ClusterDeliveriesParts;
  readonly #patience: ExpiryQueue;
  readonly #ways = new Map<number, Way>();
  readonly #unsent = new Set<number>();
  readonly #largestBatch: number;
  #lastId = 0;
  #open = true;
  #underWay = 0;
  #onAllEnded: (() => void) | undefined;

  /** Begins to take what other nodes send. */
  constructor(parts: ClusterDeliveriesParts) {
    this.#parts = parts;
    this.#patience = new ExpiryQueue(parts.deliveryTimeoutMs);
    const { bus, subjects, self } = parts;
    this.#largestBatch = Math.min(LARGEST_BATCH, bus.maxPayload / 2);
    bus.subscribe(subjects.batches(self), ({ bytes }) => {
      readBatch(bytes, {
        begin: (head, size) => this.#takeBatch(head, size),
        text: (from, text) => this.#takeText(from, text),
        outcome: (from, outcome) => this.#takeOutcome(from, outcome),
      });
    });
    bus.subscribe(subjects.untaken(self, "*"), ({ subject, noResponders }) => {
      const node = Number(subject.slice(subject.lastIndexOf(".") + 1));
      if (noResponders) parts.neighbours.lose(node);
    });
  }

  /** Passes the text on, here or to another node. */
  deliver(
    from: Sender,
    to: number,
    send: Uint8Array,
    delivery: Delivery,
  ): void {
    const { local, blocks, neighbours } = this.#parts;
    if (blocks.has(to)) return local.deliver(from, to, send, delivery);
    if (!this.#open) {
      return delivery.end(Status.shuttingDown, "The server is shutting down");
    }
    const owner = neighbours.ownerOf(to);
    if (owner === undefined) {
      return delivery.end(Status.unknownNumber, `No client has number ${to}`);
    }
    if (owner.leaving) {
      const why = `Client ${to} leaves, as its server is shutting down`;
      return delivery.end(Status.shuttingDown, why);
    }
    const { id: node, name } = owner.state;
    if (owner.missing) {
      const why = this.#parts.bus.connected
        ? `the server ${name} does not answer`
        : "the other servers cannot be reached";
      return delivery.end(Status.unreachable, `Client ${to}: ${why}`);
    }
    const way = this.#wayTo(node);
    if (((way.sent - way.taken) >>> 0) + way.texts.size > MOST_UNTAKEN) {
      return delivery.end(
        Status.receiverBusy,
        `The server ${name} does not read fast enough; too much waits for it`,
      );
    }
    const id = this.#nextId();
    const hop = new Hop(id, to, delivery, (hop) => {
      const seconds = this.#patience.timeoutMs / 1000;
      this.#end(
        way,
        hop,
        Status.notConfirmed,
        `Client ${to} did not confirm within ${seconds} s`,
      );
    });
    way.waiting.set(id, hop);
    this.#underWay++;
    this.#patience.add(hop);
    way.texts.addText({ id, origin: from.origin, send });
    this.#sendSoon(node, way.texts);
  }

  /** Takes no more; resolves when all that is under way has ended. */
  async drain(): Promise<void> {
    this.#open = false;
    const ended = new Promise<void>((resolve) => {
      this.#onAllEnded = resolve;
      if (this.#underWay === 0) resolve();
    });
    await Promise.all([this.#parts.local.drain(), ended]);
  }

  /** Takes no more, and ends what is under way as not delivered. */
  close(): void {
    this.#open = false;
    this.#parts.local.close();
    for (const way of this.#ways.values()) {
      this.#endAll(way, Status.shuttingDown, "The server is shutting down");
    }
  }

  /** Nothing of that node is to be expected. */
  lost(node: number, name: string): void {
    const way = this.#ways.get(node);
    if (way === undefined) return;
    this.#endAll(
      way,
      Status.receiverGone,
      `the server ${name} left before it confirmed`,
    );
    this.#takeOut(way, way.texts);
    this.#takeOut(way, way.outcomes);
    way.sent = way.taken = 0;
    way.afresh = true;
  }

  /** Sends what is to be sent, and stops the timer. */
  [Symbol.dispose](): void {
    this.#sendAll();
    this.#patience[Symbol.dispose]();
  }

  /** Takes note of a batch; says whether what is in it is to be taken, too. */
  #takeBatch(
    { from: node, kind, connection, taken }: BatchHead,
    size: number,
  ): boolean {
    const way = this.#wayTo(node);
    const latest = this.#parts.neighbours.connectionOf(node) ?? 0;
    // It comes late, from a connection that is over: how its texts ended was told,
    // and others may have been sent since.
    if (connection < Math.max(latest, way.connection)) return false;
    way.connection = connection;
    way.taken = taken;
    // When the node was lost it is not known what it has taken after all.
    if (way.afresh || ((way.sent - taken) | 0) < 0) way.sent = taken;
    way.afresh = false;
    if (kind !== BatchKind.messages) return true;
    way.takenHere = (way.takenHere + size) >>> 0;
    const untold = (way.takenHere - way.toldTaken) >>> 0;
    if (untold >= TELL_TAKEN) this.#publish(node, way, way.outcomes);
    return true;
  }

  #takeText(node: number, { id, origin, send }: RelayedText): void {
    const relayed = new Relayed(id, node, this.#tell);
    // The receiver's number stands in front of the text.
    const to = new DataView(send.buffer, send.byteOffset).getUint32(0);
    this.#parts.local.deliver({ origin }, to, send, relayed);
  }

  #takeOutcome(node: number, { id, status, why }: Outcome): void {
    const way = this.#ways.get(node);
    const hop = way?.waiting.get(id);
    if (hop !== undefined) this.#end(way!, hop, status, why);
  }

  readonly #tell = (node: number, outcome: Outcome): void => {
    const { outcomes } = this.#wayTo(node);
    outcomes.addOutcome(outcome);
    this.#sendSoon(node, outcomes);
  };

  #end(way: Way, hop: Hop, status: Status, why: string): void {
    this.#patience.remove(hop);
    way.waiting.delete(hop.id);
    // Nothing is under way; what was lost on the way is not held against it.
    if (way.waiting.size === 0) way.sent = way.taken;
    this.#underWay--;
    hop.delivery.end(status, why);
    if (this.#underWay === 0) this.#onAllEnded?.();
  }

  #endAll(way: Way, status: Status, why: string): void {
    for (const hop of [...way.waiting.values()]) {
      this.#end(way, hop, status, `Client ${hop.to}: ${why}`);
    }
  }

  #wayTo(node: number): Way {
    let way = this.#ways.get(node);
    if (way === undefined) {
      const { self } = this.#parts;
      way = {
        texts: new Batch(BatchKind.messages, self),
        outcomes: new Batch(BatchKind.outcomes, self),
        waiting: new Map(),
        sent: 0,
        taken: 0,
        afresh: false,
        connection: 0,
        takenHere: 0,
        toldTaken: 0,
      };
      this.#ways.set(node, way);
    }
    return way;
  }

  /** Sends a node's batches at the end of this turn, or now if one is large. */
  #sendSoon(node: number, batch: Batch): void {
    if (this.#unsent.size === 0) queueMicrotask(() => this.#sendAll());
    this.#unsent.add(node);
    if (batch.size >= this.#largestBatch) this.#sendTo(node);
  }

  #sendAll(): void {
    for (const node of this.#unsent) this.#sendTo(node);
    this.#unsent.clear();
  }

  #sendTo(node: number): void {
    const way = this.#wayTo(node);
    for (const batch of [way.texts, way.outcomes]) {
      if (batch.count > 0) this.#publish(node, way, batch);
    }
  }

  #publish(node: number, way: Way, batch: Batch): void {
    const { bus, subjects, self } = this.#parts;
    if (batch === way.texts) way.sent = (way.sent + batch.size) >>> 0;
    way.toldTaken = way.takenHere;
    const untaken = subjects.untaken(self, node);
    bus.publish(subjects.batches(node), this.#takeOut(way, batch), untaken);
  }

  /** Empties a batch; returns its bytes. */
  #takeOut(way: Way, batch: Batch): Uint8Array {
    const { connection } = this.#parts.bus;
    return batch.take({ connection, taken: way.takenHere });
  }

  #nextId(): number {
    this.#lastId = (this.#lastId + 1) >>> 0;
    return this.#lastId;
  }
}
