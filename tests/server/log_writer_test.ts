import { assertEquals, assertLess, assertMatch } from "@std/assert";
import { type LogSink, LogWriter } from "../../server/mod.ts";

/** Takes what is written, as fast and as well as it is told to. */
class Sink implements LogSink {
  text = "";
  /** Each write waits for this first. */
  gate: Promise<void> = Promise.resolve();
  /** The most bytes that one write takes. */
  maxWrite = Infinity;

  async write(bytes: Uint8Array): Promise<number> {
    await this.gate;
    const taken = bytes.subarray(0, this.maxWrite);
    this.text += new TextDecoder().decode(taken);
    return taken.length;
  }
}

Deno.test("lines are written in order, each with its line feed", async () => {
  const sink = new Sink();
  const writer = new LogWriter(sink);
  for (let i = 0; i < 5; i++) writer.write(`line ${i}`);
  await writer.flush();
  writer.write("last");
  await writer.flush();
  assertEquals(sink.text, "line 0\nline 1\nline 2\nline 3\nline 4\nlast\n");
});

Deno.test("a sink that takes a few bytes at a time gets all of them", async () => {
  const sink = new Sink();
  sink.maxWrite = 3;
  const writer = new LogWriter(sink);
  writer.write("a line of some length");
  writer.write("another");
  await writer.flush();
  assertEquals(sink.text, "a line of some length\nanother\n");
});

Deno.test("a slow sink holds nobody up: too many lines are dropped, and counted", async () => {
  const sink = new Sink();
  const gate = Promise.withResolvers<void>();
  sink.gate = gate.promise;
  const writer = new LogWriter(sink);
  const line = "x".repeat(99);
  const count = 50_000;

  for (let i = 0; i < count; i++) writer.write(line);
  gate.resolve();
  await writer.flush();
  writer.write("later");
  await writer.flush();

  const lines = sink.text.split("\n").filter((each) => each !== "");
  const kept = lines.filter((each) => each === line).length;
  assertLess(kept, count);
  const told = lines.find((each) => each !== line && each !== "later");
  assertMatch(told!, /^\((\d+) lines/);
  assertEquals(Number.parseInt(told!.slice(1)), count - kept);
  assertEquals(lines.at(-1), "later");
});

Deno.test("a sink that fails is tried again, and what was lost is said", async () => {
  const sink = new Sink();
  const full = Promise.reject(new Error("No space left on device"));
  full.catch(() => {});
  sink.gate = full;
  const writer = new LogWriter(sink);
  writer.write("one");
  writer.write("two");
  await writer.flush();
  sink.gate = Promise.resolve();
  writer.write("three");
  await writer.flush();
  assertMatch(sink.text, /^\(2 lines .*\)\nthree\n$/);
});

Deno.test("flush gives up on a sink that hangs", async () => {
  const sink = new Sink();
  const gate = Promise.withResolvers<void>();
  sink.gate = gate.promise;
  const writer = new LogWriter(sink);
  writer.write("one");

  await writer.flush();
  assertEquals(sink.text, "");

  gate.resolve();
  await writer.flush();
  assertEquals(sink.text, "one\n");
});
