import { assert, assertEquals, assertLess } from "@std/assert";
import { TimerWheel } from "../../link/mod.ts";
import {
  Watch,
  type Watched,
  type WatchTimes,
  type WatchVerdict,
} from "../../link/watch.ts";
import { FakeTime } from "./fake_time.ts";

const TICK_MS = 10;
const HOUR_MS = 3_600_000;

/** A connection of which a test says how it is. */
class Connection implements Watched, Disposable {
  /** What {@linkcode Watched} asks for. */
  isHearing = true;
  isPaused = false;
  bytesQueued = 0;
  bytesUnfinished = 0;
  /** How often the peer was asked whether it is there. */
  pings = 0;
  /** What it was given up for, each time. */
  readonly verdicts: [WatchVerdict, number][] = [];
  readonly time = new FakeTime();
  readonly wheel = new TimerWheel(TICK_MS);
  readonly watch: Watch;
  /** How often the watch looked at the connection. */
  looks = 0;

  constructor(times: WatchTimes) {
    this.watch = new Watch(this.wheel, times, this);
    const { ring } = this.watch;
    this.watch.ring = () => {
      this.looks++;
      ring.call(this.watch);
    };
    this.watch.begin();
  }

  hearing(): boolean {
    return this.isHearing;
  }

  paused(): boolean {
    return this.isPaused;
  }

  queued(): number {
    return this.bytesQueued;
  }

  unfinished(): number {
    return this.bytesUnfinished;
  }

  ping(): void {
    this.pings++;
  }

  giveUp(verdict: WatchVerdict, afterMs: number): void {
    this.verdicts.push([verdict, afterMs]);
  }

  /** Lets time pass, in which the peer does not go too far. */
  pass(ms: number): void {
    this.time.pass(ms);
    assertEquals(this.verdicts, []);
  }

  /** Says that the peer goes too far after `ms` more, not before. */
  assertGivenUp(ms: number, verdict: WatchVerdict, afterMs: number): void {
    this.pass(ms);
    this.time.pass(2 * TICK_MS);
    assertEquals(this.verdicts, [[verdict, afterMs]]);
    assertEquals([this.wheel.size, this.time.timers], [0, 0]);
    this.time.pass(5 * afterMs);
    assertEquals(this.verdicts.length, 1, "once is enough");
  }

  /** Says that the peer is asked after `ms` more, not before. */
  assertPinged(ms: number): void {
    const { pings } = this;
    this.pass(ms);
    assertEquals(this.pings, pings, "too early");
    this.pass(2 * TICK_MS);
    assertEquals(this.pings, pings + 1);
  }

  [Symbol.dispose](): void {
    this.wheel[Symbol.dispose]();
    this.time[Symbol.dispose]();
  }
}

const heartbeat = { pingIntervalMs: 1_000, pingTimeoutMs: 500 };
const stall = { stallTimeoutMs: 1_000 };
const frame = { frameTimeoutMs: 1_000 };

Deno.test("Watch asks a peer of which nothing is heard, and gives it up then", () => {
  using connection = new Connection(heartbeat);
  connection.assertPinged(1_000);
  connection.assertGivenUp(500 - 2 * TICK_MS, "silent", 1_500);
  assertEquals(connection.pings, 1);
});

Deno.test("Watch asks a peer anew after each silence, and keeps one that answers", () => {
  using connection = new Connection(heartbeat);
  for (const answersAfter of [0, 1, 100, 400]) {
    connection.assertPinged(1_000);
    connection.pass(answersAfter);
    connection.watch.heard();
  }
  connection.assertPinged(1_000);
  connection.assertGivenUp(500 - 2 * TICK_MS, "silent", 1_500);
});

Deno.test("Watch asks as often as it shall, however long an answer may take", () => {
  for (const answersAfter of [0, 100, 1_500, 5_900]) {
    const times = { pingIntervalMs: 1_000, pingTimeoutMs: 6_000 };
    using connection = new Connection(times);
    for (let i = 0; i < 5; i++) {
      connection.assertPinged(1_000);
      connection.pass(answersAfter);
      connection.watch.heard();
    }
    connection.assertPinged(1_000);
    connection.assertGivenUp(6_000 - 2 * TICK_MS, "silent", 7_000);
  }
});

Deno.test("Watch does not ask a peer of which something is heard in time", () => {
  using connection = new Connection(heartbeat);
  for (let i = 0; i < 20; i++) {
    connection.pass(999);
    connection.watch.heard();
  }
  assertEquals(connection.pings, 0);
  connection.assertPinged(1_000);
});

Deno.test("Watch that shall not ask does neither that nor give up", () => {
  for (const pingTimeoutMs of [0, 500]) {
    const times = { pingIntervalMs: 0, pingTimeoutMs, stallTimeoutMs: 100 };
    using connection = new Connection(times);
    connection.pass(HOUR_MS / 100);
    assertEquals(connection.pings, 0);
  }
});

Deno.test("Watch that shall wait for no answer asks once in a silence, and never gives up", () => {
  using connection = new Connection({ pingIntervalMs: 1_000 });
  for (let i = 1; i <= 3; i++) {
    connection.assertPinged(1_000);
    connection.pass(HOUR_MS / 100);
    assertEquals(connection.pings, i);
    connection.watch.heard();
  }
});

Deno.test("Watch expects nothing of a peer that cannot be heard any more", () => {
  using connection = new Connection({ ...heartbeat, ...frame });
  connection.bytesUnfinished = 5;
  connection.pass(900);
  connection.isHearing = false;
  connection.pass(HOUR_MS / 100);
  assertEquals(connection.pings, 0);
});

Deno.test("Watch forgets that it has asked a peer that cannot be heard any more", () => {
  using connection = new Connection(heartbeat);
  connection.assertPinged(1_000);
  connection.isHearing = false;
  connection.pass(HOUR_MS / 100);
});

Deno.test("Watch does not take for life what is taken of one that is listened to", () => {
  using connection = new Connection(heartbeat);
  for (let i = 0; i < 14; i++) {
    connection.pass(100);
    connection.watch.taken();
  }
  assertEquals(connection.pings, 1);
  connection.assertGivenUp(100, "silent", 1_500);
});

Deno.test("Watch takes for life what is taken while this side does not read", () => {
  using connection = new Connection(heartbeat);
  connection.isPaused = true;
  for (let i = 0; i < 50; i++) {
    connection.pass(900);
    connection.watch.taken();
  }
  assertEquals(connection.pings, 0);
  connection.assertPinged(1_000);
  connection.watch.taken();
  connection.assertPinged(1_000);
  connection.assertGivenUp(500 - 2 * TICK_MS, "silent", 1_500);
});

Deno.test("Watch takes for life what was heard before this side stopped reading", () => {
  using connection = new Connection(heartbeat);
  connection.watch.taken();
  connection.pass(900);
  connection.watch.heard();
  connection.isPaused = true;
  connection.assertPinged(1_000);
});

Deno.test("Watch counts the silence from when this side reads again", () => {
  using connection = new Connection(heartbeat);
  connection.isPaused = true;
  connection.assertPinged(1_000);
  connection.pass(400);
  // The last of what waited is taken; the answer to the ping is behind it.
  connection.watch.taken();
  connection.isPaused = false;
  connection.watch.resumed();
  connection.assertPinged(1_000);
  connection.assertGivenUp(500 - 2 * TICK_MS, "silent", 1_500);
});

Deno.test("Watch takes nothing for missed while the program stood still", () => {
  const times = { ...heartbeat, ...stall, ...frame };
  using connection = new Connection(times);
  connection.bytesQueued = connection.bytesUnfinished = 5;
  connection.pass(900);
  for (let i = 0; i < 2; i++) {
    connection.time.leap(HOUR_MS);
    assertEquals([connection.pings, connection.verdicts], [0, []]);
  }
  connection.watch.taken();
  connection.watch.begun();
  connection.assertPinged(20);
  connection.time.leap(HOUR_MS);
  connection.watch.heard();
  connection.pass(900);
});

Deno.test("Watch lets a peer answer even in the shortest time", () => {
  using connection = new Connection({ pingIntervalMs: 1, pingTimeoutMs: 1 });
  for (let i = 1; i <= 5; i++) {
    // The answer is there as soon as the program goes on, and is heard then.
    connection.time.leap(HOUR_MS);
    connection.time.leap(HOUR_MS);
    assertEquals([connection.pings, connection.verdicts], [i, []]);
    connection.watch.heard();
  }
});

Deno.test("Watch gives up a peer that takes nothing of what waits", () => {
  using connection = new Connection(stall);
  connection.pass(HOUR_MS / 100);
  connection.bytesQueued = 1;
  connection.watch.taken(); // It begins to wait.
  connection.assertGivenUp(1_000, "stalled", 1_000);
});

Deno.test("Watch gives the peer the whole time for what begins to wait at any time", () => {
  for (let offset = 0; offset < 1_000; offset += 93) {
    using connection = new Connection(stall);
    connection.pass(offset);
    connection.bytesQueued = 1;
    connection.watch.taken();
    connection.assertGivenUp(1_000, "stalled", 1_000);
  }
});

Deno.test("Watch keeps a peer that takes something now and then", () => {
  using connection = new Connection(stall);
  connection.bytesQueued = 1_000;
  for (let i = 0; i < 50; i++) {
    connection.pass(999);
    connection.bytesQueued--;
    connection.watch.taken();
  }
  connection.assertGivenUp(1_000, "stalled", 1_000);
});

Deno.test("Watch gives up who takes nothing also while it is not read from", () => {
  for (const state of [{ isPaused: true }, { isHearing: false }]) {
    using connection = new Connection({ ...stall, ...frame });
    Object.assign(connection, { bytesQueued: 1, ...state });
    connection.assertGivenUp(1_000, "stalled", 1_000);
  }
});

Deno.test("Watch gives up a peer that does not finish a frame", () => {
  using connection = new Connection(frame);
  connection.pass(HOUR_MS / 100);
  connection.bytesUnfinished = 1;
  connection.watch.begun();
  for (let i = 0; i < 9; i++) {
    connection.pass(100);
    connection.bytesUnfinished++;
    connection.watch.heard(); // More of the frame does not help.
  }
  connection.assertGivenUp(100, "unfinished", 1_000);
});

Deno.test("Watch gives each frame the whole time", () => {
  using connection = new Connection(frame);
  for (let i = 0; i < 50; i++) {
    connection.bytesUnfinished = 1 + i;
    connection.watch.begun();
    connection.pass(999);
  }
  connection.assertGivenUp(1, "unfinished", 1_000);
});

Deno.test("Watch does not count against a frame that this side does not read", () => {
  using connection = new Connection(frame);
  connection.bytesUnfinished = 5;
  connection.pass(999);
  connection.isPaused = true;
  connection.pass(HOUR_MS / 100);
  connection.isPaused = false;
  connection.watch.resumed();
  connection.assertGivenUp(1_000, "unfinished", 1_000);
});

Deno.test("Watch draws one conclusion where several are due", () => {
  // The heartbeat's two times are a tick more in all than one such time.
  const silenceMs = 1_500 + TICK_MS;
  const late = { stallTimeoutMs: silenceMs, frameTimeoutMs: silenceMs };
  for (
    const [times, verdict] of [
      [{ ...heartbeat, ...late }, "silent"],
      [late, "stalled"],
    ] as const
  ) {
    using connection = new Connection(times);
    connection.bytesQueued = connection.bytesUnfinished = 1;
    connection.time.pass(10_000);
    assertEquals(connection.verdicts.map(([verdict]) => verdict), [verdict]);
  }
});

Deno.test("Watch draws no conclusion once it is off duty", () => {
  using connection = new Connection({ ...heartbeat, ...stall, ...frame });
  connection.bytesQueued = connection.bytesUnfinished = 1;
  connection.pass(900);
  connection.watch.end();
  assertEquals([connection.wheel.size, connection.time.timers], [0, 0]);
  connection.watch.heard();
  connection.watch.taken();
  connection.pass(HOUR_MS / 100);
  connection.watch.end();
  assertEquals(connection.pings, 0);
});

Deno.test("Watch stays off duty when the ping or the verdict sends it there", () => {
  {
    using connection = new Connection({ ...heartbeat, ...stall });
    connection.ping = () => connection.watch.end();
    connection.pass(HOUR_MS / 100);
    assertEquals([connection.wheel.size, connection.time.timers], [0, 0]);
  }
  {
    using connection = new Connection({ ...stall, ...frame });
    connection.bytesQueued = connection.bytesUnfinished = 1;
    const { giveUp } = connection;
    connection.giveUp = (...verdict) => {
      giveUp.apply(connection, verdict);
      connection.watch.end();
    };
    connection.assertGivenUp(1_000, "stalled", 1_000);
  }
});

Deno.test("Watch that goes on duty late counts from then", () => {
  using connection = new Connection({ ...heartbeat, ...stall, ...frame });
  connection.watch.end();
  connection.bytesQueued = connection.bytesUnfinished = 1;
  // The time goes on only while somebody waits.
  const other = new Watch(connection.wheel, heartbeat, new Quiet());
  other.begin();
  connection.pass(1_400);
  connection.watch.begin();
  connection.pass(999);
  assertEquals(connection.pings, 0);
  other.end();
});

Deno.test("Watch without any time needs no timer", () => {
  for (const times of [{}, { pingTimeoutMs: 500 }]) {
    using connection = new Connection(times);
    connection.bytesQueued = connection.bytesUnfinished = 1;
    assertEquals([connection.wheel.size, connection.time.timersSet], [0, 0]);
  }
});

Deno.test("Watch keeps times that are longer than a turn of the wheel", () => {
  const longMs = 100 * 256 * TICK_MS;
  {
    const times = { pingIntervalMs: longMs, pingTimeoutMs: 500 };
    using connection = new Connection(times);
    connection.assertPinged(longMs);
    connection.assertGivenUp(500 - 2 * TICK_MS, "silent", longMs + 500);
  }
  {
    using connection = new Connection({ stallTimeoutMs: longMs });
    connection.bytesQueued = 1;
    connection.assertGivenUp(longMs, "stalled", longMs);
  }
  {
    using connection = new Connection({ frameTimeoutMs: longMs });
    connection.bytesUnfinished = 1;
    connection.assertGivenUp(longMs, "unfinished", longMs);
  }
});

Deno.test("Watch looks only when something can be due", () => {
  using connection = new Connection({ ...heartbeat, ...stall, ...frame });
  connection.bytesQueued = connection.bytesUnfinished = 1;
  for (let i = 0; i < 10_000; i++) {
    connection.pass(1);
    connection.watch.heard();
    connection.watch.taken();
    connection.watch.begun();
  }
  assertLess(connection.looks, 12);
});

/** A connection on which nothing happens. */
class Quiet implements Watched {
  pings = 0;
  verdicts = 0;
  hearing = () => true;
  paused = () => false;
  queued = () => 0;
  unfinished = () => 0;
  ping = () => this.pings++;
  giveUp = () => this.verdicts++;
}

Deno.test("Watch shares one timer with any number of others", () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(TICK_MS);
  const connections = Array.from({ length: 1_000 }, () => new Quiet());
  const watches = connections.map((quiet, i) => {
    if (i % 50 === 0) time.pass(1);
    const watch = new Watch(wheel, heartbeat, quiet);
    watch.begin();
    return watch;
  });
  assertEquals([time.timers, time.timersSet], [1, 1]);
  time.pass(1_400);
  for (const watch of watches.slice(0, 500)) watch.heard();
  time.pass(600);
  assert(connections.slice(0, 500).every(({ verdicts }) => verdicts === 0));
  assert(connections.slice(500).every(({ verdicts }) => verdicts === 1));
  assert(connections.every(({ pings }) => pings === 1));
  time.pass(3_000);
  assert(connections.every(({ verdicts }) => verdicts === 1));
  assertEquals([wheel.size, time.timers, time.timersSet], [0, 0, 1]);
});
