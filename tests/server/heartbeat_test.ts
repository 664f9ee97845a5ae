import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  Command,
  type Frame,
  FrameType,
  goodbye,
  GoodbyeReason,
  Status,
} from "../../protocol/mod.ts";
import { FakeTime } from "../link/fake_time.ts";
import { settled } from "../link/pipe.ts";
import { type MemoryPeer, MemoryServer } from "./memory_server.ts";
import { frameOf, goodbyeOf, RawPeer, sendFrame } from "./raw_peer.ts";
import { watchedServer } from "./watched_server.ts";

const TIMES = { pingIntervalMs: 100, pingTimeoutMs: 50 };
/** Longer than a time of the server's, which is counted in ticks of 1 ms. */
const MARGIN_MS = 3;
const NAME = frameOf({ command: Command.name });

Deno.test("a client of which nothing is heard is asked, then told goodbye, and has left", async () => {
  using time = new FakeTime();
  await using server = new MemoryServer(TIMES);
  const silent = await server.connect();
  const sender = await server.connect();
  await time.live(99);
  assertEquals(silent.far.unread, 0);
  await sender.write(NAME, sendFrame(silent.id, 7));
  assertEquals((await sender.next()).command, Command.name);
  await time.live(MARGIN_MS);
  const message = await silent.next();
  assertEquals(message.command, Command.message);
  const ping = await silent.next();
  assertPing(ping);
  assertNotEquals(ping.id, message.id);
  await time.live(49 - MARGIN_MS);
  assertEquals(server.events.of("left"), []);
  await time.live(2 * MARGIN_MS);

  const { reason, text } = goodbyeOf(await silent.next());
  assertEquals([reason, text], [
    GoodbyeReason.silent,
    "nothing was heard for 0.15 s",
  ]);
  assertEquals(await silent.rest(), []);
  const { id, how, why, clients } = await server.events.nth("left", 1);
  assertEquals({ id, how, why, clients }, {
    id: silent.id,
    how: "silent",
    why: text,
    clients: 1,
  });
  assertEquals(server.roster.find(silent.id), undefined);
  const answer = await sender.next();
  assertEquals([answer.id, answer.status], [7, Status.receiverGone]);
  await sender.write(sendFrame(silent.id, 8));
  assertEquals((await sender.next()).status, Status.unknownNumber);

  // It does not close; a second later the server does.
  assertEquals(silent.near.closes, 0);
  await time.live(1_001);
  assertEquals(silent.near.closes, 1);
});

Deno.test("a client that answers pings stays, and is asked again each time", async () => {
  using time = new FakeTime();
  await using server = new MemoryServer(TIMES);
  const peer = await server.connect();
  const ids = new Set<number>();
  for (let i = 0; i < 10; i++) {
    await time.live(100 + MARGIN_MS);
    const ping = await peer.next();
    assertPing(ping);
    ids.add(ping.id);
    await time.live(40);
    await peer.write(
      frameOf({ type: FrameType.response, command: Command.ping, id: ping.id }),
    );
    await settled();
  }
  assertEquals(ids.size, 10);
  assertEquals(peer.far.unread, 0);
  assertEquals(server.events.of("left"), []);
});

Deno.test("any byte of a client is a sign of life", async () => {
  using time = new FakeTime();
  await using server = new MemoryServer(TIMES);
  const peer = await server.connect();
  const frame = sendFrame(99);
  for (const byte of frame.subarray(0, 20)) {
    await time.live(95);
    await peer.write(Uint8Array.of(byte));
    await settled();
  }
  assertEquals(peer.far.unread, 0);
  await time.live(100 + MARGIN_MS);
  assertPing(await peer.next());
  await peer.write(frame.subarray(20, 21));
  await time.live(90);
  assertEquals(server.events.of("left"), []);
});

Deno.test("a server that shall never ask asks nobody, and lets nobody go", async () => {
  using time = new FakeTime();
  const times = { pingIntervalMs: 0, pingTimeoutMs: 50 };
  await using server = new MemoryServer(times);
  const silent = await server.connect();
  time.pass(100_000);
  await settled();
  assertEquals(silent.far.unread, 0);
  await silent.write(NAME);
  assertEquals((await silent.next()).command, Command.name);
});

Deno.test("who has said goodbye, or closed its sending side, has time until its answers have come", async () => {
  using time = new FakeTime();
  await using server = new MemoryServer(TIMES);
  const receiver = await server.connect();
  const polite = await server.connect();
  const terse = await server.connect();
  const type = FrameType.indication;
  const value = { reason: GoodbyeReason.leaving, text: "" };
  await polite.write(
    sendFrame(receiver.id, 1),
    frameOf({ type, command: Command.goodbye, id: 2 }, goodbye, value),
  );
  await terse.write(sendFrame(receiver.id, 3));
  await terse.far.closeWrite();
  const messages = [await receiver.next(), await receiver.next()];
  for (let i = 0; i < 5; i++) {
    await time.live(100);
    await receiver.write(NAME);
    assertEquals((await receiver.next()).command, Command.name);
  }

  for (const { command, id } of messages) {
    await receiver.write(frameOf({ type: FrameType.response, command, id }));
  }
  assertEquals(await idsOf(polite, 2), [1, 2]);
  assertEquals(await idsOf(terse, 1), [3]);
  assertEquals(await terse.rest(), []);
});

Deno.test("over a network, too: who is silent goes, who answers stays", async () => {
  const times = { pingIntervalMs: 50, pingTimeoutMs: 300 };
  await using server = await watchedServer(times);
  using silent = await RawPeer.connect(server.port);
  using lively = await RawPeer.connect(server.port);
  const sent = (async () => {
    await lively.write(sendFrame(silent.id, 1_000_000));
    for (;;) {
      const frame = await lively.next();
      if (frame.command === Command.send) return frame;
      assertPing(frame);
      await lively.confirm(frame);
    }
  })();

  assertEquals((await silent.message()).text, "hi");
  assertPing(await silent.next());
  const { reason } = goodbyeOf(await silent.next());
  assertEquals(reason, GoodbyeReason.silent);
  assertEquals((await sent).status, Status.receiverGone);
  const left = server.events.of("left");
  assertEquals(left.map(({ id, how }) => [id, how]), [[silent.id, "silent"]]);
});

function assertPing({ type, command, id, payload }: Frame): void {
  assertEquals([type, command, payload.length], [3, Command.ping, 0]);
  assert(id !== 0);
}

async function idsOf(peer: MemoryPeer, count: number): Promise<number[]> {
  const ids: number[] = [];
  while (ids.length < count) ids.push((await peer.next()).id);
  return ids;
}
