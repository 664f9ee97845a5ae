import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertStringIncludes,
} from "@std/assert";
import {
  Command,
  encodedPayload,
  type Frame,
  FrameType,
  send,
  Status,
} from "../../protocol/mod.ts";
import { FakeTime } from "../link/fake_time.ts";
import { MemoryServer } from "./memory_server.ts";
import {
  frameOf,
  type GreetedPeer,
  RawPeer,
  refusalOf,
  sendPayload,
} from "./raw_peer.ts";
import { watchedServer } from "./watched_server.ts";

Deno.test("a message has the sender's number, address, port and text", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);

  await ask(sender, receiver.id, "你好, \u0000\u001b[2J 👋");
  const { content, text, id } = await receiver.message();

  assertEquals([content.from, content.address, content.port], [
    sender.id,
    "127.0.0.1",
    sender.conn.localAddr.port,
  ]);
  assertEquals(text, "你好, \u0000\u001b[2J 👋");
  assert(id > 0);
});

Deno.test("send is answered only after the receiver has confirmed", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);

  await ask(sender, receiver.id, "hello", 7);
  const message = await receiver.message();
  // The server has passed the text on, and goes on answering other things.
  await sender.sync();
  await sender.sync();
  await receiver.confirm(message);
  const answer = await sender.next();

  assertEquals([answer.type, answer.command, answer.status, answer.id], [
    FrameType.response,
    Command.send,
    Status.ok,
    7,
  ]);
  assertEquals(answer.payload.length, 0);
  await sender.sync();
});

Deno.test("a receiver that never confirms: not-confirmed, within the deadline", async () => {
  using time = new FakeTime();
  await using server = new MemoryServer({ deliveryTimeoutMs: 100 });
  const sender = await server.connect();
  const receiver = await server.connect();

  await sender.write(sendFrame(receiver.id, "hello", 1));
  assertEquals((await receiver.next()).command, Command.message);
  await time.live(100 - 1);
  assertEquals(sender.far.unread, 0);
  // It is counted in whole milliseconds.
  await time.live(1 + 1);
  assertGreater(sender.far.unread, 0);
  const { status, why } = refusalOf(await sender.next());
  assertEquals(status, Status.notConfirmed);
  assertStringIncludes(why, `${receiver.id}`);
});

Deno.test("a confirmation that comes after the deadline changes nothing", async () => {
  using time = new FakeTime();
  await using server = await watchedServer({ deliveryTimeoutMs: 50 });
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);

  const asked = result(sender, receiver.id, "too slow");
  const late = await receiver.message();
  // It is counted in whole milliseconds.
  await time.live(50 + 1);
  assertEquals((await asked).status, Status.notConfirmed);
  await receiver.confirm(late);
  await receiver.confirm(late);
  await receiver.sync();
  await sender.sync();

  await ask(sender, receiver.id, "quick");
  await receiver.confirm(await receiver.message());
  assertEquals((await sender.next()).status, Status.ok);
});

Deno.test("a second confirmation of the same message is ignored", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);

  await ask(sender, receiver.id, "hello");
  const message = await receiver.message();
  await receiver.confirm(message);
  await receiver.refuse(message, Status.notHandled, "changed my mind");
  await receiver.sync();

  assertEquals((await sender.next()).status, Status.ok);
  await sender.sync();
});

for (const [how, leave] of Object.entries(waysToLeave())) {
  Deno.test(`a receiver that ${how} before it confirms: receiver-gone, at once`, async () => {
    await using server = await watchedServer();
    using sender = await RawPeer.connect(server.port);
    using receiver = await RawPeer.connect(server.port);

    await ask(sender, receiver.id, "hello", 9);
    await receiver.message();
    using _time = new FakeTime(performance.now());
    await leave(receiver);
    const answer = await sender.next();

    assertEquals(answer.id, 9);
    assertEquals(refusalOf(answer).status, Status.receiverGone);
    await sender.sync();
  });
}

Deno.test("a receiver's refusal reaches the sender with its sentence", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);

  await ask(sender, receiver.id, "hello");
  const message = await receiver.message();
  await receiver.refuse(message, Status.notHandled, "the disk is full");

  const { status, why } = refusalOf(await sender.next());
  assertEquals(status, Status.receiverRefused);
  assertStringIncludes(why, "the disk is full");
  await receiver.sync();
});

Deno.test("a refusal without a sentence is told by its status's name", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);

  await ask(sender, receiver.id, "hello");
  const message = await receiver.message();
  await receiver.refuse(message, Status.notListening, "");

  const { status, why } = refusalOf(await sender.next());
  assertEquals(status, Status.receiverRefused);
  assertStringIncludes(why, "not-listening");
});

Deno.test("a receiver's sentence is cut where it is too long", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);

  await ask(sender, receiver.id, "hello");
  const message = await receiver.message();
  await receiver.refuse(message, Status.notHandled, "好".repeat(20_000));

  const { why } = refusalOf(await sender.next());
  assertLess(new TextEncoder().encode(why).length, 1025);
  assertStringIncludes(why, "好好好");
});

for (const [nonsense, answer] of Object.entries(nonsenseAnswers())) {
  Deno.test(`a receiver that answers with ${nonsense}: the sender gets exactly one answer`, async () => {
    await using server = await watchedServer({ deliveryTimeoutMs: 100 });
    using sender = await RawPeer.connect(server.port);
    using receiver = await RawPeer.connect(server.port);
    using witness = await RawPeer.connect(server.port);

    await ask(sender, receiver.id, "hello", 9);
    await receiver.write(answer(await receiver.message()));

    const first = await sender.next();
    assertEquals([first.type, first.command, first.id], [
      FrameType.response,
      Command.send,
      9,
    ]);
    // A deadline later, when any second answer would have been sent as well.
    const later = await result(witness, sender.id, "are you there?");
    assertEquals(later.status, Status.notConfirmed);
    assertEquals((await sender.message()).text, "are you there?");
    await sender.sync();
  });
}

Deno.test("a confirmation of nobody's message is ignored", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);

  await ask(sender, receiver.id, "hello");
  const { command, id } = await receiver.message();
  await receiver.confirm({ command, id: id + 1 });
  await receiver.confirm({ command, id: 0 });
  await receiver.sync();
  await sender.sync();
  await receiver.confirm({ command, id });

  assertEquals((await sender.next()).status, Status.ok);
});

Deno.test("one client cannot confirm another one's message", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);
  using stranger = await RawPeer.connect(server.port);

  await ask(sender, receiver.id, "hello");
  const message = await receiver.message();
  await stranger.confirm(message);
  await stranger.sync();
  await sender.sync();
  await receiver.confirm(message);

  assertEquals((await sender.next()).status, Status.ok);
});

Deno.test("nobody has the number: unknown-number", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using leaver = await RawPeer.connect(server.port);
  leaver.close();
  await server.events.nth("left", 1);

  for (const to of [0, leaver.id, 3, 0xffff_ffff]) {
    const { status, why } = refusalOf(await result(sender, to, "hello"));
    assertEquals(status, Status.unknownNumber);
    assertStringIncludes(why, `${to}`);
  }
});

Deno.test("one's own number: own-number, and nothing is delivered", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);

  const answer = await result(sender, sender.id, "hello");

  assertEquals(refusalOf(answer).status, Status.ownNumber);
  await sender.sync();
});

Deno.test("of several reasons to refuse, the first in the protocol's order counts", async () => {
  await using server = await watchedServer({ maxText: 2 });
  using sender = await RawPeer.connect(server.port);
  const statusOf = async (to: number, text: string) =>
    (await result(sender, to, text)).status;

  assertEquals(await statusOf(sender.id, "too long"), Status.ownNumber);
  assertEquals(await statusOf(99, "too long"), Status.textTooLong);
  assertEquals(await statusOf(99, "ok"), Status.unknownNumber);
});

Deno.test("a text may have as many bytes as hello says, and no more", async () => {
  await using server = await watchedServer({ maxText: 10 });
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);

  const tooLong = await result(sender, receiver.id, "12345678é1");
  assertEquals(refusalOf(tooLong).status, Status.textTooLong);

  await ask(sender, receiver.id, "12345678é");
  const message = await receiver.message();
  assertEquals(message.text, "12345678é");
  await receiver.confirm(message);
  assertEquals((await sender.next()).status, Status.ok);
});

Deno.test("a text may be empty", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);

  await ask(sender, receiver.id, "");
  const message = await receiver.message();
  assertEquals(message.text, "");
  await receiver.confirm(message);

  assertEquals((await sender.next()).status, Status.ok);
});

Deno.test("messages from one sender to one receiver arrive in order, each once", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);
  const texts = Array.from({ length: 500 }, (_, i) => `message ${i}`);

  await sender.write(
    ...texts.map((text, id) => sendFrame(receiver.id, text, id)),
  );
  const messages: (Frame & { text: string })[] = [];
  for (const _ of texts) messages.push(await receiver.message());
  for (const message of messages.toReversed()) await receiver.confirm(message);
  const answers = await sender.take(500);

  assertEquals(messages.map(({ text }) => text), texts);
  assertEquals(new Set(messages.map(({ id }) => id)).size, 500);
  assertEquals(answers.map(({ id }) => id), texts.map((_, i) => 499 - i));
  assert(answers.every(({ status }) => status === Status.ok));
  await receiver.sync();
});

Deno.test("two clients can send to each other at once", async () => {
  await using server = await watchedServer();
  using one = await RawPeer.connect(server.port);
  using two = await RawPeer.connect(server.port);

  await ask(one, two.id, "from one");
  await ask(two, one.id, "from two");
  const [toOne, toTwo] = await Promise.all([one.message(), two.message()]);
  await one.confirm(toOne);
  await two.confirm(toTwo);
  const answers = await Promise.all([one.next(), two.next()]);

  assertEquals(answers.map(({ status }) => status), [Status.ok, Status.ok]);
  assertEquals([toOne.text, toTwo.text], ["from two", "from one"]);
});

Deno.test("a sender that leaves takes nothing with it: its message is delivered", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);

  await ask(sender, receiver.id, "my last words");
  const message = await receiver.message();
  sender.close();
  await server.events.nth("left", 1);
  await receiver.confirm(message);

  assertEquals(message.text, "my last words");
  await receiver.sync();
});

async function ask(
  sender: RawPeer,
  to: number,
  text: string,
  id = 1,
): Promise<void> {
  await sender.write(sendFrame(to, text, id));
}

async function result(
  sender: RawPeer,
  to: number,
  text: string,
): Promise<Frame> {
  return await sender.ask(Command.send, 1, send, sendPayload(to, text));
}

function sendFrame(to: number, text: string, id: number): Uint8Array {
  return frameOf({ command: Command.send, id }, send, sendPayload(to, text));
}

type Leaving = (receiver: GreetedPeer) => void | Promise<void>;

function waysToLeave(): Record<string, Leaving> {
  const goodbye = Uint8Array.of(0, 1);
  const header = { type: FrameType.indication, command: Command.goodbye };
  return {
    closes: (receiver) => receiver.close(),
    "closes its sending side": (receiver) => receiver.conn.closeWrite(),
    "says goodbye": (receiver) =>
      receiver.write(frameOf(header, encodedPayload, goodbye)),
    "sends garbage": (receiver) => receiver.write(Uint8Array.of(0x47)),
  };
}

type NonsenseAnswer = (message: Frame) => Uint8Array;

function nonsenseAnswers(): Record<string, NonsenseAnswer> {
  const type = FrameType.response;
  const ones = Uint8Array.of(0xff, 0xff);
  return {
    "another command": ({ id }) => frameOf({ type, command: Command.ping, id }),
    "a sentence that is not UTF-8": ({ command, id }) => {
      const status = Status.notHandled;
      return frameOf({ type, command, status, id }, encodedPayload, ones);
    },
    "a confirmation that has a payload": ({ command, id }) =>
      frameOf({ type, command, id }, encodedPayload, ones),
    "a status that nobody knows": ({ command, id }) =>
      frameOf({ type, command, status: 0xffff, id }),
  };
}
