import {
  assertEquals,
  assertGreaterOrEqual,
  assertLessOrEqual,
} from "@std/assert";
import { Backoff } from "../../client/backoff.ts";
import fc from "../fast_check.ts";

const WHOLES_MS = [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000];

Deno.test("chance decides between a half of the time and the whole", () => {
  const waits = (random: number) => {
    const backoff = new Backoff(() => random);
    return WHOLES_MS.map(() => backoff.next());
  };
  assertEquals(waits(0), WHOLES_MS.map((ms) => ms / 2));
  assertEquals(waits(0.5), WHOLES_MS.map((ms) => 0.75 * ms));
});

Deno.test("however chance has it, no wait is shorter or longer", () => {
  const chance = fc.double({ min: 0, max: 0.999, noNaN: true });
  fc.assert(fc.property(fc.array(chance, { maxLength: 20 }), (chances) => {
    const left = [...chances];
    const backoff = new Backoff(() => left.shift()!);
    for (const [i] of chances.entries()) {
      const wholeMs = WHOLES_MS[Math.min(i, WHOLES_MS.length - 1)]!;
      const ms = backoff.next();
      assertGreaterOrEqual(ms, wholeMs / 2);
      assertLessOrEqual(ms, wholeMs);
    }
  }));
});

Deno.test("each has a chance of its own unless it is told otherwise", () => {
  const firsts = Array.from({ length: 20 }, () => new Backoff().next());
  assertEquals(new Set(firsts).size, 20);
});

Deno.test("after a reset it begins anew", () => {
  const backoff = new Backoff(() => 0);
  for (let i = 0; i < 10; i++) backoff.next();
  backoff.reset();
  assertEquals([backoff.next(), backoff.next()], [250, 500]);
});
