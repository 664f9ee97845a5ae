/**
 * What a bus owes to its node, with NATS itself; see `Bus`.
 *
 * @module
 */

import { assertEquals, assertLess, assertRejects } from "@std/assert";
import type { Bus } from "../../cluster/bus.ts";
import { natsBus } from "../../cluster/nats_bus.ts";
import { NatsServer } from "../../tools/nats.ts";
import { standsStill } from "../../tools/process_facts.ts";
import { Stopwatch } from "../stopwatch.ts";
import { withNats } from "./with_nats.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (text: string) => new TextEncoder().encode(text);

function joined(nats: NatsServer): Promise<Bus> {
  return natsBus({ servers: [nats.url], cluster: "lab" });
}

/** What is heard under a subject, until a last word. */
function heard(bus: Bus, subject: string, last: string): Promise<string[]> {
  const { promise, resolve } = Promise.withResolvers<string[]>();
  const all: string[] = [];
  bus.subscribe(subject, ({ bytes }) => {
    all.push(text(bytes));
    if (all.at(-1) === last) resolve(all);
  });
  return promise;
}

/** Resolves when a bus says that its connection is lost, or is back. */
function changed(bus: Bus, to: boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  bus.onChange = (connected) => {
    if (connected === to) resolve();
  };
  return promise;
}

withNats(
  "what is published while there is no connection is lost, and nothing is counted",
  async () => {
    await using nats = await NatsServer.start();
    await using bus = await joined(nats);
    const words = heard(bus, "lab.word", "after");
    bus.publish("lab.word", bytes("before"));
    // It has been there when this is answered.
    assertEquals(await bus.next(0), 1);
    const gone = changed(bus, false);
    await nats.stop();
    await gone;
    bus.publish("lab.word", bytes("meanwhile"));
    using watch = new Stopwatch();
    await assertRejects(() => bus.next(0), Error, "NATS cannot be reached");
    assertLess(watch.ms, 1_000);
    const back = changed(bus, true);
    await nats.startAgain();
    await back;
    bus.publish("lab.word", bytes("after"));
    assertEquals(await words, ["before", "after"]);
    assertEquals(await bus.next(0), 2);
  },
);

withNats(
  "what was published before a bus is disposed of is heard, and its end is no loss",
  async () => {
    await using nats = await NatsServer.start();
    await using other = await joined(nats);
    const words = heard(other, "lab.word", "9");
    await other.next(0);
    const changes: boolean[] = [];
    {
      await using bus = await joined(nats);
      bus.onChange = (connected) => changes.push(connected);
      for (let i = 0; i < 10; i++) bus.publish("lab.word", bytes(`${i}`));
    }
    assertEquals((await words).length, 10);
    assertEquals(changes, []);
  },
);

withNats("counting keeps nothing but the last number", async () => {
  await using nats = await NatsServer.start();
  await using bus = await joined(nats);
  for (const [above, expected] of [[0, 1], [0, 2], [9, 10], [3, 11]] as const) {
    assertEquals(await bus.next(above), expected);
  }
  const subject = "$JS.API.STREAM.INFO.parley-lab";
  const answer = await bus.request(subject, new Uint8Array(0), 5_000);
  const { messages, last_seq } = JSON.parse(text(answer)).state;
  assertEquals({ messages, last_seq }, { messages: 1, last_seq: 11 });
});

withNats(
  "counting goes on above what it is told when NATS has lost what was counted",
  async () => {
    await using nats = await NatsServer.start();
    await using bus = await joined(nats);
    const subject = "$JS.API.STREAM.DELETE.parley-lab";
    let last = 0;
    for (const expected of [1, 2, 3]) {
      last = await bus.next(last);
      assertEquals(last, expected);
      await bus.request(subject, new Uint8Array(0), 5_000);
    }
  },
);

withNats(
  "that nobody has taken what was published is heard, and only then",
  async () => {
    await using nats = await NatsServer.start();
    await using bus = await joined(nats);
    const { promise, resolve } = Promise.withResolvers<boolean[]>();
    const said: boolean[] = [];
    bus.subscribe("lab.untaken.*", ({ subject, noResponders }) => {
      said.push(noResponders);
      if (subject.endsWith("last")) resolve(said);
    });
    bus.subscribe("lab.taken", () => {});
    bus.publish("lab.nobody", bytes("hi"), "lab.untaken.first");
    bus.publish("lab.taken", bytes("hi"), "lab.untaken.second");
    bus.publish("lab.untaken.last", bytes("hi"));
    assertEquals(await promise, [true, false]);
  },
);

withNats("to count at NATS that is frozen fails with a sentence", async () => {
  await using nats = await NatsServer.start();
  await using bus = await joined(nats);
  assertEquals(await bus.next(0), 1);
  nats.freeze();
  await standsStill(nats.pid);
  try {
    await assertRejects(
      () => bus.next(0),
      Error,
      "NATS does not answer in time",
    );
  } finally {
    nats.thaw();
  }
});
