import { assert, assertEquals, assertGreater } from "@std/assert";
import {
  ExpiryQueue,
  Link,
  type LinkEnd,
  type LinkOptions,
  TimerWheel,
  type WatchTimes,
} from "../../link/mod.ts";
import {
  Command,
  decodePayload,
  empty,
  type Frame,
  FrameType,
  name,
  ProtocolErrorCode,
} from "../../protocol/mod.ts";
import { FakeTime } from "./fake_time.ts";
import {
  ask,
  assertEnd,
  connected,
  finish,
  frame,
  joined,
  limits,
  LINGER_MS,
  linked,
  next,
  request,
  unexpected,
} from "./linked.ts";
import { pipe, type PipeEnd, type PipeEndOptions, settled } from "./pipe.ts";

/** Longer than a time of the watch, which is counted in ticks. */
const MARGIN_MS = 3;

/** A watched link whose time passes when the test says so. */
class Scene implements Disposable {
  readonly time = new FakeTime();
  readonly wheel = new TimerWheel(1);
  readonly link: Link;
  /** The other end, in the test's hands. */
  readonly peer: PipeEnd;
  /** The link's end. */
  readonly own: PipeEnd;
  /** What {@linkcode Link.run} resolved to, once it has. */
  end: LinkEnd | undefined;
  readonly run: Promise<LinkEnd>;

  constructor(
    times: WatchTimes,
    onFrame: (frame: Frame, link: Link) => void = unexpected,
    options: Partial<LinkOptions> = {},
    near?: PipeEndOptions,
    far?: PipeEndOptions,
  ) {
    const watch = { ...times, wheel: this.wheel };
    [this.link, this.peer, this.own] = linked(
      { ...options, watch },
      near,
      far,
    );
    this.run = this.link.run((frame) => onFrame(frame, this.link));
    this.run.then((end) => this.end = end);
  }

  /** Lets time pass in which the link is not over. */
  async live(ms: number): Promise<void> {
    await this.time.live(ms);
    assertEquals(this.end, undefined);
  }

  /** Says that the link is over after `ms` more, not before. */
  async assertEnds(ms: number, end: LinkEnd): Promise<void> {
    await this.live(ms);
    await this.time.live(MARGIN_MS);
    assertEquals(this.end, end);
  }

  /** Says that the link closes when its linger is over, and leaves no timer. */
  async assertCloses(): Promise<void> {
    const ended = this.link.end();
    await settled();
    this.time.pass(LINGER_MS);
    await ended;
    assertEquals(this.own.closes, 1);
    assertEquals([this.wheel.size, this.time.timers], [0, 0]);
  }

  /** Has the peer close, and says that the link was good to the end. */
  async assertGood(): Promise<void> {
    const end = await finish(this.link, this.peer, this.run);
    assertEquals(end, { kind: "closed-by-peer" });
    assertEquals([this.wheel.size, this.time.timers], [0, 0]);
  }

  [Symbol.dispose](): void {
    this.wheel[Symbol.dispose]();
    this.time[Symbol.dispose]();
  }
}

/** Writes `bytes` one by one, one every `everyMs` milliseconds. */
async function drip(scene: Scene, bytes: Uint8Array, everyMs: number) {
  for (let at = 0; at < bytes.length; at++) {
    await scene.peer.writeAll(bytes.subarray(at, at + 1));
    await scene.live(everyMs);
  }
}

const heartbeat = { pingIntervalMs: 40, pingTimeoutMs: 20 };
const silent: LinkEnd = { kind: "silent", afterMs: 60 };

Deno.test("Link pings a peer that says nothing, and gives it up then", async () => {
  using scene = new Scene(heartbeat);
  await scene.live(40);
  assertEquals(scene.own.written.length, 0);
  await scene.assertEnds(20, silent);
  const ping = await next(scene.peer.frames());
  assertEquals([ping.type, ping.command, ping.status, ping.payload.length], [
    FrameType.indication,
    Command.ping,
    0,
    0,
  ]);
  assertGreater(ping.id, 0, "which wants an answer");
  assertEquals(scene.own.written.length, 1);
  await scene.assertCloses();
});

Deno.test("Link leaves it to others to end what it gives up, and to say why", async () => {
  using scene = new Scene(heartbeat);
  await scene.assertEnds(60, silent);
  assertEquals([scene.link.open, scene.own.closes], [true, 0]);
  scene.link.indicate(Command.goodbye, name, "you were silent");
  // What the peer says now is late.
  await scene.peer.writeAll(joined(request(1), Uint8Array.of(0)));
  const ended = scene.link.end();
  const frames = scene.peer.frames();
  assertEquals((await next(frames)).command, Command.ping);
  const goodbye = await next(frames);
  assertEquals(decodePayload(goodbye, name), "you were silent");
  await assertEnd(frames);
  scene.peer.close();
  await ended;
  assertEquals(await scene.run, silent);
  assertEquals([scene.wheel.size, scene.time.timers], [0, 0]);
});

Deno.test("Link tells who waits for an answer when it gives the peer up", async () => {
  using scene = new Scene(heartbeat);
  using patience = new ExpiryQueue(60_000);
  const asked = ask(scene.link, patience, Command.name);
  await scene.live(60);
  assertEquals([asked.calls, scene.link.asked], [0, 1]);
  await scene.time.live(MARGIN_MS);
  assertEquals(await asked.outcome, "closed");
  assertEquals([asked.calls, scene.link.asked], [1, 0]);
  const late = ask(scene.link, patience, Command.name);
  assertEquals(await late.outcome, "closed");
  patience[Symbol.dispose]();
  await scene.assertCloses();
});

Deno.test("Link keeps a peer that answers pings and says nothing else", async () => {
  using scene = new Scene(heartbeat);
  const peer = new Link({ transport: scene.peer, limits });
  const peerRun = peer.run(unexpected);
  await scene.live(500);
  assertGreater(scene.own.written.length, 7);
  const ended = peer.end();
  assertEquals(await scene.run, { kind: "closed-by-peer" });
  await scene.link.end();
  await ended;
  assertEquals(await peerRun, { kind: "closed-here" });
  assertEquals([scene.wheel.size, scene.time.timers], [0, 0]);
});

Deno.test("Link keeps a peer that answers pings late, but in time", async () => {
  using scene = new Scene(heartbeat);
  const frames = scene.peer.frames();
  for (let i = 0; i < 5; i++) {
    const { command, id } = await nextAfter(scene, frames);
    await scene.live(18);
    await scene.peer.writeAll(
      frame(FrameType.response, command, id, empty, undefined),
    );
  }
  await settled();
  await scene.assertEnds(60, silent);
  await scene.assertCloses();
});

/** The next frame, however much time it takes. */
async function nextAfter(scene: Scene, frames: AsyncGenerator<Frame>) {
  let came: Frame | undefined;
  const coming = next(frames).then((frame) => came = frame);
  while (came === undefined) await scene.live(1);
  return await coming;
}

Deno.test("Link keeps a peer that sends anything else instead of an answer", async () => {
  let frames = 0;
  using scene = new Scene(heartbeat, () => frames++);
  const late = frame(FrameType.response, Command.name, 99, empty, undefined);
  const bytes = joined(request(1), late, request(2).subarray(0, 7));
  await drip(scene, bytes, 55);
  assertEquals(frames, 1);
  assertGreater(scene.own.written.length, 30, "it was asked each time");
  await scene.peer.writeAll(request(2).subarray(7));
  await settled();
  await scene.assertGood();
});

Deno.test("Link does not ping a peer that is never quiet for long", async () => {
  using scene = new Scene(heartbeat, () => {});
  for (let id = 1; id <= 20; id++) {
    await scene.peer.writeAll(request(id));
    await scene.live(38);
  }
  assertEquals(scene.own.written.length, 0);
  await scene.assertGood();
});

Deno.test("Link without a ping interval does not ping, and waits for ever", async () => {
  using scene = new Scene({ pingIntervalMs: 0, pingTimeoutMs: 20 });
  await scene.live(200);
  assertEquals([scene.wheel.size, scene.time.timers], [0, 0]);
  assertEquals(scene.own.written.length, 0);
  await scene.assertGood();
});

Deno.test("Link does not call a peer silent that has closed its sending side", async () => {
  using scene = new Scene({ ...heartbeat, frameTimeoutMs: 30 });
  await scene.live(39);
  await scene.peer.closeWrite();
  await settled();
  assertEquals(await scene.run, { kind: "closed-by-peer" });
  await scene.time.live(300);
  assertEquals([scene.link.open, scene.own.written.length], [true, 0]);
  scene.link.indicate(Command.goodbye, name, "still there");
  assertEquals((await next(scene.peer.frames())).command, Command.goodbye);
  await scene.link.end();
  assertEquals([scene.wheel.size, scene.time.timers], [0, 0]);
});

Deno.test("Link does not call a peer silent that it does not listen to any more", async () => {
  using scene = new Scene(heartbeat);
  scene.link.ignoreInput();
  await scene.live(300);
  assertEquals([scene.link.open, scene.own.written.length], [true, 0]);
  await scene.assertGood();
});

Deno.test("Link does not take the answer to its ping for another's", async () => {
  using scene = new Scene(heartbeat);
  using patience = new ExpiryQueue(60_000);
  const first = ask(scene.link, patience, Command.name);
  const frames = scene.peer.frames();
  const { id } = await next(frames);
  const ping = await nextAfter(scene, frames);
  const second = ask(scene.link, patience, Command.time);
  const { id: secondId } = await next(frames);
  assertEquals(new Set([id, ping.id, secondId]).size, 3);
  const pong = frame(
    FrameType.response,
    Command.ping,
    ping.id,
    empty,
    undefined,
  );
  await scene.peer.writeAll(joined(pong, pong));
  await settled();
  assertEquals([first.calls, second.calls, scene.link.asked], [0, 0, 2]);
  for (const [command, to] of [[Command.time, secondId], [Command.name, id]]) {
    await scene.peer.writeAll(
      frame(FrameType.response, command!, to!, empty, undefined),
    );
  }
  assertEquals((await first.outcome as Frame).id, id);
  assertEquals((await second.outcome as Frame).id, secondId);
  patience[Symbol.dispose]();
  await scene.assertGood();
});

const stall = { stallTimeoutMs: 30 };
const stalled: LinkEnd = { kind: "stalled", afterMs: 30 };

Deno.test("Link gives up a peer that takes nothing", async () => {
  using scene = new Scene(stall, unexpected, {}, { capacity: 10 });
  await scene.live(100);
  scene.link.indicate(Command.goodbye, name, "x".repeat(100));
  await settled();
  assertEquals(scene.link.queued, 106);
  await scene.assertEnds(30, stalled);
  await scene.assertCloses();
  assertEquals(scene.link.queued, 0);
});

Deno.test("Link gives up a peer that takes nothing of the answers to its flood", async () => {
  using scene = new Scene(
    { ...heartbeat, ...stall },
    (frame, link) => link.respond(frame, name, "x".repeat(84)),
    { pauseAbove: 200 },
    { capacity: 10 },
  );
  const flood = joined(...Array.from({ length: 99 }, (_, id) => request(id)));
  await scene.peer.writeAll(flood);
  await settled();
  await scene.assertEnds(29, stalled);
  await scene.assertCloses();
});

Deno.test("Link keeps a peer that takes a byte now and then", async () => {
  using scene = new Scene(stall, unexpected, {}, { capacity: 1 });
  scene.link.indicate(Command.hello, name, "take your time");
  const taken: number[] = [];
  const buffer = new Uint8Array(1);
  while (taken.length < 30) {
    await scene.live(29);
    assertEquals(await scene.peer.read(buffer), 1);
    taken.push(buffer[0]!);
  }
  const bytes = Uint8Array.from(taken).subarray(16);
  assertEquals(new TextDecoder().decode(bytes), "take your time");
  // Nothing waits any more, and something else can at any time.
  await scene.live(100);
  await scene.assertGood();
});

Deno.test("Link gives each indication the whole time if nothing waits before", async () => {
  using scene = new Scene(stall, unexpected, {}, { capacity: 10 });
  const buffer = new Uint8Array(100);
  for (let i = 0; i < 5; i++) {
    await scene.live(17);
    scene.link.indicate(Command.goodbye, empty, undefined);
    await scene.live(29);
    for (let left = 16; left > 0;) left -= (await scene.peer.read(buffer))!;
    await settled();
    assertEquals(scene.link.queued, 0);
  }
  await scene.assertGood();
});

Deno.test("Link gives up a peer that takes nothing of what is queued when it is not listened to", async () => {
  using scene = new Scene(
    { ...heartbeat, ...stall },
    unexpected,
    {},
    { capacity: 10 },
  );
  scene.link.ignoreInput();
  scene.link.indicate(Command.goodbye, empty, undefined);
  await settled();
  await scene.assertEnds(29, stalled);
  await scene.assertCloses();
});

Deno.test("Link that is being ended is not given up", async () => {
  const times = { ...heartbeat, ...stall, frameTimeoutMs: 20 };
  using scene = new Scene(times, unexpected, {}, { capacity: 10 });
  await scene.peer.writeAll(request(1).subarray(0, 5));
  scene.link.indicate(Command.goodbye, empty, undefined);
  await scene.live(15);
  const ended = scene.link.end();
  assertEquals(scene.wheel.size, 0);
  await scene.live(200);
  // The time to close in is all that counts, and it was short enough.
  const frames = scene.peer.frames();
  assertEquals((await next(frames)).command, Command.goodbye);
  await assertEnd(frames);
  scene.peer.close();
  assertEquals(await scene.run, { kind: "closed-here" });
  await ended;
  assertEquals(scene.time.timers, 0);
});

Deno.test("Link that was ended before it runs is not watched", async () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(1);
  const watch = { ...heartbeat, wheel };
  const [link, peer] = linked({ watch });
  const ended = link.end();
  const run = link.run(unexpected);
  assertEquals(wheel.size, 0);
  peer.close();
  assertEquals(await run, { kind: "closed-here" });
  await ended;
  await time.live(100);
  assertEquals([wheel.size, time.timers], [0, 0]);
});

Deno.test("Link that is lost is watched no longer", async () => {
  using scene = new Scene({ ...heartbeat, ...stall });
  await scene.live(10);
  const error = new Deno.errors.ConnectionReset("reset by peer");
  scene.own.break(error);
  assertEquals(await scene.run, { kind: "lost", error });
  assertEquals([scene.wheel.size, scene.time.timers], [0, 0]);
});

Deno.test("Link that told of a fault is watched no longer", async () => {
  using scene = new Scene({ ...heartbeat, ...stall });
  await scene.peer.writeAll(Uint8Array.of(0));
  assertEquals((await scene.run).kind, "fault");
  assertEquals(scene.wheel.size, 0);
  await scene.assertCloses();
});

Deno.test("Link is not watched before it runs, nor without being told to", async () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(1);
  new Link({ transport: pipe()[0], limits, watch: { ...heartbeat, wheel } });
  const [link, peer] = linked();
  const run = link.run(unexpected);
  await time.live(200);
  assertEquals([wheel.size, time.timersSet], [0, 0]);
  await finish(link, peer, run);
});

const slow = { frameTimeoutMs: 30 };
const unfinished: LinkEnd = { kind: "unfinished", afterMs: 30 };
const long = frame(FrameType.request, 77, 1, name, "x".repeat(200));

for (
  const [what, from, to] of [
    ["header", 0, 12],
    ["payload, in bytes of its own", 16, 28],
    ["payload that comes with its header", 40, 52],
  ] as const
) {
  Deno.test(`Link gives up a peer that sends a ${what}, one byte at a time`, async () => {
    using scene = new Scene(slow);
    await scene.live(100);
    if (from > 0) await scene.peer.writeAll(long.subarray(0, from));
    await drip(scene, long.subarray(from, to), 2);
    // The first byte came 24 ms ago; what follows gives no more time.
    await drip(scene, long.subarray(to, to + 3), 2);
    await scene.assertEnds(0, unfinished);
    await scene.assertCloses();
  });
}

Deno.test("Link gives up a peer that sends a frame's last byte too late", async () => {
  using scene = new Scene(slow);
  await scene.peer.writeAll(long.subarray(0, -1));
  await settled();
  await scene.assertEnds(30, unfinished);
  await scene.peer.writeAll(long.subarray(-1));
  await settled();
  await scene.assertCloses();
});

Deno.test("Link takes a frame that comes byte by byte in time", async () => {
  let frames = 0;
  using scene = new Scene(slow, () => frames++);
  for (let i = 1; i <= 10; i++) {
    await drip(scene, request(i).subarray(0, 14), 2);
    await scene.peer.writeAll(request(i).subarray(14));
    await settled();
    assertEquals(frames, i);
  }
  await scene.live(100);
  await scene.assertGood();
});

Deno.test("Link never calls a quick succession of frames unfinished", async () => {
  let frames = 0;
  using scene = new Scene({ ...slow, ...heartbeat }, () => frames++);
  const stream = joined(...Array.from({ length: 200 }, (_, id) => request(id)));
  // No piece ends where a frame does, so that one is always under way.
  for (const step of [16, 2 * 16, 16 + 1, 3 * 16 - 1]) {
    const before = frames;
    let at = 0;
    for (let end = 7; end < stream.length; end += step) {
      const cut = end % 16 === 0 ? end + 1 : end;
      await scene.peer.writeAll(stream.subarray(at, cut));
      at = cut;
      await scene.live(1);
    }
    await scene.peer.writeAll(stream.subarray(at));
    await settled();
    assertEquals(frames, before + 200);
  }
  await scene.assertGood();
});

Deno.test("Link counts a frame's time from its own first byte", async () => {
  let frames = 0;
  using scene = new Scene(slow, () => frames++);
  await scene.peer.writeAll(long.subarray(0, 100));
  await scene.live(25);
  // The rest of one, and the beginning of a longer one, in the same read.
  await scene.peer.writeAll(joined(long.subarray(100), long.subarray(0, 150)));
  await scene.live(25);
  await scene.peer.writeAll(joined(long.subarray(150), long.subarray(0, 15)));
  await settled();
  assertEquals(frames, 2);
  await scene.assertEnds(30, unfinished);
  await scene.assertCloses();
});

/** A link that does not read until its peer has taken 200 of 300 bytes. */
async function paused(times: WatchTimes): Promise<Scene> {
  const scene = new Scene(
    times,
    (frame, link) => {
      if (frame.command === Command.name) {
        link.respond(frame, name, "x".repeat(284));
      }
    },
    { pauseAbove: 100 },
    { capacity: 1 },
  );
  await scene.peer.writeAll(joined(request(1), long.subarray(0, 50)));
  await settled();
  assertEquals(scene.link.queued, 299);
  return scene;
}

Deno.test("Link does not count the time in which it does not read against a frame", async () => {
  using scene = await paused(slow);
  await scene.peer.writeAll(long.subarray(50, 60));
  await scene.live(100);
  assertEquals(scene.own.unread, 10, "it does not read");
  scene.own.capacity = Infinity;
  await scene.peer.read(new Uint8Array(10));
  await settled();
  assertEquals([scene.link.queued, scene.own.unread], [0, 0]);
  // From now on it does, as if the frame had begun now.
  await scene.assertEnds(30, unfinished);
  await scene.assertCloses();
});

Deno.test("Link does not call a peer silent whose bytes it does not read", async () => {
  using scene = await paused(heartbeat);
  const buffer = new Uint8Array(1);
  for (let taken = 0; taken < 12; taken++) {
    await scene.live(39);
    await scene.peer.read(buffer);
    await settled();
  }
  assertEquals(scene.link.queued, 287, "it was not even pinged");
  await scene.assertEnds(60, silent);
  await scene.assertCloses();
});

Deno.test("Link gives a peer time to be heard when it reads again", async () => {
  using scene = await paused(heartbeat);
  await scene.live(58);
  assertEquals(scene.link.queued, 299 + 16, "it was pinged");
  // The peer takes so much that the link reads again, but not yet the ping.
  scene.own.capacity = 220;
  await scene.peer.read(new Uint8Array(1));
  await settled();
  assertEquals(scene.link.queued, 95);
  await scene.live(38);
  scene.own.capacity = Infinity;
  const frames = scene.peer.frames();
  const buffer = new Uint8Array(300);
  let count = 1;
  while (count < 300) {
    count += (await scene.peer.read(buffer.subarray(0, 300 - count)))!;
  }
  const ping = await next(frames);
  assertEquals(ping.command, Command.ping);
  await scene.peer.writeAll(
    frame(FrameType.response, Command.ping, ping.id, empty, undefined),
  );
  await scene.live(10);
  scene.peer.close();
  await settled();
  await scene.link.end();
});

Deno.test("Link hands pings over while it does not answer them", async () => {
  const handed: number[] = [];
  const [link, peer] = linked();
  const run = link.run((frame) => {
    assertEquals([frame.type, frame.command], [
      FrameType.indication,
      Command.ping,
    ]);
    handed.push(frame.id);
    link.answersPings = handed.length === 2;
  });
  assert(link.answersPings);
  link.answersPings = false;
  assert(!link.answersPings);
  const pings = [1, 2, 3, 4].map((id) =>
    frame(FrameType.indication, Command.ping, id, empty, undefined)
  );
  await peer.writeAll(joined(...pings));
  const frames = peer.frames();
  assertEquals((await next(frames)).id, 3);
  assertEquals((await next(frames)).id, 4);
  assertEquals(handed, [1, 2]);
  await finish(link, peer, run);
});

Deno.test("Link accepts what it is told to from the next frame on", async () => {
  const [link, peer] = linked({ limits: { maxPayload: 0 } });
  const sizes: number[] = [];
  const run = link.run(({ id, payload }) => {
    sizes.push(payload.length);
    link.maxPayload = id === 1 ? 300 : 10;
  });
  const text = (size: number) =>
    frame(FrameType.request, Command.name, size, name, "x".repeat(size));
  await peer.writeAll(joined(request(1), text(300), text(10), text(11)));
  await peer.closeWrite();
  const end = await run;
  assert(end.kind === "fault");
  assertEquals(end.error.code, ProtocolErrorCode.payloadTooLarge);
  assertEquals(sizes, [0, 300, 10]);
  await link.end();
});

Deno.test("Link counts the answers that it waits for", async () => {
  using patience = new ExpiryQueue(60_000);
  const [link, peer] = linked();
  const run = link.run(unexpected);
  assertEquals(link.asked, 0);
  const asked = [1, 2, 3].map(() => ask(link, patience, Command.name));
  assertEquals(link.asked, 3);
  const { id } = await next(peer.frames());
  await peer.writeAll(
    frame(FrameType.response, Command.name, id, empty, undefined),
  );
  await asked[0]!.outcome;
  assertEquals(link.asked, 2);
  link.abandon();
  assertEquals(link.asked, 0);
  await finish(link, peer, run);
});

Deno.test("Link shares one timer with thousands of others", async () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(1);
  const watch = { ...heartbeat, ...stall, wheel };
  const ends = Array.from({ length: 1_000 }, (_, i) => {
    const [link, peer] = linked({ watch });
    const run = link.run(unexpected);
    if (i % 2 === 1) return { link, run };
    const answering = new Link({ transport: peer, limits });
    answering.run(unexpected);
    return { link, run };
  });
  assertEquals([wheel.size, time.timers], [1_000, 1]);
  await time.live(100);
  assertEquals([wheel.size, time.timers, time.timersSet], [500, 1, 1]);
  for (const [i, { link, run }] of ends.entries()) {
    if (i % 2 === 1) assertEquals(await run, silent);
    link.end();
  }
  assertEquals(wheel.size, 0);
  time.pass(LINGER_MS);
  await Promise.all(ends.map(({ link }) => link.closed));
  assertEquals(time.timers, 0);
});

Deno.test("Link gives up a silent peer over a real socket", async () => {
  const wheel = new TimerWheel(2);
  const [own, peer] = await connected();
  const watch = { wheel, pingIntervalMs: 20, pingTimeoutMs: 20 };
  const link = new Link({ transport: own, limits, watch });
  assertEquals(await link.run(unexpected), { kind: "silent", afterMs: 40 });
  const ended = link.end();
  const buffer = new Uint8Array(100);
  assertEquals(await peer.read(buffer), 16, "it was pinged");
  assertEquals(await peer.read(buffer), null);
  peer.close();
  await ended;
});

Deno.test("Link keeps a peer that only answers over a real socket", async () => {
  const wheel = new TimerWheel(2);
  const [own, peer] = await connected();
  // The time to answer in is long: others may need the machine meanwhile.
  const watch = { wheel, pingIntervalMs: 10, pingTimeoutMs: 60_000 };
  const link = new Link({ transport: own, limits, watch });
  const run = link.run(unexpected);
  const buffer = new Uint8Array(16);
  for (let i = 0; i < 5; i++) {
    assertEquals(await peer.read(buffer), 16);
    buffer[3] = FrameType.response;
    assertEquals(await peer.write(buffer), 16);
  }
  assertEquals(await peer.read(buffer), 16);
  peer.close();
  assertEquals(await run, { kind: "closed-by-peer" });
  await link.end();
});

Deno.test("Link gives up a peer that does not read over a real socket", async () => {
  const wheel = new TimerWheel(2);
  const [own, peer] = await connected();
  const watch = { wheel, stallTimeoutMs: 50 };
  const link = new Link({ transport: own, limits, watch });
  const run = link.run(unexpected);
  // More than the system takes on the peer's behalf.
  const text = "x".repeat(65_000);
  for (let i = 0; i < 500; i++) link.indicate(Command.message, name, text);
  assertEquals(await run, { kind: "stalled", afterMs: 50 });
  assertGreater(link.queued, 0);
  await link.end();
  assertEquals(link.queued, 0);
  peer.close();
});
