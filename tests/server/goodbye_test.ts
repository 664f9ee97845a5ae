import { assertEquals } from "@std/assert";
import {
  Command,
  type Frame,
  FrameType,
  goodbye,
  GoodbyeReason,
  listQuery,
  send,
  Status,
} from "../../protocol/mod.ts";
import { frameOf, RawPeer, refusalOf, sendPayload } from "./raw_peer.ts";
import { watchedServer } from "./watched_server.ts";

Deno.test("a goodbye is answered, then the client closes, then the server", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);

  await peer.write(goodbyeFrame(9));
  assertGoodbyeAnswer(await peer.next(), 9);
  await peer.conn.closeWrite();

  await peer.ended();
});

Deno.test("a goodbye with id 0 wants no answer, and gets none", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);

  await peer.write(goodbyeFrame(0));
  await peer.conn.closeWrite();

  await peer.ended();
});

Deno.test("everything asked before a goodbye is answered before it", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  const asked = Array.from({ length: 100 }, (_, i) => 1 + i);

  await peer.write(
    ...asked.map((id) =>
      id % 2 === 0
        ? frameOf({ command: Command.time, id })
        : frameOf({ command: Command.list, id }, listQuery, {
          after: 0,
          limit: 0,
        })
    ),
    goodbyeFrame(1000),
  );
  const answers = await peer.take(100);
  assertGoodbyeAnswer(await peer.next(), 1000);
  await peer.conn.closeWrite();
  await peer.ended();

  const ids = answers.map(({ id }) => id).sort((a, b) => a - b);
  assertEquals(ids, asked);
});

Deno.test("a goodbye waits for the send that is under way", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);

  await sender.write(sendFrame(receiver.id, 5), goodbyeFrame(6));
  const message = await receiver.message();
  await receiver.confirm(message);

  assertYes(await sender.next(), 5);
  assertGoodbyeAnswer(await sender.next(), 6);
  await sender.conn.closeWrite();
  await sender.ended();
});

Deno.test("a goodbye is answered even if the client has closed its sending side behind it", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);

  await sender.write(sendFrame(receiver.id, 5), goodbyeFrame(6));
  await sender.conn.closeWrite();
  const message = await receiver.message();
  await receiver.sync();
  await receiver.confirm(message);

  assertYes(await sender.next(), 5);
  assertGoodbyeAnswer(await sender.next(), 6);
  await sender.ended();
});

Deno.test("whoever has said goodbye is neither listed nor sent to, even if an answer is still due", async () => {
  await using server = await watchedServer();
  using leaver = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);

  await leaver.write(sendFrame(receiver.id, 5), goodbyeFrame(6));
  const message = await receiver.message();
  await server.events.nth("left", 1);
  const refused = await receiver.ask(
    Command.send,
    1,
    send,
    sendPayload(leaver.id, "too late"),
  );
  await receiver.confirm(message);

  assertEquals(refusalOf(refused).status, Status.unknownNumber);
  assertYes(await leaver.next(), 5);
  assertGoodbyeAnswer(await leaver.next(), 6);
});

Deno.test("a message for somebody who says goodbye ends as receiver-gone, whatever is confirmed later", async () => {
  await using server = await watchedServer();
  using one = await RawPeer.connect(server.port);
  using two = await RawPeer.connect(server.port);

  await two.write(sendFrame(one.id, 4));
  const toOne = await one.message();
  await one.write(sendFrame(two.id, 5), goodbyeFrame(6));
  const toTwo = await two.message();
  const gone = await two.next();
  await one.confirm(toOne);
  await two.sync();
  await two.confirm(toTwo);

  assertEquals([gone.id, gone.status], [4, Status.receiverGone]);
  assertYes(await one.next(), 5);
  assertGoodbyeAnswer(await one.next(), 6);
});

Deno.test("requests behind a goodbye are not answered", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);

  await peer.write(
    goodbyeFrame(1),
    frameOf({ command: Command.time, id: 2 }),
    sendFrame(receiver.id, 3),
  );
  await peer.conn.closeWrite();

  const answers = await peer.rest();
  assertEquals(answers.map(({ id }) => id), [1]);
  await receiver.sync();
});

Deno.test("what comes behind a goodbye that waits is not even looked at", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);

  await sender.write(
    sendFrame(receiver.id, 5),
    goodbyeFrame(6),
    frameOf({ command: Command.time, id: 7 }),
    goodbyeFrame(8),
    new TextEncoder().encode("garbage"),
  );
  await receiver.confirm(await receiver.message());
  const answers = await sender.take(2);
  await sender.conn.closeWrite();

  assertEquals(answers.map(({ id }) => id), [5, 6]);
  await sender.ended();
});

Deno.test("a client that never closes after its goodbye is closed", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);

  await peer.write(goodbyeFrame(1));
  assertGoodbyeAnswer(await peer.next(), 1);

  await peer.ended();
});

Deno.test("a client that has closed its sending side still gets every answer", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);
  const asked = Array.from({ length: 100 }, (_, i) => 100 + i);

  await sender.write(
    sendFrame(receiver.id, 5),
    ...asked.map((id) => frameOf({ command: Command.name, id })),
  );
  await sender.conn.closeWrite();
  const answers = await sender.take(100);
  await receiver.confirm(await receiver.message());

  assertEquals(answers.map(({ id }) => id), asked);
  assertYes(await sender.next(), 5);
  await sender.ended();
});

Deno.test("a client that closes at once without a word bothers nobody", async () => {
  await using server = await watchedServer();
  using witness = await RawPeer.connect(server.port);
  for (let i = 0; i < 20; i++) {
    using _peer = await RawPeer.connectOnly(server.port);
  }
  await server.events.nth("left", 20);
  await witness.sync();
});

function goodbyeFrame(id: number): Uint8Array {
  const type = FrameType.indication;
  const value = { reason: GoodbyeReason.leaving, text: "done" };
  return frameOf({ type, command: Command.goodbye, id }, goodbye, value);
}

function sendFrame(to: number, id: number): Uint8Array {
  return frameOf({ command: Command.send, id }, send, sendPayload(to, "hi"));
}

function assertYes({ type, status, id }: Frame, expectedId: number): void {
  assertEquals({ type, status, id }, {
    type: FrameType.response,
    status: Status.ok,
    id: expectedId,
  });
}

function assertGoodbyeAnswer(answer: Frame, id: number): void {
  assertYes(answer, id);
  assertEquals([answer.command, answer.payload.length], [Command.goodbye, 0]);
}
