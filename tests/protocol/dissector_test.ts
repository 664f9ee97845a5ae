import { assertEquals, assertMatch } from "@std/assert";
import { Capture } from "../../capture/capture.ts";
import { Client } from "../../client/mod.ts";
import {
  Command,
  encodeFrame,
  type FrameHeader,
  FrameType,
  GoodbyeReason,
  HEADER_SIZE,
  payloadLayout,
  ProtocolErrorCode,
  Status,
} from "../../protocol/mod.ts";
import { serve } from "../../server/mod.ts";
import { Programs } from "../../tools/programs.ts";
import { temporaryFile } from "../capture/temporary_file.ts";
import { TLS } from "../server/pem.ts";
import {
  fieldNames,
  list,
  lookedAt,
  Recording,
  shown,
  STEP_MS,
  tshark,
  values,
  whyNoTshark,
} from "./dissector.ts";
import {
  expectedOf,
  fieldsIn,
  malformedIn,
  shownOf,
} from "./dissector_fields.ts";
import { joined, singly } from "./received.ts";
import { malformed, vectors } from "./vectors.ts";

const why = await whyNoTshark();
if (why !== undefined) console.error(`No dissector can be tried here: ${why}`);

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `dissector: ${name}`, ignore: why !== undefined, fn });
}

const utf8 = new TextEncoder();

/** The certificate of {@linkcode TLS}. */
const CERTIFICATE = new URL("../tls/cert.pem", import.meta.url).pathname;

/** Where a packet's payload begins: behind Ethernet, IPv4 and TCP. */
const PAYLOAD_AT = 14 + 20 + 20;

const readable = vectors.filter(({ only }) => only !== "write");

// Frames, by what the tests say of them.
const { request, response, indication } = FrameType;
const ask = (command: number, id: number, value?: unknown) =>
  frame({ type: request, command, id, status: 0 }, value);
const answer = (command: number, id: number, value?: unknown) =>
  frame({ type: response, command, id, status: 0 }, value);
const refuse = (command: number, id: number, status: number, why: string) =>
  frame({ type: response, command, id, status }, why);
const say = (command: number, id: number, value?: unknown) =>
  frame({ type: indication, command, id, status: 0 }, value);
const time = { unixMs: 1795369445329, offsetMinutes: 480, zone: "Asia/Here" };
const send = (id: number, to: number, text: string) =>
  ask(Command.send, id, { to, text: utf8.encode(text) });
const message = (id: number, from: number, text: string) =>
  say(Command.message, id, {
    ...{ from, address: "192.0.2.1", port: 40_001 },
    text: utf8.encode(text),
  });
const hello = (maxPayload = 67_584) =>
  say(Command.hello, 0, {
    ...{ version: 1, tokenWanted: false, id: 5, maxPayload, maxText: 65_536 },
    ...{ deliveryTimeoutMs: 5000, name: "lab-pc" },
  });

const node = {
  ...{ self: true, missing: false, clients: 1, messagesPerSecond: 0 },
  ...{ sinceMs: time.unixMs, roundTripUs: 0, address: "lab:1", name: "lab" },
  ranges: [{ first: 1, last: 1000 }],
};
const lost = { ...node, self: false, missing: true };

function frame(header: FrameHeader, value: unknown): Uint8Array {
  return encodeFrame(header, payloadLayout(header)!, value);
}

test("shows every field of every vector, and has it in its bytes", async () => {
  const recording = new Recording();
  const numbers = readable.map(({ hex }) =>
    recording.connect().client(Uint8Array.fromHex(hex))
  );
  const packets = await shown(recording);
  for (const [i, vector] of readable.entries()) {
    const { name, hex } = vector;
    const frames = packets.get(numbers[i]!) ?? [];
    assertEquals(frames.map(malformedIn), [undefined], name);
    assertEquals(frames.map(shownOf), [expectedOf(vector)], name);
    let position = PAYLOAD_AT;
    let bytes = "";
    for (const field of fieldsIn(frames[0]!)) {
      if (field.size === 0) continue;
      assertEquals(field.position, position, `${name}: ${field.name}`);
      position += field.size;
      bytes += field.value;
    }
    assertEquals(bytes, hex, name);
  }
});

test("finds the fault of every malformed stream, and where it is", async () => {
  const recording = new Recording();
  const streams = malformed.map((vector) => {
    const connection = recording.connect();
    if (vector.error.number === ProtocolErrorCode.payloadTooLarge) {
      connection.server(hello(vector.maxPayload));
    }
    const data = connection.client(Uint8Array.fromHex(vector.hex));
    return { vector, data, end: connection.clientEnds() };
  });
  const packets = await shown(recording);
  for (const { vector, data, end } of streams) {
    const { name, error, offset, goodFrames } = vector;
    const frames = (packets.get(data) ?? []).map(malformedIn);
    const good = Array(goodFrames).fill(undefined);
    if (error.number === ProtocolErrorCode.truncated) {
      assertEquals(frames, good, name);
      const fault = (packets.get(end) ?? []).map(malformedIn)[0];
      assertEquals(fault?.show, `${error.number}`, name);
    } else {
      assertEquals(frames.slice(0, -1), good, name);
      const fault = frames.at(-1);
      assertEquals(
        { number: fault?.show, position: fault?.position },
        { number: `${error.number}`, position: PAYLOAD_AT + offset },
        name,
      );
    }
  }
});

test("finds the same faults when the bytes come one by one", async () => {
  const recording = new Recording();
  const streams = malformed.map((vector, i) => {
    const connection = recording.connect();
    if (vector.error.number === ProtocolErrorCode.payloadTooLarge) {
      connection.server(hello(vector.maxPayload));
    }
    for (const byte of singly(Uint8Array.fromHex(vector.hex))) {
      connection.client(byte);
    }
    connection.clientEnds();
    return { vector, stream: `${i}` };
  });
  const rows = await values(recording, ["parley.malformed", "tcp.stream"]);
  for (const { vector, stream } of streams) {
    const first = rows.find((row) => row[1] === stream);
    assertEquals(first?.[0], `${vector.error.number}`, vector.name);
  }
});

/** All vectors that can be in one connection, and what is said of each. */
const together = readable.filter(({ value }) =>
  (value as { maxPayload?: number } | null)?.maxPayload !== 0
);
const bytesTogether = joined(
  together.map(({ hex }) => Uint8Array.fromHex(hex)),
);
const expectedTogether = together.map(expectedOf);

test("puts together what comes byte by byte", async () => {
  const recording = new Recording();
  const connection = recording.connect();
  for (const byte of singly(bytesTogether)) connection.client(byte);
  const packets = await shown(recording);
  assertEquals([...packets.values()].flat().map(shownOf), expectedTogether);
});

test("takes apart what comes at once", async () => {
  const recording = new Recording();
  const number = recording.connect().client(bytesTogether);
  const packets = await shown(recording);
  assertEquals([...packets.keys()], [number]);
  assertEquals(packets.get(number)!.map(shownOf), expectedTogether);
});

test("knows which response belongs to which question", async () => {
  const recording = new Recording();
  // The same ids in two connections, and from both sides of each.
  const ends = [
    [{ address: "192.0.2.1", port: 50_000 }],
    [
      { address: "2001:db8::1", port: 50_000 },
      { address: "2001:db8::2", port: 2203 },
    ],
  ] as const;
  const connections = ends.map((of) => recording.connect(...of));
  const asked = connections.map(({ client, server }) => ({
    both: client(joined([ask(Command.time, 1), send(2, 7, "hi")])),
    one: server(message(1, 3, "hello")),
    two: server(message(2, 3, "you")),
    ping: client(say(Command.ping, 3)),
  }));
  const answered = connections.toReversed().map(({ client, server }) => ({
    two: client(answer(Command.message, 2)),
    send: server(answer(Command.send, 2)),
    ping: server(answer(Command.ping, 3)),
    one: client(answer(Command.message, 1)),
    time: server(answer(Command.time, 1, time)),
  })).toReversed();

  const rows = await values(
    recording,
    [
      ...["frame.number", "parley.response_in"],
      ...["parley.response_to", "parley.time"],
    ],
    ...["-Y", "parley"],
  );
  const links = new Map(rows.map(([number, ...cells]) => [number, cells]));
  const question = (number: number, ...answers: number[]) =>
    assertEquals(links.get(`${number}`)?.[0], answers.join(","));
  const response = (number: number, to: number) =>
    assertEquals(links.get(`${number}`)!.slice(1).map(Number), [
      to,
      (number - to) * STEP_MS / 1000,
    ]);
  for (const [i, { both, one, two, ping }] of asked.entries()) {
    const there = answered[i]!;
    question(both, there.time, there.send);
    question(one, there.one);
    question(two, there.two);
    question(ping, there.ping);
    response(there.time, both);
    response(there.send, both);
    response(there.one, one);
    response(there.two, two);
    response(there.ping, ping);
  }
});

test("a response that nothing asked for, or another command", async () => {
  const recording = new Recording();
  const connection = recording.connect();
  const unasked = connection.server(answer(Command.time, 1, time));
  connection.client(ask(Command.time, 1));
  const other = connection.server(answer(Command.name, 1, "lab-pc"));
  const right = connection.server(answer(Command.time, 1, time));
  const again = connection.server(answer(Command.time, 1, time));
  const twice = connection.client(
    joined([ask(Command.time, 2), ask(Command.time, 2)]),
  );
  const both = connection.server(
    joined([answer(Command.time, 2, time), answer(Command.time, 2, time)]),
  );
  // It has no answer here; those before it were none.
  connection.client(ask(Command.time, 1));
  const rows = await values(
    recording,
    [
      "frame.number",
      "parley.response_to",
      "parley.malformed",
      "_ws.expert.message",
    ],
    "-Y",
    "parley && tcp.srcport == 2203",
  );
  const nothing = "Response to nothing in this capture";
  const wrong = "Malformed: out of order: Expected a response to TIME";
  assertEquals(rows, [
    [`${unasked}`, "", "", nothing],
    [`${other}`, "", "8", wrong],
    [`${right}`, "5", "", ""],
    [`${again}`, "", "", nothing],
    // They cannot be told apart.
    [`${both}`, `${twice},${twice}`, "", ""],
  ]);
});

test("remarks on what a person would look for", async () => {
  const recording = new Recording();
  const connection = recording.connect();
  const say2 = (command: number, value: unknown) => say(command, 0, value);
  connection.server(hello());
  connection.client(send(1, 99, "hi"));
  connection.server(refuse(Command.send, 1, Status.unknownNumber, "nobody"));
  connection.server(
    say2(Command.goodbye, { reason: GoodbyeReason.silent, text: "too quiet" }),
  );
  connection.client(
    say2(Command.error, { code: 6, offset: 20, text: "too short" }),
  );
  connection.client(Uint8Array.fromHex("5059010300630000000000000000000100"));
  connection.client(
    say2(Command.goodbye, { reason: GoodbyeReason.leaving, text: "" }),
  );
  const rows = await values(
    recording,
    [
      "_ws.expert.message",
      "_ws.expert.severity",
    ],
    "-Y",
    "parley && _ws.expert",
  );
  const [note, warn] = [0x400000, 0x600000].map(String) as [string, string];
  assertEquals(rows, [
    ['refused: unknown number "nobody"', note],
    ['Goodbye: silent "too quiet"', warn],
    ['The other side sent bad payload at byte 20 "too short"', warn],
    ["Version 1 has no such command for this type", note],
  ]);
});

test("tells in the Info column what goes on", async () => {
  const recording = new Recording();
  const connection = recording.connect();
  const { client, server } = connection;
  server(hello());
  client(joined([ask(Command.time, 1), ask(Command.name, 2)]));
  server(answer(Command.time, 1, time));
  server(answer(Command.name, 2, "lab-pc"));
  server(answer(Command.time, 99, { ...time, offsetMinutes: -210, zone: "" }));
  // A status in a request is ignored.
  client(Uint8Array.fromHex("50590101000300050000000a00000000"));
  server(answer(Command.name, 10, ""));
  client(ask(Command.list, 3, { after: 0, limit: 0 }));
  server(answer(Command.list, 3, { more: false, clients: [] }));
  client(ask(Command.list, 4, { after: 7, limit: 100 }));
  client(send(5, 7, "hello"));
  client(send(6, 99, "hello"));
  server(answer(Command.send, 5));
  server(refuse(Command.send, 6, Status.unknownNumber, "Nobody has 99"));
  server(message(1, 7, "hello"));
  client(answer(Command.message, 1));
  server(say(Command.ping, 0));
  server(say(Command.ping, 2));
  client(answer(Command.ping, 2));
  client(ask(Command.authenticate, 7, utf8.encode("open sesame")));
  server(answer(Command.authenticate, 7));
  client(ask(Command.nodes, 11));
  server(answer(Command.nodes, 11, [node]));
  client(ask(Command.nodes, 12));
  server(answer(Command.nodes, 12, [node, ...Array(2).fill(lost)]));
  client(Uint8Array.fromHex("50590101004d00000000000e0000000600ff50590103"));
  client(say(Command.goodbye, 8, { reason: 1, text: "leaving" }));
  server(answer(Command.goodbye, 8));
  client(say(Command.error, 0, { code: 1, offset: 16, text: "no" }));
  client(Uint8Array.fromHex("5059010100050000000000090000000100"));
  const rows = (await list(recording)).slice(3);
  assertEquals(rows.map(([protocol]) => protocol), rows.map(() => "Parley"));
  assertEquals(rows.map(([, info]) => info), [
    'HELLO number 5 "lab-pc"',
    "TIME? | NAME?",
    'TIME → 2026-11-23 01:44:05.329 +08:00 "Asia/Here", 1.0 ms',
    'NAME → "lab-pc", 2.0 ms',
    'TIME → 2026-11-22 14:14:05.329 -03:30 ""',
    "NAME?",
    'NAME → "", 1.0 ms',
    "LIST?",
    "LIST → 0 clients, 1.0 ms",
    "LIST after 7 at most 100?",
    'SEND to 7 "hello"',
    'SEND to 99 "hello"',
    "SEND to 7 → delivered, 2.0 ms",
    'SEND to 99 → refused: unknown number "Nobody has 99", 2.0 ms',
    'MESSAGE from 7 "hello"',
    "MESSAGE from 7 → taken, 1.0 ms",
    "PING",
    "PING?",
    "PING → here, 1.0 ms",
    "AUTHENTICATE (11 bytes)",
    "AUTHENTICATE → let in, 1.0 ms",
    "NODES?",
    "NODES → 1 node, 1.0 ms",
    "NODES?",
    "NODES → 3 nodes, 2 missing, 1.0 ms",
    "COMMAND 77 unknown (6 bytes)",
    'GOODBYE leaving "leaving"',
    "GOODBYE → goodbye, 1.0 ms",
    'ERROR bad magic at byte 16 "no"',
    "SEND [Malformed: bad payload]",
  ]);
});

test("tells many frames of a packet by their kinds", async () => {
  const recording = new Recording();
  const connection = recording.connect();
  const ids = Array.from({ length: 100 }, (_, i) => i);
  const sends = ids.map((id) => send(id, 7, "hi"));
  const answers = ids.map((id) =>
    id % 10 === 0 ? refuse(Command.send, id, 19, "") : answer(Command.send, id)
  );
  connection.client(joined(sends));
  connection.server(joined([...answers, message(1, 7, "hi")]));
  // The first of these is put together with the packet before, the others not.
  const bytes = joined([...sends, say(Command.ping, 200)]);
  connection.client(bytes.subarray(0, 20));
  connection.client(bytes.subarray(20));
  const infos = (await list(recording, "-Y", "parley")).map(([, info]) => info);
  assertEquals(infos, [
    "SEND request × 100",
    "SEND response refused × 10 | SEND response × 90 | MESSAGE indication",
    'SEND to 7 "hi" | SEND request × 99 | PING indication',
  ]);
});

test("texts are shortened, and obeyed by nobody", async () => {
  const recording = new Recording();
  const { client } = recording.connect();
  client(send(1, 7, 'a\x1b[2J\0\r\n\x7f\x9b\u202e\ufeff" | \\'));
  client(send(2, 7, "x".repeat(61)));
  client(send(3, 7, "a" + "中".repeat(21)));
  const info = async (...args: string[]) =>
    (await list(recording, "-Y", "parley", ...args)).map(([, info]) => info);
  assertEquals(await info(), [
    'SEND to 7 "a␛[2J␀␍␊␡<U+009B><U+202E><U+FEFF>\\" | \\\\"',
    `SEND to 7 "${"x".repeat(60)}…"`,
    `SEND to 7 "a${"中".repeat(19)}…"`,
  ]);
  assertEquals(await info("-o", "parley.texts:FALSE"), [
    "SEND to 7 (22 bytes)",
    "SEND to 7 (61 bytes)",
    "SEND to 7 (64 bytes)",
  ]);
});

test("any port is recognised, and other protocols are left alone", async () => {
  const http = utf8.encode("GET / HTTP/1.1\r\n\r\n");
  const recording = new Recording();
  const at = (port: number) =>
    recording.connect(undefined, { address: "127.0.0.1", port });
  const unknown = Uint8Array.fromHex("50590101004d00000000000100000000");
  const { client } = at(9999);
  client(ask(Command.time, 1));
  client(unknown);
  at(9998).client(http);
  at(9997).client(unknown);
  at(9996).client(Uint8Array.fromHex("50580101000200000000000100000000"));
  at(2203).client(http);
  const rows = async (...args: string[]) =>
    (await values(
      recording,
      ["tcp.dstport", "frame.protocols", "parley.malformed"],
      ...["-Y", "tcp.len > 0 && tcp.dstport < 10000", ...args],
    )).map(([port, stack, code]) => [port, stack!.split(":").at(-1), code]);
  assertEquals(await rows(), [
    ["9999", "parley", ""],
    ["9999", "parley", ""],
    ["9998", "http", ""],
    ["9997", "data", ""],
    ["9996", "data", ""],
    ["2203", "parley", "1"],
  ]);
  assertEquals(await rows("-o", "parley.ports:9997-9998"), [
    ["9999", "parley", ""],
    ["9999", "parley", ""],
    ["9998", "parley", "1"],
    ["9997", "parley", ""],
    ["9996", "data", ""],
    ["2203", "http", ""],
  ]);
});

test("shows the same in any order", async () => {
  const recording = new Recording();
  const { client, server } = recording.connect();
  const answers = [
    refuse(Command.send, 1, Status.ownNumber, "yourself"),
    answer(Command.time, 2, time),
    answer(Command.time, 99, time),
    answer(Command.name, 1, "lab-pc"),
  ];
  server(hello());
  client(joined([send(1, 7, "hi"), ask(Command.time, 2)]));
  client(send(3, 7, "a text in two packets").subarray(0, 20));
  client(send(3, 7, "a text in two packets").subarray(20));
  answers.forEach((bytes) => server(bytes));
  server(joined([message(1, 7, "hi"), answer(Command.send, 3)]));
  client(joined([answer(Command.message, 1), ask(Command.name, 1)]));
  const last = server(joined([answer(Command.name, 1, "lab-pc")]));
  const forth = Array.from({ length: last }, (_, i) => i + 1);
  const seen = await lookedAt(recording, [...forth, ...forth.toReversed()]);
  if (seen === undefined) return console.error('There is no "sharkd" to try');
  assertEquals(seen.length, 2 * last);
  assertEquals(seen.slice(last).toReversed(), seen.slice(0, last));
  assertMatch(seen[4]!, /Response in: 8.*Response in: 9/);
});

test("what a capture lacks is not taken for malformed", async () => {
  const recording = new Recording();
  const { client } = recording.connect();
  const bytes = send(1, 7, "hello");
  const whole = client(bytes);
  const first = client(bytes.subarray(0, 20));
  const second = client(bytes.subarray(20));
  const again = client(bytes);
  const rows = await values(
    recording,
    ["frame.number", "parley.command", "parley.send.text", "_ws.expert"],
    ...["-Y", "parley", "-o", "tcp.desegment_tcp_streams:FALSE"],
  );
  const lacks = "Expert Info (Note/Undecoded): " +
    "The capture does not have all of this frame";
  assertEquals(rows, [
    [`${whole}`, "5", "hello", ""],
    [`${first}`, "5", "", lacks],
    [`${second}`, "", "", lacks],
    [`${again}`, "5", "hello", ""],
  ]);
});

test("a hello's limit counts, and none is above 16 MiB", async () => {
  const recording = new Recording();
  const over = (length: number) => {
    const bytes = ask(Command.name, 1);
    new DataView(bytes.buffer).setUint32(12, length);
    return bytes;
  };
  const ends: [number, number][] = [];
  for (const [limit, allowed] of [[100, 100], [2 ** 32 - 1, 2 ** 24 + 2048]]) {
    for (const length of [allowed!, allowed! + 1]) {
      const connection = recording.connect();
      connection.server(hello(limit!));
      ends.push([connection.client(over(length)), length]);
    }
  }
  const rows = await values(recording, ["parley.malformed", "frame.number"]);
  assertEquals(rows, [["4", `${ends[1]![0]}`], ["4", `${ends[3]![0]}`]]);
});

test("a capture of the real server and clients has nothing wrong", async () => {
  using file = await temporaryFile();
  {
    await using tap = await Capture.open(file.path);
    await using server = await serve({ port: 0, tap });
    await using one = await Client.connect({ port: server.port });
    await using other = await Client.connect({ port: server.port });
    other.receive(() => {});
    await Promise.all([
      ...Array.from({ length: 100 }, () => one.time()),
      one.send(other.id, "x".repeat(60_000)),
      one.list(),
    ]);
  }
  const capture = await Deno.readFile(file.path);
  const faults = "parley.malformed or parley.expert.unasked " +
    "or parley.expert.cut_short or parley.expert.unknown";
  assertEquals(await tshark(capture, "-2", "-Y", faults), "");
  const answers = await values(capture, ["parley.response_to"]);
  const questions = await values(capture, ["parley.response_in"]);
  const count = (rows: string[][]) =>
    rows.flatMap(([c]) => c!.split(",")).length;
  // 100 times, a send, its message, a list, two goodbyes.
  assertEquals([count(answers), count(questions)], [105, 105]);
});

test("looks inside TLS when it is given the keys", async () => {
  using keys = await temporaryFile();
  await using server = await serve({ port: 0, tls: TLS, name: "lab-pc" });
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const passing = passOn(listener, server.port);
  const { code, stderr } = await Programs.fromSources()
    .startedBy("env", `SSLKEYLOGFILE=${keys.path}`)
    .ask(listener.addr.port, "--tls-ca", CERTIFICATE, "name");
  assertEquals({ code, stderr }, { code: 0, stderr: "" });

  // What comes behind the question becomes one packet for each side, so that
  // there are several records of TLS in it.
  const passed = await passing;
  const asked = passed.findIndex(({ from, bytes }) =>
    from === "client" && bytes.length === TLS_HEADER + HEADER_SIZE + TLS_TRAILER
  );
  const recording = new Recording();
  const connection = recording.connect();
  const behind = passed.splice(asked + 1);
  for (const { from, bytes } of passed) connection[from](bytes);
  for (const side of ["client", "server"] as const) {
    const sent = behind.filter(({ from }) => from === side);
    connection[side](joined(sent.map(({ bytes }) => bytes)));
  }

  const only = ["-Y", "parley"];
  assertEquals(await list(recording, ...only), []);
  const rows = await list(
    recording,
    ...["-o", `tls.keylog_file:${keys.path}`, ...only],
  );
  const infos = rows.map(([, info]) =>
    info!.replaceAll(/, [\d.]+ ms|, Alert.*/g, "")
  );
  assertEquals(infos, [
    'HELLO number 1 "lab-pc"',
    "NAME?",
    'GOODBYE leaving "leaving"',
    'NAME → "lab-pc" | GOODBYE → goodbye',
  ]);
});

test("docs/wireshark.md has every field, and filters that work", async () => {
  const path = new URL("../../docs/wireshark.md", import.meta.url);
  const text = await Deno.readTextFile(path);
  const section = (title: string) =>
    text.split("\n## ").find((part) => part.startsWith(`${title}\n`))!;
  const firstCells = (title: string) =>
    [...section(title).matchAll(/^\| `([^`]+)`/gm)].map(([, cell]) => cell!);
  assertEquals(
    firstCells("Fields").toSorted(),
    (await fieldNames()).toSorted(),
  );
  const filters = [
    ...firstCells("Filters that help"),
    ...[...text.matchAll(/^@[^@]+@([^@]+)@/gm)].map(([, filter]) => filter!),
  ];
  assertEquals(filters.length, 18);
  await tshark(
    new Recording(),
    ...["-Y", filters.map((filter) => `(${filter})`).join(" or ")],
  );
});

/** What TLS 1.3 has before the bytes, and behind: their type, and a tag. */
const TLS_HEADER = 5;
const TLS_TRAILER = 1 + 16;

/** What a side sent, and the other read at once. */
interface Passed {
  readonly from: "client" | "server";
  readonly bytes: Uint8Array;
}

/** Passes a connection on to `port` of this machine; returns what passed. */
async function passOn(
  listener: Deno.TcpListener,
  port: number,
): Promise<Passed[]> {
  using client = await listener.accept();
  using server = await Deno.connect({ hostname: "127.0.0.1", port });
  const ends = { client, server };
  const passed: Passed[] = [];
  const pass = async (from: Passed["from"], to: Passed["from"]) => {
    const buffer = new Uint8Array(16_384);
    for (;;) {
      const count = await ends[from].read(buffer);
      if (count === null) break;
      const bytes = buffer.slice(0, count);
      passed.push({ from, bytes });
      for (let at = 0; at < count;) {
        at += await ends[to].write(bytes.subarray(at));
      }
    }
    await ends[to].closeWrite();
  };
  await Promise.all([pass("client", "server"), pass("server", "client")]);
  return passed;
}
