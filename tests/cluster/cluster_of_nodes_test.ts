/**
 * What nodes owe each other and their clients, on a bus in memory: each way in
 * which it can fail is one call.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ClusterOfNodes } from "../../cluster/cluster_of_nodes.ts";
import { Client } from "../../client/mod.ts";
import {
  Command,
  decodePayload,
  listPage,
  listQuery,
  nodeList,
  send,
  Status,
} from "../../protocol/mod.ts";
import type { LocalNode } from "../../server/cluster.ts";
import type { ServeOptions } from "../../server/mod.ts";
import {
  goodbyeOf,
  RawPeer,
  refusalOf,
  sendFrame,
  sendPayload,
} from "../server/raw_peer.ts";
import { watchedServer } from "../server/watched_server.ts";
import { until } from "../end_to_end/until.ts";
import { type MemoryBus, MemoryHub } from "./memory_bus.ts";

/** Starts a node of the cluster on `hub`. */
async function startNode(
  hub: MemoryHub,
  name: string,
  options: ServeOptions = {},
) {
  let bus!: MemoryBus;
  const server = await watchedServer({
    name,
    join: (node) => ClusterOfNodes.join(node, bus = hub.join(), "lab"),
    ...options,
  });
  return Object.assign(server, { bus });
}

/** What a client gets to see of the list. */
async function listOf(
  peer: RawPeer,
): Promise<{ ids: number[]; status: number; why: string }> {
  const ids: number[] = [];
  for (let id = 100;; id++) {
    const query = { after: ids.at(-1) ?? 0, limit: 0 };
    const answer = await peer.ask(Command.list, id, listQuery, query);
    const { status } = answer;
    if (status !== Status.ok) {
      const why = new TextDecoder().decode(answer.payload);
      return { ids, status, why };
    }
    const page = decodePayload(answer, listPage);
    ids.push(...page.clients.map(({ id }) => id));
    if (!page.more) return { ids, status, why: "" };
  }
}

/** Waits until a client sees just these on the list. */
async function sees(peer: RawPeer, ...expected: number[]): Promise<void> {
  await until(
    `${expected}`,
    async () => (await listOf(peer)).ids.join() === expected.join(),
  );
}

async function nodesOf(peer: RawPeer) {
  return decodePayload(await peer.ask(Command.nodes), nodeList);
}

Deno.test("numbers are those of one roster, and lists have everybody", async () => {
  const hub = new MemoryHub();
  await using a = await startNode(hub, "a");
  await using b = await startNode(hub, "b");
  using onA = await RawPeer.connect(a.port);
  using onB = await RawPeer.connect(b.port);
  using alsoOnA = await RawPeer.connect(a.port);
  assertEquals([onA.id, onB.id, alsoOnA.id], [1, 1001, 2]);
  for (const peer of [onA, onB]) await sees(peer, 1, 2, 1001);
  alsoOnA.close();
  for (const peer of [onA, onB]) await sees(peer, 1, 1001);
});

Deno.test("a node that comes later learns who is there", async () => {
  const hub = new MemoryHub();
  await using a = await startNode(hub, "a");
  using onA = await RawPeer.connect(a.port);
  await using b = await startNode(hub, "b");
  using onB = await RawPeer.connect(b.port);
  await sees(onB, onA.id, onB.id);
});

Deno.test("a message to another node is delivered when its receiver has confirmed it", async () => {
  const hub = new MemoryHub();
  await using a = await startNode(hub, "a");
  await using b = await startNode(hub, "b");
  await using sender = await Client.connect({ port: a.port });
  await using receiver = await Client.connect({ port: b.port });
  const texts: string[] = [];
  const taken = Promise.withResolvers<void>();
  receiver.receive(async ({ from, text }) => {
    assertEquals(from, sender.id);
    texts.push(text);
    if (text === "slow") await taken.promise;
  });
  const sent = Array.from({ length: 500 }, (_, i) => `text ${i}`);
  const outcomes = await Promise.all(
    sent.map((text) => sender.send(receiver.id, text)),
  );
  assert(outcomes.every(({ delivered }) => delivered));
  assertEquals(texts, sent);

  let delivered = false;
  const sending = sender.send(receiver.id, "slow").then((outcome) => {
    delivered = outcome.delivered;
  });
  await until("the text", async () => {
    await sender.time();
    return texts.at(-1) === "slow";
  });
  await sender.name();
  assertEquals(delivered, false);
  taken.resolve();
  await sending;
  assertEquals(delivered, true);
});

Deno.test("a message is refused at once, for the reason that there is", async () => {
  const hub = new MemoryHub();
  await using a = await startNode(hub, "a");
  await using b = await startNode(hub, "b");
  await using sender = await Client.connect({ port: a.port });
  await using leaves = await Client.connect({ port: b.port });
  const reason = async (to: number) => {
    const outcome = await sender.send(to, "hi");
    return outcome.delivered ? "delivered" : outcome.reason;
  };
  assertEquals(await reason(1999), "unknown-number"); // of b, which has given it to nobody
  assertEquals(await reason(99_999), "unknown-number"); // of no node
  assertEquals(await reason(leaves.id), "receiver-refused"); // does not listen
  await leaves.disconnect();
  assertEquals(await reason(leaves.id), "unknown-number");
});

Deno.test("when a node is gone without a word, that is found out by a message, and it is named", async () => {
  const hub = new MemoryHub();
  await using a = await startNode(hub, "a");
  await using b = await startNode(hub, "b");
  using onA = await RawPeer.connect(a.port);
  using onB = await RawPeer.connect(b.port);
  await sees(onA, onA.id, onB.id);
  await using sender = await Client.connect({ port: a.port });
  b.bus.kill();
  const outcome = await sender.send(onB.id, "hi");
  assert(!outcome.delivered);
  assertEquals(outcome.reason, "receiver-gone");
  const list = await listOf(onA);
  assertEquals(list.ids, [onA.id, sender.id]);
  assertEquals(list.status, Status.incomplete);
  assertMatch(list.why, /^b does not answer/);
  const again = await sender.send(onB.id, "hi");
  assert(!again.delivered);
  assertEquals(again.reason, "unreachable");
  const [own, other] = await nodesOf(onA);
  assertEquals([own!.name, own!.self, own!.missing], ["a", true, false]);
  assertEquals([other!.name, other!.self, other!.missing], ["b", false, true]);
});

Deno.test("a node that says nothing any more is missing, and is back when it speaks", async () => {
  const hub = new MemoryHub();
  await using a = await startNode(hub, "a");
  await using b = await startNode(hub, "b");
  using onA = await RawPeer.connect(a.port);
  using onB = await RawPeer.connect(b.port);
  await sees(onA, onA.id, onB.id);
  hub.loses = (subject) => subject.endsWith("news");
  await until(
    "incomplete",
    async () => (await listOf(onA)).status === Status.incomplete,
  );
  assertEquals((await listOf(onA)).ids, [onA.id]);
  hub.loses = () => false;
  await sees(onA, onA.id, onB.id);
  assertEquals((await listOf(onA)).status, Status.ok);
});

Deno.test("news that are lost are made up for", async () => {
  const hub = new MemoryHub();
  await using a = await startNode(hub, "a");
  await using b = await startNode(hub, "b");
  using onA = await RawPeer.connect(a.port);
  using first = await RawPeer.connect(b.port);
  await sees(onA, onA.id, first.id);
  let lost = 0;
  hub.loses = (subject) => subject.endsWith("news") && lost++ === 0;
  first.close();
  using second = await RawPeer.connect(b.port);
  await sees(onA, onA.id, second.id);
  assert(lost > 0);
});

Deno.test("without a connection each node has its own clients, and all is well when it is back", async () => {
  const hub = new MemoryHub();
  await using a = await startNode(hub, "a");
  await using b = await startNode(hub, "b");
  await using one = await Client.connect({ port: a.port });
  await using two = await Client.connect({ port: a.port });
  await using other = await Client.connect({ port: b.port });
  two.receive(() => {});
  other.receive(() => {});
  assert((await one.send(other.id, "before")).delivered);
  a.bus.cut();
  const outcome = await one.send(other.id, "cut");
  assert(!outcome.delivered && outcome.reason === "unreachable");
  assert((await one.send(two.id, "beside")).delivered);
  // There are numbers left for whoever comes now.
  await using late = await Client.connect({ port: a.port });
  assertEquals(late.id, 3);
  a.bus.mend();
  await until(
    "again",
    async () => (await one.send(other.id, "again")).delivered,
  );
  const trouble = a.events.of("trouble").map(({ what }) => what);
  assertEquals(trouble.length, 2);
  assertMatch(trouble[0]!, /^NATS is gone \(it was cut\)/);
  assertMatch(trouble[1]!, /^NATS is back/);
});

Deno.test("when no number can be had, who comes is told so", async () => {
  const hub = new MemoryHub();
  await using a = await startNode(hub, "a", {
    join: async (node) => {
      const bus = hub.join();
      const cluster = await ClusterOfNodes.join(node, bus, "lab");
      const claim = cluster.roster.claim.bind(cluster.roster);
      bus.connected = false;
      for (let i = 0; i < 1000; i++) await claim();
      return cluster;
    },
  });
  await Client.connect({ port: a.port }).then(
    () => assert(false),
    (error) => assertMatch(error.message, /no number for you now/),
  );
});

Deno.test("a node that shuts down is off all lists at once, and nobody is missing", async () => {
  const hub = new MemoryHub();
  await using a = await startNode(hub, "a");
  const b = await startNode(hub, "b");
  using onA = await RawPeer.connect(a.port);
  using onB = await RawPeer.connect(b.port);
  await sees(onA, onA.id, onB.id);
  const closing = b.shutdown();
  await sees(onA, onA.id);
  onB.close();
  await closing;
  await until("all", async () => (await listOf(onA)).status === Status.ok);
  assertEquals((await nodesOf(onA)).map(({ name }) => name), ["a"]);
});

Deno.test("a node that shuts down is off all lists while something is under way, which comes to its end", async () => {
  const hub = new MemoryHub();
  await using a = await startNode(hub, "a");
  const b = await startNode(hub, "b");
  using witness = await RawPeer.connect(a.port);
  using onA = await RawPeer.connect(a.port);
  using onB = await RawPeer.connect(b.port);
  await sees(witness, witness.id, onA.id, onB.id);
  await onA.write(sendFrame(onB.id, 7));
  await onB.write(sendFrame(onA.id, 8));
  const [there, here] = [await onB.message(), await onA.message()];
  const closing = b.shutdown();
  await sees(witness, witness.id, onA.id);
  const late = await onA.ask(Command.send, 9, send, sendPayload(onB.id, "hi"));
  assertEquals(refusalOf(late), {
    status: Status.shuttingDown,
    why: `Client ${onB.id} leaves, as its server is shutting down`,
  });
  for (
    const [from, message, to] of [[onA, there, onB], [onB, here, onA]] as const
  ) {
    await to.confirm(message);
    const { command, status } = await from.next();
    assertEquals([command, status], [Command.send, Status.ok]);
  }
  goodbyeOf(await onB.next());
  onB.close();
  await closing;
});

Deno.test("what is under way to another node for too long when a node shuts down is ended", async () => {
  const hub = new MemoryHub();
  const a = await startNode(hub, "a", { drainTimeoutMs: 50 });
  await using b = await startNode(hub, "b");
  using onA = await RawPeer.connect(a.port);
  using onB = await RawPeer.connect(b.port);
  await sees(onA, onA.id, onB.id);
  await onA.write(sendFrame(onB.id, 7));
  await onB.message();
  const closing = a.shutdown();
  assertEquals(refusalOf(await onA.next()), {
    status: Status.shuttingDown,
    why: `Client ${onB.id}: The server is shutting down`,
  });
  onA.close();
  await closing;
});

Deno.test("a count that begins anew gives no number again, of nobody who was there", async () => {
  const hub = new MemoryHub();
  await using a = await startNode(hub, "a");
  await using b = await startNode(hub, "b");
  // Its block is the highest, and only the others know of it.
  const killed = await startNode(hub, "killed");
  killed.bus.kill();
  await killed.shutdown();
  hub.forget();
  await using c = await startNode(hub, "c");
  using onC = await RawPeer.connect(c.port);
  assertEquals(onC.id, 3001);
  using onA = await RawPeer.connect(a.port);
  using onB = await RawPeer.connect(b.port);
  await sees(onA, onA.id, onB.id, onC.id);
  for (const { events } of [a, b, c]) assertEquals(events.of("trouble"), []);
});

Deno.test("a node whose numbers are given to one it has not heard of says so, once", async () => {
  const hub = new MemoryHub();
  await using a = await startNode(hub, "a");
  hub.forget();
  hub.loses = (subject) => subject.endsWith("news");
  await using b = await startNode(hub, "b");
  hub.loses = () => false;
  for (const { events } of [a, b]) {
    const { what } = await events.nth("trouble", 1);
    assertMatch(what, /^another server has this one's numbers/);
  }
  using peer = await RawPeer.connect(a.port);
  await peer.sync();
  assertEquals(a.events.of("trouble").length, 1);
});

Deno.test("a block of numbers is forgotten by all when nobody has one of them", async () => {
  const hub = new MemoryHub();
  await using a = await startNode(hub, "a", {
    join: async (node) => {
      const cluster = await ClusterOfNodes.join(node, hub.join(), "lab");
      for (let i = 0; i < 999; i++) {
        cluster.roster.release(await cluster.roster.claim());
      }
      return cluster;
    },
  });
  await using b = await startNode(hub, "b");
  await using last = await Client.connect({ port: a.port });
  await using next = await Client.connect({ port: a.port });
  assertEquals([last.id, next.id], [1000, 1001]);
  using onB = await RawPeer.connect(b.port);
  await sees(onB, last.id, next.id, onB.id);
  const rangesOfA = async (peer: RawPeer) =>
    (await nodesOf(peer)).find(({ name }) => name === "a")!.ranges;
  assertEquals(await rangesOfA(onB), [
    { first: 1, last: 1000 },
    { first: 1001, last: 2000 },
  ]);
  await last.disconnect();
  using onA = await RawPeer.connect(a.port);
  for (const peer of [onA, onB]) {
    await until("the first block gone", async () => {
      return (await rangesOfA(peer))[0]?.first === 1001;
    });
  }
  await using sender = await Client.connect({ port: b.port });
  for (const from of [sender, next]) {
    const outcome = await from.send(1000, "hi");
    assert(!outcome.delivered);
    assertEquals(outcome.reason, "unknown-number");
  }
  await sees(onB, next.id, onA.id, onB.id, sender.id);
});

Deno.test("a node that has met no other says that there may be some when it is cut off", async () => {
  const hub = new MemoryHub();
  await using a = await startNode(hub, "a");
  using peer = await RawPeer.connect(a.port);
  await sees(peer, peer.id);
  a.bus.cut();
  const { ids, status, why } = await listOf(peer);
  assertEquals({ ids, status }, { ids: [peer.id], status: Status.incomplete });
  assertMatch(why, /^NATS cannot be reached/);
  a.bus.mend();
  await until("all", async () => (await listOf(peer)).status === Status.ok);
});

Deno.test("what a bus refuses keeps a node from joining, or is told once", async () => {
  const hub = new MemoryHub();
  const bus = hub.join();
  const refuse = () => bus.onTrouble({ kind: "refused", what: "no news" });
  await assertRejects(
    () =>
      startNode(hub, "a", {
        join: (node) => {
          const joining = ClusterOfNodes.join(node, bus, "lab");
          refuse();
          return joining;
        },
      }),
    Error,
    "no news",
  );
  await using b = await startNode(hub, "b");
  for (const what of ["first", "second"]) {
    b.bus.onTrouble({ kind: "refused", what });
  }
  b.bus.onTrouble({ kind: "nonsense", what: "third" });
  assertEquals(b.events.of("trouble").map(({ what }) => what), [
    "first",
    "third",
  ]);
});

Deno.test("a node that listens everywhere tells where others reach it", async () => {
  const hub = new MemoryHub();
  const at = (ownAddress: string) => (node: LocalNode) =>
    ClusterOfNodes.join(node, Object.assign(hub.join(), { ownAddress }), "lab");
  await using a = await startNode(hub, "a", {
    hostname: "0.0.0.0",
    join: at("192.0.2.7"),
  });
  await using b = await startNode(hub, "b", {
    hostname: "0.0.0.0",
    join: at("127.0.0.1"),
  });
  for (const { port } of [a, b]) {
    using peer = await RawPeer.connect(port);
    await until("both", async () => (await nodesOf(peer)).length === 2);
    const addresses = new Map(
      (await nodesOf(peer)).map(({ name, address }) => [name, address]),
    );
    assertEquals(addresses.get("a"), `192.0.2.7:${a.port}`);
    assertEquals(addresses.get("b"), `0.0.0.0:${b.port}`);
  }
  assertEquals(a.events.of("trouble"), []);
});

Deno.test("a server on its own is the only node", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  const nodes = await nodesOf(peer);
  assertEquals(nodes.map(({ sinceMs: _, ...rest }) => rest), [{
    self: true,
    missing: false,
    clients: 1,
    messagesPerSecond: 0,
    roundTripUs: 0,
    address: `127.0.0.1:${server.port}`,
    name: "lab",
    ranges: [{ first: 1, last: 0xffffffff }],
  }]);
});
