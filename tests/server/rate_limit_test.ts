import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "../fast_check.ts";
import { Command, Status } from "../../protocol/mod.ts";
import { RateLimit } from "../../server/rate_limit.ts";
import { FakeTime } from "../link/fake_time.ts";
import { MemoryServer } from "./memory_server.ts";
import { frameOf, RawPeer, refusalOf } from "./raw_peer.ts";
import { watchedServer } from "./watched_server.ts";

Deno.test("a full bucket gives a second's worth, and then as much a tick as fills it", () => {
  const limit = new RateLimit(100, 20);
  assertEquals(taken(limit, 0, 150), 100);
  assertEquals(taken(limit, 0, 10), 0);
  assertEquals(taken(limit, 1, 10), 5);
  assertEquals(taken(limit, 1, 10), 0);
  assertEquals(taken(limit, 3, 100), 10);
  assertEquals(taken(limit, 23, 1000), 100);
});

Deno.test("a bucket never holds more than a second's worth", () => {
  const limit = new RateLimit(100, 20);
  assertEquals(taken(limit, 0, 30), 30);
  assertEquals(taken(limit, 10_000, 1000), 100);
});

Deno.test("less than one a tick adds up to what it is in a second", () => {
  const limit = new RateLimit(3, 20);
  assertEquals(taken(limit, 0, 10), 3);
  const later = Array.from({ length: 200 }, (_, i) => taken(limit, 1 + i, 10));
  assertEquals(later.reduce((sum, count) => sum + count), 30);
  assert(later.every((count) => count <= 1));
});

Deno.test("one a second is one a second, not none", () => {
  const limit = new RateLimit(1, 20);
  const times = Array.from({ length: 100 }, (_, tick) => tick)
    .filter((tick) => limit.take(tick));
  assertEquals(times.length, 5);
});

Deno.test("however it is used, in no time is more taken than a second's worth and what that time fills", () => {
  const use = fc.record({ wait: fc.nat(50), tries: fc.nat(300) });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.array(use, { maxLength: 50 }),
      (perSecond, uses) => {
        const limit = new RateLimit(perSecond, 20);
        let tick = 0;
        let sum = 0;
        for (const { wait, tries } of uses) {
          tick += wait;
          sum += taken(limit, tick, tries);
          assertLessOrEqual(sum, perSecond * (1 + tick / 20) + 1e-6);
        }
      },
    ),
  );
});

Deno.test("requests beyond the rate are refused, and the connection and the others go on", async () => {
  await using server = await watchedServer({ maxRequestsPerSecond: 10 });
  using quick = await RawPeer.connect(server.port);
  using other = await RawPeer.connect(server.port);
  const commands = [Command.name, Command.time, 77];
  const requests = Array.from(
    { length: 100 },
    (_, id) => frameOf({ command: commands[id % 3]!, id }),
  );

  await quick.write(...requests);
  const answers = await quick.take(100);

  assertEquals(answers.map(({ id }) => id), answers.map((_, i) => i));
  const served = answers.filter(({ status }) =>
    status !== Status.tooManyRequests
  );
  // More, if a tick of the clock comes between; the first ten in any case.
  assert(served.length >= 10 && served.length < 50);
  assertEquals(served.slice(0, 10), answers.slice(0, 10));
  const { status, why } = refusalOf(answers.at(-1)!);
  assertEquals(status, Status.tooManyRequests);
  assert(why.includes("10 requests a second"));
  await other.sync();
});

Deno.test("a client whose requests were refused is served again when time has passed", async () => {
  using time = new FakeTime();
  await using server = new MemoryServer({ maxRequestsPerSecond: 100 });
  const peer = await server.connect();
  const ask = async (count: number) => {
    for (let i = 0; i < count; i++) {
      await peer.write(frameOf({ command: Command.name }));
    }
    let served = 0;
    for (let i = 0; i < count; i++) {
      if ((await peer.next()).status === Status.ok) served++;
    }
    return served;
  };
  assertEquals(await ask(150), 100);
  assertEquals(await ask(10), 0);
  time.pass(100);
  assertEquals(await ask(50), 10);
  time.pass(5_000);
  assertEquals(await ask(150), 100);
});

Deno.test("a client that is never asked whether it is there is served again, too", async () => {
  using time = new FakeTime();
  const limits = { maxRequestsPerSecond: 1, pingIntervalMs: 0 };
  await using server = new MemoryServer(limits);
  const peer = await server.connect();
  const status = async () => {
    await peer.write(frameOf({ command: Command.name }));
    return (await peer.next()).status;
  };
  assertEquals(await status(), Status.ok);
  assertEquals(await status(), Status.tooManyRequests);
  time.pass(1_100);
  assertEquals(await status(), Status.ok);
});

Deno.test("pings and confirmations are not counted", async () => {
  await using server = new MemoryServer({ maxRequestsPerSecond: 1 });
  const peer = await server.connect();
  for (let id = 1; id <= 20; id++) {
    await peer.write(frameOf({ type: 3, command: Command.ping, id }));
    assertEquals((await peer.next()).status, Status.ok);
    await peer.write(frameOf({ type: 2, command: Command.message, id }));
  }
  await peer.write(frameOf({ command: Command.name }));
  assertEquals((await peer.next()).status, Status.ok);
});

/** How many of so many tries at one tick are granted. */
function taken(limit: RateLimit, tick: number, tries: number): number {
  return Array.from({ length: tries }, () => limit.take(tick))
    .filter((granted) => granted).length;
}
