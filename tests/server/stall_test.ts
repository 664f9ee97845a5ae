import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertLessOrEqual,
} from "@std/assert";
import {
  Command,
  decodePayload,
  type Frame,
  GoodbyeReason,
  listPage,
  listPageCapacity,
  listQuery,
  Status,
} from "../../protocol/mod.ts";
import { DEFAULT_LIMITS, maxPayload } from "../../server/limits.ts";
import type { Member } from "../../server/member.ts";
import { LocalRoster } from "../../server/roster.ts";
import { FakeTime } from "../link/fake_time.ts";
import { settled } from "../link/pipe.ts";
import { type MemoryPeer, MemoryServer } from "./memory_server.ts";
import { frameOf, goodbyeOf, RawPeer, sendFrame } from "./raw_peer.ts";
import { watchedServer } from "./watched_server.ts";

/** Longer than a time of the server's, which is counted in ticks of 1 ms. */
const MARGIN_MS = 3;
const NAME = frameOf({ command: Command.name });
/** How much one read may have a client answered: `Link`'s own. */
const ANSWERS_AT_ONCE = 64 * 1024;
const header = { command: Command.list };
const LIST_ALL = frameOf(header, listQuery, { after: 0, limit: 0 });

Deno.test("a client that asks for 57 megabytes in one write and reads nothing makes no more wait than the server allows", async () => {
  using time = new FakeTime();
  const limits = { maxQueue: 100_000, maxText: 30_000, stallTimeoutMs: 100 };
  const roster = crowdedRoster(1_000);
  await using server = new MemoryServer({ ...limits, roster });
  const greedy = await server.connect({ near: { capacity: 1_000 } });
  const other = await server.connect();
  const payload = maxPayload({ ...DEFAULT_LIMITS, ...limits });
  const answer = 16 + 3 + 19 * Math.min(1_002, listPageCapacity(payload));
  const bound = limits.maxQueue + payload + ANSWERS_AT_ONCE + answer;

  const written = greedy.write(...Array(3_000).fill(LIST_ALL));
  let longest = 0;
  for (let i = 0; i < 20; i++) {
    await settled();
    longest = Math.max(longest, server.queued(greedy.id));
    await other.write(NAME);
    assertEquals((await other.next()).command, Command.name);
  }
  await written;
  assertGreater(longest, limits.maxQueue);
  assertLessOrEqual(longest, bound);
  const { reads } = greedy.near;
  const calls = roster.pages;

  // Messages for it are refused meanwhile, and nothing more of it is served.
  await other.write(sendFrame(greedy.id));
  assertEquals((await other.next()).status, Status.receiverBusy);
  await time.live(90);
  assertEquals([greedy.near.reads, roster.pages], [reads, calls]);
  assertEquals(server.events.of("left"), []);
  await time.live(10 + MARGIN_MS);
  const { how, why } = await server.events.nth("left", 1);
  assertEquals([how, why], [
    "not-reading",
    "nothing of what waits was read for 0.1 s",
  ]);
  await time.live(1_001);
  assertEquals(greedy.near.closes, 1);
  assertEquals(roster.pages, calls);
});

Deno.test("100 long lists for a client that reads them hold nobody up, and all come", async () => {
  const roster = crowdedRoster(1_000);
  await using server = new MemoryServer({ roster });
  const greedy = await server.connect({ near: { capacity: 8_000 } });
  const other = await server.connect();
  const count = 100;

  let read = 0;
  const reading = (async () => {
    while (read < count) {
      assertEquals((await greedy.next()).command, Command.list);
      read++;
    }
  })();
  const written = greedy.write(...Array(count).fill(LIST_ALL));
  const waits: number[] = [];
  while (read < count) {
    const before = roster.pages;
    await other.write(NAME);
    await other.next();
    waits.push(roster.pages - before);
    await settled();
  }
  await Promise.all([written, reading]);
  assertEquals(roster.pages, count);
  // As many as are answered in a turn, while another client's turn comes.
  const aTurn = Math.ceil(ANSWERS_AT_ONCE / 19_000) + 1;
  assertLessOrEqual(Math.max(...waits), 2 * aTurn);
});

Deno.test("over a network, too, a client that never reads 57 megabytes holds nobody up, and is dropped", async () => {
  const limits = { maxText: 100_000, maxQueue: 100_000, stallTimeoutMs: 100 };
  await using server = await watchedServer({ ...limits, trace: true });
  using other = await RawPeer.connect(server.port);
  const crowd = await Promise.all(
    Array.from({ length: 200 }, () => RawPeer.connectOnly(server.port)),
  );
  await server.events.nth("connected", 201);
  using greedy = await RawPeer.connect(server.port);
  // What is due at some time, as all others' times are, is done between.
  const { events } = server;
  const countedInATurn: number[] = [];
  let before = events.all.length;
  const others = setInterval(() => {
    countedInATurn.push(events.all.length - before);
    before = events.all.length;
  }, 0);
  const written = greedy.write(...Array(15_000).fill(LIST_ALL))
    .catch(() => {});
  while (events.of("left").length === 0) await other.sync();
  clearInterval(others);
  const { id, how } = await events.nth("left", 1);
  assertEquals([id, how], [greedy.id, "not-reading"]);
  await written;
  for (const peer of crowd) peer.close();

  // A thousand lists go into the system's buffers, but not in a row.
  const lists = events.of("answered").filter(({ command }) =>
    command === "list"
  );
  assertGreater(lists.length, 600);
  assertLess(Math.max(...countedInATurn), 600);
});

Deno.test("messages for a client that does not read wait up to the limit, and end when it is dropped", async () => {
  using time = new FakeTime();
  const limits = { maxQueue: 10_000, stallTimeoutMs: 100 };
  await using server = new MemoryServer(limits);
  const sluggish = await server.connect({ near: { capacity: 500 } });
  const sender = await server.connect();
  const text = "x".repeat(3_000);
  const count = 20;

  for (let id = 1; id <= count; id++) {
    await sender.write(sendFrame(sluggish.id, id, text));
    await settled();
    assertLessOrEqual(
      server.queued(sluggish.id),
      limits.maxQueue + 16 + 11 + text.length,
    );
  }
  await sender.write(NAME);
  const refused = await framesTo(sender, Command.name);
  const passedOn = count - refused.length;
  assert(passedOn === 4 || passedOn === 5);
  assertEquals(
    refused.map(({ id, status }) => [id, status]),
    refused.map((_, i) => [passedOn + 1 + i, Status.receiverBusy]),
  );
  await time.live(100 + MARGIN_MS);
  for (let id = 1; id <= passedOn; id++) {
    const answer = await sender.next();
    assertEquals([answer.id, answer.status], [id, Status.receiverGone]);
  }
  const { how } = await server.events.nth("left", 1);
  assertEquals(how, "not-reading");
});

Deno.test("a client that takes a little of what waits, time and again, stays and gets it all", async () => {
  using time = new FakeTime();
  const limits = { maxQueue: 5_000, maxText: 100, stallTimeoutMs: 50 };
  await using server = new MemoryServer({ ...limits, pingIntervalMs: 0 });
  const slow = await server.connect({ near: { capacity: 100 } });
  const count = 1_000;
  const written = slow.write(...Array(count).fill(NAME));
  const answer = 16 + "lab".length;
  let left = count * answer;
  const read = async (size: number) => {
    left -= (await slow.far.read(new Uint8Array(size)))!;
  };
  for (let i = 0; i < 30; i++) {
    await time.live(45);
    await read(1);
  }
  assertEquals(server.events.of("left"), []);
  assertGreater(server.queued(slow.id), limits.maxQueue);
  while (left > 0) {
    await read(4096);
    await time.live(1);
  }
  await written;
  await time.live(200);
  assertEquals(server.events.of("left"), []);
  assertEquals(server.queued(slow.id), 0);
});

Deno.test("a client that is not read from because it does not read has not begun a frame too slowly", async () => {
  using time = new FakeTime();
  const limits = { maxQueue: 1_000, maxText: 100, frameTimeoutMs: 50 };
  const times = { stallTimeoutMs: 1_000, pingIntervalMs: 0 };
  await using server = new MemoryServer({ ...limits, ...times });
  const slow = await server.connect({ near: { capacity: 100, maxRead: 100 } });
  const count = 500;
  const bytes = new Uint8Array(count * NAME.length);
  for (let i = 0; i < count; i++) bytes.set(NAME, i * NAME.length);
  // The last read before the pause ends within a frame.
  await slow.far.writeAll(bytes);
  await time.live(200);
  assertEquals(server.events.of("left"), []);
  assertGreater(slow.near.unread, 0);
  await slow.write(LIST_ALL);
  const reading = framesTo(slow, Command.list);
  await time.live(200);
  assertEquals((await reading).length, count);
  assertEquals(server.events.of("left"), []);
});

for (
  const [what, written] of [
    ["one byte of a frame", [NAME.subarray(0, 1)]],
    ["half a header", [NAME.subarray(0, 8)]],
    ["half a payload", [LIST_ALL.subarray(0, 19)]],
    ["whole frames and half of another", [NAME, NAME, NAME.subarray(0, 5)]],
  ] as const
) {
  Deno.test(`a client that sends ${what} and no more is told so when the time is over`, async () => {
    using time = new FakeTime();
    const times = { frameTimeoutMs: 100, pingIntervalMs: 0 };
    await using server = new MemoryServer(times);
    const peer = await server.connect();
    const witness = await server.connect();
    await time.live(500);
    await peer.write(...written);
    for (const _ of written.slice(1)) await peer.next();
    await time.live(98);
    assertEquals(server.events.of("left"), []);
    await time.live(2 + MARGIN_MS);

    await assertUnfinished(peer);
    const { id, how, why } = await server.events.nth("left", 1);
    assertEquals([id, how, why], [
      peer.id,
      "unfinished-frame",
      "a frame was not finished within 0.1 s",
    ]);
    await witness.write(NAME);
    assertEquals((await witness.next()).command, Command.name);
  });
}

Deno.test("a frame that comes byte by byte has the same time as any other", async () => {
  using time = new FakeTime();
  await using server = new MemoryServer({ frameTimeoutMs: 100 });
  const peer = await server.connect();
  const frame = sendFrame(99, 1, "x".repeat(200));
  for (let i = 0; i < 98; i++) {
    await peer.write(frame.subarray(i, i + 1));
    await time.live(1);
  }
  assertEquals(server.events.of("left"), []);
  for (let i = 98; i < 104; i++) {
    await peer.write(frame.subarray(i, i + 1));
    await time.live(1);
  }
  await assertUnfinished(peer);
});

Deno.test("frames that are finished in time may come slowly for ever", async () => {
  using time = new FakeTime();
  const times = { frameTimeoutMs: 100, pingIntervalMs: 0 };
  await using server = new MemoryServer(times);
  const peer = await server.connect();
  for (let i = 0; i < 10; i++) {
    await peer.write(NAME.subarray(0, 9));
    await time.live(90);
    // The end of one and the beginning of the next, in one piece.
    await peer.write(NAME.subarray(9));
    assertEquals((await peer.next()).command, Command.name);
  }
  await peer.write(NAME.subarray(0, 9));
  for (let i = 0; i < 10; i++) {
    await time.live(90);
    const both = new Uint8Array(16);
    both.set(NAME.subarray(9));
    both.set(NAME.subarray(0, 9), 7);
    await peer.write(both);
    assertEquals((await peer.next()).command, Command.name);
  }
  assertEquals(server.events.of("left"), []);
});

Deno.test("over a network, too, a frame that is not finished in time ends the visit", async () => {
  await using server = await watchedServer({ frameTimeoutMs: 50 });
  using slow = await RawPeer.connect(server.port);
  using witness = await RawPeer.connect(server.port);
  await slow.write(NAME, NAME.subarray(0, 15));
  assertEquals((await slow.next()).command, Command.name);
  const { reason } = goodbyeOf(await slow.next());
  assertEquals(reason, GoodbyeReason.unfinishedFrame);
  await slow.ended();
  await witness.sync();
});

/** All frames before the first about this command. */
async function framesTo(peer: MemoryPeer, command: number): Promise<Frame[]> {
  const before: Frame[] = [];
  for (;;) {
    const frame = await peer.next();
    if (frame.command === command) return before;
    before.push(frame);
  }
}

async function assertUnfinished(peer: MemoryPeer): Promise<void> {
  const { reason } = goodbyeOf(await peer.next());
  assertEquals(reason, GoodbyeReason.unfinishedFrame);
  assertEquals(await peer.rest(), []);
}

/** Counts what it is asked for, and has so many members who are not there. */
function crowdedRoster(size: number): LocalRoster & { pages: number } {
  const roster = Object.assign(new LocalRoster(), { pages: 0 });
  for (let i = 0; i < size; i++) {
    const id = roster.claim();
    const port = 1 + i;
    const link = { abandon() {} };
    const member = { id, address: "192.0.2.7", port, connectedMs: 1, link };
    roster.add(member as unknown as Member);
  }
  const page = roster.page.bind(roster);
  return Object.assign(roster, {
    page(query: Parameters<typeof page>[0]) {
      roster.pages++;
      return page(query);
    },
  });
}

Deno.test("the lists here are as long as they are meant to be", async () => {
  await using server = new MemoryServer({ roster: crowdedRoster(1_000) });
  const peer = await server.connect();
  await peer.write(LIST_ALL);
  const { clients } = decodePayload(await peer.next(), listPage);
  assertEquals(clients.length, 1_001);
});
