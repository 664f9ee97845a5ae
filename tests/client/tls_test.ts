import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import {
  Client,
  ConnectionError,
  type ConnectOptions,
} from "../../client/mod.ts";
import { openConnection } from "../../client/open_connection.ts";
import { tlsError } from "../../client/tls_error.ts";
import { FakeTime } from "../link/fake_time.ts";
import type { RawPeer } from "../server/raw_peer.ts";
import { watchedServer } from "../server/watched_server.ts";
import { ClientTap } from "./client_tap.ts";
import { CountedListeners } from "./counted_listeners.ts";
import {
  HELLO,
  helloFrame,
  partWith,
  RawServer,
  tlsFile,
} from "./raw_server.ts";

/** To trust the certificate of the tests. */
const tls = { caCerts: [tlsFile("cert.pem")] };

/** Waits until a connection is as far as it will come. */
type Ready = (tap: ClientTap) => Promise<void>;

Deno.test("a whole visit inside TLS, by address and by name", async () => {
  for (const hostname of ["127.0.0.1", "localhost"]) {
    using server = new RawServer({ certificate: "cert.pem" });
    const serving = server.greet().then(partWith);
    const { port } = server;
    await using client = await Client.connect({ hostname, port, tls });
    assertEquals(client.hello, HELLO);
    await client.disconnect();
    await serving;
  }
});

Deno.test("TLS at a real server, with the token inside", async () => {
  const cert = tlsFile("cert.pem");
  const key = tlsFile("key.pem");
  const token = "open sesame";
  await using server = await watchedServer({ tls: { cert, key }, token });
  const { port } = server;
  await using client = await Client.connect({ port, tls, token });
  assertEquals(await client.name(), "lab");
  const { ms: _, ...delivery } = await client.send(99, "x".repeat(60_000));
  assertFalse(delivery.delivered);
});

Deno.test("a certificate that this machine does not trust", async () => {
  const others = { caCerts: [tlsFile("other.pem")] };
  for (const tls of [true, {}, others]) {
    const error = await failure("cert.pem", { tls });
    assertStringIncludes(error.message, "does not trust the server's");
    assertStringIncludes(error.message, "--tls-ca");
    assert(error.permanent);
  }
});

Deno.test("a certificate for another name", async () => {
  const caCerts = [tlsFile("other.pem"), tlsFile("elsewhere.pem")];
  const error = await failure("elsewhere.pem", { tls: { caCerts } });
  assertStringIncludes(error.message, "is not for 127.0.0.1 but for elsewhere");
  assert(error.permanent);
});

Deno.test("a certificate whose time is over", async () => {
  const caCerts = [tlsFile("expired.pem")];
  const error = await failure("expired.pem", { tls: { caCerts } });
  assertStringIncludes(error.message, "has expired");
  assertStringIncludes(error.message, "clock");
  assert(error.permanent);
});

Deno.test("what else the TLS library says of certificates is told in words", () => {
  const said: [string, string][] = [
    [
      "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
      "CA:FALSE",
    ],
    [
      "invalid peer certificate: certificate not valid yet: verification time " +
      "1 (UNIX), but certificate is not valid before 9 (8 seconds in future)",
      "not valid yet",
    ],
    [
      'invalid peer certificate: certificate not valid for name "a"; ' +
      'certificate is only valid for DnsName("b"), DnsName("c") or ' +
      "IpAddress(127.0.0.1)",
      "is not for a but for b, c, 127.0.0.1;",
    ],
    [
      'invalid peer certificate: certificate not valid for name "a"; ' +
      "certificate is not valid for any names",
      "is not for a; connect",
    ],
    ["something new", "TLS did not begin: something new"],
  ];
  for (const [message, expected] of said) {
    const error = tlsError(new Deno.errors.InvalidData(message), "a");
    assertStringIncludes(error.message, expected);
    assert(error.permanent);
  }
});

Deno.test("what the network does to a handshake may be otherwise the next time", () => {
  const { BrokenPipe, ConnectionReset, TimedOut } = Deno.errors;
  for (
    const cause of [new BrokenPipe(), new ConnectionReset(), new TimedOut()]
  ) {
    assertFalse(tlsError(cause, "a").permanent);
  }
  assert(tlsError(new TypeError("Invalid hostname"), "a").permanent);
});

Deno.test("TLS at a server that does not speak it: which flag to leave out", async () => {
  const error = await failure(undefined, { tls });
  assertStringIncludes(error.message, "does not speak TLS");
  assertStringIncludes(error.message, "leave out --tls");
  assert(error.permanent);
});

Deno.test("no TLS at a server that waits for it: asks for the flag", async () => {
  await using tap = new ClientTap();
  using server = new RawServer({ certificate: "cert.pem" });
  const accepted = server.accept();
  const { port } = server;
  using time = new FakeTime();
  const connecting = assertRejects(
    () => Client.connect({ port, timeoutMs: 100, tap }),
    ConnectionError,
    "no answer came within 0.1 s. Does the server want --tls?",
  );
  await tap.opened();
  await time.live(100);
  const error = await connecting;
  assertFalse(error.permanent);
  (await accepted).close();
});

Deno.test("a server that closes without a word is asked about TLS, too", async () => {
  await using tap = new ClientTap();
  using server = new RawServer();
  const serving = server.accept().then((peer) => peer.close());
  await assertRejects(
    () => Client.connect({ port: server.port, tap }),
    ConnectionError,
    "closed the connection. Does the server want --tls?",
  );
  await serving;
});

Deno.test("whoever has said something, or speaks TLS, is not asked about it", async () => {
  using time = new FakeTime();
  const inVain = async (options: ConnectOptions, ready: Ready) => {
    await using tap = new ClientTap();
    const connecting = assertRejects(
      () => Client.connect({ ...options, timeoutMs: 100, tap }),
      ConnectionError,
      "within 0.1 s",
    );
    await ready(tap);
    await time.live(100);
    const { message } = await connecting;
    assertFalse(message.includes("--tls"), message);
  };
  using talker = new RawServer();
  const talking = talker.say(helloFrame().subarray(0, 20)).then(end);
  await inVain({ port: talker.port }, (tap) => tap.read(20));
  await talking;
  using encrypted = new RawServer({ certificate: "cert.pem" });
  const serving = encrypted.accept().then(end);
  await inVain({ port: encrypted.port, tls }, (tap) => tap.opened());
  await serving;
});

Deno.test("a handshake that does not end is given up in time", async () => {
  using server = new RawServer();
  const accepted = server.accept();
  await assertRejects(
    () => Client.connect({ port: server.port, tls, timeoutMs: 100 }),
    ConnectionError,
    "within 0.1 s",
  );
  (await accepted).close();
});

Deno.test("aborted during the handshake: the reason, at once", async () => {
  using server = new RawServer();
  const controller = new AbortController();
  const { signal } = controller;
  const connecting = assertRejects(() =>
    Client.connect({ port: server.port, tls, signal })
  );
  const peer = await server.accept();
  await peer.conn.read(new Uint8Array(1));
  const reason = new Error("changed my mind");
  controller.abort(reason);
  assertStrictEquals(await connecting, reason);
  peer.close();
});

Deno.test("a handshake that is over has no listener at the signal any more", async () => {
  using server = new RawServer({ certificate: "cert.pem" });
  const serving = server.accept().then(end);
  const controller = new CountedListeners();
  const { port } = server;
  const { signal } = controller;
  const hostname = "127.0.0.1";
  const conn = await openConnection({ hostname, port, tls, signal });
  assertEquals(controller.count, 0);
  conn.close();
  await serving;
});

Deno.test("an address that no certificate can be for closes what was opened", async () => {
  // To the network it is 127.0.0.1, to TLS it is nothing at all.
  const hostname = "127.1";
  using server = new RawServer({ certificate: "cert.pem" });
  const serving = server.accept().then(end);
  const error = await assertRejects(
    () => Client.connect({ hostname, port: server.port, tls }),
    ConnectionError,
    "127.1",
  );
  assert(error.permanent);
  await serving;
});

Deno.test("a server that closes during the handshake may do better the next time", async () => {
  using server = new RawServer();
  const serving = server.accept().then((peer) => peer.close());
  const error = await assertRejects(
    () => Client.connect({ port: server.port, tls }),
    ConnectionError,
    "before TLS had begun",
  );
  assertFalse(error.permanent);
  await serving;
});

Deno.test("certificates that are none are refused before anybody is called", async () => {
  for (const text of ["", "nonsense", tlsFile("key.pem")]) {
    const caCerts = [tlsFile("cert.pem"), text];
    const error = await assertRejects(
      () => Client.connect({ port: 1, tls: { caCerts } }),
      ConnectionError,
      "PEM",
    );
    assert(error.permanent);
  }
});

Deno.test("a certificate that is damaged says so", async () => {
  const damaged = tlsFile("cert.pem").replace(/\n[^-]{20}/, "\n!");
  const error = await failure("cert.pem", { tls: { caCerts: [damaged] } });
  assertStringIncludes(error.message, "is damaged");
  assert(error.permanent);
});

/** What a client says that does not get to the hello of this server. */
async function failure(
  certificate: string | undefined,
  options: ConnectOptions,
): Promise<ConnectionError> {
  await using tap = new ClientTap();
  using server = new RawServer({ certificate });
  const serving = certificate === undefined
    ? server.greet().then(end)
    : server.accept().then(end);
  const error = await assertRejects(
    () => Client.connect({ ...options, port: server.port, tap }),
    ConnectionError,
    `127.0.0.1:${server.port}`,
  );
  await serving;
  return error;
}

/** Reads until the other side has closed, or the handshake has failed. */
async function end(peer: RawPeer): Promise<void> {
  const buffer = new Uint8Array(1024);
  try {
    while (await peer.conn.read(buffer) !== null);
  } catch {
    // So it ends when the client does not like the certificate.
  }
  peer.close();
}
