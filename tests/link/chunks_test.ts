import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { chunks } from "../../link/chunks.ts";
import type { Transport } from "../../link/mod.ts";
import { pipe, settled } from "./pipe.ts";

/** Brings `counts` bytes, one count a read, and notes the buffers. */
class Feed implements Transport {
  readonly sizes: number[] = [];
  readonly #counts: Iterator<number>;

  constructor(counts: Iterable<number>) {
    this.#counts = counts[Symbol.iterator]();
  }

  // deno-lint-ignore require-await
  async read(buffer: Uint8Array): Promise<number | null> {
    this.sizes.push(buffer.length);
    const { done, value } = this.#counts.next();
    return done ? null : Math.min(value, buffer.length);
  }

  write(): Promise<number> {
    throw new Error("Nothing is written here");
  }

  closeWrite(): Promise<void> {
    throw new Error("Nothing is closed here");
  }

  close(): void {}
}

/** The sizes of the read buffers while `counts` bytes are brought. */
async function bufferSizes(counts: Iterable<number>): Promise<number[]> {
  const feed = new Feed(counts);
  for await (const _ of chunks(feed));
  return feed.sizes;
}

Deno.test("chunks() delivers what is read, to the end", async () => {
  const [near, far] = pipe();
  await far.writeAll(Uint8Array.of(1, 2, 3));
  const got: number[][] = [];
  for await (const chunk of chunks(near)) {
    got.push([...chunk]);
    if (got.length === 1) await far.writeAll(Uint8Array.of(4));
    else await far.closeWrite();
  }
  assertEquals(got, [[1, 2, 3], [4]]);
});

Deno.test("chunks() reads only when asked to", async () => {
  const [near, far] = pipe();
  const reader = chunks(near).getReader();
  await far.writeAll(Uint8Array.of(1));
  await settled();
  assertEquals(near.reads, 0);
  await reader.read();
  await settled();
  assertEquals(near.reads, 1);
});

Deno.test("chunks() fills one buffer again and again", async () => {
  const [near, far] = pipe({ maxRead: 2 });
  await far.writeAll(Uint8Array.of(1, 2, 3, 4));
  const reader = chunks(near).getReader();
  const first = (await reader.read()).value!;
  const second = (await reader.read()).value!;
  assertStrictEquals(first.buffer, second.buffer);
  assertEquals([...second], [3, 4]);
});

Deno.test("chunks() begins with a small buffer that grows while reads fill it", async () => {
  const sizes = await bufferSizes(Array(9).fill(Infinity));
  assertEquals(sizes, [
    512,
    2_048,
    8_192,
    32_768,
    65_536,
    65_536,
    65_536,
    65_536,
    65_536,
    65_536,
  ]);
});

Deno.test("chunks() keeps its buffer while reads do not fill it", async () => {
  assertEquals(await bufferSizes([511, 511, 1]), [512, 512, 512, 512]);
  assertEquals(await bufferSizes([512, 600, 2_047]), [512, 2048, 2048, 2048]);
});

Deno.test("chunks() takes a small buffer again after 16 small reads in a row", async () => {
  const quiet = Array<number>(16).fill(100);
  const sizes = await bufferSizes([512, 2_048, ...quiet, 100]);
  assertEquals(sizes.slice(0, 3), [512, 2_048, 8_192]);
  assertEquals(sizes.at(-3), 8_192);
  assertEquals(sizes.at(-2), 512);
  const broken = [512, 2_048, ...quiet.slice(1), 512, ...quiet.slice(1), 1];
  assertEquals((await bufferSizes(broken)).at(-2), 8_192);
});

Deno.test("chunks() fails as the transport does", async () => {
  const [near] = pipe();
  const reader = chunks(near).getReader();
  const read = reader.read();
  near.break(new Deno.errors.ConnectionReset("reset by peer"));
  await assertRejects(() => read, Deno.errors.ConnectionReset);
});
