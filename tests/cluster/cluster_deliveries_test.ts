/**
 * How much one node sends to another, and how each text ends: the other node is
 * the test, so that it takes, tells and keeps just what it is meant to.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertGreater,
  assertLessOrEqual,
} from "@std/assert";
import {
  Batch,
  BatchKind,
  type Outcome,
  readBatch,
} from "../../cluster/batch.ts";
import { Blocks } from "../../cluster/blocks.ts";
import type { BusMessage } from "../../cluster/bus.ts";
import { ClusterDeliveries } from "../../cluster/cluster_deliveries.ts";
import { Neighbours } from "../../cluster/neighbours.ts";
import { encodeJson, type NodeState, Subjects } from "../../cluster/news.ts";
import { Status } from "../../protocol/mod.ts";
import { Delivery, type LocalDeliveries } from "../../server/deliveries.ts";
import { FakeTime } from "../link/fake_time.ts";
import { settled } from "../link/pipe.ts";
import { MemoryHub } from "./memory_bus.ts";

const SELF = 1;
const OTHER = 7;
/** Two clients of the other node, and two of this one. */
const FAR = 6_001;
const ALSO_FAR = 6_002;
const NEAR = 1;

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;
/** So much may be under way to a node. */
const MOST_UNTAKEN = 8 * MEBIBYTE;

const subjects = new Subjects("lab");
const ORIGIN = { origin: new Uint8Array(10) };
const STATE: NodeState = {
  id: OTHER,
  name: "other",
  address: "127.0.0.1:2203",
  sinceMs: 0,
  clients: 0,
  messagesPerSecond: 0,
  version: 0,
  connection: 1,
  blocks: [OTHER],
  highestBlock: OTHER,
};

/** A text that was sent, and how it ended: once. */
class Sent extends Delivery {
  readonly ends: [Status, string][] = [];

  override end(status: Status, why: string): void {
    this.ends.push([status, why]);
  }

  /** What it ended as, so far. */
  get status(): Status | undefined {
    return this.ends[0]?.[0];
  }
}

/** This node's own clients: what comes for them is kept until it is let go. */
class KeptHere {
  readonly texts: { to: number; size: number; delivery: Delivery }[] = [];
  readonly drained = Promise.withResolvers<void>();
  isClosed = false;

  deliver(_: unknown, to: number, send: Uint8Array, delivery: Delivery): void {
    this.texts.push({ to, size: send.length, delivery });
  }

  drain(): Promise<void> {
    return this.drained.promise;
  }

  close(): void {
    this.isClosed = true;
  }
}

/** A batch that has come to the other node. */
interface Come {
  readonly kind: BatchKind;
  readonly size: number;
  readonly taken: number;
  readonly ids: number[];
  readonly outcomes: Outcome[];
}

/** One node's deliveries, which know the other node. */
async function setUp(
  { deliveryTimeoutMs = 10_000, maxPayload = MEBIBYTE } = {},
) {
  const hub = new MemoryHub();
  const bus = Object.assign(hub.join(), { maxPayload });
  const other = hub.join();
  const come: Come[] = [];
  other.subscribe(subjects.batches(OTHER), ({ bytes }) => {
    const ids: number[] = [];
    const outcomes: Outcome[] = [];
    readBatch(bytes, {
      begin: ({ kind, taken }, size) =>
        come.push({ kind, size, taken, ids, outcomes }) > 0,
      text: (_, { id }) => ids.push(id),
      outcome: (_, outcome) => outcomes.push(outcome),
    });
  });
  other.subscribe(subjects.clients(OTHER), ({ respond }) => {
    respond(encodeJson({ version: 0, clients: [], more: false }));
  });
  const blocks = new Blocks(bus);
  await blocks.fetch();
  const neighbours = new Neighbours(bus, subjects);
  const here = new KeptHere();
  const deliveries = new ClusterDeliveries({
    self: SELF,
    local: here as unknown as LocalDeliveries,
    blocks,
    neighbours,
    bus,
    subjects,
    deliveryTimeoutMs,
  });
  neighbours.onLost = (node, name) => deliveries.lost(node, name);
  const hearState = (connection = 1) =>
    neighbours.hear({ kind: "state", state: { ...STATE, connection } });
  hearState();
  await neighbours.settled();
  /** Sends a text with so many bytes. */
  const send = (size = 10, to = FAR) => {
    const sent = new Sent();
    deliveries.deliver(ORIGIN, to, new Uint8Array(size), sent);
    return sent;
  };
  /** Has the other node say how texts ended, and how much it has taken. */
  const tell = async (taken: number, ...outcomes: Outcome[]) => {
    const batch = new Batch(BatchKind.outcomes, OTHER);
    for (const outcome of outcomes) batch.addOutcome(outcome);
    other.publish(subjects.batches(SELF), batch.take({ connection: 1, taken }));
    await settled();
  };
  /** Has the other node send texts with so many bytes. */
  const sendBack = (...sizes: number[]) => sendBackOn(1, ...sizes);
  /** Likewise, on another connection of its. */
  const sendBackOn = async (connection: number, ...sizes: number[]) => {
    const batch = new Batch(BatchKind.messages, OTHER);
    for (const [id, size] of sizes.entries()) {
      const send = new Uint8Array(size);
      send[3] = NEAR;
      batch.addText({ id, ...ORIGIN, send });
    }
    const { size } = batch;
    other.publish(
      subjects.batches(SELF),
      batch.take({ connection, taken: 0 }),
    );
    await settled();
    return size;
  };
  return {
    ...{ hub, bus, other, come, here, neighbours, deliveries },
    ...{ hearState, send, tell, sendBack, sendBackOn },
    [Symbol.dispose]() {
      neighbours[Symbol.dispose]();
      deliveries[Symbol.dispose]();
    },
  };
}

type Node = Awaited<ReturnType<typeof setUp>>;

/** All bytes of texts that have come to the other node. */
function bytesCome({ come }: Node): number {
  return come.filter(({ kind }) => kind === BatchKind.messages)
    .reduce((sum, { size }) => sum + size, 0);
}

/** Sends until one is not taken any more; returns the others. */
function fill({ send }: Node, size: number): Sent[] {
  const open: Sent[] = [];
  while (open.length * size < 2 * MOST_UNTAKEN) {
    const sent = send(size);
    if (sent.status === Status.receiverBusy) return open;
    assertEquals(sent.ends, []);
    open.push(sent);
  }
  throw new Error(`Expected at most ${MOST_UNTAKEN} bytes to be taken`);
}

for (const before of [0, 0xfff00000]) {
  Deno.test(`what a node has not taken has its bounds, also when ${before} bytes were sent before`, async () => {
    using node = await setUp();
    const { send, tell } = node;
    // What is not known to be under way was taken. No step is more than half.
    await tell(before >>> 1);
    await tell(before);
    const size = 4_000;
    let taken = 0;
    for (const more of [0, MEBIBYTE / 2, MOST_UNTAKEN]) {
      taken += more;
      await tell((before + taken) >>> 0);
      fill(node, size);
      await settled();
      const untaken = bytesCome(node) - taken;
      assertGreater(untaken, MOST_UNTAKEN - 2 * size);
      assertLessOrEqual(untaken, MOST_UNTAKEN + 2 * size);
      assertEquals(send().status, Status.receiverBusy);
    }
  });
}

Deno.test("what was lost on its way to a node is not held against it when all has ended", async () => {
  using time = new FakeTime();
  using node = await setUp({ deliveryTimeoutMs: 50 });
  const { hub, send } = node;
  hub.loses = () => true;
  const lost = fill(node, 60_000);
  await time.live(51);
  for (const { status } of lost) assertEquals(status, Status.notConfirmed);
  assertEquals(send().ends, []);
});

Deno.test("a text ends once: with its outcome, or when its time is over", async () => {
  using time = new FakeTime();
  using node = await setUp({ deliveryTimeoutMs: 50 });
  const { come, deliveries, send, tell } = node;
  const [confirmed, silent] = [send(), send()];
  await settled();
  const [first, second] = come[0]!.ids;
  await tell(0, { id: first!, status: Status.ok, why: "" });
  assertEquals(confirmed.ends, [[Status.ok, ""]]);
  await time.live(49);
  assertEquals(silent.ends, []);
  await time.live(2);
  assertEquals(silent.status, Status.notConfirmed);
  for (const id of [first!, second!, 99]) {
    await tell(0, { id, status: Status.receiverRefused, why: "no" });
  }
  assertEquals([confirmed.ends.length, silent.ends.length], [1, 1]);
  node.here.drained.resolve();
  await deliveries.drain();
});

Deno.test("a node tells at the latest after a mebibyte how much it has taken of texts", async () => {
  using node = await setUp();
  const { come, here, sendBack, tell } = node;
  let taken = 0;
  const told: number[] = [];
  for (let i = 0; i < 10; i++) {
    taken += await sendBack(300_000);
    // What outcomes take is nobody's to wait for.
    const why = "x".repeat(300);
    const outcome = { id: 0, status: Status.ok, why };
    await tell(0, ...new Array<Outcome>(1_000).fill(outcome));
    if (taken - (told.at(-1) ?? 0) >= MEBIBYTE) told.push(taken);
    assertEquals(come.map(({ taken }) => taken), told);
  }
  assertEquals([here.texts.length, told.length], [10, 2]);

  // Whoever has something to tell says that, too.
  here.texts[0]!.delivery.end(Status.ok, "");
  await settled();
  assertEquals(come.at(-1), {
    ...come.at(-1)!,
    kind: BatchKind.outcomes,
    taken,
    outcomes: [{ id: 0, status: Status.ok, why: "" }],
  });
});

Deno.test("a node counts what it has taken modulo 2^32", () => {
  const hub = new MemoryHub();
  const bus = hub.join();
  let take!: (message: BusMessage) => void;
  const told: number[] = [];
  const watched = Object.assign(bus, {
    subscribe(subject: string, onMessage: typeof take) {
      if (subject === subjects.batches(SELF)) take = onMessage;
    },
    publish(_: string, bytes: Uint8Array) {
      readBatch(bytes, {
        begin: ({ taken }) => told.push(taken) > 0,
        text() {},
        outcome() {},
      });
    },
  });
  using neighbours = new Neighbours(watched, subjects);
  using _ = new ClusterDeliveries({
    self: SELF,
    local: new KeptHere() as unknown as LocalDeliveries,
    blocks: new Blocks(watched),
    neighbours,
    bus: watched,
    subjects,
    deliveryTimeoutMs: 10_000,
  });
  const batch = new Batch(BatchKind.messages, OTHER);
  batch.addText({ id: 1, ...ORIGIN, send: new Uint8Array(64 * MEBIBYTE) });
  const bytes = batch.take({ connection: 1, taken: 0 });
  const expected: number[] = [];
  for (let i = 1; i <= 66; i++) {
    take({ subject: "", bytes, noResponders: false, respond() {} });
    expected.push((i * bytes.length) >>> 0);
  }
  assertEquals(told, expected);
  assert(told.at(-1)! < told[0]! * 3);
});

Deno.test("outcomes are not counted as texts that a node has not taken", async () => {
  using node = await setUp();
  const { come, here, send, sendBack } = node;
  await sendBack(...Array.from({ length: 10_000 }, () => 10));
  for (const { delivery } of here.texts) {
    delivery.end(Status.receiverRefused, "x".repeat(1_000));
  }
  await settled();
  const size = come.reduce((sum, { size }) => sum + size, 0);
  assertGreater(size, MOST_UNTAKEN);
  assertEquals(send().ends, []);
});

for (const maxPayload of [64 * KIBIBYTE, MEBIBYTE]) {
  Deno.test(`no batch has more than ${maxPayload} bytes, however much is sent in one turn`, async () => {
    using node = await setUp({ maxPayload });
    const { come, here, send, sendBack, tell } = node;
    // As much as a text may have there, behind ever more that have less.
    const size = maxPayload / 2 - KIBIBYTE;
    let texts = 0;
    for (let before = 0; before < 300; before += 20) {
      for (let i = 0; i < before; i++) send(1_000);
      send(size);
      texts += before + 1;
      await tell(bytesCome(node));
    }
    assertEquals(come.reduce((sum, { ids }) => sum + ids.length, 0), texts);
    const count = 2_000;
    await sendBack(...Array.from({ length: count }, () => 10));
    for (const { delivery } of here.texts) {
      delivery.end(Status.receiverRefused, "x".repeat(1_000));
    }
    await settled();
    const ended = come.reduce((sum, { outcomes }) => sum + outcomes.length, 0);
    assertEquals(ended, count);
    for (const { size } of come) assertLessOrEqual(size, maxPayload);
    // Yet many go together.
    assertLessOrEqual(come.length, 150);
  });
}

Deno.test("what is under way to a node that is lost has ended, and what has not been sent is not", async () => {
  using node = await setUp();
  const { come, here, hearState, neighbours, send, sendBack, tell } = node;
  await sendBack(10);
  const [first, second] = [send(), send(10, ALSO_FAR)];
  here.texts[0]!.delivery.end(Status.ok, "");
  neighbours.lose(OTHER);
  const why = "the server other left before it confirmed";
  assertEquals(first.ends, [[Status.receiverGone, `Client ${FAR}: ${why}`]]);
  assertEquals(second.ends, [[
    Status.receiverGone,
    `Client ${ALSO_FAR}: ${why}`,
  ]]);
  assertEquals(send().status, Status.unreachable);
  await settled();
  assertEquals(come, []);

  // It has counted on meanwhile, or from somewhere else.
  hearState();
  await neighbours.settled();
  const sent = send();
  await tell(0xc0000000);
  const again = send();
  await settled();
  assertEquals([sent.ends, again.ends], [[], []]);
  assertEquals(come.map(({ ids }) => ids.length), [1, 1]);
  // From now on that is what counts.
  fill(node, 60_000);
  await tell(0xc0000000);
  assertEquals(send().status, Status.receiverBusy);
});

Deno.test("that nobody takes what goes to a node is found out at once, and by nothing else", async () => {
  using node = await setUp();
  const { neighbours, other, send } = node;
  other.publish(subjects.untaken(SELF, OTHER), new Uint8Array(0));
  await settled();
  assertEquals(neighbours.missing, []);
  other.kill();
  const sent = send();
  await settled();
  assertEquals(sent.status, Status.receiverGone);
  assertEquals(neighbours.missing, ["other"]);
});

Deno.test("why a text cannot go to another node is told: who leaves, who is missing, what is cut off", async () => {
  using node = await setUp();
  const { bus, neighbours, send } = node;
  neighbours.lose(OTHER);
  assertEquals(send().ends, [[
    Status.unreachable,
    `Client ${FAR}: the server other does not answer`,
  ]]);
  bus.connected = false;
  assertEquals(send().ends, [[
    Status.unreachable,
    `Client ${FAR}: the other servers cannot be reached`,
  ]]);
  neighbours.hear({ kind: "leaving", id: OTHER });
  assertEquals(send().ends, [[
    Status.shuttingDown,
    `Client ${FAR} leaves, as its server is shutting down`,
  ]]);
  assertEquals(send(10, 99_999).status, Status.unknownNumber);
});

Deno.test("drain() takes nothing new for others, and waits for what is under way here and there", async () => {
  using node = await setUp();
  const { come, deliveries, here, send, tell } = node;
  const sent = send();
  await settled();
  let isDrained = false;
  const draining = deliveries.drain().then(() => isDrained = true);
  assertEquals(send().status, Status.shuttingDown);
  here.drained.resolve();
  await settled();
  assertEquals(isDrained, false);
  await tell(0, { id: come[0]!.ids[0]!, status: Status.ok, why: "" });
  await draining;
  assertEquals(sent.status, Status.ok);

  using idle = await setUp();
  let isIdle = false;
  const idling = idle.deliveries.drain().then(() => isIdle = true);
  await settled();
  assertEquals(isIdle, false);
  idle.here.drained.resolve();
  await idling;
});

Deno.test("close() ends what is under way, takes nothing new, and lets drain() resolve", async () => {
  using node = await setUp();
  const { deliveries, here, send } = node;
  const sent = send();
  deliveries.close();
  assertEquals(sent.ends, [[
    Status.shuttingDown,
    `Client ${FAR}: The server is shutting down`,
  ]]);
  assertEquals(send().status, Status.shuttingDown);
  assert(here.isClosed);
  here.drained.resolve();
  await deliveries.drain();
});

Deno.test("what ends just before all is over is told all the same", async () => {
  const node = await setUp();
  const { bus, come, here, sendBack } = node;
  await sendBack(10);
  here.texts[0]!.delivery.end(Status.ok, "");
  node[Symbol.dispose]();
  await bus[Symbol.asyncDispose]();
  await settled();
  assertEquals(come.map(({ outcomes }) => outcomes.length), [1]);
});

Deno.test("what comes late, from a connection that is over, is passed over", async () => {
  using node = await setUp();
  const { here, hearState, sendBackOn } = node;
  await sendBackOn(1, 10);
  await sendBackOn(2, 10);
  assertEquals(here.texts.length, 2);
  await sendBackOn(1, 10);
  assertEquals(here.texts.length, 2);
  await sendBackOn(2, 10);
  assertEquals(here.texts.length, 3);
  // The node itself may be the first to say that it has another one.
  hearState(3);
  await sendBackOn(2, 10);
  assertEquals(here.texts.length, 3);
  await sendBackOn(3, 10);
  assertEquals(here.texts.length, 4);
});
