import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import { Client, ConnectionError, RefusedError } from "../../client/mod.ts";
import {
  Command,
  FrameType,
  GoodbyeReason,
  Status,
} from "../../protocol/mod.ts";
import { FakeTime } from "../link/fake_time.ts";
import { frameOf, type RawPeer } from "../server/raw_peer.ts";
import { watchedServer } from "../server/watched_server.ts";
import { ClientTap } from "./client_tap.ts";
import { goodbyeFrame, partWith, RawServer } from "./raw_server.ts";

const TOKEN = "open sesame";

Deno.test("a server that wants a token gets it, and connecting waits for its yes", async () => {
  using server = new RawServer();
  const accepted = server.greet({ tokenWanted: true });
  let connected = false;
  const connecting = Client.connect({ port: server.port, token: TOKEN });
  connecting.then(() => connected = true);

  const peer = await accepted;
  const frame = await peer.next();
  assertEquals(
    [frame.type, frame.command, new TextDecoder().decode(frame.payload)],
    [FrameType.request, Command.authenticate, TOKEN],
  );
  const { indication: type } = FrameType;
  await peer.write(frameOf({ type, command: Command.ping, id: 9 }));
  assertEquals((await peer.next()).command, Command.ping);
  assertFalse(connected);

  await peer.confirm(frame);
  const client = await connecting;
  const parting = partWith(peer);
  await client.disconnect();
  await parting;
});

Deno.test("a token of bytes is sent as it is", async () => {
  const token = Uint8Array.of(0, 255, 10, 13);
  using server = new RawServer();
  const accepted = server.greet({ tokenWanted: true });
  const connecting = Client.connect({ port: server.port, token });
  const peer = await accepted;
  const frame = await peer.next();
  assertEquals([...frame.payload], [...token]);
  await peer.confirm(frame);
  const client = await connecting;
  const parting = partWith(peer);
  await client.disconnect();
  await parting;
});

Deno.test("a server that wants no token does not get to know it", async () => {
  using server = new RawServer();
  const serving = server.greet().then(partWith);
  await using client = await Client.connect({
    port: server.port,
    token: TOKEN,
  });
  await client.disconnect();
  await serving;
});

Deno.test("no token where one is wanted: what to do, and no use in trying again", async () => {
  const error = await failure({ tokenWanted: true }, undefined, partWith);
  assert(error instanceof ConnectionError);
  assertStringIncludes(
    error.message,
    "the server wants a token; give it with --token-file",
  );
  assert(error.permanent);
});

Deno.test("a wrong token is refused: what to do, and the connection is not kept", async () => {
  const error = await failure({ tokenWanted: true }, TOKEN, async (peer) => {
    await peer.refuse(await peer.next(), Status.wrongToken, "not this one");
    await partWith(peer);
  });
  assert(error instanceof RefusedError);
  assertEquals(error.status, Status.wrongToken);
  assertStringIncludes(error.message, "--token-file");
  assertStringIncludes(error.message, "not this one");
});

Deno.test("the goodbye behind the third wrong token changes nothing of that", async () => {
  const error = await failure({ tokenWanted: true }, TOKEN, async (peer) => {
    await peer.refuse(await peer.next(), Status.wrongToken, "not this one");
    await peer.write(goodbyeFrame("wait", GoodbyeReason.lockedOut));
    await peer.gone();
    peer.close();
  });
  assert(error instanceof RefusedError);
});

Deno.test("another no to the token is no connection", async () => {
  const error = await failure({ tokenWanted: true }, TOKEN, async (peer) => {
    await peer.refuse(await peer.next(), Status.shuttingDown, "it closes");
    await partWith(peer);
  });
  assert(error instanceof ConnectionError);
  assertFalse(error.permanent);
  assertStringIncludes(error.message, "it closes");
});

Deno.test("a goodbye instead of an answer to the token: its sentence is told", async () => {
  const error = await failure({ tokenWanted: true }, TOKEN, async (peer) => {
    await peer.next();
    await peer.write(goodbyeFrame("wait 30 s", GoodbyeReason.lockedOut));
    await peer.ended();
    peer.close();
  });
  assert(error instanceof ConnectionError);
  assertFalse(error.permanent);
  assertStringIncludes(error.message, "wait 30 s");
});

Deno.test("no token in time is a goodbye after which there is no use in trying again", async () => {
  const error = await failure({ tokenWanted: true }, TOKEN, async (peer) => {
    await peer.next();
    await peer.write(goodbyeFrame("no token came", GoodbyeReason.noToken));
    await peer.ended();
    peer.close();
  });
  assert(error instanceof ConnectionError && error.permanent);
});

Deno.test("a server that does not answer the token is given up in time", async () => {
  await using tap = new ClientTap();
  using server = new RawServer();
  const accepted = server.greet({ tokenWanted: true });
  using time = new FakeTime();
  const options = { port: server.port, token: TOKEN, timeoutMs: 100, tap };
  const connecting = assertRejects(
    () => Client.connect(options),
    ConnectionError,
    "no answer came within 0.1 s",
  );
  using peer = await accepted;
  assertEquals((await peer.next()).command, Command.authenticate);
  await time.live(100);
  const error = await connecting;
  assertFalse(error.message.includes("--tls"));
  await peer.ended();
});

Deno.test("aborted while waiting for the answer to the token: the reason, and it closes", async () => {
  await using tap = new ClientTap();
  using server = new RawServer();
  const accepted = server.greet({ tokenWanted: true });
  const controller = new AbortController();
  const { signal } = controller;
  const connecting = assertRejects(() =>
    Client.connect({ port: server.port, token: TOKEN, signal, tap })
  );
  const peer = await accepted;
  await peer.next();
  const reason = new Error("changed my mind");
  controller.abort(reason);
  assertStrictEquals(await connecting, reason);
  await peer.ended();
  peer.close();
});

Deno.test("what cannot be a token is not tried", async () => {
  for (const token of ["", "x".repeat(1025), new Uint8Array(0)]) {
    await assertRejects(() => Client.connect({ token }), RangeError, "1024");
  }
});

Deno.test("the server's own token lets in, another does not", async () => {
  await using tap = new ClientTap();
  await using server = await watchedServer({ token: TOKEN });
  const { port } = server;
  await using client = await Client.connect({ port, token: TOKEN });
  assertEquals(await client.name(), "lab");
  const token = `${TOKEN}!`;
  await assertRejects(() => Client.connect({ port, token, tap }), RefusedError);
  await assertRejects(() => Client.connect({ port, tap }), ConnectionError);
  assertEquals((await client.list()).length, 1);
});

/** What becomes of connecting to a server that does this. */
async function failure(
  hello: { tokenWanted: boolean },
  token: string | undefined,
  serve: (peer: RawPeer) => Promise<void>,
): Promise<Error> {
  await using tap = new ClientTap();
  using server = new RawServer();
  const serving = server.greet(hello).then(serve);
  const options = {
    port: server.port,
    tap,
    ...(token !== undefined && { token }),
  };
  const error = await assertRejects(() => Client.connect(options), Error);
  await serving;
  return error;
}
