import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { Client, ConnectionError } from "../../client/mod.ts";
import { Command, send, Status } from "../../protocol/mod.ts";
import {
  frameOf,
  RawPeer,
  refusalOf,
  sendPayload,
} from "../server/raw_peer.ts";
import { watchedServer } from "../server/watched_server.ts";
import { within } from "../server/within.ts";
import { goodbyeFrame, RawServer } from "./raw_server.ts";

Deno.test("a message is confirmed when the loop takes it, and not before", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  using sender = await RawPeer.connect(server.port);
  const messages = client.messages();

  await sender.write(sendFrame(client.id, "one", 1));
  await sender.sync();
  await client.name();
  await sender.sync();
  const { value } = await messages.next();

  assertEquals(value?.text, "one");
  const answer = await sender.next();
  assertEquals([answer.id, answer.status], [1, Status.ok]);
  await messages.return!();
});

Deno.test("a loop that waits already gets the message, and confirms it", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  using sender = await RawPeer.connect(server.port);
  const messages = client.messages();
  const taken = messages.next();

  await sender.write(sendFrame(client.id, "one", 1));

  assertEquals((await taken).value?.text, "one");
  assertEquals((await sender.next()).status, Status.ok);
  await messages.return!();
});

Deno.test("the loop gets every message once, in order, however slow it is", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  using sender = await RawPeer.connect(server.port);
  const texts = Array.from({ length: 200 }, (_, i) => `${i}`);
  const taking = (async () => {
    const taken: string[] = [];
    for await (const { text } of client.messages()) {
      taken.push(text);
      if (taken.length % 10 === 0) await client.name();
      if (taken.length === texts.length) return taken;
    }
  })();

  await sender.write(
    ...texts.map((text, id) => sendFrame(client.id, text, id)),
  );
  const answers = await sender.take(200);

  assertEquals(await within(5000, taking), texts);
  assertEquals(answers.map(({ id }) => id), texts.map(Number));
  assert(answers.every(({ status }) => status === Status.ok));
});

Deno.test("after break, messages that wait and those that come are refused", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  using sender = await RawPeer.connect(server.port);

  await sender.write(
    ...[1, 2, 3].map((id) => sendFrame(client.id, `${id}`, id)),
  );
  for await (const { text } of client.messages()) {
    assertEquals(text, "1");
    break;
  }
  await sender.write(sendFrame(client.id, "4", 4));

  const answers = (await sender.take(4)).sort((a, b) => a.id - b.id);
  assertEquals(
    answers.map(({ id, status }) => [id, status]),
    [
      [1, Status.ok],
      [2, Status.receiverRefused],
      [3, Status.receiverRefused],
      [4, Status.receiverRefused],
    ],
  );
  for (const answer of answers.slice(1)) {
    assertStringIncludes(refusalOf(answer).why, "listen");
  }
});

Deno.test("after one loop there can be another", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  using sender = await RawPeer.connect(server.port);
  const first = client.messages();
  await first.return!();

  const second = client.messages();
  // The first one's end must not be the second one's.
  await first.return!();
  const taken = second.next();
  await sender.write(sendFrame(client.id, "hello", 1));
  assertEquals((await sender.next()).status, Status.ok);
  assertEquals((await taken).value?.text, "hello");
  await second.return!();
});

Deno.test("the loop ends when this side disconnects", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  const ending = Array.fromAsync(client.messages());
  await client.disconnect();
  assertEquals(await ending, []);
});

Deno.test("the loop ends when the server says goodbye", async () => {
  const server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  const ending = Array.fromAsync(client.messages());
  await server.shutdown();
  assertEquals(await ending, []);
});

Deno.test("the loop throws when the connection is lost", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  await using client = await Client.connect({ port: server.port });
  const ending = assertRejects(
    () => Array.fromAsync(client.messages()),
    ConnectionError,
    "closed the connection",
  );
  (await accepted).close();
  await ending;
});

Deno.test("a loop that comes late learns of the end, too", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  await using client = await Client.connect({ port: server.port });
  const messages = client.messages();
  (await accepted).close();
  await client.closed;
  await assertRejects(() => messages.next(), ConnectionError);
  await assertRejects(
    () => Array.fromAsync(client.messages()),
    ConnectionError,
  );
});

Deno.test("a message that waits when the server leaves is not confirmed, and the loop ends", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  await using client = await Client.connect({ port: server.port });
  using peer = await accepted;
  const messages = client.messages();
  await peer.write(goodbyeFrame("closing"));
  await peer.ended();
  peer.close();
  await client.closed;
  assertEquals((await messages.next()).done, true);
  assertFalse((await messages.return!()).value);
});

function sendFrame(to: number, text: string, id: number): Uint8Array {
  return frameOf({ command: Command.send, id }, send, sendPayload(to, text));
}
