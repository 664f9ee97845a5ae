import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import { findOneShot } from "../../../client/commands/mod.ts";
import { Client, type Closing, ConnectionError } from "../../../client/mod.ts";
import { watchedServer } from "../../server/watched_server.ts";
import { CountedListeners } from "../counted_listeners.ts";
import { goodbyeFrame, RawServer } from "../raw_server.ts";
import { en, runOneShot } from "./run_one_shot.ts";

Deno.test("listen prints its number, then messages, made harmless, and leaves after --count", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  await using sender = await Client.connect({ port: server.port });

  const listening = runOneShot(client, ["listen"], { count: 2 });
  const first = await sender.send(client.id, "one\u001b[2J\nFrom 9: forged");
  const second = await sender.send(client.id, "two");

  const { code, lines } = await listening;
  assertEquals([code, first.delivered, second.delivered], [0, true, true]);
  const [, { port } = { port: 0 }] = await client.list();
  const endpoint = `127.0.0.1:${port}`.padEnd(21);
  assertEquals(lines.map((line) => line.replace(/^\d\d:\d\d:\d\d/, "")), [
    `Listening as number ${client.id}`,
    `      ${sender.id}  ${endpoint}  one␛[2J␊From 9: forged`,
    `      ${sender.id}  ${endpoint}  two`,
  ]);
});

Deno.test("listen --json: self first, then an object a message, text as it is", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  await using sender = await Client.connect({ port: server.port });

  const listening = runOneShot(client, ["listen"], { count: 1, json: true });
  await sender.send(client.id, "one\u001b[2J\ntwo");

  const { code, lines } = await listening;
  assertEquals([code, lines.length], [0, 2]);
  assertEquals(JSON.parse(lines[0]!), { self: client.id });
  const { port, ...rest } = JSON.parse(lines[1]!);
  assertEquals(typeof port, "number");
  assertEquals(rest, {
    from: sender.id,
    address: "127.0.0.1",
    text: "one\u001b[2J\ntwo",
  });
});

Deno.test("a message is confirmed once its line is written", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  await using sender = await Client.connect({ port: server.port });
  const lines: string[] = [];
  const listening = findOneShot("listen", []).run({
    ...context(client),
    count: 1,
    write: (line) => lines.push(line),
  });
  const { delivered } = await sender.send(client.id, "hello");
  assertEquals([delivered, lines.length], [true, 2]);
  await listening;
});

Deno.test("a line that cannot be written: the sender is told, and listen fails", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  await using sender = await Client.connect({ port: server.port });
  const full = new Error("No space left on device");
  let lines = 0;
  const listening = assertRejects(() =>
    findOneShot("listen", []).run({
      ...context(client),
      write: () => {
        if (++lines > 1) throw full;
      },
    })
  );
  const delivery = await sender.send(client.id, "hello");
  assertEquals(delivery.delivered, false);
  assertStrictEquals(await listening, full);
});

Deno.test("listen ends with a ConnectionError when the server leaves, its words made harmless", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  await using client = await Client.connect({ port: server.port });
  using peer = await accepted;
  const listening = assertRejects(
    () => runOneShot(client, ["listen"]),
    ConnectionError,
  );
  await peer.write(goodbyeFrame("closing\u001b[2J"));
  await peer.ended();
  peer.close();
  assertStringIncludes((await listening).message, "closing␛[2J");
});

Deno.test("listen ends with the signal's reason", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  const controller = new AbortController();
  const { signal } = controller;
  const listening = assertRejects(() =>
    runOneShot(client, ["listen"], { signal })
  );
  const reason = new Error("Ctrl-C");
  controller.abort(reason);
  assertStrictEquals(await listening, reason);
});

Deno.test("no message is printed beyond --count: its sender is told that nobody listens", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  await using sender = await Client.connect({ port: server.port });
  const listening = runOneShot(client, ["listen"], { count: 1 });
  const deliveries = await Promise.all(
    ["one", "two", "three"].map((text) => sender.send(client.id, text)),
  );
  const { code, lines } = await listening;
  assertEquals(
    deliveries.map(({ delivered }) => delivered),
    [true, false, false],
  );
  assertEquals([code, lines.length], [0, 2]);
});

Deno.test("with another connection listen goes on, and counts over all of them", async () => {
  for (const json of [false, true]) {
    await using server = await watchedServer();
    await using first = await Client.connect({ port: server.port });
    await using sender = await Client.connect({ port: server.port });
    const closings: Closing[] = [];
    const reconnected = Promise.withResolvers<Client>();
    const reconnect = async (closing: Closing) => {
      closings.push(closing);
      const client = await Client.connect({ port: server.port });
      reconnected.resolve(client);
      return client;
    };
    const options = { count: 3, json, reconnect };
    const listening = runOneShot(first, ["listen"], options);
    await sender.send(first.id, "one");
    await first.disconnect("a break");
    const second = await reconnected.promise;
    await sender.send(second.id, "two");
    await sender.send(second.id, "three");

    const { code, lines } = await listening;
    assertEquals(code, 0);
    assertEquals(closings.map(({ why }) => why), ["a break"]);
    const texts = lines.map((line) =>
      json ? JSON.parse(line).text ?? JSON.parse(line) : line.split("  ").at(-1)
    );
    assertEquals(
      texts,
      json
        ? [{ self: 1 }, "one", { self: 3 }, "two", "three"]
        : ["Listening as number 1", "one", "two", "three"],
    );
    // It is this command that ends the connections that it was given later.
    assertEquals((await second.closed).how, "disconnected");
  }
});

Deno.test("listen fails with what reconnecting fails with", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  const failure = new ConnectionError("no more");
  const listening = assertRejects(() =>
    runOneShot(client, ["listen"], {
      reconnect: () => Promise.reject(failure),
    })
  );
  await client.disconnect();
  assertStrictEquals(await listening, failure);
});

Deno.test("listen leaves no listener behind at a signal that outlives it", async () => {
  await using server = await watchedServer();
  const controller = new CountedListeners();
  const { signal } = controller;
  await using client = await Client.connect({ port: server.port });
  const listening = assertRejects(() =>
    runOneShot(client, ["listen"], { signal })
  );
  await client.disconnect();
  await listening;
  assertEquals(controller.count, 0);
});

function context(client: Client) {
  return {
    texts: en,
    screen: false,
    colour: false,
    client,
    words: [],
    json: false,
    count: undefined,
    command: "time" as const,
    signal: new AbortController().signal,
  };
}

Deno.test("listen on a screen colours senders and cuts what is too long", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  await using sender = await Client.connect({ port: server.port });
  const options = { count: 1, screen: true, colour: true };
  const listening = runOneShot(client, ["listen"], options);
  await sender.send(client.id, "x".repeat(9000));
  const { lines } = await listening;
  const [, line = ""] = lines;
  assertStringIncludes(line, "m    2\x1b[39m  127.0.0.1:");
  assertMatch(line, / x{2000}… \(9000\)$/);
});
