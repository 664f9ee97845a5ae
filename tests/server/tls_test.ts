import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  Command,
  FrameType,
  goodbye,
  GoodbyeReason,
  Status,
} from "../../protocol/mod.ts";
import { BindError, serve } from "../../server/mod.ts";
import { FakeTime } from "../link/fake_time.ts";
import { pem, TLS } from "./pem.ts";
import {
  frameOf,
  goodbyeOf,
  RawPeer,
  sendFrame,
  tokenFrame,
} from "./raw_peer.ts";
import { watchedServer } from "./watched_server.ts";
import { within } from "./within.ts";

const token = "open sesame";
/** How a TLS record with a client's hello of 512 bytes begins. */
const CLIENT_HELLO = Uint8Array.of(22, 3, 1, 2, 0, 1, 0, 1, 252);
const { cert } = TLS;

Deno.test("a visit inside TLS is as any other", async () => {
  await using server = await watchedServer({ tls: TLS });
  using one = await RawPeer.connectTls(server.port, cert);
  using two = await RawPeer.connectTls(server.port, cert);
  assertEquals([one.id, two.id], [1, 2]);
  const ids = Array.from({ length: 1000 }, (_, id) => id);

  await one.write(
    ...ids.map((id) => frameOf({ command: Command.time, id })),
    sendFrame(two.id, 1000, "x".repeat(65_536)),
  );
  const message = await two.message();
  await two.confirm(message);
  const answers = await one.take(1001);

  assertEquals(answers.map(({ id }) => id), [...ids, 1000]);
  assert(answers.every(({ status }) => status === Status.ok));
  assertEquals(message.text, "x".repeat(65_536));
  const { address, port } = message.content;
  assertEquals([address, port], ["127.0.0.1", one.conn.localAddr.port]);

  const type = FrameType.indication;
  const value = { reason: GoodbyeReason.leaving, text: "done" };
  const header = { type, command: Command.goodbye, id: 9 };
  await two.write(frameOf(header, goodbye, value));
  assertEquals((await two.next()).id, 9);
  two.close();
  assertEquals((await server.events.nth("left", 1)).how, "goodbye");
  await one.sync();
});

Deno.test("a long text goes through TLS whole, to the byte", async () => {
  const maxText = 3_000_000;
  await using server = await watchedServer({ tls: TLS, maxText });
  using sender = await RawPeer.connectTls(server.port, cert);
  using receiver = await RawPeer.connectTls(server.port, cert);
  const text = new Uint8Array(maxText);
  for (let i = 0; i < maxText; i++) text[i] = i * i >>> 3 & 0x7f;

  const written = sender.write(sendFrame(receiver.id, 1, text));
  const message = await receiver.message();
  await receiver.confirm(message);
  await written;

  assertEquals((await sender.next()).status, Status.ok);
  assert(message.content.text.every((byte, i) => byte === text[i]));
  assertEquals(message.content.text.length, maxText);
});

Deno.test("a client that closes its sending side of TLS still gets every answer", async () => {
  await using server = await watchedServer({ tls: TLS });
  using sender = await RawPeer.connectTls(server.port, cert);
  using receiver = await RawPeer.connectTls(server.port, cert);
  await sender.write(
    sendFrame(receiver.id, 1),
    frameOf({ command: Command.name, id: 2 }),
  );
  await sender.conn.closeWrite();
  assertEquals((await sender.next()).id, 2);
  await receiver.confirm(await receiver.message());
  const answer = await sender.next();
  assertEquals([answer.id, answer.status], [1, Status.ok]);
  await sender.ended();
});

Deno.test("a client that breaks off without a word in TLS leaves once", async () => {
  await using server = await watchedServer({ tls: TLS });
  using witness = await RawPeer.connectTls(server.port, cert);
  for (let i = 1; i <= 5; i++) {
    using peer = await RawPeer.connectTls(server.port, cert);
    await peer.write(frameOf({ command: Command.name }).subarray(0, i));
    peer.close();
    await server.events.nth("left", i);
  }
  await witness.sync();
  assertEquals(server.events.of("left").length, 5);
  assertEquals(server.events.of("trouble"), []);
});

Deno.test("a client that breaks off with answers unread leaves as one that was lost, and is no trouble", async () => {
  await using server = await watchedServer({ tls: TLS, trace: true });
  using witness = await RawPeer.connectTls(server.port, cert);
  using peer = await tlsPeer(server.port);
  await peer.write(frameOf({ command: Command.name }));
  await server.events.nth("answered", 1);
  peer.close();
  await server.events.nth("left", 1);
  await witness.sync();
  assertEquals(server.events.of("left").length, 1);
  assertEquals(server.events.of("trouble"), []);
});

Deno.test("the token is asked for inside TLS", async () => {
  await using server = await watchedServer({ tls: TLS, token });
  using peer = await RawPeer.connectTls(server.port, cert);
  assertEquals(peer.hello.tokenWanted, true);
  await peer.write(tokenFrame("wrong"), tokenFrame(token));
  const statuses = (await peer.take(2)).map(({ status }) => status);
  assertEquals(statuses, [Status.wrongToken, Status.ok]);
  await peer.sync();
});

Deno.test("whoever gives no token inside TLS is told so when the time is over", async () => {
  const loginTimeoutMs = 100;
  using time = new FakeTime();
  await using server = await watchedServer({ tls: TLS, token, loginTimeoutMs });
  using peer = await RawPeer.connectTls(server.port, cert);
  // It is counted in whole milliseconds.
  await time.live(loginTimeoutMs + 1);
  assertEquals(goodbyeOf(await peer.next()).reason, GoodbyeReason.noToken);
  await peer.ended();
});

for (
  const [what, bytes] of [
    ["garbage", new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n")],
    ["a frame", frameOf({ command: Command.name })],
    ["a broken TLS record", Uint8Array.of(22, 3, 1, 0, 4, 99, 0, 0, 0)],
  ] as const
) {
  Deno.test(`${what} instead of a handshake is not answered, and the connection is closed at once`, async () => {
    const loginTimeoutMs = 60_000;
    await using server = await watchedServer({ tls: TLS, loginTimeoutMs });
    using witness = await RawPeer.connectTls(server.port, cert);
    using plain = await RawPeer.connectOnly(server.port);
    await plain.write(bytes);
    await gone(plain.conn);
    const { how, why, port } = await server.events.nth("not-let-in", 1);
    assertEquals([how, port], ["no-tls", plain.conn.localAddr.port]);
    assertMatch(why, /\w/);
    await witness.sync();
    assertEquals(server.events.of("connected").length, 1);
    assertEquals(server.events.of("trouble"), []);
  });
}

for (
  const [what, bytes] of [
    ["says nothing", new Uint8Array(0)],
    ["says half of its hello", CLIENT_HELLO],
  ] as const
) {
  Deno.test(`a client that ${what} where TLS is spoken hears nothing, and is closed when its time is over`, async () => {
    const loginTimeoutMs = 100;
    using time = new FakeTime();
    await using server = await watchedServer({ tls: TLS, loginTimeoutMs });
    using witness = await RawPeer.connectTls(server.port, cert);
    using silent = await RawPeer.connectOnly(server.port);
    await silent.write(bytes);
    // Who came later is there: so is the silent one.
    using _later = await RawPeer.connectTls(server.port, cert);

    await time.live(loginTimeoutMs - 1);
    assertEquals(server.events.of("not-let-in"), []);
    // It is counted in whole milliseconds.
    await time.live(1 + 1);
    // Closed in truth, not only let go of.
    await within(5_000, silent.ended());
    assertEquals((await server.events.nth("not-let-in", 1)).how, "no-tls");
    // Who has shaken hands has all the time that it likes.
    await witness.sync();
  });
}

Deno.test("a client that closes instead of shaking hands is no trouble", async () => {
  await using server = await watchedServer({ tls: TLS });
  for (const bytes of [new Uint8Array(0), CLIENT_HELLO]) {
    using peer = await RawPeer.connectOnly(server.port);
    await peer.write(bytes);
  }
  await server.events.nth("not-let-in", 2);
  const hows = server.events.of("not-let-in").map(({ how }) => how);
  assertEquals(hows, ["no-tls", "no-tls"]);
  assertEquals(server.events.of("trouble"), []);
});

Deno.test("a client that does not trust the certificate does not come in", async () => {
  await using server = await watchedServer({ tls: TLS });
  const { port } = server;
  using wary = await tlsPeer(port, pem("other.pem"));
  await assertRejects(() => wary.next());
  assertEquals((await server.events.nth("not-let-in", 1)).how, "no-tls");
  using peer = await RawPeer.connectTls(port, cert);
  assertEquals(peer.id, 1);
});

Deno.test("a full server says so inside TLS, and goes on when there is room", async () => {
  await using server = await watchedServer({ tls: TLS, maxClients: 1 });
  const { port } = server;
  using first = await RawPeer.connectTls(port, cert);
  using second = await tlsPeer(port);
  assertEquals(goodbyeOf(await second.next()).reason, GoodbyeReason.serverFull);
  await second.ended();
  await first.sync();
  first.close();
  await server.events.nth("left", 1);
  for (;;) {
    using next = await tlsPeer(port);
    if ((await next.next()).command === Command.hello) break;
  }
});

Deno.test("a client that does not read inside TLS is dropped, and its connection closed", async () => {
  const limits = { maxQueue: 100_000, stallTimeoutMs: 100 };
  await using server = await watchedServer({ tls: TLS, ...limits });
  using greedy = await RawPeer.connectTls(server.port, cert);
  using other = await RawPeer.connectTls(server.port, cert);
  const many = Array(5_000).fill(frameOf({ command: Command.time }));
  const writing = (async () => {
    for (;;) await greedy.write(...many);
  })().catch(() => {});
  const { how } = await server.events.nth("left", 1);
  assertEquals(how, "not-reading");
  await other.sync();
  // Its writes fail, as the connection is closed, though it reads nothing.
  await within(5_000, writing);
});

Deno.test("a server that shuts down says goodbye inside TLS", async () => {
  const server = await watchedServer({ tls: TLS });
  using peer = await RawPeer.connectTls(server.port, cert);
  const down = server.shutdown("the lab closes");
  const { reason, text } = goodbyeOf(await peer.next());
  assertEquals(reason, GoodbyeReason.shuttingDown);
  assertStringIncludes(text, "the lab closes");
  await peer.ended();
  peer.close();
  await down;
});

Deno.test("a certificate or a key that cannot be used is said to be it", async () => {
  const { cert, key } = TLS;
  const cases = {
    "no certificate": { cert: "", key },
    "no key": { cert, key: "" },
    "garbage for a certificate": { cert: "garbage", key },
    "garbage for a key": { cert, key: "garbage" },
    "the one for the other": { cert: key, key: cert },
    "another certificate's key": { cert: pem("other.pem"), key },
    "a broken certificate": { cert: cert.replace("MII", "AAA"), key },
    "no base64": { cert: cert.replaceAll("M", "!"), key },
  };
  for (const [what, tls] of Object.entries(cases)) {
    const { message } = await assertRejects(
      () => serve({ port: 0, tls }),
      BindError,
    );
    assertStringIncludes(message, "certificate", what);
    assertStringIncludes(message, "--tls-cert");
  }
});

/** Connects with TLS and reads nothing. */
async function tlsPeer(
  port: number,
  trusted = cert,
): Promise<RawPeer<Deno.TlsConn>> {
  const options = { hostname: "127.0.0.1", port, caCerts: [trusted] };
  return new RawPeer(await Deno.connectTls(options));
}

/** Waits until the other side has closed, and whatever it said is read. */
async function gone(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(1024);
  const end = async () => {
    while (await conn.read(buffer).catch(() => null) !== null);
  };
  await within(5_000, end());
}
