import {
  assertEquals,
  assertFalse,
  assertGreaterOrEqual,
  assertLess,
  assertNotEquals,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import {
  Command,
  FrameType,
  goodbye,
  GoodbyeReason,
  listQuery,
  Status,
} from "../../protocol/mod.ts";
import type { ServeOptions } from "../../server/mod.ts";
import { freePort } from "../../tools/free_port.ts";
import { FakeTime } from "../link/fake_time.ts";
import { TLS } from "./pem.ts";
import {
  frameOf,
  goodbyeOf,
  RawPeer,
  refusalOf,
  sendFrame,
  tokenFrame,
} from "./raw_peer.ts";
import { refused } from "./refused.ts";
import { watchedServer } from "./watched_server.ts";
import { within } from "./within.ts";

/** A test that waits so long for something waits in vain, in milliseconds. */
const PATIENCE_MS = 10_000;

Deno.test("every client is told goodbye with the reason, and then closed", async () => {
  const server = await watchedServer();
  using one = await RawPeer.connect(server.port);
  using two = await RawPeer.connect(server.port);

  const down = server.shutdown("the lab closes");
  for (const peer of [one, two]) {
    const { reason, text } = goodbyeOf(await peer.next());
    assertEquals(reason, GoodbyeReason.shuttingDown);
    assertStringIncludes(text, "the lab closes");
    await peer.ended();
    peer.close();
  }
  await down;
});

Deno.test("sends that nobody confirms are answered as shutting-down after the drain timeout, before the goodbye", async () => {
  const server = await watchedServer({ drainTimeoutMs: 100 });
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);
  await sender.write(
    sendFrame(receiver.id, 5),
    sendFrame(receiver.id, 6),
  );
  await receiver.message();
  await receiver.message();

  const startMs = performance.now();
  const down = server.shutdown();
  const first = await sender.next();
  assertGreaterOrEqual(performance.now() - startMs, 95);
  const frames = [first, ...await sender.rest()];

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
  const server = await watchedServer({ drainTimeoutMs: 50 });
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

Deno.test("a message that is confirmed while the server shuts down is delivered, and then all are told", async () => {
  const server = await watchedServer({ drainTimeoutMs: 60_000 });
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);
  await sender.write(sendFrame(receiver.id, 5), sendFrame(receiver.id, 6));
  const messages = [await receiver.message(), await receiver.message()];

  const down = server.shutdown();
  await receiver.confirm(messages[0]!);
  const delivered = await sender.next();
  assertEquals([delivered.id, delivered.status], [5, Status.ok]);
  // Nobody has been told goodbye: one is under way still.
  await assertDraining(sender);
  await receiver.refuse(messages[1]!, Status.notHandled, "too late for me");
  const refused = await sender.next();
  assertEquals([refused.id, refused.status], [6, Status.receiverRefused]);

  for (const peer of [sender, receiver]) {
    assertEquals(
      goodbyeOf(await peer.next()).reason,
      GoodbyeReason.shuttingDown,
    );
    await peer.ended();
    peer.close();
  }
  await down;
  assertEquals(server.events.of("trouble"), []);
});

Deno.test("a receiver that leaves while the server shuts down ends the wait", async () => {
  const server = await watchedServer({ drainTimeoutMs: 60_000 });
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);
  await sender.write(sendFrame(receiver.id, 5));
  await receiver.message();

  const down = server.shutdown();
  receiver.close();

  const answer = await sender.next();
  assertEquals([answer.id, answer.status], [5, Status.receiverGone]);
  goodbyeOf(await sender.next());
  sender.close();
  await down;
});

Deno.test("a message that is not confirmed in time ends as ever while the server shuts down", async () => {
  const options = { deliveryTimeoutMs: 100, drainTimeoutMs: 60_000 };
  const server = await watchedServer(options);
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);
  await sender.write(sendFrame(receiver.id, 5));
  await receiver.message();

  const down = server.shutdown();

  assertEquals((await sender.next()).status, Status.notConfirmed);
  goodbyeOf(await sender.next());
  sender.close();
  receiver.close();
  await down;
});

Deno.test("while the server shuts down every new request is refused, whatever it is, and a ping is answered", async () => {
  await using draining = await drainingServer();
  const { sender, receiver } = draining;
  const requests = [
    frameOf({ command: Command.time, id: 1 }),
    frameOf({ command: Command.name, id: 2 }),
    frameOf({ command: Command.list, id: 3 }, listQuery, {
      after: 0,
      limit: 0,
    }),
    sendFrame(receiver.id, 4),
    sendFrame(sender.id, 5),
    sendFrame(99, 6),
    tokenFrame("open sesame", 7),
    frameOf({ command: 77, id: 8 }),
    frameOf({ command: Command.list, id: 9 }),
  ];

  await sender.write(...requests);
  const answers = await sender.take(requests.length);
  const type = FrameType.indication;
  await sender.write(frameOf({ type, command: Command.ping, id: 10 }));
  const pong = await sender.next();

  assertEquals(answers.map(({ id }) => id), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  for (const answer of answers) {
    assertEquals(refusalOf(answer).status, Status.shuttingDown);
  }
  assertEquals([pong.type, pong.command, pong.id], [
    FrameType.response,
    Command.ping,
    10,
  ]);
  await assertDraining(receiver);
});

Deno.test("that the server shuts down counts more than how often, and how much, a client asks", async () => {
  const limits = { maxRequestsPerSecond: 1, maxUnanswered: 1 };
  await using draining = await drainingServer(limits);
  for (let i = 0; i < 5; i++) await assertDraining(draining.sender);
});

Deno.test("while the server shuts down nobody is accepted, and the others stay", async () => {
  await using draining = await drainingServer({ port: freePort() });
  const { server, receiver } = draining;
  await assertDraining(receiver);

  await refused(server.port);

  await assertDraining(receiver);
});

Deno.test("a client can say goodbye while the server shuts down", async () => {
  await using draining = await drainingServer();
  const { server } = draining;
  const type = FrameType.indication;
  const value = { reason: GoodbyeReason.leaving, text: "lunch" };
  const header = { type, command: Command.goodbye, id: 3 };

  await draining.witness.write(frameOf(header, goodbye, value));

  assertEquals((await draining.witness.next()).id, 3);
  await draining.witness.conn.closeWrite();
  assertEquals((await server.events.nth("left", 1)).how, "goodbye");
});

Deno.test("a second shutdown does not cut the first one short", async () => {
  await using draining = await drainingServer();
  const { server, sender } = draining;
  assertStrictEquals(server.shutdown("at once"), server.shutdown());
  await assertDraining(sender);
});

Deno.test("a client without the token is not let in any more when the server shuts down, and is told when all are", async () => {
  const token = "open sesame";
  const server = await watchedServer({ token, drainTimeoutMs: 60_000 });
  using sender = await RawPeer.letIn(server.port, token);
  using receiver = await RawPeer.letIn(server.port, token);
  using stranger = await RawPeer.connect(server.port);
  await sender.write(sendFrame(receiver.id));
  const message = await receiver.message();

  const down = server.shutdown("the lab closes");
  await stranger.write(tokenFrame(token, 7));
  const refused = await stranger.next();
  assertEquals(refusalOf(refused).status, Status.shuttingDown);
  await receiver.confirm(message);

  const { reason, text } = goodbyeOf(await stranger.next());
  assertEquals(reason, GoodbyeReason.shuttingDown);
  assertStringIncludes(text, "the lab closes");
  for (const peer of [sender, receiver, stranger]) peer.close();
  await down;
  const { how, why } = await server.events.nth("not-let-in", 1);
  assertEquals([how, why], ["shutdown", "the lab closes"]);
  assertEquals(server.events.of("connected").length, 2);
});

Deno.test("a client without the token is sent away in time while the server shuts down", async () => {
  const token = "open sesame";
  const options = { token, loginTimeoutMs: 300, drainTimeoutMs: 60_000 };
  using time = new FakeTime();
  const server = await watchedServer(options);
  using sender = await RawPeer.letIn(server.port, token);
  using receiver = await RawPeer.letIn(server.port, token);
  using stranger = await RawPeer.connect(server.port);
  await sender.write(sendFrame(receiver.id));
  await receiver.message();

  const down = server.shutdown();

  // It is counted in whole milliseconds.
  await time.live(300 + 1);
  const { reason } = goodbyeOf(await stranger.next());
  assertEquals(reason, GoodbyeReason.noToken);
  for (const peer of [sender, receiver, stranger]) peer.close();
  await down;
});

Deno.test("whoever has not begun to speak TLS is closed as soon as the server shuts down", async () => {
  const server = await watchedServer({ tls: TLS, drainTimeoutMs: 60_000 });
  using sender = await RawPeer.connectTls(server.port, TLS.cert);
  using receiver = await RawPeer.connectTls(server.port, TLS.cert);
  using silent = await RawPeer.connectOnly(server.port);
  await sender.write(sendFrame(receiver.id));
  const message = await receiver.message();

  const down = server.shutdown("the lab closes");
  await silent.ended();
  await assertDraining(sender);
  await receiver.confirm(message);

  assertEquals((await sender.next()).status, Status.ok);
  goodbyeOf(await sender.next());
  goodbyeOf(await receiver.next());
  for (const peer of [sender, receiver]) peer.close();
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
  const server = await watchedServer({ port: freePort() });
  await server.shutdown();

  await refused(server.port);
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
  const { text } = goodbyeOf(await peer.next());
  assertStringIncludes(text, "one");
  await peer.ended();
  peer.close();
  await second;
  assertStrictEquals(server.shutdown(), first);
  assertEquals(server.events.of("shutting-down").length, 1);
  assertEquals(server.events.of("closed").length, 1);
});

Deno.test("a client that never closes holds the server up for about a second at most", async () => {
  using time = new FakeTime();
  const server = await watchedServer();
  using silent = await RawPeer.connect(server.port);

  let down = false;
  const ended = server.shutdown().then(() => down = true);
  assertEquals((await silent.next()).command, Command.goodbye);
  await time.live(900);
  assertFalse(down);
  await time.live(200);
  await within(PATIENCE_MS, ended);
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

  const { text } = goodbyeOf(await peer.next());
  assertLess(new TextEncoder().encode(text).length, 1025);
  await peer.ended();
  peer.close();
  await down;
});

Deno.test("await using shuts down", async () => {
  let port;
  {
    await using server = await watchedServer({ port: freePort() });
    port = server.port;
  }
  await refused(port);
});

/** A server that shuts down and waits for a confirmation; and its clients. */
async function drainingServer(limits: ServeOptions = {}) {
  const server = await watchedServer({ ...limits, drainTimeoutMs: 60_000 });
  const sender = await RawPeer.connect(server.port);
  const receiver = await RawPeer.connect(server.port);
  const witness = await RawPeer.connect(server.port);
  await sender.write(sendFrame(receiver.id));
  const message = await receiver.message();
  server.shutdown();
  return {
    server,
    sender,
    receiver,
    witness,
    async [Symbol.asyncDispose]() {
      await receiver.confirm(message);
      for (const peer of [sender, receiver, witness]) {
        await peer.rest();
        peer.close();
      }
      await server.finished;
    },
  };
}

/** Fails unless a client is refused its requests, and is told no goodbye. */
async function assertDraining(
  peer: Pick<RawPeer, "ask">,
): Promise<void> {
  const { command, status } = await peer.ask(Command.name);
  assertEquals([command, status], [Command.name, Status.shuttingDown]);
}
