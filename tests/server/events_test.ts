import {
  assertEquals,
  assertGreaterOrEqual,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import {
  Command,
  FrameType,
  goodbye,
  GoodbyeReason,
  listQuery,
  send,
} from "../../protocol/mod.ts";
import type { ServeOptions } from "../../server/mod.ts";
import { TLS } from "./pem.ts";
import { frameOf, RawPeer, sendPayload } from "./raw_peer.ts";
import { watchedServer } from "./watched_server.ts";

Deno.test("listening is the first event, and says where", async () => {
  await using server = await watchedServer({ name: "lab" });
  assertEquals(server.events.all, [{
    event: "listening",
    name: "lab",
    address: "127.0.0.1",
    port: server.port,
    tls: false,
    tokenWanted: false,
  }]);
});

Deno.test("listening says that a token is wanted, and that TLS is spoken", async () => {
  const said = async (options: ServeOptions) => {
    await using server = await watchedServer(options);
    const { tls, tokenWanted } = server.events.of("listening")[0]!;
    return { tls, tokenWanted };
  };
  const tls = TLS;
  const token = "open sesame";
  assertEquals(await said({ token }), { tls: false, tokenWanted: true });
  assertEquals(await said({ tls }), { tls: true, tokenWanted: false });
  assertEquals(await said({ tls, token }), { tls: true, tokenWanted: true });
});

Deno.test("connected and left say who, and how many are connected now", async () => {
  await using server = await watchedServer();
  using one = await RawPeer.connect(server.port);
  using two = await RawPeer.connect(server.port);
  one.close();
  const left = await server.events.nth("left", 1);

  assertEquals(server.events.of("connected"), [
    { event: "connected", ...client(1, one), clients: 1 },
    { event: "connected", ...client(2, two), clients: 2 },
  ]);
  const { connectedForMs, how: _, why, ...rest } = left;
  assertEquals(rest, { event: "left", ...client(1, one), clients: 1 });
  assertGreaterOrEqual(connectedForMs, 0);
  assertMatch(why, /\w/);
});

Deno.test("with trace, every request is an event with what was asked and answered", async () => {
  await using server = await watchedServer({ trace: true });
  using one = await RawPeer.connect(server.port);
  using two = await RawPeer.connect(server.port);

  await one.ask(Command.name);
  await one.ask(Command.time);
  await one.ask(Command.list, 1, listQuery, { after: 0, limit: 0 });
  await one.ask(Command.send, 1, send, sendPayload(99, "hello"));
  await one.ask(77);
  await one.write(
    frameOf({ command: Command.send }, send, sendPayload(two.id, "hello")),
  );
  await two.confirm(await two.message());
  await one.next();

  const answered = server.events.of("answered");
  for (const event of answered) {
    const { id, address, port } = event;
    assertEquals({ id, address, port }, client(1, one));
  }
  assertEquals(
    answered.map(({ command, asked, status }) => [command, asked, status]),
    [
      ["name", "", "ok"],
      ["time", "", "ok"],
      ["list", "after 0", "ok"],
      ["send", "5 bytes to 99", "unknown-number"],
      ["command 77", "", "unknown-command"],
      ["send", "5 bytes to 2", "ok"],
    ],
  );
  const [name, time, list, unknown] = answered.map(({ answer }) => answer);
  assertEquals(name, "lab");
  assertMatch(time!, /^\d{4}-\d\d-\d\dT/);
  assertEquals(list, "2 clients");
  assertStringIncludes(unknown!, "99");
});

Deno.test("without trace, requests are no events", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  await peer.sync();
  assertEquals(server.events.of("answered"), []);
});

Deno.test("left with goodbye: it said so, and why", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  const type = FrameType.indication;
  const value = { reason: GoodbyeReason.leaving, text: "lunch \u001b[2J" };
  await peer.write(frameOf({ type, command: Command.goodbye }, goodbye, value));

  const { how, why } = await server.events.nth("left", 1);
  assertEquals([how, why], ["goodbye", "lunch \u001b[2J"]);
});

Deno.test("left with closed: it closed without a goodbye", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  peer.close();
  assertEquals((await server.events.nth("left", 1)).how, "closed");
});

Deno.test("left with fault: what was wrong, and where", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  await peer.write(new TextEncoder().encode("GET /"));
  await peer.next();
  peer.close();

  const { how, why } = await server.events.nth("left", 1);
  assertEquals(how, "fault");
  assertStringIncludes(why, "byte 0");
});

Deno.test("left with shutdown, between shutting-down and closed", async () => {
  const server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  const down = server.shutdown("the lab closes");
  await peer.next();
  peer.close();
  await down;

  const { all } = server.events;
  assertEquals(all.map(({ event }) => event), [
    "listening",
    "connected",
    "shutting-down",
    "left",
    "closed",
  ]);
  assertEquals(all[2], {
    event: "shutting-down",
    why: "the lab closes",
    clients: 1,
  });
  const [left] = server.events.of("left");
  assertEquals([left!.how, left!.clients], ["shutdown", 0]);
});

Deno.test("each client leaves once, however it goes", async () => {
  const server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  const type = FrameType.indication;
  const value = { reason: GoodbyeReason.leaving, text: "" };
  await peer.write(
    frameOf({ type, command: Command.goodbye, id: 0 }, goodbye, value),
    new TextEncoder().encode("garbage"),
  );
  await server.events.nth("left", 1);
  peer.close();
  await server.shutdown();
  assertEquals(server.events.of("left").map(({ how }) => how), ["goodbye"]);
});

function client(id: number, { conn }: RawPeer) {
  return { id, address: "127.0.0.1", port: conn.localAddr.port };
}
