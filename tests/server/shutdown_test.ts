import {
  assertEquals,
  assertLess,
  assertNotEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import {
  Command,
  decodePayload,
  type Frame,
  FrameType,
  goodbye,
  GoodbyeReason,
  send,
  Status,
} from "../../protocol/mod.ts";
import { frameOf, RawPeer, refusalOf, sendPayload } from "./raw_peer.ts";
import { watchedServer } from "./watched_server.ts";

Deno.test("every client is told goodbye with the reason, and then closed", async () => {
  const server = await watchedServer();
  using one = await RawPeer.connect(server.port);
  using two = await RawPeer.connect(server.port);

  const down = server.shutdown("the lab closes");
  for (const peer of [one, two]) {
    const { reason, text } = readGoodbye(await peer.next());
    assertEquals(reason, GoodbyeReason.shuttingDown);
    assertStringIncludes(text, "the lab closes");
    await peer.ended();
    peer.close();
  }
  await down;
});

Deno.test("sends under way are answered as shutting-down before the goodbye", async () => {
  const server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);
  await sender.write(
    sendFrame(receiver.id, 5),
    sendFrame(receiver.id, 6),
  );
  await receiver.message();
  await receiver.message();

  const down = server.shutdown();
  const frames = await sender.rest();

  assertEquals(frames.map(({ command, id }) => [command, id]), [
    [Command.send, 5],
    [Command.send, 6],
    [Command.goodbye, 0],
  ]);
  for (const frame of frames.slice(0, 2)) {
    assertEquals(refusalOf(frame).status, Status.shuttingDown);
  }
  sender.close();
  receiver.close();
  await down;
});

Deno.test("a send to somebody who has complained and not closed is answered before the goodbye, too", async () => {
  const server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);
  await sender.write(sendFrame(receiver.id, 5));
  await receiver.message();
  const type = FrameType.indication;
  const complaint = new Uint8Array(10);
  await receiver.write(
    frameOf({ type, command: Command.error }, {
      sizeOf: () => complaint.length,
      encode: (_value, _into, offset) => offset + complaint.length,
    }, undefined),
  );
  await server.events.nth("left", 1);

  const down = server.shutdown();
  const frames = await sender.rest();

  assertEquals(frames.map(({ command, id }) => [command, id]), [
    [Command.send, 5],
    [Command.goodbye, 0],
  ]);
  assertNotEquals(frames[0]!.status, Status.ok);
  sender.close();
  receiver.close();
  await down;
});

Deno.test("a client that waits behind its goodbye gets its answers when the server shuts down", async () => {
  const server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);
  const type = FrameType.indication;
  const value = { reason: GoodbyeReason.leaving, text: "" };
  await sender.write(
    sendFrame(receiver.id, 5),
    frameOf({ type, command: Command.goodbye, id: 6 }, goodbye, value),
  );
  await receiver.message();

  const down = server.shutdown();
  const frames = await sender.take(2);

  assertEquals(frames.map(({ command, id }) => [command, id]), [
    [Command.send, 5],
    [Command.goodbye, 6],
  ]);
  sender.close();
  receiver.close();
  await down;
});

Deno.test("requests that were taken before are answered before the goodbye", async () => {
  const server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  await peer.write(
    ...Array.from(
      { length: 100 },
      (_, id) => frameOf({ command: Command.name, id }),
    ),
  );
  await peer.next();

  const down = server.shutdown();
  const frames = await peer.rest();

  assertEquals(frames.length, 100);
  assertEquals(frames.at(-1)!.command, Command.goodbye);
  peer.close();
  await down;
});

Deno.test("nobody listens on the port any more", async () => {
  const server = await watchedServer();
  await server.shutdown();

  await assertRejects(
    () => RawPeer.connectOnly(server.port),
    Deno.errors.ConnectionRefused,
  );
});

Deno.test("finished resolves when all is closed, and not before", async () => {
  const server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  let finished = false;
  server.finished.then(() => finished = true);
  await peer.sync();
  assertEquals(finished, false);

  const down = server.shutdown();
  await peer.next();
  assertEquals(finished, false);
  peer.close();
  await Promise.all([down, server.finished]);

  assertEquals(server.events.all.at(-1)!.event, "closed");
});

Deno.test("a second shutdown is the first one: same promise, one goodbye, first reason", async () => {
  const server = await watchedServer();
  using peer = await RawPeer.connect(server.port);

  const first = server.shutdown("one");
  const second = server.shutdown("two");

  assertStrictEquals(first, second);
  const { text } = readGoodbye(await peer.next());
  assertStringIncludes(text, "one");
  await peer.ended();
  peer.close();
  await second;
  assertStrictEquals(server.shutdown(), first);
  assertEquals(server.events.of("shutting-down").length, 1);
  assertEquals(server.events.of("closed").length, 1);
});

Deno.test("a client that never closes holds the server up for about a second at most", async () => {
  const server = await watchedServer();
  using silent = await RawPeer.connect(server.port);

  const startMs = performance.now();
  await server.shutdown();

  assertLess(performance.now() - startMs, 3000);
  assertEquals((await silent.next()).command, Command.goodbye);
});

Deno.test("a client that comes while the server shuts down is turned away", async () => {
  const server = await watchedServer();
  const coming = RawPeer.connectOnly(server.port);
  const down = server.shutdown();
  using peer = await coming.catch(() => undefined);
  await peer?.gone();
  peer?.close();
  await down;
});

Deno.test("a reason of any length keeps to the protocol's 1,024 bytes", async () => {
  const server = await watchedServer();
  using peer = await RawPeer.connect(server.port);

  const down = server.shutdown("é".repeat(2000));

  const { text } = readGoodbye(await peer.next());
  assertLess(new TextEncoder().encode(text).length, 1025);
  await peer.ended();
  peer.close();
  await down;
});

Deno.test("await using shuts down", async () => {
  let port;
  {
    await using server = await watchedServer();
    port = server.port;
  }
  await assertRejects(
    () => RawPeer.connectOnly(port),
    Deno.errors.ConnectionRefused,
  );
});

function readGoodbye(frame: Frame) {
  const { type, command, status, id } = frame;
  assertEquals({ type, command, status, id }, {
    type: FrameType.indication,
    command: Command.goodbye,
    status: 0,
    id: 0,
  });
  return decodePayload(frame, goodbye);
}

function sendFrame(to: number, id: number): Uint8Array {
  return frameOf({ command: Command.send, id }, send, sendPayload(to, "hi"));
}
