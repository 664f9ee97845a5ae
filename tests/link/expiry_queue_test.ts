import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { Expiring, ExpiryQueue } from "../../link/mod.ts";
import { FakeTime } from "./fake_time.ts";

class Alarm extends Expiring {
  readonly #rung = Promise.withResolvers<number>();
  readonly #onExpire: () => void;

  constructor(onExpire: () => void = () => {}) {
    super();
    this.#onExpire = onExpire;
  }

  /** When it expired, on the clock of `performance.now()`. */
  get rung(): Promise<number> {
    return this.#rung.promise;
  }

  override expire(): void {
    this.#onExpire();
    this.#rung.resolve(performance.now());
  }
}

/** What expires after everything that was added before. */
function last(queue: ExpiryQueue): Promise<number> {
  const alarm = new Alarm();
  queue.add(alarm);
  return alarm.rung;
}

Deno.test("ExpiryQueue expires an entry after the timeout, not before", async () => {
  using queue = new ExpiryQueue(10);
  const alarm = new Alarm();
  const start = performance.now();
  queue.add(alarm);
  assertGreaterOrEqual(await alarm.rung - start, 10);
});

Deno.test("ExpiryQueue expires entries in the order in which they came", async () => {
  using queue = new ExpiryQueue(10);
  const order: number[] = [];
  for (let i = 0; i < 5; i++) queue.add(new Alarm(() => order.push(i)));
  await last(queue);
  assertEquals(order, [0, 1, 2, 3, 4]);
});

Deno.test("ExpiryQueue does not expire what was removed, wherever it stood", async () => {
  const removals = [[0], [4], [2], [0, 1], [3, 4], [1, 3], [0, 1, 2, 3, 4]];
  for (const removed of [...removals, removals.flat()]) {
    using queue = new ExpiryQueue(1);
    const order: number[] = [];
    const alarms = [0, 1, 2, 3, 4].map((i) => new Alarm(() => order.push(i)));
    for (const alarm of alarms) queue.add(alarm);
    for (const i of removed) queue.remove(alarms[i]!);
    await last(queue);
    assertEquals(order, [0, 1, 2, 3, 4].filter((i) => !removed.includes(i)));
  }
});

Deno.test("ExpiryQueue ignores the removal of what is not in it", async () => {
  using queue = new ExpiryQueue(1);
  using other = new ExpiryQueue(1);
  const rung: string[] = [];
  const here = new Alarm(() => rung.push("here"));
  const there = new Alarm(() => rung.push("there"));
  queue.add(here);
  other.add(there);
  queue.remove(there);
  queue.remove(new Alarm());
  await Promise.all([here.rung, there.rung]);
  assertEquals(rung.toSorted(), ["here", "there"]);
  queue.remove(here);
});

Deno.test("ExpiryQueue takes an entry that has expired or was removed again", async () => {
  using queue = new ExpiryQueue(1);
  let count = 0;
  const alarm = new Alarm(() => count++);
  queue.add(alarm);
  await alarm.rung;
  assertEquals(alarm.queue, undefined);
  queue.add(alarm);
  queue.remove(alarm);
  queue.add(alarm);
  await last(queue);
  assertEquals(count, 2);
});

Deno.test("ExpiryQueue gives an entry that is added while another expires its whole time", async () => {
  using time = new FakeTime();
  using queue = new ExpiryQueue(10);
  const rung: string[] = [];
  const second = new Alarm(() => rung.push("second"));
  const first = new Alarm(() => {
    rung.push("first");
    queue.add(second);
  });
  queue.add(first);
  await time.live(10);
  assertEquals(rung, ["first"]);
  await time.live(9);
  assertEquals(rung, ["first"]);
  await time.live(1);
  assertEquals(rung, ["first", "second"]);
});

Deno.test("ExpiryQueue lets no one wait longer for an entry that is added on expiry", async () => {
  using time = new FakeTime();
  using queue = new ExpiryQueue(100);
  const rung: string[] = [];
  // Like a heartbeat, which is due again as soon as it was.
  const beat = new Alarm(() => {
    rung.push("beat");
    queue.add(beat);
  });
  queue.add(beat);
  await time.live(40);
  queue.add(new Alarm(() => rung.push("other")));
  await time.live(99);
  assertEquals(rung, ["beat"]);
  await time.live(1);
  assertEquals(rung, ["beat", "other"]);
  await time.live(60);
  assertEquals(rung, ["beat", "other", "beat"]);
});

Deno.test("ExpiryQueue expires each of many at its own time, with one timer", async () => {
  using time = new FakeTime();
  using queue = new ExpiryQueue(100);
  const rung: number[] = [];
  const alarms = [0, 1, 2, 3].map((i) => new Alarm(() => rung.push(i)));
  for (const alarm of alarms) {
    queue.add(alarm);
    await time.live(10);
  }
  queue.remove(alarms[0]!);
  queue.remove(alarms[2]!);
  await time.live(69);
  assertEquals(rung, []);
  await time.live(1);
  assertEquals(rung, [1]);
  await time.live(19);
  assertEquals(rung, [1]);
  await time.live(1);
  assertEquals(rung, [1, 3]);
});

Deno.test("ExpiryQueue lets an entry that expires remove the next", async () => {
  using queue = new ExpiryQueue(1);
  const rung: string[] = [];
  const second = new Alarm(() => rung.push("second"));
  const first = new Alarm(() => {
    rung.push("first");
    queue.remove(second);
  });
  queue.add(first);
  queue.add(second);
  await last(queue);
  assertEquals(rung, ["first"]);
});

Deno.test("ExpiryQueue goes on after it was empty", async () => {
  using queue = new ExpiryQueue(1);
  await last(queue);
  await last(queue);
  const alarm = new Alarm();
  queue.add(alarm);
  queue.remove(alarm);
  await last(queue);
});

Deno.test("ExpiryQueue expires nothing once it is disposed of", async () => {
  using clock = new ExpiryQueue(5);
  let rung = false;
  const alarm = new Alarm(() => rung = true);
  {
    using queue = new ExpiryQueue(1);
    queue.add(alarm);
  }
  await last(clock);
  assert(!rung);
});
