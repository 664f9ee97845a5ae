import {
  assertEquals,
  assertGreaterOrEqual,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { pause } from "../../client/pause.ts";
import { FakeTime } from "../link/fake_time.ts";
import { CountedListeners } from "./counted_listeners.ts";

// That no timer is left behind is what the sanitizers look at.

Deno.test("a pause is as long as it is told to be", async () => {
  const startMs = performance.now();
  await pause(30, new AbortController().signal);
  assertGreaterOrEqual(performance.now() - startMs, 29);
});

Deno.test("aborted, it ends at once with the reason", async () => {
  using time = new FakeTime();
  const controller = new AbortController();
  const pausing = pause(60_000, controller.signal);
  const reason = new Error("enough");
  controller.abort(reason);
  assertStrictEquals(await assertRejects(() => pausing), reason);
  assertEquals(time.timers, 0);
});

Deno.test("aborted before, it does not begin", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  const error = await assertRejects(() => pause(60_000, signal));
  assertStrictEquals(error, signal.reason);
});

Deno.test("a signal that outlives many pauses keeps none of their listeners", async () => {
  const controller = new CountedListeners();
  for (let i = 0; i < 3; i++) await pause(0, controller.signal);
  assertEquals(controller.count, 0);
});
