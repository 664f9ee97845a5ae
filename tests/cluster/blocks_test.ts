import { assertEquals, assertRejects } from "@std/assert";
import { BLOCK_SIZE, Blocks, rangeOf } from "../../cluster/blocks.ts";
import type { Bus } from "../../cluster/bus.ts";
import { natsBus } from "../../cluster/nats_bus.ts";
import { NoNumberError } from "../../server/roster.ts";
import { NatsServer } from "../../tools/nats.ts";
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
