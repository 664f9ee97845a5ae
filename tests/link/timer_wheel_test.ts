import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import fc from "../fast_check.ts";
import { TimerWheel, WheelEntry } from "../../link/mod.ts";
import { FakeTime } from "./fake_time.ts";

const TICK_MS = 10;
const HOUR_MS = 3_600_000;
/** More ticks than a wheel has slots. */
const FAR = 1_000;

class Alarm extends WheelEntry {
  readonly #rung = Promise.withResolvers<void>();
  readonly #onRing: () => void;

  constructor(onRing: () => void = () => {}) {
    super();
    this.#onRing = onRing;
  }

  /** Resolves when it is called for the first time. */
  get rung(): Promise<void> {
    return this.#rung.promise;
  }

  override ring(): void {
    this.#onRing();
    this.#rung.resolve();
  }
}

/** An entry that looks, when it is called, whether it is its time. */
class Deadline extends Alarm {
  constructor(wheel: TimerWheel, ticks: number, onDue: () => void) {
    const dueAt = wheel.now + ticks;
    super(() => {
      if (wheel.now < dueAt) wheel.add(this, dueAt - wheel.now);
      else onDue();
    });
    wheel.add(this, ticks);
  }
}

Deno.test("TimerWheel calls an entry at its tick, once", () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(TICK_MS);
  let calls = 0;
  wheel.add(new Alarm(() => calls++), 3);
  time.pass(3 * TICK_MS - 1);
  assertEquals([calls, wheel.size], [0, 1]);
  time.pass(1);
  assertEquals([calls, wheel.size], [1, 0]);
  wheel.add(new Alarm(), FAR);
  time.pass(FAR * TICK_MS);
  assertEquals(calls, 1);
});

Deno.test("TimerWheel calls an entry that is added for no time at the next tick", () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(TICK_MS);
  const calls: number[] = [];
  for (const ticks of [0, -5]) {
    wheel.add(new Alarm(() => calls.push(ticks)), ticks);
  }
  assertEquals(calls, [], "not before add() has returned");
  time.pass(TICK_MS);
  assertEquals(calls, [0, -5]);
});

Deno.test("TimerWheel calls in the order of the ticks, and in one tick as they came", () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(TICK_MS);
  const order: string[] = [];
  for (const name of ["5a", "2a", "5b", "200a", "2b", "1a", "200b"]) {
    wheel.add(new Alarm(() => order.push(name)), parseInt(name));
  }
  time.pass(200 * TICK_MS);
  assertEquals(order, ["1a", "2a", "2b", "5a", "5b", "200a", "200b"]);
});

Deno.test("TimerWheel has one timer for any number of entries, and none without", () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(TICK_MS);
  assertEquals(time.timers, 0);
  let calls = 0;
  for (let i = 0; i < 10_000; i++) {
    wheel.add(new Alarm(() => calls++), 1 + i % 250);
  }
  assertEquals([time.timers, wheel.size], [1, 10_000]);
  time.pass(250 * TICK_MS - 1);
  assertEquals([time.timers, wheel.size, calls], [1, 40, 9_960]);
  time.pass(1);
  assertEquals([time.timers, wheel.size, calls], [0, 0, 10_000]);
  assertEquals(time.timersSet, 1);
});

Deno.test("TimerWheel goes on after nothing waited, and has an entry wait its whole time", () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(TICK_MS);
  for (let round = 0; round < 3; round++) {
    let calls = 0;
    wheel.add(new Alarm(() => calls++), 5);
    time.pass(5 * TICK_MS - 1);
    assertEquals(calls, 0);
    time.pass(1);
    assertEquals([calls, time.timers], [1, 0]);
    const { now } = wheel;
    time.pass(HOUR_MS / 1_000);
    assertEquals(wheel.now, now, "nobody needs the time");
  }
});

Deno.test("TimerWheel does not call what was removed, wherever it stood", () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(TICK_MS);
  for (const removed of [[0], [2], [4], [0, 1], [1, 3, 4], [0, 1, 2, 3, 4]]) {
    const calls: number[] = [];
    const alarms = [0, 1, 2, 3, 4].map((i) => new Alarm(() => calls.push(i)));
    for (const [i, alarm] of alarms.entries()) wheel.add(alarm, 1 + i % 3);
    for (const i of removed) wheel.remove(alarms[i]!);
    const left = [0, 3, 1, 4, 2].filter((i) => !removed.includes(i));
    assertEquals([wheel.size, time.timers], [
      left.length,
      Math.min(left.length, 1),
    ]);
    time.pass(3 * TICK_MS);
    assertEquals(calls, left);
  }
});

Deno.test("TimerWheel ignores the removal of what does not wait", () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(TICK_MS);
  let calls = 0;
  const alarm = new Alarm(() => calls++);
  const other = new Alarm();
  wheel.remove(alarm);
  wheel.add(alarm, 1);
  wheel.remove(other);
  assertEquals([wheel.size, time.timers], [1, 1]);
  time.pass(TICK_MS);
  wheel.remove(alarm);
  wheel.add(other, 1);
  wheel.remove(other);
  wheel.remove(other);
  assertEquals([wheel.size, time.timers, calls], [0, 0, 1]);
});

Deno.test("TimerWheel moves an entry that is added again, sooner or later", () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(TICK_MS);
  const calls: string[] = [];
  const sooner = new Alarm(() => calls.push("sooner"));
  const later = new Alarm(() => calls.push("later"));
  wheel.add(sooner, 9);
  wheel.add(later, 2);
  wheel.add(sooner, 3);
  wheel.add(later, 5);
  assertEquals(wheel.size, 2);
  time.pass(3 * TICK_MS);
  assertEquals(calls, ["sooner"]);
  time.pass(2 * TICK_MS);
  assertEquals(calls, ["sooner", "later"]);
  assertEquals([wheel.size, time.timers], [0, 0]);
});

Deno.test("TimerWheel takes an entry again that adds itself when it is called", () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(TICK_MS);
  for (const ticks of [1, 3, 255]) {
    const start = wheel.now;
    const calls: number[] = [];
    const alarm: Alarm = new Alarm(() => {
      assertEquals(alarm.slot, undefined);
      calls.push(wheel.now - start);
      if (calls.length < 4) wheel.add(alarm, ticks);
    });
    wheel.add(alarm, ticks);
    time.pass(5 * ticks * TICK_MS);
    assertEquals(calls, [1, 2, 3, 4].map((i) => i * ticks));
    assertEquals([wheel.size, time.timers], [0, 0]);
  }
});

Deno.test("TimerWheel lets an entry that is called remove others, and add others", () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(TICK_MS);
  const calls: string[] = [];
  const removed = new Alarm(() => calls.push("removed"));
  const removedLater = new Alarm(() => calls.push("removed later"));
  const added = new Alarm(() => calls.push(`added ${wheel.now}`));
  wheel.add(
    new Alarm(() => {
      calls.push(`first ${wheel.now}`);
      wheel.remove(removed);
      wheel.remove(removedLater);
      wheel.add(added, 1);
    }),
    2,
  );
  wheel.add(removed, 2);
  wheel.add(removedLater, 3);
  time.pass(FAR * TICK_MS);
  assertEquals(calls, ["first 2", "added 3"]);
});

Deno.test("TimerWheel calls what is due in the far future before its time, never after", () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(TICK_MS);
  for (const ticks of [255, 256, 257, 512, FAR, Infinity]) {
    const start = wheel.now;
    let calledAt: number | undefined;
    wheel.add(new Alarm(() => calledAt = wheel.now - start), ticks);
    time.pass(255 * TICK_MS);
    assertEquals(calledAt, 255);
  }
});

Deno.test("TimerWheel rings entries that look themselves exactly at their ticks", () => {
  const wait = fc.record({
    after: fc.nat({ max: 300 }),
    ticks: fc.integer({ min: 1, max: FAR }),
    removed: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(wait, { maxLength: 20 }), (waits) => {
      using time = new FakeTime();
      using wheel = new TimerWheel(TICK_MS);
      const rung: number[] = [];
      const expected: number[] = [];
      const clock = new Deadline(wheel, 100 * FAR, () => {});
      for (const { after, ticks, removed } of waits) {
        for (let i = 0; i < after; i++) time.leap(TICK_MS);
        const entry = new Deadline(wheel, ticks, () => rung.push(wheel.now));
        if (removed) wheel.remove(entry);
        else expected.push(wheel.now + ticks);
      }
      for (let i = 0; i < FAR; i++) time.leap(TICK_MS);
      assertEquals(rung, expected.toSorted((a, b) => a - b));
      assertEquals(wheel.size, 1);
      wheel.remove(clock);
      assertEquals(time.timers, 0);
    }),
    { numRuns: 30 },
  );
});

Deno.test("TimerWheel does not lose the time by which its timer is late", () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(TICK_MS);
  wheel.add(new Alarm(), 200);
  for (let passed = 17; passed < 1_700; passed += 17) {
    time.leap(17);
    assertEquals(wheel.now, Math.floor(passed / TICK_MS));
  }
});

Deno.test("TimerWheel lets at most four ticks pass while the program stands still", () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(TICK_MS);
  const calls: number[] = [];
  for (const ticks of [1, 2, 4, 5, 8, 9, 100]) {
    wheel.add(new Alarm(() => calls.push(ticks)), ticks);
  }
  time.leap(HOUR_MS);
  assertEquals([wheel.now, calls], [4, [1, 2, 4]]);
  time.leap(TICK_MS);
  assertEquals([wheel.now, calls], [5, [1, 2, 4, 5]]);
  time.leap(HOUR_MS);
  assertEquals([wheel.now, calls], [9, [1, 2, 4, 5, 8, 9]]);
  // From then on it goes on as if nothing had been.
  time.pass(91 * TICK_MS - 1);
  assertEquals(calls.length, 6);
  time.pass(1);
  assertEquals([wheel.now, calls.length], [100, 7]);
});

Deno.test("TimerWheel does not count the time before its timer was set", () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(TICK_MS);
  time.leap(HOUR_MS);
  wheel.add(new Alarm(), FAR);
  time.pass(3 * TICK_MS);
  assertEquals(wheel.now, 3);
});

Deno.test("TimerWheel calls what is added in a leap at its tick of it", () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(TICK_MS);
  const calls: number[] = [];
  const beat: Alarm = new Alarm(() => {
    calls.push(wheel.now);
    wheel.add(beat, 2);
  });
  wheel.add(beat, 1);
  time.leap(HOUR_MS);
  assertEquals(calls, [1, 3]);
  time.leap(TICK_MS);
  assertEquals(calls, [1, 3, 5]);
});

Deno.test("TimerWheel counts so many ticks that a time is over for certain", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 0, max: 2_000 }),
      fc.integer({ min: 0, max: 200 }),
      (tickMs, ms, phaseMs) => {
        using time = new FakeTime();
        using wheel = new TimerWheel(tickMs);
        const clock = new Deadline(wheel, 10_000, () => {});
        time.pass(phaseMs);
        let rung = false;
        new Deadline(wheel, wheel.ticks(ms), () => rung = true);
        time.pass(ms);
        assert(!rung, "too early");
        time.pass(Math.max(2 * tickMs, 5 * tickMs - ms));
        assert(rung, "too late");
        wheel.remove(clock);
      },
    ),
  );
});

Deno.test("TimerWheel lets no time pass in a single leap", () => {
  using time = new FakeTime();
  using wheel = new TimerWheel(TICK_MS);
  for (const ms of [0, 1, TICK_MS, 3 * TICK_MS, 4 * TICK_MS]) {
    let rung = false;
    wheel.add(new Alarm(() => rung = true), wheel.ticks(ms));
    time.leap(HOUR_MS);
    assert(!rung);
    time.leap(HOUR_MS);
    assert(rung);
  }
});

Deno.test("TimerWheel calls nothing once it is disposed of", () => {
  using time = new FakeTime();
  const wheel = new TimerWheel(TICK_MS);
  const calls: string[] = [];
  for (const ticks of [1, 2, FAR]) {
    wheel.add(new Alarm(() => calls.push(`${ticks}`)), ticks);
  }
  wheel[Symbol.dispose]();
  assertEquals([wheel.size, time.timers], [0, 0]);
  time.pass(FAR * TICK_MS);
  wheel[Symbol.dispose]();
  assertEquals(calls, []);
});

Deno.test("TimerWheel can be disposed of by an entry that it calls", () => {
  using time = new FakeTime();
  const wheel = new TimerWheel(TICK_MS);
  const calls: string[] = [];
  wheel.add(new Alarm(() => calls.push("before")), 1);
  wheel.add(new Alarm(() => wheel[Symbol.dispose]()), 1);
  wheel.add(new Alarm(() => calls.push("same tick")), 1);
  wheel.add(new Alarm(() => calls.push("next tick")), 2);
  time.leap(HOUR_MS);
  time.leap(HOUR_MS);
  assertEquals([calls, wheel.size, time.timers], [["before"], 0, 0]);
});

Deno.test("TimerWheel knows nothing any more of what waited when it was disposed of", () => {
  using time = new FakeTime();
  const wheel = new TimerWheel(TICK_MS);
  const [before, after] = [new Alarm(), new Alarm()];
  wheel.add(before, 1);
  wheel[Symbol.dispose]();
  assertEquals(before.slot, undefined);
  wheel.remove(before);
  assertEquals(wheel.size, 0);
  wheel.add(after, 1);
  assertEquals([wheel.size, time.timers], [1, 1]);
  wheel.remove(after);
  assertEquals([wheel.size, time.timers], [0, 0]);
});

Deno.test("TimerWheel calls in time on a real clock, and stops", async () => {
  // Without dispose(): a timer that went on would be found by the test runner.
  const wheel = new TimerWheel(2);
  const start = performance.now();
  const order: number[] = [];
  const alarms = [40, 12, 20, 12].map((ms) => {
    const alarm = new Alarm(() => {
      assertGreaterOrEqual(performance.now() - start, ms);
      order.push(ms);
    });
    wheel.add(alarm, wheel.ticks(ms));
    return alarm;
  });
  await Promise.all(alarms.map((alarm) => alarm.rung));
  assertEquals(order, [12, 12, 20, 40]);
  assertEquals(wheel.size, 0);
});
