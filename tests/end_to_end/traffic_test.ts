import { assert, assertEquals, assertFalse, assertGreater } from "@std/assert";
import { Client } from "../../client/mod.ts";
import {
  Command,
  decodePayload,
  empty,
  encodeFrame,
  type Encoder,
  fault,
  type Frame,
  FrameType,
  hello,
  listPage,
  listQuery,
  name,
  ProtocolErrorCode,
  send,
  Status,
  time,
} from "../../protocol/mod.ts";
import { RawPeer } from "./raw_peer.ts";
import { bothWays, scenario } from "./scenario.ts";
import { until } from "./until.ts";

/** A request as its bytes. */
function request<T>(
  command: Command,
  id: number,
  encoder: Encoder<T>,
  value: T,
): Uint8Array<ArrayBuffer> {
  const header = { type: FrameType.request, command, status: 0, id };
  return encodeFrame(header, encoder, value);
}

bothWays("100 requests at once get 100 answers", async (programs) => {
  await using server = await programs.startServer();
  await using client = await Client.connect({ port: server.port });
  const before = Date.now();
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => client.time()),
  );
  assertEquals(answers.length, 100);
  assert(answers.every(({ unixMs }) => unixMs >= before));
});

scenario("50 clients at once, 100 requests each", async (programs) => {
  await using server = await programs.startServer("--name", "lab");
  await using stack = new AsyncDisposableStack();
  const clients = await Promise.all(
    Array.from(
      { length: 50 },
      async () => stack.use(await Client.connect({ port: server.port })),
    ),
  );
  assertEquals(new Set(clients.map(({ id }) => id)).size, 50);

  const answers = await Promise.all(
    clients.flatMap((client) =>
      Array.from({ length: 100 }, () => client.name())
    ),
  );
  assertEquals(answers, Array(5000).fill("lab"));
  const listed = await clients[0]!.list();
  assertEquals(
    listed.map(({ id }) => id),
    clients.map(({ id }) => id).toSorted((a, b) => a - b),
  );
});

scenario("several burst programs at the same moment", async (programs) => {
  await using server = await programs.startServer();
  const bursts = await Promise.all(
    Array.from(
      { length: 5 },
      () => programs.askJson(server.port, "burst", "--count", "1000"),
    ),
  );
  for (const { code, values } of bursts) {
    assertEquals({ code, received: values[0]!.received }, {
      code: 0,
      received: 1000,
    });
  }
});

scenario(
  "a client that sends its bytes one at a time gets every answer",
  async (programs) => {
    await using server = await programs.startServer("--name", "lab");
    await using other = await Client.connect({ port: server.port });
    other.receive(({ text }) => assertEquals(text, "hi"));
    using peer = await RawPeer.connect(server.port);
    const greeting = decodePayload((await peer.next())!, hello);

    const text = new TextEncoder().encode("hi");
    const asked = [
      request(Command.time, 7, empty, undefined),
      request(Command.name, 8, empty, undefined),
      request(Command.list, 9, listQuery, { after: 0, limit: 0 }),
      request(Command.send, 10, send, { to: other.id, text }),
      request(Command.send, 11, send, { to: 99, text }),
    ];
    for (const bytes of asked) {
      for (const byte of bytes) await peer.write(Uint8Array.of(byte));
    }

    // Answers may come in another order than what was asked.
    const answers = new Map<number, Frame>();
    for (const _ of asked) {
      const frame = (await peer.next())!;
      assertEquals(frame.type, FrameType.response);
      answers.set(frame.id, frame);
    }
    const answer = (id: number) => answers.get(id)!;
    assertGreater(decodePayload(answer(7), time).unixMs, 0);
    assertEquals(decodePayload(answer(8), name), "lab");
    assertEquals(
      decodePayload(answer(9), listPage).clients.map(({ id }) => id),
      [other.id, greeting.id],
    );
    assertEquals(answer(10).status, Status.ok);
    assertEquals(answer(11).status, Status.unknownNumber);
  },
);

scenario("1,000 requests in one write get 1,000 answers", async (programs) => {
  await using server = await programs.startServer();
  using peer = await RawPeer.connect(server.port);
  const size = 16;
  const bytes = new Uint8Array(1000 * size);
  for (let id = 1; id <= 1000; id++) {
    bytes.set(request(Command.time, id, empty, undefined), (id - 1) * size);
  }
  await peer.write(bytes);
  // It has said its last, and still gets every answer.
  await peer.closeWrite();
  const [greeting, ...answers] = await peer.rest();
  assertEquals(greeting!.command, Command.hello);
  assertEquals(
    answers.map(({ id }) => id).toSorted((a, b) => a - b),
    Array.from({ length: 1000 }, (_, i) => i + 1),
  );
  assert(
    answers.every(({ command, status }) =>
      command === Command.time && status === Status.ok
    ),
  );
});

scenario(
  "garbage gets an error indication and a close, and nobody else notices",
  async (programs) => {
    await using server = await programs.startServer();
    await using witness = await Client.connect({ port: server.port });
    const header = (hex: string) => Uint8Array.fromHex(hex);
    const good = request(Command.time, 1, empty, undefined);
    const text = new TextEncoder();
    const garbage: [keyof typeof ProtocolErrorCode, number, Uint8Array][] = [
      ["badMagic", 0, text.encode("GET / HTTP/1.1\r\nHost: lab\r\n\r\n")],
      ["badMagic", 1, text.encode("Parley?")],
      ["badMagic", 16, Uint8Array.of(...good, ...good.subarray(3))],
      ["badVersion", 2, header("50590201000200000000000700000000")],
      ["badType", 3, header("50590104000200000000000700000000")],
      ["payloadTooLarge", 12, header("505901010005000000000007ffffffff")],
      ["truncated", 9, good.subarray(0, 9)],
      ["truncated", 20, header("50590101000500000000000700000008000000ff")],
      ["badPayload", 16, header("5059010300080000000000010000000100")],
      ["badText", 18, header("505901030008000000000001000000030001ff")],
    ];
    for (const [code, offset, bytes] of garbage) {
      using peer = await RawPeer.connect(server.port);
      await peer.write(bytes);
      if (code === "truncated") await peer.closeWrite();
      const told = await peer.rest();
      const last = told.at(-1)!;
      assertEquals(
        [last.type, last.command],
        [FrameType.indication, Command.error],
      );
      const said = decodePayload(last, fault);
      assertEquals(said.code, ProtocolErrorCode[code]);
      assertEquals(Math.floor(said.offset), said.offset);
      assert(
        Math.abs(said.offset - offset) <= 2,
        `${code}: expected the fault at about ${offset}, got ${said.offset}`,
      );
      assertFalse(said.text === "");
      await server.stderr.find(/left \(fault: .+\n/);
    }
    assertEquals((await witness.list()).map(({ id }) => id), [witness.id]);
  },
);

scenario("odd peers do not disturb the others", async (programs) => {
  await using server = await programs.startServer();
  await using witness = await Client.connect({ port: server.port });

  // Comes and goes, a hundred times.
  await Promise.all(Array.from({ length: 100 }, async () => {
    using _conn = await Deno.connect({ port: server.port });
  }));
  // Answers what nobody asked, says what nobody knows, asks for what there
  // is not, and asks in a way that does not fit.
  using odd = await RawPeer.connect(server.port);
  assertEquals((await odd.next())!.command, Command.hello);
  await odd.write(Uint8Array.fromHex(
    "50590102000600000000000700000000" + // a confirmation of no message
      "505901030fff00000000000000000000" + // an unknown indication
      "505901010fff00000000000800000000" + // an unknown request
      "5059010100020000000000090000000100" + // time, with a payload
      "50590103000700000000000a00000000", // a ping
  ));
  assertEquals((await odd.next())!.status, Status.unknownCommand);
  assertEquals((await odd.next())!.status, Status.malformed);
  const pong = (await odd.next())!;
  assertEquals([pong.type, pong.command, pong.id], [
    FrameType.response,
    Command.ping,
    10,
  ]);

  // Asks for far more than it ever reads.
  using deaf = await RawPeer.connect(server.port);
  const flood = new Uint8Array(16 * 50_000);
  for (let at = 0; at < flood.length; at += 16) {
    flood.set(request(Command.name, at, empty, undefined), at);
  }
  const flooding = deaf.write(flood).catch(() => {});

  for (let i = 0; i < 10; i++) await witness.ping();
  await witness.name();
  deaf[Symbol.dispose]();
  await flooding;

  // All but the one that is odd and the witness have left.
  await until("two clients", async () => (await witness.list()).length === 2);
});
