/**
 * What a node says when it joins, is cut off and leaves, and what it makes of
 * what others say. Time is the test's, and there are no clients' connections.
 *
 * @module
 */

import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ClusterOfNodes } from "../../cluster/cluster_of_nodes.ts";
import {
  decodeNews,
  encodeJson,
  type News,
  type NodeState,
  type Snapshot,
  Subjects,
} from "../../cluster/news.ts";
import type { LocalNode } from "../../server/cluster.ts";
import { LocalDeliveries } from "../../server/deliveries.ts";
import type { ServerEvent } from "../../server/mod.ts";
import { DEFAULT_LIMITS } from "../../server/limits.ts";
import type { Member } from "../../server/member.ts";
import { IncompleteError, LocalRoster } from "../../server/roster.ts";
import { FakeTime } from "../link/fake_time.ts";
import { settled } from "../link/pipe.ts";
import { type MemoryBus, MemoryHub } from "./memory_bus.ts";

/** How long a node waits for what others tell of themselves. */
const GREETING_MS = 300;

const subjects = new Subjects("lab");
const ALL = { after: 0, limit: 100 };

/** Time, a bus, and nodes on it. */
class Lab implements AsyncDisposable {
  readonly time = new FakeTime();
  readonly hub = new MemoryHub();
  readonly events: ServerEvent[] = [];
  readonly #nodes: ClusterOfNodes[] = [];

  /** Has a node begin to join. */
  joining(
    bus: MemoryBus,
    { name = "a", address = "127.0.0.1:1", sinceMs = 1 } = {},
  ): Promise<ClusterOfNodes> {
    const roster = new LocalRoster();
    const limits = DEFAULT_LIMITS;
    const node: LocalNode = {
      ...{ name, address, sinceMs, roster, limits },
      deliveries: new LocalDeliveries(roster, limits),
      messagesPerSecond: () => 0,
      report: (event) => this.events.push(event),
    };
    return ClusterOfNodes.join(node, bus, "lab");
  }

  /** Has a node join. */
  async join(
    self: Partial<Pick<NodeState, "name" | "address" | "sinceMs">> = {},
  ): Promise<ClusterOfNodes & { bus: MemoryBus }> {
    const bus = this.hub.join();
    const joining = this.joining(bus, self);
    await this.time.live(GREETING_MS);
    const node = await joining;
    this.#nodes.push(node);
    return Object.assign(node, { bus });
  }

  /** What was told to all, from one moment on. */
  async told(from: number): Promise<News[]> {
    await settled();
    return this.hub.published.slice(from)
      .filter(({ subject }) => subject === subjects.news)
      .map(({ bytes }) => decodeNews(bytes));
  }

  /** Node 7 with its block, as far as it says something. */
  puppet(state: Partial<NodeState> = {}) {
    const end = this.hub.join();
    const told: NodeState = {
      ...{ id: 7, name: "puppet", address: "127.0.0.1:7", sinceMs: 7 },
      ...{ clients: 0, messagesPerSecond: 0, version: 0, connection: 1 },
      blocks: [7],
      highestBlock: 7,
      ...state,
    };
    const tell = (news: News) => end.publish(subjects.news, encodeJson(news));
    return {
      ...{ end, tell },
      says: () => tell({ kind: "state", state: told }),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.#nodes) await node[Symbol.asyncDispose]();
    this.time[Symbol.dispose]();
  }
}

async function namesOf(node: ClusterOfNodes): Promise<string[]> {
  return (await node.nodes()).map(({ name }) => name);
}

function member(id: number): Member {
  return { id, address: "192.0.2.1", port: 5, connectedMs: 0 } as Member;
}

Deno.test("a node that has joined says so at once, and which numbers it has fetched since", async () => {
  await using lab = new Lab();
  const node = await lab.join();
  const states = async () =>
    (await lab.told(0)).flatMap((news) =>
      news.kind === "state" ? [news.state.blocks] : []
    );
  assertEquals(await states(), [[1]]);
  // The last one is claimed when fewer are left than a node keeps.
  for (let i = 0; i <= 501; i++) await node.roster.claim();
  assertEquals(await states(), [[1], [1, 2]]);
});

Deno.test("nodes at one address, and nodes of one moment, are not taken for each other", async () => {
  await using lab = new Lab();
  const a = await lab.join({ name: "a", address: "127.0.0.1:1", sinceMs: 1 });
  const d = await lab.join({ name: "d", address: "127.0.0.1:1", sinceMs: 2 });
  const c = await lab.join({ name: "c", address: "127.0.0.1:2", sinceMs: 2 });
  // Each is the first of its own, and the others come by their names.
  assertEquals(await namesOf(a), ["a", "c", "d"]);
  assertEquals(await namesOf(d), ["d", "a", "c"]);
  assertEquals(await namesOf(c), ["c", "a", "d"]);
});

Deno.test("a node passes over the numbers of one that came later, if the count begins anew", async () => {
  await using lab = new Lab();
  const node = await lab.join();
  lab.puppet({ highestBlock: 9 }).says();
  await settled();
  lab.hub.forget();
  const numbers: number[] = [];
  for (let i = 0; i <= 1_000; i++) numbers.push(await node.roster.claim());
  assertEquals(numbers.slice(-2), [1_000, 9_001]);
});

Deno.test("a node that has this one's numbers is told of once, and is no node of the cluster", async () => {
  await using lab = new Lab();
  const node = await lab.join();
  const doubles = [
    lab.puppet({ blocks: [9, 1] }),
    lab.puppet({ id: 8, blocks: [1] }),
  ];
  for (const { says } of [...doubles, ...doubles]) says();
  // Nor is one that has other numbers, and says that it is this one.
  lab.puppet({ id: 1, blocks: [9] }).says();
  await settled();
  assertEquals(lab.events.map(({ event }) => event), ["trouble"]);
  assertEquals(await namesOf(node), ["a"]);
});

Deno.test("a node that joins waits until it knows the clients of all who have told of themselves", async () => {
  await using lab = new Lab();
  const { end, says } = lab.puppet();
  const asked = Promise.withResolvers<(page: Snapshot) => void>();
  end.subscribe(subjects.clients(7), ({ respond }) => {
    asked.resolve((page) => respond(encodeJson(page)));
  });
  end.subscribe(subjects.news, ({ bytes }) => {
    if (decodeNews(bytes).kind === "who") says();
  });
  let isJoined = false;
  const joining = lab.join().then((node) => {
    isJoined = true;
    return node;
  });
  const answer = await asked.promise;
  await lab.time.live(GREETING_MS + 100);
  assertEquals(isJoined, false);
  answer({ version: 0, clients: [member(6_001)], more: false });
  const { clients } = (await joining).roster.page(ALL);
  assertEquals(clients.map(({ id }) => id), [6_001]);
});

Deno.test("nonsense that comes while a node joins does not keep it from that", async () => {
  await using lab = new Lab();
  const joining = lab.join();
  lab.hub.join().publish(subjects.news, new Uint8Array(0));
  assertEquals(await namesOf(await joining), ["a"]);
});

Deno.test("a node that cannot join leaves no timer", async () => {
  await using lab = new Lab();
  const bus = Object.assign(lab.hub.join(), {
    next: () => Promise.reject(new Error("no more")),
  });
  const joining = assertRejects(() => lab.joining(bus), Error, "no more");
  await lab.time.live(GREETING_MS);
  await joining;
  assertEquals(lab.time.timers, 0);
});

Deno.test("a node that is connected again tells how it is, as another connection, and asks the others", async () => {
  await using lab = new Lab();
  const { bus } = await lab.join();
  bus.cut();
  const from = lab.hub.published.length;
  bus.mend();
  const told = await lab.told(from);
  // It hears itself ask, too.
  assertEquals(told.map(({ kind }) => kind), ["state", "who", "state"]);
  const connections = told.flatMap((news) =>
    news.kind === "state" ? [news.state.connection] : []
  );
  assertEquals(connections, [2, 2]);
});

Deno.test("who was not heard while a node was cut off is missing, not forgotten", async () => {
  await using lab = new Lab();
  const node = await lab.join();
  lab.puppet().says();
  await settled();
  node.bus.cut();
  assertThrows(() => node.roster.page(ALL), IncompleteError, "puppet");
  await lab.time.live(100_000);
  node.bus.mend();
  await lab.time.live(1_000);
  assertThrows(() => node.roster.page(ALL), IncompleteError, "puppet");
  await lab.time.live(60_000);
  assertEquals(node.roster.page(ALL).clients, []);
});

Deno.test("a list that has not everybody says who is missing, and only behind its last client", async () => {
  await using lab = new Lab();
  const node = await lab.join();
  for (const id of [1, 2]) node.roster.add(member(id));
  const puppets = [
    lab.puppet(),
    lab.puppet({ id: 8, name: "other", address: "127.0.0.1:8", blocks: [8] }),
  ];
  puppets[0]!.says();
  await lab.time.live(3_000);
  const page = (after: number, limit: number) => {
    const { clients, more } = node.roster.page({ after, limit });
    return { ids: clients.map(({ id }) => id), more };
  };
  assertEquals(page(0, 1), { ids: [1], more: true });
  assertEquals(page(1, 5), { ids: [2], more: true });
  assertThrows(
    () => page(2, 5),
    IncompleteError,
    "puppet does not answer: its clients are missing",
  );
  puppets[1]!.says();
  await lab.time.live(3_000);
  assertThrows(
    () => page(2, 5),
    IncompleteError,
    "puppet, other do not answer: their clients are missing",
  );
  for (const id of [7, 8]) puppets[0]!.tell({ kind: "gone", id });
  await settled();
  assertEquals(page(0, 5), { ids: [1, 2], more: false });
});

Deno.test("whether a node is there it is asked; one that is missing is not", async () => {
  await using lab = new Lab();
  const node = await lab.join();
  const { end, says } = lab.puppet();
  let pings = 0;
  end.subscribe(subjects.ping(7), ({ respond }) => {
    if (++pings < 2) respond(new Uint8Array(0));
  });
  says();
  await settled();
  const answers = async () => {
    const asking = node.nodes();
    await lab.time.live(600);
    const { missing, roundTripUs } = (await asking)[1]!;
    return { missing, roundTripUs, pings };
  };
  const answered = { missing: false, roundTripUs: 1_000, pings: 1 };
  assertEquals(await answers(), answered);
  // It has not been silent for long.
  assertEquals(await answers(), { missing: true, roundTripUs: 0, pings: 2 });
  await lab.time.live(3_000);
  assertEquals(await answers(), { missing: true, roundTripUs: 0, pings: 2 });
});

Deno.test("who comes and leaves in one moment is told of as one who has left", async () => {
  await using lab = new Lab();
  const node = await lab.join();
  const from = lab.hub.published.length;
  const one = member(await node.roster.claim());
  node.roster.add(one);
  // Somebody may have asked for all clients just then.
  node.roster.remove(one);
  await lab.time.live(100);
  const told = (await lab.told(from)).filter(({ kind }) => kind === "changes");
  assertEquals(told, [{
    kind: "changes",
    ...{ id: 1, since: 0, version: 1, joined: [], left: [one.id] },
  }]);
  assertEquals(node.roster.page(ALL), { clients: [], more: false });
});

Deno.test("a node that leaves says so first, and nothing after it has left", async () => {
  await using lab = new Lab();
  const node = await lab.join();
  const from = lab.hub.published.length;
  node.leave();
  node.roster.add(member(1));
  await node[Symbol.asyncDispose]();
  const told = await lab.told(from);
  assertEquals(told.map(({ kind }) => kind), ["leaving", "gone"]);
  assertEquals([node.bus.connected, lab.time.timers], [false, 0]);
});
