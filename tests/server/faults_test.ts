import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  Command,
  decodePayload,
  encodedPayload,
  type Fault,
  fault,
  type Frame,
  FrameType,
  ProtocolErrorCode,
  send,
  Status,
} from "../../protocol/mod.ts";
import { frameOf, type GreetedPeer, RawPeer, sendPayload } from "./raw_peer.ts";
import { watchedServer } from "./watched_server.ts";
import { within } from "./within.ts";

const header = frameOf({ command: Command.time });
const type = FrameType.indication;

/** What is wrong, the bytes, the code's name, and where the fault is. */
const garbage: [string, Uint8Array, keyof typeof ProtocolErrorCode, number][] =
  [
    ["an HTTP request", bytes("GET / HTTP/1.1\r\n\r\n"), "badMagic", 0],
    ["one byte that is not P", bytes("p"), "badMagic", 0],
    ["P and something else", bytes("Px"), "badMagic", 0],
    ["another version", changed(header, 2, 2), "badVersion", 2],
    ["version 0", changed(header, 2, 0), "badVersion", 2],
    ["type 0", changed(header, 3, 0), "badType", 3],
    ["type 4", changed(header, 3, 4), "badType", 3],
    ["4 GB", changed(header, 12, 0xff), "payloadTooLarge", 12],
    [
      "a ping with a payload",
      frameOf({ type, command: Command.ping }, encodedPayload, bytes("x")),
      "badPayload",
      16,
    ],
    [
      "a goodbye without a reason",
      frameOf({ type, command: Command.goodbye }),
      "badPayload",
      16,
    ],
    [
      "a goodbye that is not UTF-8",
      frameOf(
        { type, command: Command.goodbye },
        encodedPayload,
        Uint8Array.of(0, 1, 0x61, 0xff),
      ),
      "badText",
      19,
    ],
  ];

for (const [what, sent, code, offset] of garbage) {
  Deno.test(`${what} gets an error with its code and offset, and a close`, async () => {
    await using server = await watchedServer();
    using witness = await RawPeer.connect(server.port);
    using peer = await RawPeer.connect(server.port);

    await peer.write(frameOf({ command: Command.name, id: 5 }), sent);

    assertEquals((await peer.next()).id, 5);
    const complaint = readFault(await peer.next());
    assertEquals(
      [complaint.code, complaint.offset],
      [ProtocolErrorCode[code], 16 + offset],
    );
    assertMatch(complaint.text, /\w/);
    await peer.ended();
    await witness.sync();
  });
}

Deno.test("a fault is reported before the rest of the header has come", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);

  await peer.write(bytes("PY"));
  await peer.write(Uint8Array.of(9));

  const { code, offset } = readFault(await peer.next());
  assertEquals([code, offset], [ProtocolErrorCode.badVersion, 2]);
});

Deno.test("what follows a fault is not looked at", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);
  const value = sendPayload(receiver.id, "hi");

  await peer.write(
    changed(header, 2, 7),
    header,
    frameOf({ command: Command.send }, send, value),
  );

  assertEquals((await peer.next()).command, Command.error);
  await peer.ended();
  await receiver.sync();
});

for (const length of [1, 15, 16, 17, 25]) {
  Deno.test(`a stream that ends after ${length} bytes of a frame was cut off there`, async () => {
    await using server = await watchedServer();
    using peer = await RawPeer.connect(server.port);
    const value = sendPayload(99, "123456");
    const frame = frameOf({ command: Command.send }, send, value);
    assertEquals(frame.length, 26);

    await peer.write(header, frame.subarray(0, length));
    await peer.conn.closeWrite();

    assertEquals((await peer.next()).command, Command.time);
    const { code, offset } = readFault(await peer.next());
    assertEquals(code, ProtocolErrorCode.truncated);
    assertEquals(offset, 16 + length);
    await peer.ended();
  });
}

Deno.test("a client at fault is not sent to any more", async () => {
  await using server = await watchedServer();
  using witness = await RawPeer.connect(server.port);
  using peer = await RawPeer.connect(server.port);

  await peer.write(bytes("GET /"));
  await peer.next();

  const value = sendPayload(peer.id, "hi");
  const answer = await witness.ask(Command.send, 1, send, value);
  const gone: number[] = [Status.unknownNumber, Status.receiverGone];
  assert(gone.includes(answer.status));
  await peer.conn.closeWrite();
  await peer.ended();
});

Deno.test("an answer about another command than was asked is out of order", async () => {
  const { code, offset } = await faultOfAnswer(({ id }) =>
    frameOf({ type: FrameType.response, command: Command.ping, id })
  );
  assertEquals([code, offset], [ProtocolErrorCode.outOfOrder, 4]);
});

Deno.test("a refusal that is not UTF-8 is a bad text", async () => {
  const { code, offset } = await faultOfAnswer(({ command, id }) =>
    frameOf(
      { type: FrameType.response, command, status: Status.notHandled, id },
      encodedPayload,
      Uint8Array.of(0x61, 0xff),
    )
  );
  assertEquals([code, offset], [ProtocolErrorCode.badText, 17]);
});

Deno.test("a confirmation that has a payload is a bad payload", async () => {
  const { code, offset } = await faultOfAnswer(({ command, id }) =>
    frameOf(
      { type: FrameType.response, command, id },
      encodedPayload,
      bytes("x"),
    )
  );
  assertEquals([code, offset], [ProtocolErrorCode.badPayload, 16]);
});

Deno.test("a client that finds the server at fault is gone, even if it does not close", async () => {
  await using server = await watchedServer({ deliveryTimeoutMs: 60_000 });
  using peer = await RawPeer.connect(server.port);
  using sender = await RawPeer.connect(server.port);
  const value = sendPayload(peer.id, "hi");
  await sender.write(frameOf({ command: Command.send }, send, value));
  await peer.message();

  const complaint = { code: 1, offset: 0, text: "what is that?" };
  await peer.write(frameOf({ type, command: Command.error }, fault, complaint));

  const answer = await within(10_000, sender.next());
  assertEquals(answer.status, Status.receiverGone);
  await within(10_000, peer.ended());
});

Deno.test("what a client at fault has asked and is still under way is not answered", async () => {
  await using server = await watchedServer();
  using sender = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);
  const value = sendPayload(receiver.id, "hi");

  await sender.write(
    frameOf({ command: Command.send }, send, value),
    bytes("garbage"),
  );
  const message = await receiver.message();
  const frames = await sender.rest();
  await receiver.confirm(message);
  await receiver.sync();

  assertEquals(frames.map(({ command }) => command), [Command.error]);
});

Deno.test("a hundred clients that send garbage do not disturb one that does not", async () => {
  await using server = await watchedServer();
  using witness = await RawPeer.connect(server.port);
  const noise = Array.from({ length: 100 }, async () => {
    using peer = await RawPeer.connect(server.port);
    await peer.write(crypto.getRandomValues(new Uint8Array(1000)));
    await peer.gone();
  });
  for (let i = 0; i < 100; i++) await witness.sync();
  await Promise.all(noise);
  await witness.sync();
});

/** What a receiver that answers a message like this is told of it. */
async function faultOfAnswer(
  answer: (message: Frame) => Uint8Array,
): Promise<Fault> {
  await using server = await watchedServer();
  using sender: GreetedPeer = await RawPeer.connect(server.port);
  using receiver = await RawPeer.connect(server.port);
  const value = sendPayload(receiver.id, "hi");
  await sender.write(frameOf({ command: Command.send }, send, value));
  await receiver.write(answer(await receiver.message()));
  await sender.next();
  await receiver.conn.closeWrite();
  const complaint = readFault(await receiver.next());
  await receiver.ended();
  return complaint;
}

function readFault(frame: Frame): Fault {
  const { type, command, status, id } = frame;
  assertEquals({ type, command, status, id }, {
    type: FrameType.indication,
    command: Command.error,
    status: 0,
    id: 0,
  });
  return decodePayload(frame, fault);
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function changed(frame: Uint8Array, at: number, byte: number): Uint8Array {
  const copy = frame.slice();
  copy[at] = byte;
  return copy;
}
