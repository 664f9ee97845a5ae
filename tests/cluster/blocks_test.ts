import { assertEquals, assertRejects } from "@std/assert";
import {
  BLOCK_SIZE,
  Blocks,
  LAST_BLOCK,
  rangeOf,
} from "../../cluster/blocks.ts";
import type { Bus } from "../../cluster/bus.ts";
import { natsBus } from "../../cluster/nats_bus.ts";
import { NoNumberError } from "../../server/roster.ts";
import { NatsServer } from "../../tools/nats.ts";
import { MemoryHub } from "./memory_bus.ts";
import { withNats } from "./with_nats.ts";

/** So many connections stand for so many nodes and their hundred starts. */
const CONNECTIONS = 5;
const NODES = 100;

/** Blocks of which the first was fetched. */
async function begun(bus: Bus): Promise<Blocks> {
  const blocks = new Blocks(bus);
  await blocks.fetch();
  return blocks;
}

withNats(
  "a hundred nodes that fetch numbers at once get each another block, also after NATS was killed",
  async () => {
    await using nats = await NatsServer.start();
    await using stack = new AsyncDisposableStack();
    const buses: Bus[] = [];
    while (buses.length < CONNECTIONS) {
      const options = { servers: [nats.url], cluster: "lab" };
      buses.push(stack.use(await natsBus(options)));
    }
    const begin = () =>
      Promise.all(
        Array.from({ length: NODES }, (_, i) => begun(buses[i % CONNECTIONS]!)),
      );
    const expected = (first: number) =>
      Array.from({ length: NODES }, (_, i) => first + i);
    const fetched = (all: readonly Blocks[]) =>
      all.flatMap((blocks) => blocks.all).sort((a, b) => a - b);
    assertEquals(fetched(await begin()), expected(1));

    const { promise: back, resolve } = Promise.withResolvers<void>();
    let away = CONNECTIONS;
    for (const bus of buses) {
      bus.onChange = (connected) => {
        if (connected && --away === 0) resolve();
      };
    }
    await nats.kill();
    await nats.startAgain();
    await back;
    assertEquals(fetched(await begin()), expected(1 + NODES));
  },
);

withNats(
  "numbers that are claimed all at once ascend, and each is given once",
  async () => {
    await using nats = await NatsServer.start();
    const options = { servers: [nats.url], cluster: "lab" };
    await using one = await natsBus(options);
    await using other = await natsBus(options);
    const all = await Promise.all(
      [one, other].map(async (bus) => {
        const blocks = await begun(bus);
        const claims = Array.from(
          { length: 3 * BLOCK_SIZE },
          () => blocks.claim(),
        );
        const numbers = await Promise.all(claims);
        assertEquals(numbers, numbers.toSorted((a, b) => a - b));
        for (const number of numbers) {
          assertEquals(blocks.has(number), true, `${number}`);
        }
        assertEquals(blocks.has(rangeOf(99).first), false);
        return numbers;
      }),
    );
    assertEquals(new Set(all.flat()).size, 6 * BLOCK_SIZE);
  },
);

withNats(
  "without NATS a node gives the numbers that it has, and then none",
  async () => {
    await using nats = await NatsServer.start();
    const options = { servers: [nats.url], cluster: "lab" };
    await using bus = await natsBus(options);
    const blocks = await begun(bus);
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    bus.onChange = (connected) => {
      if (!connected) resolve();
    };
    await nats.stop();
    await gone;
    const { first, last } = rangeOf(blocks.all[0]!);
    for (let number = first; number <= last; number++) {
      assertEquals(await blocks.claim(), number);
    }
    await assertRejects(async () => await blocks.claim(), NoNumberError);
  },
);

Deno.test("what is fetched by many at once is one block, which is told of before it is used", async () => {
  const blocks = new Blocks(new MemoryHub().join());
  const told: number[][] = [];
  blocks.onFetched = () => told.push(blocks.all);
  await Promise.all([blocks.fetch(), blocks.fetch(), blocks.fetch()]);
  assertEquals(told, [[1]]);
  // The next is fetched when few are left, and nobody has to wait for it.
  for (let number = 1; number <= 500; number++) {
    assertEquals(blocks.claim(), number);
  }
  await blocks.fetch();
  assertEquals(told, [[1], [1, 2]]);
  assertEquals(blocks.claim(), 501);
});

Deno.test("a count that begins anew gives no block that this node has, or has passed over", async () => {
  const hub = new MemoryHub();
  const blocks = new Blocks(hub.join());
  await blocks.fetch();
  for (const [other, expected] of [[0, 2], [3, 4], [1, 5], [5, 6]] as const) {
    hub.forget();
    blocks.passOver(other);
    await blocks.fetch();
    assertEquals(blocks.all.at(-1), expected);
  }
});

Deno.test("a block is over when all of its numbers were given and given back", async () => {
  const blocks = new Blocks(new MemoryHub().join());
  await blocks.fetch();
  const { first, last } = rangeOf(1);
  for (let number = first; number < last; number++) {
    assertEquals(await blocks.claim(), number);
    blocks.release(number);
  }
  // Nobody has one, but there is one left.
  assertEquals(blocks.has(first), true);
  assertEquals(await blocks.claim(), last);
  assertEquals(blocks.has(first), true);
  blocks.release(last);
  // Of another node, or of a block that is over.
  for (const number of [99_999, last]) blocks.release(number);
  assertEquals([blocks.has(first), blocks.all], [false, [2]]);
});

Deno.test("no number has more than 32 bits: the last block is the last", async () => {
  const bus = new MemoryHub().join();
  const blocks = new Blocks(bus);
  blocks.passOver(LAST_BLOCK - 1);
  await blocks.fetch();
  assertEquals(blocks.all, [LAST_BLOCK]);
  assertEquals(rangeOf(LAST_BLOCK + 1).last > 0xffffffff, true);
  await assertRejects(() => blocks.fetch(), Error, "all numbers");
});
