import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Command, FrameType, GoodbyeReason } from "../../protocol/mod.ts";
import type { Encrypt, EncryptedConn } from "../../server/encryption.ts";
import { FakeTime } from "../link/fake_time.ts";
import { settled } from "../link/pipe.ts";
import { MemoryServer } from "./memory_server.ts";
import { frameOf, goodbyeOf, RawPeer, tokenFrame } from "./raw_peer.ts";
import { watchedServer } from "./watched_server.ts";

const token = "open sesame";

Deno.test("a full server says so in hello's place and closes; who is in goes on, and a place that becomes free is given away", async () => {
  await using server = await watchedServer({ maxClients: 2 });
  const { port } = server;
  using first = await RawPeer.connect(port);
  using second = await RawPeer.connect(port);

  using third = await RawPeer.connectOnly(port);
  const { reason, text } = goodbyeOf(await third.next());
  assertEquals(reason, GoodbyeReason.serverFull);
  assertStringIncludes(text, "full");
  await third.ended();
  const { address, how, why } = await server.events.nth("not-let-in", 1);
  assertEquals([address, how, why], ["127.0.0.1", "server-full", text]);
  await first.sync();
  await second.sync();

  first.close();
  await server.events.nth("left", 1);
  using next = await nextLetIn(port);
  await next.sync();
  await second.sync();
  // Who was turned away has used up no number.
  const { id, clients } = await server.events.nth("connected", 3);
  assertEquals([id, clients], [3, 2]);
  assertEquals(server.events.of("trouble"), []);
});

Deno.test("an address that has its share is told so; others come in", async () => {
  await using server = new MemoryServer({ maxClientsPerAddress: 2 });
  const first = await server.connect({ address: "192.0.2.1" });
  await server.connect({ address: "192.0.2.1" });

  const third = server.connectOnly({ address: "192.0.2.1" });
  const { reason } = goodbyeOf(await third.next());
  assertEquals(reason, GoodbyeReason.addressFull);
  assertEquals(await third.rest(), []);
  const { address, how } = await server.events.nth("not-let-in", 1);
  assertEquals([address, how], ["192.0.2.1", "address-full"]);

  assertEquals((await server.connect({ address: "192.0.2.2" })).id, 3);
  first.far.close();
  await server.events.nth("left", 1);
  await settled();
  assertEquals((await server.connect({ address: "192.0.2.1" })).id, 4);
});

Deno.test("whoever has no token yet takes a place, too", async () => {
  await using server = await watchedServer({ token, maxClients: 1 });
  using stranger = await RawPeer.connect(server.port);
  using second = await RawPeer.connectOnly(server.port);
  assertEquals(
    goodbyeOf(await second.next()).reason,
    GoodbyeReason.serverFull,
  );
  await stranger.write(tokenFrame(token));
  assertEquals((await stranger.next()).status, 0);
});

Deno.test("a client keeps its place until its connection is closed, even if it has said goodbye", async () => {
  using time = new FakeTime();
  await using server = new MemoryServer({ maxClients: 1 });
  const leaver = await server.connect();
  const type = FrameType.indication;
  const header = { type, command: Command.goodbye, id: 0 };
  const reason = {
    sizeOf: () => 2,
    encode: (_v: unknown, _i: Uint8Array, at: number) => at + 2,
  };
  await leaver.write(frameOf(header, reason, undefined));
  await server.events.nth("left", 1);
  await settled();

  const second = server.connectOnly();
  assertEquals(
    goodbyeOf(await second.next()).reason,
    GoodbyeReason.serverFull,
  );
  second.far.close();
  await time.live(1_001);
  assertEquals((await server.connect()).id, 2);
});

Deno.test("what those say who are turned away is not looked at, and a second later they are closed", async () => {
  using time = new FakeTime();
  await using server = new MemoryServer({ maxClients: 1 });
  const first = await server.connect();
  const second = server.connectOnly();
  await second.write(
    new TextEncoder().encode("garbage"),
    frameOf({ command: Command.name }),
  );
  const frames = second.rest();
  await time.live(999);
  assertEquals(second.near.closes, 0);
  await time.live(2);
  assertEquals(second.near.closes, 1);
  assertEquals((await frames).map(({ command }) => command), [Command.goodbye]);
  await first.write(frameOf({ command: Command.name }));
  assertEquals((await first.next()).command, Command.name);
  assertEquals(server.events.of("trouble"), []);
});

Deno.test("256 at once are told why they are turned away, others are just closed", async () => {
  await using server = new MemoryServer({ maxClients: 1 });
  await server.connect();
  const told = Array.from({ length: 256 }, () => server.connectOnly());
  const [untold, another] = [server.connectOnly(), server.connectOnly()];
  assertEquals(await untold.rest(), []);
  assertEquals(await another.rest(), []);
  assertEquals([untold.near.closes, another.near.closes], [1, 1]);
  for (const peer of told) {
    const { reason } = goodbyeOf(await peer.next());
    assertEquals(reason, GoodbyeReason.serverFull);
  }
  assertEquals(server.events.of("not-let-in").length, 258);

  told[0]!.far.close();
  await settled();
  const next = server.connectOnly();
  assertEquals(goodbyeOf(await next.next()).reason, GoodbyeReason.serverFull);
  const last = server.connectOnly();
  assertEquals(await last.rest(), []);
});

Deno.test("a handshake that comes in time is followed by hello", async () => {
  using time = new FakeTime();
  const handshakes: PromiseWithResolvers<void>[] = [];
  const encrypt = encrypting(handshakes);
  await using server = new MemoryServer({ encrypt, loginTimeoutMs: 20 });
  const peer = server.connectOnly();
  await time.live(19);
  assertEquals(peer.far.unread, 0);
  handshakes[0]!.resolve();
  assertEquals((await peer.next()).command, Command.hello);
  await time.live(30);
  assertEquals(peer.near.closes, 0);
  assertEquals(server.events.of("not-let-in"), []);
});

Deno.test("without a handshake in time the connection is closed, and its place is free", async () => {
  using time = new FakeTime();
  const encrypt = encrypting([]);
  const limits = { loginTimeoutMs: 20, maxClients: 1 };
  await using server = new MemoryServer({ encrypt, ...limits });
  const peer = server.connectOnly();
  await time.live(19);
  assertEquals(peer.near.closes, 0);
  const second = server.connectOnly();
  assertEquals(
    goodbyeOf(await second.next()).reason,
    GoodbyeReason.serverFull,
  );
  await time.live(2);
  assert(peer.near.closes > 0);
  const { how, why } = await server.events.nth("not-let-in", 2);
  assertEquals(how, "no-tls");
  assertStringIncludes(why, "in time");
  const third = server.connectOnly();
  await settled();
  assertEquals(third.near.closes, 0);
  assertEquals(server.events.of("not-let-in").length, 2);
});

Deno.test("a handshake that fails is told in the log, and the place is free", async () => {
  const handshakes: PromiseWithResolvers<void>[] = [];
  const encrypt = encrypting(handshakes);
  await using server = new MemoryServer({ encrypt, maxClients: 1 });
  const peer = server.connectOnly();
  handshakes[0]!.reject(new Error("that is no TLS"));
  const { how, why } = await server.events.nth("not-let-in", 1);
  assertEquals([how, why], ["no-tls", "that is no TLS"]);
  assert(peer.near.closes > 0);
  await settled();
  server.connectOnly();
  await settled();
  handshakes[1]!.resolve();
  await server.events.nth("connected", 1);
});

Deno.test("handshakes end when the server begins to shut down, also those that begin only then", async () => {
  const encrypt = encrypting([]);
  await using server = new MemoryServer({ encrypt });
  const before = server.connectOnly();
  server.closing.abort("the lab closes");
  const after = server.connectOnly();
  assertEquals(await before.rest(), []);
  assertEquals(await after.rest(), []);
  for (const count of [1, 2]) {
    const { how, why } = await server.events.nth("not-let-in", count);
    assertEquals([how, why], ["shutdown", "the lab closes"]);
  }
});

Deno.test("whoever is accepted while the server shuts down is told goodbye", async () => {
  await using server = new MemoryServer();
  server.closing.abort("the lab closes");
  const late = server.connectOnly();
  assertEquals((await late.next()).command, Command.hello);
  const { reason, text } = goodbyeOf(await late.next());
  assertEquals(reason, GoodbyeReason.shuttingDown);
  assertStringIncludes(text, "the lab closes");
});

Deno.test("a server is closed when all connections are, also those that came while it closed", async () => {
  using time = new FakeTime();
  await using server = new MemoryServer();
  const first = await server.connect();
  server.closing.abort("the lab closes");
  let closed = false;
  const closing = server.reception.close("the lab closes")
    .then(() => closed = true);
  const late = server.connectOnly();
  first.far.close();
  await time.live(500);
  assertEquals([first.near.closes, late.near.closes], [1, 0]);
  assertEquals(closed, false);
  await time.live(501);
  await closing;
  assertEquals(late.near.closes, 1);
});

Deno.test("a connection that the server fails to serve is closed and reported, and its place is free", async () => {
  let broken = true;
  const encrypt: Encrypt = (conn) => {
    if (broken) throw new Error("the disk is on fire");
    return encrypting([])(conn);
  };
  await using server = new MemoryServer({ encrypt, maxClients: 1 });
  const peer = server.connectOnly();
  const { what } = await server.events.nth("trouble", 1);
  assertStringIncludes(what, "the disk is on fire");
  assertEquals(await peer.rest(), []);
  broken = false;
  const second = server.connectOnly();
  await settled();
  assertEquals(second.near.closes, 0);
});

/** Encrypts nothing, and leaves the handshakes to the test. */
function encrypting(handshakes: PromiseWithResolvers<void>[]): Encrypt {
  return (conn): EncryptedConn => {
    const handshake = Promise.withResolvers<void>();
    // Nobody waits for it where the client is turned away.
    handshake.promise.catch(() => {});
    handshakes.push(handshake);
    return {
      handshake: () => handshake.promise,
      read: (buffer) => conn.read(buffer),
      write: (bytes) => conn.write(bytes),
      closeWrite: () => conn.closeWrite(),
      close: () => {
        handshake.reject(new Error("it was closed"));
        conn.close();
      },
    };
  };
}

/** Connects again and again, until the server has noticed that one is gone. */
async function nextLetIn(port: number): Promise<RawPeer> {
  for (let i = 0; i < 1_000; i++) {
    const peer = await RawPeer.connectOnly(port);
    if ((await peer.next()).command === Command.hello) return peer;
    peer.close();
  }
  throw new Error("Nobody is let in any more");
}
