import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { FakeTime } from "../link/fake_time.ts";
import { frameOf, RawPeer } from "./raw_peer.ts";
import { BindError, serve } from "../../server/mod.ts";
import { watchedServer } from "./watched_server.ts";
import { Command } from "../../protocol/mod.ts";

Deno.test("a port that a Parley server has: its name, made visible, and what to do", async () => {
  using _time = new FakeTime();
  await using server = await watchedServer({ name: "lab\u001b[2J" });
  const { port } = server;

  const error = await assertRejects(() => serve({ port }), BindError);

  assertStringIncludes(error.message, `127.0.0.1:${port}`);
  assertStringIncludes(error.message, 'Parley server "lab␛[2J"');
  assertStringIncludes(error.message, "--port");
  await server.events.nth("left", 1);
});

Deno.test("a port that a program has which is not a Parley server", async () => {
  using taken = listener();
  const { port } = taken.addr;
  const speaking = greet(taken, new TextEncoder().encode("220 smtp\r\n"));

  const error = await assertRejects(() => serve({ port }), BindError);

  assertStringIncludes(error.message, "does not say hello as a Parley server");
  assertStringIncludes(error.message, "--port");
  await speaking;
});

Deno.test("a port that a program has which speaks frames and says no hello", async () => {
  using taken = listener();
  const { port } = taken.addr;
  const speaking = greet(taken, frameOf({ command: Command.hello }));

  const error = await assertRejects(() => serve({ port }), BindError);

  assertStringIncludes(error.message, "does not say hello as a Parley server");
  await speaking;
});

Deno.test("a port that a program has which says nothing", async () => {
  using taken = listener();
  const { port } = taken.addr;
  const silent = taken.accept();

  const error = await assertRejects(() => serve({ port }), BindError);

  assertStringIncludes(error.message, "does not say hello as a Parley server");
  (await silent).close();
});

Deno.test("a port of a Parley server that is full, or wants a token", async () => {
  using _time = new FakeTime();
  await using full = await watchedServer({ maxClients: 1 });
  using _peer = await RawPeer.connect(full.port);
  const { port } = full;
  const error = await assertRejects(() => serve({ port }), BindError);
  assertStringIncludes(error.message, "does not say hello as a Parley server");

  await using closed = await watchedServer({ token: "open sesame" });
  const other = await assertRejects(
    () => serve({ port: closed.port }),
    BindError,
  );
  assertStringIncludes(other.message, 'Parley server "lab"');
});

Deno.test("looking for whoever has the port leaves nothing behind that goes wrong later", async () => {
  await using server = await watchedServer();
  const errors: unknown[] = [];
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    errors.push(event.error);
  };
  globalThis.addEventListener("error", onError);
  try {
    await assertRejects(() => serve({ port: server.port }), BindError);
    // Longer than whoever has the port may take to say hello.
    await new Promise((resolve) => setTimeout(resolve, 700));
  } finally {
    globalThis.removeEventListener("error", onError);
  }
  assertEquals(errors, []);
});

Deno.test("an address that is not of this machine", async () => {
  const hostname = "192.0.2.1";
  const error = await assertRejects(
    () => serve({ hostname, port: 0 }),
    BindError,
  );
  assertStringIncludes(error.message, hostname);
  assertStringIncludes(error.message, "--host");
});

Deno.test("a host name that nobody knows", async () => {
  const hostname = "nobody.invalid";
  const error = await assertRejects(
    () => serve({ hostname, port: 0 }),
    BindError,
  );
  assertStringIncludes(error.message, hostname);
  assertStringIncludes(error.message, "--host");
});

Deno.test("a server whose port was taken can listen once it is free", async () => {
  await using again = await listenAgain();
  using peer = await RawPeer.connect(again.port);
  assertEquals(peer.id, 1);
});

Deno.test("a name may have 255 bytes, and no more", async () => {
  await using server = await watchedServer({ name: "é".repeat(127) });
  using peer = await RawPeer.connect(server.port);
  assertEquals(peer.hello.name, "é".repeat(127));
  await assertRejects(
    () => serve({ port: 0, name: "é".repeat(128) }),
    RangeError,
    "256",
  );
});

/** Listens, ends, and listens there again; another test may be quicker. */
async function listenAgain(triesLeft = 9) {
  const first = await watchedServer();
  await first.shutdown();
  try {
    return await watchedServer({ port: first.port });
  } catch (error) {
    if (!(error instanceof BindError) || triesLeft === 0) throw error;
    return await listenAgain(triesLeft - 1);
  }
}

function listener(): Deno.TcpListener {
  return Deno.listen({ hostname: "127.0.0.1", port: 0 });
}

/** Says `bytes` to the first who comes, and waits until he has gone. */
async function greet(
  listener: Deno.TcpListener,
  bytes: Uint8Array,
): Promise<void> {
  using peer = new RawPeer(await listener.accept());
  await peer.write(bytes);
  await peer.gone();
}
