import {
  assert,
  assertEquals,
  assertGreater,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { Capture, CaptureBusyError } from "../../capture/capture.ts";
import {
  type CapturedSegment,
  readCapture,
} from "../../capture/read_capture.ts";
import { TcpFlag } from "../../capture/tcp_packet.ts";
import { Client } from "../../client/mod.ts";
import { Command, FrameDecoder, FrameType } from "../../protocol/mod.ts";
import { serve } from "../../server/mod.ts";
import { pipe } from "../link/pipe.ts";
import { temporaryFile } from "./temporary_file.ts";

const ends = {
  local: { address: "127.0.0.1", port: 2203 },
  remote: { address: "127.0.0.1", port: 51_000 },
  openedBy: "remote",
} as const;

/** All bytes that went from a port, in order. */
function streamFrom(port: number, segments: CapturedSegment[]): Uint8Array {
  const parts = segments.filter(({ from }) => from.port === port)
    .map(({ payload }) => payload);
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

Deno.test("both ends of a connection capture the same", async () => {
  using serverFile = await temporaryFile();
  using clientFile = await temporaryFile();
  let port: number;
  {
    await using serverTap = await Capture.open(serverFile.path);
    await using clientTap = await Capture.open(clientFile.path);
    await using server = await serve({ port: 0, tap: serverTap });
    ({ port } = server);
    await using client = await Client.connect({ port, tap: clientTap });
    for (let i = 0; i < 300; i++) await client.time();
    await client.send(99, "x".repeat(50_000));
  }
  const [atServer, atClient] = [serverFile, clientFile]
    .map(({ path }) => readCapture(Deno.readFileSync(path)));
  const clientPort = atClient![0]!.from.port;
  for (const end of [port, clientPort]) {
    const bytes = streamFrom(end, atServer!);
    assertGreater(bytes.length, 300 * 16);
    assertEquals(bytes, streamFrom(end, atClient!));
  }
  for (const segments of [atServer!, atClient!]) {
    assertEquals(segments.map(({ number }) => number), [
      ...segments.keys().map((i) => i + 1),
    ]);
    const times = segments.map(({ timeUs }) => timeUs);
    assertEquals(times, times.toSorted((a, b) => a - b));
    assert(Math.abs(times[0]! / 1000 - Date.now()) < 60_000);
    const fins = segments.filter(({ flags }) => flags & TcpFlag.fin);
    assertEquals(
      new Set(fins.map(({ from }) => from.port)),
      new Set([port, clientPort]),
    );
    checkOrder(segments, port);
  }
});

/** No answer comes before what it answers, and each is acknowledged rightly. */
function checkOrder(segments: CapturedSegment[], serverPort: number): void {
  const asked = new Set<number>();
  const decoders = new Map<number, FrameDecoder>();
  const next = new Map<number, number>();
  let answers = 0;
  for (const { from, to, payload, sequence, acknowledged } of segments) {
    if (payload.length > 0) {
      assertEquals(sequence, next.get(from.port) ?? 1);
      assertEquals(acknowledged, next.get(to.port) ?? 1);
    }
    next.set(from.port, sequence + Math.max(payload.length, 1));
    if (payload.length === 0) next.set(from.port, 1);
    else next.set(from.port, sequence + payload.length);
    const decoder = decoders.get(from.port) ??
      new FrameDecoder({ maxPayload: 1e6 });
    decoders.set(from.port, decoder);
    decoder.push(payload, ({ type, id }) => {
      if (from.port !== serverPort) asked.add(id);
      else if (type === FrameType.response) {
        assert(asked.delete(id), `${id} was answered before it was asked`);
        answers++;
      }
      return true;
    });
  }
  assertGreater(answers, 300);
}

Deno.test("what the file held stays until there is something to capture", async () => {
  using file = await temporaryFile("an older capture");
  await (await Capture.open(file.path))[Symbol.asyncDispose]();
  assertEquals(Deno.readTextFileSync(file.path), "an older capture");
  {
    await using capture = await Capture.open(file.path, { program: "lab 1" });
    capture.start();
    await capture.flush();
    assertEquals(readCapture(Deno.readFileSync(file.path)), []);
  }
  const text = new TextDecoder().decode(Deno.readFileSync(file.path));
  assertMatch(text, /^\n\r\r\n.*lab 1.*made up/s);
});

Deno.test("only its owner can read the file", async () => {
  using file = await temporaryFile();
  Deno.removeSync(file.path);
  await (await Capture.open(file.path))[Symbol.asyncDispose]();
  const { mode } = Deno.statSync(file.path);
  if (Deno.build.os !== "windows") assertEquals(mode! & 0o777, 0o600);
});

Deno.test("two captures do not share a file", async () => {
  using file = await temporaryFile();
  await using capture = await Capture.open(file.path);
  capture.start();
  await assertRejects(() => Capture.open(file.path), CaptureBusyError);
});

Deno.test("a directory that is not there is an error", async () => {
  await assertRejects(() => Capture.open("/nowhere/a"), Deno.errors.NotFound);
});

Deno.test({
  name:
    "when nothing more can be written the connections go on, and it is told once",
  ignore: Deno.build.os === "windows",
  async fn() {
    using file = await temporaryFile();
    Deno.removeSync(file.path);
    await new Deno.Command("mkfifo", { args: [file.path] }).output();
    // A reader that leaves as soon as something comes.
    const args = ["-c", "1", file.path];
    const reader = new Deno.Command("head", { args }).output();
    const told: string[] = [];
    await using tap = await Capture.open(file.path, {
      onTrouble: (what) => told.push(what),
    });
    tap.start();
    await reader;
    await using server = await serve({ port: 0, tap });
    await using client = await Client.connect({ port: server.port });
    for (let i = 0; i < 3; i++) await client.name();
    await tap.flush();
    assertEquals(told.length, 1);
    assertMatch(
      told[0]!,
      /^nothing more is captured: Broken pipe .*came before$/,
    );
  },
});

Deno.test("what the disk cannot keep up with is counted in the file", async () => {
  using file = await temporaryFile();
  {
    await using capture = await Capture.open(file.path, { maxWaiting: 600 });
    capture.start();
    const [near, far] = pipe();
    const transport = capture.tap(near, ends);
    far.write(new Uint8Array(1000));
    assertEquals(await transport.read(new Uint8Array(1000)), 1000);
    await capture.flush();
    await transport.write(new Uint8Array(10));
  }
  const bytes = Deno.readFileSync(file.path);
  const segments = readCapture(bytes);
  // The thousand bytes are missing; what came before and behind is there.
  assertEquals(segments.map(({ payload }) => payload.length), [0, 0, 0, 10]);
  assertEquals(segments.at(-1)!.acknowledged, 1001);
  // The last block says so: statistics, with the option "dropped", 1.
  const last = new DataView(bytes.buffer, bytes.length - 40);
  assertEquals(last.getUint32(0, true), 5);
  assertEquals(last.getUint16(20, true), 7);
  assertEquals(last.getBigUint64(24, true), 1n);
});

Deno.test("a peer that breaks off is a RST, and errors are handed on", async () => {
  using file = await temporaryFile();
  {
    await using capture = await Capture.open(file.path);
    const [near] = pipe();
    const transport = capture.tap(near, ends);
    near.break(new Deno.errors.ConnectionReset("gone"));
    await assertRejects(
      () => transport.read(new Uint8Array(1)),
      Deno.errors.ConnectionReset,
    );
    transport.close();
    assertEquals(near.closes, 1);
  }
  const segments = readCapture(Deno.readFileSync(file.path));
  assertEquals(
    segments.slice(3).map(({ flags }) => flags),
    [TcpFlag.rst | TcpFlag.ack],
  );
});

Deno.test({
  name: "a named pipe will do as well",
  ignore: Deno.build.os === "windows",
  async fn() {
    using file = await temporaryFile();
    Deno.removeSync(file.path);
    await new Deno.Command("mkfifo", { args: [file.path] }).output();
    const reader = new Deno.Command("cat", { args: [file.path] }).output();
    {
      await using tap = await Capture.open(file.path);
      await using server = await serve({ port: 0, tap });
      await using client = await Client.connect({ port: server.port });
      await client.name();
    }
    const segments = readCapture((await reader).stdout);
    assertGreater(segments.length, 5);
  },
});

Deno.test("a message's confirmation stands behind the message", async () => {
  using file = await temporaryFile();
  {
    await using tap = await Capture.open(file.path);
    await using server = await serve({ port: 0, tap });
    await using bob = await Client.connect({ port: server.port });
    await using alice = await Client.connect({ port: server.port });
    bob.receive(() => {});
    for (let i = 0; i < 200; i++) await alice.send(bob.id, "hi");
  }
  const seen: string[] = [];
  for (const { payload } of readCapture(Deno.readFileSync(file.path))) {
    new FrameDecoder({ maxPayload: 1e6 }).push(payload, (frame) => {
      if (frame.command === Command.message) {
        seen.push(`${frame.type} ${frame.id}`);
      }
      return true;
    });
  }
  assertEquals(seen.length, 400);
  for (let i = 0; i < 400; i += 2) {
    assertEquals(seen[i + 1], seen[i]!.replace(/^3/, "2"));
  }
});
