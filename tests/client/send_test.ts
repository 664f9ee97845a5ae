import {
  assert,
  assertEquals,
  assertFalse,
  assertGreaterOrEqual,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { Client, ConnectionError, type Delivery } from "../../client/mod.ts";
import { Status } from "../../protocol/mod.ts";
import { FakeTime } from "../link/fake_time.ts";
import { RawPeer } from "../server/raw_peer.ts";
import { watchedServer } from "../server/watched_server.ts";
import { RawServer } from "./raw_server.ts";

Deno.test("delivered: the receiver has confirmed, and how long it took", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  using receiver = await RawPeer.connect(server.port);

  let result: Delivery | undefined;
  const sent = client.send(receiver.id, "hello").then((it) => result = it);
  const message = await receiver.message();
  await client.name();
  assertEquals(result, undefined);
  await receiver.confirm(message);

  const delivery = await sent;
  assert(delivery.delivered);
  assertGreaterOrEqual(delivery.ms, 0);
  assertEquals(message.text, "hello");
});

Deno.test("not delivered: the receiver refused, with its sentence", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  using receiver = await RawPeer.connect(server.port);

  const sent = client.send(receiver.id, "hello");
  const message = await receiver.message();
  await receiver.refuse(message, Status.notHandled, "the printer is on fire");

  assertNot(await sent, "receiver-refused", "the printer is on fire");
});

Deno.test("not delivered: nobody has the number, or it is one's own", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  assertNot(await client.send(99, "hello"), "unknown-number", "99");
  assertNot(await client.send(client.id, "hello"), "own-number", "own");
});

Deno.test("not delivered: not confirmed within the deadline", async () => {
  await using server = await watchedServer({ deliveryTimeoutMs: 50 });
  await using client = await Client.connect({ port: server.port });
  using receiver = await RawPeer.connect(server.port);
  const delivery = await client.send(receiver.id, "hello");
  assertNot(delivery, "not-confirmed", "0.05 s");
});

Deno.test("not delivered: the receiver left", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  using receiver = await RawPeer.connect(server.port);
  const sent = client.send(receiver.id, "hello");
  await receiver.message();
  receiver.close();
  assertNot(await sent, "receiver-gone", `${receiver.id}`);
});

Deno.test("not delivered: the server shuts down", async () => {
  const server = await watchedServer({ drainTimeoutMs: 100 });
  await using client = await Client.connect({ port: server.port });
  using receiver = await RawPeer.connect(server.port);
  const sent = client.send(receiver.id, "hello");
  await receiver.message();
  const down = server.shutdown();
  assertNot(await sent, "shutting-down", "shutting down");
  receiver.close();
  await down;
});

Deno.test("a text that is too long is not even sent", async () => {
  await using server = await watchedServer({ maxText: 10, trace: true });
  await using client = await Client.connect({ port: server.port });
  using receiver = await RawPeer.connect(server.port);

  const delivery = await client.send(receiver.id, "123456789é");
  assertNot(delivery, "text-too-long", "11");
  await client.name();
  assertEquals(
    server.events.of("answered").map(({ command }) => command),
    ["name"],
  );

  const sent = client.send(receiver.id, "12345678é");
  await receiver.confirm(await receiver.message());
  assert((await sent).delivered);
});

Deno.test("a text arrives as it was: NUL, controls, emoji, and half a pair as U+FFFD", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  using receiver = await RawPeer.connect(server.port);
  for (const text of ["", "\u0000\u001b[2J\r\n", "👋🏽 你好", "\ufeffBOM"]) {
    const sent = client.send(receiver.id, text);
    const message = await receiver.message();
    await receiver.confirm(message);
    await sent;
    assertEquals(
      new TextDecoder("utf-8", { ignoreBOM: true }).decode(
        message.content.text,
      ),
      text,
    );
  }
  const sent = client.send(receiver.id, "a\ud800b");
  const message = await receiver.message();
  await receiver.confirm(message);
  await sent;
  assertEquals(message.text, "a\ufffdb");
});

Deno.test("what cannot be a number is a mistake of the program", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  for (const to of [-1, 1.5, NaN, 2 ** 32, Infinity]) {
    await assertRejects(() => client.send(to, "hello"), RangeError, `${to}`);
  }
});

Deno.test("a send may take the delivery timeout longer than other requests", async () => {
  using time = new FakeTime();
  await using server = await watchedServer({ deliveryTimeoutMs: 400 });
  const { port } = server;
  await using client = await Client.connect({ port, timeoutMs: 150 });
  using receiver = await RawPeer.connect(port);
  const sent = client.send(receiver.id, "hello");
  await receiver.message();
  // It is counted in whole milliseconds.
  await time.live(400 + 1);
  assertNot(await sent, "not-confirmed", "0.4 s");
});

Deno.test("a server that never answers a send: rejects after both timeouts", async () => {
  using server = new RawServer();
  const accepted = server.greet({ deliveryTimeoutMs: 100 });
  const { port } = server;
  using time = new FakeTime();
  await using client = await Client.connect({ port, timeoutMs: 200 });
  using peer = await accepted;
  const sent = assertRejects(
    () => client.send(2, "hello"),
    ConnectionError,
    "did not answer send within 0.3 s",
  );
  await peer.next();
  // It is counted in whole milliseconds.
  await time.live(300 + 1);
  await sent;
  peer.close();
});

Deno.test("the connection is lost before that is known: rejects", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  await using client = await Client.connect({ port: server.port });
  using peer = await accepted;
  const sent = assertRejects(() => client.send(2, "hello"), ConnectionError);
  await peer.next();
  peer.close();
  await sent;
});

function assertNot(delivery: Delivery, reason: string, why: string): void {
  assertFalse(delivery.delivered);
  assertEquals(delivery.reason, reason);
  assertStringIncludes(delivery.why, why);
  assertGreaterOrEqual(delivery.ms, 0);
}
