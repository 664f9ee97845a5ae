import {
  assertEquals,
  assertFalse,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import { Client, ConnectionError } from "../../client/mod.ts";
import {
  Command,
  decodePayload,
  encodedPayload,
  fault,
  FrameType,
  ProtocolErrorCode,
} from "../../protocol/mod.ts";
import { FakeTime } from "../link/fake_time.ts";
import { frameOf, type RawPeer } from "../server/raw_peer.ts";
import { watchedServer } from "../server/watched_server.ts";
import { within } from "../server/within.ts";
import { ClientTap } from "./client_tap.ts";
import {
  goodbyeFrame,
  HELLO,
  helloFrame,
  partWith,
  RawServer,
} from "./raw_server.ts";

/** A test that waits so long for something waits in vain, in milliseconds. */
const PATIENCE_MS = 10_000;

Deno.test("a client knows its number and what the server said of itself", async () => {
  await using server = await watchedServer({ name: "lab", maxText: 1000 });
  await using client = await Client.connect({ port: server.port });
  assertEquals(client.id, 1);
  assertEquals(client.hello.name, "lab");
  assertEquals(client.hello.maxText, 1000);
});

Deno.test("a host name will do as well as an address", async () => {
  await using server = await watchedServer();
  const { port } = server;
  await using client = await Client.connect({ hostname: "localhost", port });
  assertEquals(client.id, 1);
});

Deno.test("a hello that comes byte by byte is a hello", async () => {
  using server = new RawServer();
  const serving = (async () => {
    using peer = await server.accept();
    peer.conn.setNoDelay();
    for (const byte of helloFrame()) await peer.write(Uint8Array.of(byte));
    await partWith(peer);
  })();
  await using client = await Client.connect({ port: server.port });
  assertEquals(client.hello, HELLO);
  await client.disconnect();
  await serving;
});

Deno.test("nobody listens there: says so, and what to check", async () => {
  // Where nobody listens, ever.
  const port = 1;
  const error = await assertRejects(
    () => Client.connect({ port }),
    ConnectionError,
    `127.0.0.1:${port}`,
  );
  assertStringIncludes(error.message, "No server listens");
});

Deno.test("a host name that nobody knows is named in the error", async () => {
  await assertRejects(
    () => Client.connect({ hostname: "nobody.invalid", port: 2203 }),
    ConnectionError,
    "nobody.invalid:2203",
  );
});

Deno.test("a server that accepts and says nothing: gives up after the timeout, if it closes", async () => {
  using time = new FakeTime();
  await using tap = new ClientTap();
  using server = new RawServer();
  const serving = server.accept().then(async (peer) => {
    await peer.gone();
    peer.close();
  });
  let over = false;
  const connecting = assertRejects(
    () => Client.connect({ port: server.port, timeoutMs: 100, tap }),
    ConnectionError,
    "within 0.1 s",
  ).finally(() => over = true);
  await tap.opened();
  await time.live(99);
  assertFalse(over);
  await time.live(1);
  await connecting;
  await serving;
});

Deno.test("a server that says nothing and does not close either holds nobody up", async () => {
  await using tap = new ClientTap();
  using server = new RawServer();
  const accepted = server.accept();
  using time = new FakeTime();
  const connecting = assertRejects(
    () => Client.connect({ port: server.port, timeoutMs: 100, tap }),
    ConnectionError,
    "within 0.1 s",
  );
  await tap.opened();
  // No more than that is waited for: it would never be over.
  await time.live(100);
  await within(PATIENCE_MS, connecting);
  (await accepted).close();
});

Deno.test("a server that closes at once", async () => {
  await using tap = new ClientTap();
  using server = new RawServer();
  const serving = server.accept().then((peer) => peer.close());
  await assertRejects(
    () => Client.connect({ port: server.port, tap }),
    ConnectionError,
    "closed the connection",
  );
  await serving;
});

Deno.test("a server that closes in the middle of its hello", async () => {
  const error = await rejection(async (peer) => {
    await peer.write(helloFrame().subarray(0, 20));
    await peer.conn.closeWrite();
    await assertComplaint(peer, ProtocolErrorCode.truncated, 20);
  });
  assertStringIncludes(error.message, "byte 20");
});

Deno.test("an HTTP server: says that it is not a Parley server", async () => {
  const error = await rejection(async (peer) => {
    await peer.write(new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n"));
    await assertComplaint(peer, ProtocolErrorCode.badMagic, 0);
  });
  assertStringIncludes(error.message, "does not speak the protocol");
});

Deno.test("a first frame that is not hello is out of order", async () => {
  for (const command of [Command.message, 77]) {
    await rejection(async (peer) => {
      const type = FrameType.indication;
      await peer.write(frameOf({ type, command }, encodedPayload, HELLO_BYTES));
      await assertComplaint(peer, ProtocolErrorCode.outOfOrder);
    });
  }
});

Deno.test("a request from the server is out of order", async () => {
  await rejection(async (peer) => {
    await peer.write(frameOf({ command: Command.time }));
    await assertComplaint(peer, ProtocolErrorCode.outOfOrder);
  });
});

Deno.test("a hello that is cut short is a bad payload", async () => {
  await rejection(async (peer) => {
    const header = { type: FrameType.indication, command: Command.hello };
    await peer.write(
      frameOf(header, encodedPayload, HELLO_BYTES.subarray(0, 17)),
    );
    await assertComplaint(peer, ProtocolErrorCode.badPayload);
  });
});

Deno.test("a server that says goodbye instead of hello: its reason is told", async () => {
  const error = await rejection(async (peer) => {
    await peer.write(goodbyeFrame("come back tomorrow"));
    await peer.ended();
  });
  assertStringIncludes(error.message, "come back tomorrow");
});

Deno.test("a server that says error instead of hello: its sentence is told", async () => {
  const error = await rejection(async (peer) => {
    const header = { type: FrameType.indication, command: Command.error };
    const value = { code: 1, offset: 0, text: "too many clients" };
    await peer.write(frameOf(header, fault, value));
    await peer.ended();
  });
  assertStringIncludes(error.message, "too many clients");
});

Deno.test("a server that wants a token is told goodbye", async () => {
  const error = await rejection(async (peer) => {
    await peer.write(helloFrame({ tokenWanted: true }));
    await partWith(peer);
  });
  assertStringIncludes(error.message, "token");
});

Deno.test("a hello of a later version is one with more behind it", async () => {
  using server = new RawServer();
  const serving = server.greet({ version: 2, name: "later" }).then(partWith);
  await using client = await Client.connect({ port: server.port });
  assertEquals([client.hello.version, client.hello.name], [2, "later"]);
  await client.disconnect();
  await serving;
});

Deno.test("aborted before it begins: rejects with the signal's reason", async () => {
  using server = new RawServer();
  const reason = new Error("changed my mind");
  const signal = AbortSignal.abort(reason);
  const error = await assertRejects(() =>
    Client.connect({ port: server.port, signal })
  );
  assertStrictEquals(error, reason);
});

Deno.test("aborted while waiting for hello: rejects with the reason, and closes", async () => {
  await using tap = new ClientTap();
  using server = new RawServer();
  const controller = new AbortController();
  const { signal } = controller;
  const reason = new Error("changed my mind");
  const connecting = assertRejects(() =>
    Client.connect({ port: server.port, signal, tap })
  );
  using peer = await server.accept();
  controller.abort(reason);
  await peer.ended();
  peer.close();
  assertStrictEquals(await connecting, reason);
});

Deno.test("aborted while waiting for hello: obeys at once, even if the server does not close", async () => {
  await using tap = new ClientTap();
  using server = new RawServer();
  const controller = new AbortController();
  const { signal } = controller;
  using _time = new FakeTime();
  const connecting = assertRejects(() =>
    Client.connect({ port: server.port, signal, tap })
  );
  using _peer = await server.accept();
  controller.abort();
  await within(PATIENCE_MS, connecting);
});

Deno.test("aborted later: the connection stays", async () => {
  await using server = await watchedServer();
  const controller = new AbortController();
  const { signal } = controller;
  await using client = await Client.connect({ port: server.port, signal });
  controller.abort();
  assertEquals(await client.name(), "lab");
});

const HELLO_BYTES = helloFrame().subarray(16);

/** What a client says that meets this server. */
async function rejection(
  serve: (peer: RawPeer) => Promise<void>,
): Promise<ConnectionError> {
  await using tap = new ClientTap();
  using server = new RawServer();
  const serving = server.accept().then(async (peer) => {
    await serve(peer);
    peer.close();
  });
  const error = await assertRejects(
    () => Client.connect({ port: server.port, tap }),
    ConnectionError,
    `127.0.0.1:${server.port}`,
  );
  await serving;
  return error;
}

async function assertComplaint(
  peer: RawPeer,
  code: ProtocolErrorCode,
  offset?: number,
): Promise<void> {
  const frame = await peer.next();
  assertEquals(frame.command, Command.error);
  const complaint = decodePayload(frame, fault);
  assertEquals(complaint.code, code);
  if (offset !== undefined) assertEquals(complaint.offset, offset);
  await peer.ended();
}
