import {
  assertEquals,
  assertFalse,
  assertLess,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { Client, ConnectionError } from "../../client/mod.ts";
import {
  Command,
  decodePayload,
  fault,
  FrameType,
  goodbye,
  GoodbyeReason,
  name,
} from "../../protocol/mod.ts";
import { FakeTime } from "../link/fake_time.ts";
import { frameOf, type RawPeer } from "../server/raw_peer.ts";
import { watchedServer } from "../server/watched_server.ts";
import { goodbyeFrame, helloFrame, RawServer } from "./raw_server.ts";

Deno.test("disconnect says goodbye, waits for the answer, and then closes", async () => {
  using visit = await begin();
  const { client, peer } = visit;
  let closed = false;
  const left = client.disconnect("lunch").then(() => closed = true);

  const frame = await peer.next();
  assertEquals([frame.type, frame.command], [
    FrameType.indication,
    Command.goodbye,
  ]);
  const { reason, text } = decodePayload(frame, goodbye);
  assertEquals([reason, text], [GoodbyeReason.leaving, "lunch"]);
  await peer.write(frameOf({ ...PING, id: 3 }));
  assertEquals((await peer.next()).command, Command.ping);
  assertEquals(closed, false);
  await peer.confirm(frame);
  await peer.ended();
  peer.close();
  await left;

  assertEquals(await client.closed, { how: "disconnected", why: "lunch" });
});

Deno.test("what was asked before disconnect is answered", async () => {
  await using server = await watchedServer();
  const client = await Client.connect({ port: server.port });
  const names = Array.from({ length: 100 }, () => client.name());
  const list = client.list();
  await client.disconnect();
  assertEquals(await Promise.all(names), Array(100).fill("lab"));
  assertEquals((await list).map(({ id }) => id), [client.id]);
  assertEquals((await server.events.nth("left", 1)).how, "goodbye");
});

Deno.test("the server's log has the words of the goodbye", async () => {
  await using server = await watchedServer();
  const client = await Client.connect({ port: server.port });
  await client.disconnect("lunch");
  const { how, why } = await server.events.nth("left", 1);
  assertEquals([how, why], ["goodbye", "lunch"]);
});

Deno.test("words of any length keep to the protocol's 1,024 bytes", async () => {
  await using server = await watchedServer({ maxText: 1 });
  const client = await Client.connect({ port: server.port });
  await client.disconnect("é".repeat(5000));
  const { how, why } = await server.events.nth("left", 1);
  assertEquals(how, "goodbye");
  assertLess(new TextEncoder().encode(why).length, 1025);
});

Deno.test("a second disconnect waits for the same end", async () => {
  await using server = await watchedServer();
  const client = await Client.connect({ port: server.port });
  await Promise.all([client.disconnect("one"), client.disconnect("two")]);
  await client.disconnect("three");
  assertEquals(await client.closed, { how: "disconnected", why: "one" });
  assertEquals(server.events.of("left").length, 1);
});

Deno.test("what is asked behind a disconnect rejects, and is not sent", async () => {
  using visit = await begin();
  const { client, peer } = visit;
  const left = client.disconnect("lunch");
  const asked = assertRejects(() => client.name(), ConnectionError, "lunch");
  const frame = await peer.next();
  assertEquals(frame.command, Command.goodbye);
  await peer.confirm(frame);
  await peer.ended();
  peer.close();
  await asked;
  await left;
});

Deno.test("await using disconnects", async () => {
  await using server = await watchedServer();
  let closed;
  {
    await using client = await Client.connect({ port: server.port });
    closed = client.closed;
  }
  assertEquals((await closed).how, "disconnected");
  assertEquals((await server.events.nth("left", 1)).how, "goodbye");
});

Deno.test("a server that does not answer the goodbye is left after a while", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  using time = new FakeTime();
  const client = await Client.connect({ port: server.port });
  using peer = await accepted;
  const pending = assertRejects(() => client.name(), ConnectionError);

  const left = client.disconnect();
  assertEquals((await peer.next()).command, Command.name);
  assertEquals((await peer.next()).command, Command.goodbye);
  let told = false;
  const ended = peer.ended().then(() => told = true);
  await time.live(2_000 - 1);
  assertFalse(told);
  // It is counted in whole milliseconds.
  await time.live(1 + 1);
  await ended;
  peer.close();
  await left;
  await pending;
  assertEquals((await client.closed).how, "disconnected");
});

Deno.test("the server's goodbye closes, with its words", async () => {
  using visit = await begin();
  const { client, peer } = visit;
  const pending = assertRejects(
    () => client.name(),
    ConnectionError,
    "the lab closes",
  );
  await peer.next();
  await peer.write(goodbyeFrame("the lab closes"));
  await peer.ended();
  peer.close();

  assertEquals(await client.closed, {
    how: "goodbye",
    why: "the lab closes",
    reason: GoodbyeReason.shuttingDown,
  });
  await pending;
});

Deno.test("answers that come before the server's goodbye count", async () => {
  using visit = await begin();
  const { client, peer } = visit;
  const asked = client.name();
  const { command, id } = await peer.next();
  await peer.write(
    frameOf({ type: FrameType.response, command, id }, name, "lab"),
    goodbyeFrame("closing"),
  );
  assertEquals(await asked, "lab");
  await peer.ended();
  peer.close();
  await client.closed;
});

Deno.test("the server's error closes, with its sentence", async () => {
  using visit = await begin();
  const { client, peer } = visit;
  const header = { type: FrameType.indication, command: Command.error, id: 0 };
  const value = { code: 1, offset: 99, text: "what is that?" };
  await peer.write(frameOf(header, fault, value));
  await peer.ended();
  peer.close();
  assertEquals(await client.closed, { how: "fault", why: "what is that?" });
});

Deno.test("garbage from the server closes: fault, and the server is told", async () => {
  using visit = await begin();
  const { client, peer } = visit;
  await peer.write(new TextEncoder().encode("Bye!"));
  const complaint = decodePayload(await peer.next(), fault);
  assertEquals(complaint.offset, helloFrame().length);
  await peer.ended();
  peer.close();
  const { how, why } = await client.closed;
  assertEquals(how, "fault");
  assertStringIncludes(why, `byte ${helloFrame().length}`);
});

Deno.test("a second hello is out of order", async () => {
  using visit = await begin();
  const { client, peer } = visit;
  await peer.write(helloFrame());
  assertEquals((await peer.next()).command, Command.error);
  await peer.ended();
  peer.close();
  assertEquals((await client.closed).how, "fault");
});

Deno.test("a server that just closes: lost, and what is pending rejects", async () => {
  using visit = await begin();
  const { client, peer } = visit;
  const pending = [client.time(), client.name(), client.list(), client.ping()];
  const rejected = Promise.allSettled(pending);
  await peer.take(4);
  peer.close();

  assertEquals((await client.closed).how, "lost");
  for (const result of await rejected) {
    assertEquals(result.status, "rejected");
    const { reason } = result as PromiseRejectedResult;
    assertEquals(reason.name, "ConnectionError");
  }
});

Deno.test("what is asked after the end rejects, with how it ended", async () => {
  using visit = await begin();
  const { client, peer } = visit;
  await peer.write(goodbyeFrame("the lab closes"));
  await peer.ended();
  peer.close();
  await client.closed;
  await assertRejects(() => client.name(), ConnectionError, "the lab closes");
  await assertRejects(() => client.send(2, "x"), ConnectionError);
  await client.disconnect();
});

const PING = { type: FrameType.indication, command: Command.ping };

interface Visit extends Disposable {
  client: Client;
  peer: RawPeer;
}

/** A client at a raw server. Whoever tests it sees to its end. */
async function begin(): Promise<Visit> {
  using server = new RawServer();
  const accepted = server.greet();
  const client = await Client.connect({ port: server.port });
  const peer = await accepted;
  return { client, peer, [Symbol.dispose]: () => peer.close() };
}
