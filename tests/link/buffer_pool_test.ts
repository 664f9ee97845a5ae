import { assert, assertEquals } from "@std/assert";
import { giveBuffer, takeBuffer } from "../../link/buffer_pool.ts";

Deno.test("a buffer is as large as it must be, and a power of two", () => {
  for (const size of [1, 4096, 4097, 65_536, 1_000_000, 3_000_000]) {
    const { length } = takeBuffer(size);
    assert(length >= size && length < 2 * Math.max(size, 4096), `${size}`);
    assertEquals(length & (length - 1), 0);
  }
});

Deno.test("a buffer that was given back is lent again, to one at a time", () => {
  const first = takeBuffer(5000);
  giveBuffer(first);
  const again = takeBuffer(8192);
  assert(again === first);
  assert(takeBuffer(8192) !== first);
});

Deno.test("buffers that are too large, or too many, are not kept", () => {
  const huge = takeBuffer(2 * 1024 * 1024);
  giveBuffer(huge);
  assert(takeBuffer(2 * 1024 * 1024) !== huge);

  const many = Array.from({ length: 40 }, () => takeBuffer(1024 * 1024));
  for (const buffer of many) giveBuffer(buffer);
  const kept = Array.from({ length: 40 }, () => takeBuffer(1024 * 1024));
  assertEquals(kept.filter((buffer) => many.includes(buffer)).length, 16);
});
