import { assertEquals, assertThrows } from "@std/assert";
import { onceATurn } from "../../link/mod.ts";

Deno.test("onceATurn() asks once in a turn, and again in the next", async () => {
  let asked = 0;
  const count = onceATurn(() => ++asked);
  for (let turn = 1; turn <= 3; turn++) {
    assertEquals([count(), count(), count()], [turn, turn, turn]);
    await Promise.resolve();
  }
});

Deno.test("onceATurn() asks again after a failure", () => {
  let asked = 0;
  const count = onceATurn(() => {
    asked++;
    if (asked === 1) throw new Error("not yet");
    return asked;
  });
  assertThrows(count, Error, "not yet");
  assertEquals([count(), count()], [2, 2]);
});

Deno.test("onceATurn() keeps an answer that is undefined", () => {
  let asked = 0;
  const ask = onceATurn(() => void asked++);
  ask();
  ask();
  assertEquals(asked, 1);
});
