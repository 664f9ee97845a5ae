import { assertEquals } from "@std/assert";
import {
  type NeighbourPatience,
  Neighbours,
} from "../../cluster/neighbours.ts";
import {
  decodeNumber,
  encodeJson,
  type NodeState,
  type Snapshot,
  Subjects,
} from "../../cluster/news.ts";
import { until } from "../end_to_end/until.ts";
import { FakeTime } from "../link/fake_time.ts";
import { settled } from "../link/pipe.ts";
import { MemoryHub } from "./memory_bus.ts";

const subjects = new Subjects("lab");
const STATE: NodeState = {
  id: 7,
  name: "other",
  address: "127.0.0.1:2203",
  sinceMs: 0,
  clients: 1,
  messagesPerSecond: 0,
  version: 0,
  connection: 1,
  blocks: [7, 9],
  highestBlock: 9,
};
const CLIENT = { id: 6_001, address: "192.0.2.1", port: 5, connectedMs: 0 };

/** One who knows node 7, and that node's end, which answers for its client. */
function meeting(patience: { silenceMs?: number; forgetMs?: number } = {}) {
  const hub = new MemoryHub();
  const bus = hub.join();
  const other = hub.join();
  other.subscribe(subjects.clients(7), ({ respond }) => {
    const { version } = STATE;
    respond(encodeJson({ version, clients: [CLIENT], more: false }));
  });
  const neighbours = new Neighbours(bus, subjects, patience);
  neighbours.hear({ kind: "state", state: STATE });
  return { bus, other, neighbours };
}

const tick = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("Neighbours.settled() resolves when the clients of all are known", async () => {
  const { neighbours } = meeting();
  using _ = neighbours;
  assertEquals(neighbours.clients.size, 0);
  await neighbours.settled();
  assertEquals([...neighbours.clients.values()], [{ ...CLIENT, node: 7 }]);
});

Deno.test("Neighbours.settled() waits for nobody who does not answer", async () => {
  const { other, neighbours } = meeting();
  using _ = neighbours;
  other.kill();
  await neighbours.settled();
  assertEquals(neighbours.clients.size, 0);
});

Deno.test("Neighbours forgets whose a block was when its node does not name it", () => {
  const { neighbours } = meeting();
  using _ = neighbours;
  const owner = (number: number) => neighbours.ownerOf(number)?.state.name;
  assertEquals([owner(6_001), owner(7_001), owner(8_001)], [
    "other",
    undefined,
    "other",
  ]);
  const state = { ...STATE, blocks: [9, 12] };
  neighbours.hear({ kind: "state", state });
  assertEquals([owner(6_001), owner(8_001), owner(11_001)], [
    undefined,
    "other",
    "other",
  ]);
  neighbours.hear({ kind: "gone", id: 7 });
  assertEquals(owner(8_001), undefined);
});

Deno.test("Neighbours forgets who is silent, but not while nobody can be heard", async () => {
  const { bus, neighbours } = meeting({ silenceMs: 10, forgetMs: 50 });
  using _ = neighbours;
  await neighbours.settled();
  bus.connected = false;
  neighbours.loseAll();
  const lostMs = performance.now();
  await until("100 ms later", async () => {
    await tick();
    return performance.now() - lostMs > 100;
  });
  assertEquals(neighbours.missing, ["other"]);
  bus.connected = true;
  neighbours.listenAgain();
  await until("it is forgotten", async () => {
    await tick();
    return neighbours.missing.length === 0;
  });
  assertEquals([...neighbours.all], []);
});

/** Node 7 and time in the hands of a test, which answers when it wants to. */
class Puppet implements Disposable {
  readonly time = new FakeTime();
  readonly hub = new MemoryHub();
  readonly bus = this.hub.join();
  readonly neighbours: Neighbours;
  /** Who was lost, in order. */
  readonly lost: number[] = [];
  /** Behind which number clients were asked for, and how to answer. */
  readonly asked: { after: number; answer: (page: Snapshot) => void }[] = [];
  readonly end = this.hub.join();

  constructor(patience: NeighbourPatience = {}) {
    this.neighbours = new Neighbours(this.bus, subjects, patience);
    this.neighbours.onLost = (node) => this.lost.push(node);
    this.end.subscribe(subjects.clients(7), ({ bytes, respond }) => {
      const answer = (page: Snapshot) => respond(encodeJson(page));
      this.asked.push({ after: decodeNumber(bytes), answer });
    });
  }

  /** Says how the node is, and lets all happen that follows. */
  async says(state: Partial<NodeState> = {}): Promise<void> {
    this.neighbours.hear({ kind: "state", state: { ...STATE, ...state } });
    await settled();
  }

  /** Says who has come and who has left since a version. */
  changes(since: number, joined: number[], left: number[] = []): void {
    this.neighbours.hear({
      kind: "changes",
      id: 7,
      since,
      version: since + 1,
      joined: joined.map((id) => ({ ...CLIENT, id })),
      left,
    });
  }

  /** Answers the oldest question that it has not answered. */
  async answers(version: number, ids: number[], more = false): Promise<void> {
    const clients = ids.map((id) => ({ ...CLIENT, id }));
    this.asked.shift()!.answer({ version, clients, more });
    await settled();
  }

  /** The clients that are known, by their numbers. */
  get known(): number[] {
    return [...this.neighbours.clients.values()].map(({ id }) => id);
  }

  /** The names of all nodes that are known. */
  get names(): string[] {
    return [...this.neighbours.all].map(({ state }) => state.name);
  }

  [Symbol.dispose](): void {
    this.neighbours[Symbol.dispose]();
    this.time[Symbol.dispose]();
  }
}

Deno.test("what a node tells while its clients are fetched is not lost, page by page", async () => {
  using node = new Puppet();
  await node.says();
  node.changes(0, [6_005]);
  await node.answers(0, [6_001, 6_002], true);
  assertEquals(node.asked.map(({ after }) => after), [6_002]);
  // Who has left is on the page that has come, and who has come on the next.
  node.changes(1, [6_004], [6_001]);
  await node.says({ version: 2 });
  assertEquals([node.known, node.asked.length], [[], 1]);
  await node.answers(2, [6_003, 6_004, 6_005]);
  assertEquals(node.known, [6_002, 6_003, 6_004, 6_005]);
  // It is at version 2: the next that it tells follows.
  node.changes(2, [6_006], [6_002]);
  await node.says({ version: 3 });
  assertEquals(node.known, [6_003, 6_004, 6_005, 6_006]);
  assertEquals(node.asked, []);
});

Deno.test("what a node has told behind the last page counts, not the page's version", async () => {
  using node = new Puppet();
  await node.says();
  node.changes(0, [6_001]);
  node.changes(1, [6_002]);
  await node.answers(1, [6_001]);
  assertEquals(node.known, [6_001, 6_002]);
  node.changes(2, [6_003]);
  await node.says({ version: 3 });
  assertEquals([node.known, node.asked], [[6_001, 6_002, 6_003], []]);
});

Deno.test("what was told before a page was made does not make it older", async () => {
  using node = new Puppet();
  await node.says();
  node.changes(0, [6_001]);
  await node.answers(2, [6_001, 6_002]);
  node.changes(2, [6_003]);
  assertEquals([node.known, node.asked], [[6_001, 6_002, 6_003], []]);
});

Deno.test("clients are fetched anew when news are missing, and not when they come twice", async () => {
  using node = new Puppet();
  await node.says();
  await node.answers(0, [6_001]);
  node.changes(0, [6_002]);
  node.changes(0, [6_002]);
  await settled();
  // One is left out; who is fetched is on the list until the answer comes.
  assertEquals(node.asked, []);
  node.changes(2, [6_004]);
  await settled();
  assertEquals([node.known, node.asked.length], [[6_001, 6_002], 1]);
  await node.answers(3, [6_002, 6_003, 6_004]);
  assertEquals(node.known, [6_002, 6_003, 6_004]);
  // What it says of itself tells it too.
  await node.says({ version: 4 });
  assertEquals(node.asked.length, 1);
  // Once is enough, however long it takes.
  await node.says({ version: 4 });
  node.changes(4, [6_005]);
  await settled();
  assertEquals(node.asked.length, 1);
  await node.answers(5, [6_003, 6_004, 6_005]);
  assertEquals(node.known, [6_003, 6_004, 6_005]);
});

Deno.test("clients whose node does not answer are fetched when it says something again", async () => {
  using node = new Puppet();
  await node.says();
  await node.time.live(1_001);
  // It comes too late.
  await node.answers(0, [6_001]);
  assertEquals(node.known, []);
  await node.says();
  await node.answers(0, [6_001]);
  assertEquals(node.known, [6_001]);
  node.changes(0, [6_002]);
  assertEquals(node.known, [6_001, 6_002]);
});

Deno.test("what a node has told before its clients could not be fetched is nothing any more", async () => {
  using node = new Puppet();
  await node.says();
  node.changes(0, [6_001]);
  await node.time.live(1_001);
  node.asked.shift();
  node.changes(1, [6_002], [6_001]);
  await settled();
  await node.answers(2, [6_002]);
  assertEquals(node.known, [6_002]);
});

Deno.test("Neighbours.settled() waits for what has begun meanwhile, too", async () => {
  using node = new Puppet();
  await node.says();
  let isSettled = false;
  const settling = node.neighbours.settled().then(() => isSettled = true);
  await node.says({ connection: 2 });
  await node.answers(0, [6_001]);
  assertEquals([isSettled, node.known], [false, []]);
  await node.answers(0, [6_001]);
  await settling;
  assertEquals(node.known, [6_001]);
});

for (
  const [what, happens, again] of [
    ["is lost", (node: Puppet) => node.neighbours.lose(7), [6_002]],
    ["has left", hears("gone"), [6_002]],
    ["is about to leave", hears("leaving"), []],
    [
      "has connected again",
      (node: Puppet) => node.says({ connection: 2 }),
      [6_002],
    ],
  ] as const
) {
  Deno.test(`an answer of before a node ${what} is not taken`, async () => {
    using node = new Puppet();
    await node.says();
    await happens(node);
    await node.answers(0, [6_001]);
    assertEquals(node.known, []);
    // Nor is one that comes when it is there again.
    node.asked.length = 0;
    await node.says({ connection: 3 });
    await happens(node);
    await node.says({ connection: 4 });
    for (const { answer } of node.asked.splice(0, node.asked.length - 1)) {
      answer({ version: 0, clients: [CLIENT], more: false });
    }
    await settled();
    assertEquals(node.known, []);
    if (again.length > 0) await node.answers(0, [...again]);
    assertEquals([node.known, node.asked], [[...again], []]);
  });
}

function hears(kind: "gone" | "leaving") {
  return (node: Puppet) => node.neighbours.hear({ kind, id: 7 });
}

Deno.test("an answer that fails late does not spoil the one that has come since", async () => {
  using node = new Puppet();
  await node.says();
  await node.time.live(500);
  await node.says({ connection: 2 });
  node.asked.shift();
  await node.answers(0, [6_001]);
  await node.time.live(600);
  node.changes(0, [6_002]);
  assertEquals([node.known, node.asked], [[6_001, 6_002], []]);
});

Deno.test("a node that connects again was lost: what was sent to it may be", async () => {
  using node = new Puppet();
  await node.says();
  await node.answers(0, [6_001]);
  await node.says({ connection: 2 });
  assertEquals([node.lost, node.known, node.asked.length], [[7], [], 1]);
  node.neighbours.loseAll();
  node.neighbours.loseAll();
  assertEquals(node.lost, [7, 7]);
});

Deno.test("a node that has left is lost, and a node that leaves takes nobody on", async () => {
  using node = new Puppet();
  await node.says();
  await node.answers(0, [6_001]);
  node.neighbours.hear({ kind: "leaving", id: 7 });
  assertEquals([node.known, node.lost], [[], []]);
  assertEquals(node.neighbours.ownerOf(6_001)!.leaving, true);
  node.changes(0, [6_002]);
  await node.says({ version: 2 });
  assertEquals([node.known, node.asked, node.lost], [[], [], []]);
  node.neighbours.hear({ kind: "gone", id: 7 });
  assertEquals([node.lost, node.names], [[7], []]);
  // That nobody knows its numbers does not depend on who asks.
  assertEquals(node.neighbours.ownerOf(6_001), undefined);
  node.neighbours.hear({ kind: "leaving", id: 8 });
  node.neighbours.hear({ kind: "gone", id: 8 });
  assertEquals(node.lost, [7]);
});

Deno.test("a node is missing when it has said nothing for too long, whatever it says", async () => {
  using node = new Puppet({ silenceMs: 100, forgetMs: 1_000 });
  await node.says();
  await node.answers(0, [6_001]);
  for (let i = 0; i < 4; i++) {
    await node.time.live(90);
    if (i % 2 === 0) node.changes(i / 2, [6_002 + i]);
    else await node.says({ version: (i + 1) / 2 });
  }
  await node.time.live(90);
  assertEquals([node.lost, node.known], [[], [6_001, 6_002, 6_004]]);
  await node.time.live(40);
  assertEquals([node.lost, node.known, node.neighbours.missing], [
    ...[[7], []],
    ["other"],
  ]);
  await node.time.live(800);
  assertEquals(node.names, ["other"]);
  await node.time.live(200);
  assertEquals(node.names, []);
});

Deno.test("the silence of nodes counts from when they can be heard again", async () => {
  using node = new Puppet({ silenceMs: 100, forgetMs: 1_000 });
  await node.says();
  node.bus.connected = false;
  node.neighbours.loseAll();
  await node.time.live(5_000);
  node.bus.connected = true;
  node.neighbours.listenAgain();
  await node.time.live(900);
  assertEquals(node.neighbours.missing, ["other"]);
  await node.time.live(200);
  assertEquals(node.neighbours.missing, []);
});

Deno.test("a node that comes where one of its name was is what that was, unless that is there", async () => {
  const namesWith = async (former: "there" | "gone" | "missing", more = {}) => {
    using node = new Puppet();
    // Who is missing may well answer, and is not asked.
    if (former !== "gone") {
      node.end.subscribe(subjects.ping(7), ({ respond }) => {
        respond(new Uint8Array(0));
      });
    }
    await node.says();
    if (former === "missing") node.neighbours.lose(7);
    await node.says({ id: 8, blocks: [8], ...more });
    return [...node.neighbours.all].map(({ state }) => state.id);
  };
  assertEquals(await namesWith("there"), [7, 8]);
  assertEquals(await namesWith("gone"), [8]);
  assertEquals(await namesWith("missing"), [8]);
  for (const more of [{ name: "third" }, { address: "127.0.0.1:2204" }]) {
    for (const former of ["gone", "missing"] as const) {
      assertEquals(await namesWith(former, more), [7, 8]);
    }
  }
});

Deno.test("Neighbours passes over what a node has said on a connection that is over", async () => {
  const { neighbours } = meeting();
  using _ = neighbours;
  await neighbours.settled();
  const lost: number[] = [];
  neighbours.onLost = (node) => lost.push(node);
  const hear = (connection: number, name: string) =>
    neighbours.hear({ kind: "state", state: { ...STATE, connection, name } });
  hear(2, "new");
  assertEquals(lost, [7]);
  await neighbours.settled();
  hear(1, "old");
  assertEquals(lost, [7]);
  assertEquals(Array.from(neighbours.all, ({ state }) => state.name), ["new"]);
  assertEquals(neighbours.clients.size, 1);
});
