import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { Client, type Message } from "../../client/mod.ts";
import {
  Command,
  FrameType,
  message,
  send,
  Status,
} from "../../protocol/mod.ts";
import {
  frameOf,
  RawPeer,
  refusalOf,
  sendPayload,
} from "../server/raw_peer.ts";
import { watchedServer } from "../server/watched_server.ts";
import { partWith, RawServer } from "./raw_server.ts";

Deno.test("a message has its sender's number, address and port, and its text", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  using sender = await RawPeer.connect(server.port);
  const messages: Message[] = [];
  client.receive((it) => {
    messages.push(it);
  });

  await ask(sender, client.id, "\ufeffhello\u001b");

  const { port } = sender.conn.localAddr;
  assertEquals(messages, [{
    from: sender.id,
    address: "127.0.0.1",
    port,
    text: "\ufeffhello\u001b",
  }]);
});

Deno.test("a message is confirmed only when the handler's promise has resolved", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  using sender = await RawPeer.connect(server.port);
  const handled = Promise.withResolvers<void>();
  const began = Promise.withResolvers<void>();
  client.receive(() => {
    began.resolve();
    return handled.promise;
  });

  await write(sender, client.id, "hello", 5);
  await began.promise;
  await client.name();
  await sender.sync();
  handled.resolve();

  const answer = await sender.next();
  assertEquals([answer.id, answer.status], [5, Status.ok]);
});

Deno.test("a handler that throws, or rejects, refuses with its sentence", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  using sender = await RawPeer.connect(server.port);
  client.receive(({ text }) => {
    if (text === "throw") throw new Error("out of paper");
    if (text === "reject") return Promise.reject(new Error("out of ink"));
    if (text === "string") throw "out of words";
  });

  for (
    const [text, sentence] of [
      ["throw", "out of paper"],
      ["reject", "out of ink"],
      ["string", "out of words"],
    ] as const
  ) {
    const { status, why } = refusalOf(await ask(sender, client.id, text));
    assertEquals(status, Status.receiverRefused);
    assertStringIncludes(why, sentence);
  }
  assertEquals((await ask(sender, client.id, "fine")).status, Status.ok);
});

Deno.test("a handler's error of any length is cut, and the connection goes on", async () => {
  await using server = await watchedServer({ maxText: 1 });
  await using client = await Client.connect({ port: server.port });
  using sender = await RawPeer.connect(server.port);
  client.receive(() => {
    throw new Error("é".repeat(100_000));
  });
  const { status } = refusalOf(await ask(sender, client.id, "x"));
  assertEquals(status, Status.receiverRefused);
  assertEquals(await client.name(), "lab");
});

Deno.test("messages are handled one after the other, in order", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  using sender = await RawPeer.connect(server.port);
  const log: string[] = [];
  client.receive(async ({ text }) => {
    log.push(`begin ${text}`);
    await client.name();
    log.push(`end ${text}`);
  });

  await sender.write(...[1, 2, 3].map((i) => sendFrame(client.id, `${i}`, i)));
  const answers = await sender.take(3);

  assertEquals(answers.map(({ id }) => id), [1, 2, 3]);
  assertEquals(log, [1, 2, 3].flatMap((i) => [`begin ${i}`, `end ${i}`]));
});

Deno.test("a program that does not listen: its senders are told so", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  using sender = await RawPeer.connect(server.port);
  const { status, why } = refusalOf(await ask(sender, client.id, "hello"));
  assertEquals(status, Status.receiverRefused);
  assertStringIncludes(why, "does not listen");
});

Deno.test("a client's own refusals have the status that says which", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  await using client = await Client.connect({ port: server.port });
  using peer = await accepted;

  await peer.write(messageFrame("nobody listens", 3));
  assertEquals(refusalOf(await peer.next()).status, Status.notListening);
  client.receive(() => {
    throw new Error("no");
  });
  await peer.write(messageFrame("somebody throws", 4));
  assertEquals(refusalOf(await peer.next()).status, Status.notHandled);

  const left = client.disconnect();
  await partWith(peer);
  await left;
});

Deno.test("beyond 1,024 messages that wait, more are refused, and none is lost in silence", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  await using client = await Client.connect({ port: server.port });
  using peer = await accepted;
  const gate = Promise.withResolvers<void>();
  const texts: string[] = [];
  client.receive(async ({ text }) => {
    await gate.promise;
    texts.push(text);
  });

  // The first is being handled, and 1,024 wait.
  const count = 1030;
  const ids = Array.from({ length: count }, (_, i) => i + 1);
  await peer.write(...ids.map((id) => messageFrame(`${id}`, id)));
  const refused = await peer.take(5);
  gate.resolve();
  const confirmed = await peer.take(1025);

  assertEquals(refused.map(({ id }) => id), ids.slice(1025));
  assert(refused.every(({ status }) => status === Status.notHandled));
  assertEquals(confirmed.map(({ id }) => id), ids.slice(0, 1025));
  assert(confirmed.every(({ status }) => status === Status.ok));
  assertEquals(texts.length, 1025);

  const left = client.disconnect();
  await partWith(peer);
  await left;
});

Deno.test("only one at a time can handle messages", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  client.receive(() => {});
  assertThrows(() => client.receive(() => {}), TypeError);
  assertThrows(() => client.messages(), TypeError);
});

Deno.test("a message that is not UTF-8 is the server's fault, and ends the connection", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  await using client = await Client.connect({ port: server.port });
  using peer = await accepted;
  client.receive(() => {});
  const value = {
    from: 2,
    address: "192.0.2.1",
    port: 1,
    text: Uint8Array.of(0xff),
  };
  const type = FrameType.indication;
  await peer.write(frameOf({ type, command: Command.message }, message, value));
  assertEquals((await peer.next()).command, Command.error);
  await peer.ended();
  peer.close();
  assertEquals((await client.closed).how, "fault");
  await assertRejects(() => client.name());
});

async function write(
  sender: RawPeer,
  to: number,
  text: string,
  id = 1,
): Promise<void> {
  await sender.write(sendFrame(to, text, id));
}

async function ask(sender: RawPeer, to: number, text: string) {
  await write(sender, to, text);
  return await sender.next();
}

function sendFrame(to: number, text: string, id: number): Uint8Array {
  return frameOf({ command: Command.send, id }, send, sendPayload(to, text));
}

function messageFrame(text: string, id: number): Uint8Array {
  const header = { type: FrameType.indication, command: Command.message, id };
  const origin = { from: 2, address: "192.0.2.1", port: 40_312 };
  const value = { ...origin, text: new TextEncoder().encode(text) };
  return frameOf(header, message, value);
}
