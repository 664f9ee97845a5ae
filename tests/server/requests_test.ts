import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertLessOrEqual,
  assertMatch,
} from "@std/assert";
import {
  Command,
  decodePayload,
  encodedPayload,
  type Frame,
  FrameType,
  listQuery,
  name,
  send,
  Status,
  time,
} from "../../protocol/mod.ts";
import { frameOf, RawPeer, refusalOf, sendPayload } from "./raw_peer.ts";
import { watchedServer } from "./watched_server.ts";

const NOT_UTF8 = Uint8Array.of(0x61, 0xff);

Deno.test("time is answered with this machine's clock, offset and zone", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);

  const beforeMs = Date.now();
  const answer = await peer.ask(Command.time, 7);
  const afterMs = Date.now();

  const { type, command, status, id } = answer;
  assertEquals({ type, command, status, id }, {
    type: FrameType.response,
    command: Command.time,
    status: Status.ok,
    id: 7,
  });
  const { unixMs, offsetMinutes, zone } = decodePayload(answer, time);
  assertGreaterOrEqual(unixMs, beforeMs);
  assertLessOrEqual(unixMs, afterMs);
  assertEquals(offsetMinutes + new Date().getTimezoneOffset(), 0);
  assertEquals(zone, Intl.DateTimeFormat().resolvedOptions().timeZone);
});

Deno.test("name is answered with the name that the server was given", async () => {
  await using server = await watchedServer({ name: "lab ✓" });
  using peer = await RawPeer.connect(server.port);
  assertEquals(decodePayload(await peer.ask(Command.name), name), "lab ✓");
});

Deno.test("1,000 requests in one write get 1,000 answers with their ids", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  const ids = Array.from({ length: 1000 }, (_, i) => 0xffff_ffff - i);
  const commands = [Command.time, Command.name];
  const asked = ids.map((id, i) => ({ command: commands[i % 2]!, id }));

  await peer.write(...asked.map((header) => frameOf(header)));
  const answers = await peer.take(1000);

  const byId = (a: { id: number }, b: { id: number }) => b.id - a.id;
  assertEquals(answers.map(asQuestion).sort(byId), asked);
  assert(answers.every(isYes));
});

Deno.test("requests that come one byte at a time are answered as any others", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  peer.conn.setNoDelay();

  for (let id = 1; id <= 5; id++) {
    for (const byte of frameOf({ command: Command.name, id })) {
      await peer.write(Uint8Array.of(byte));
    }
    const answer = await peer.next();
    assertEquals(asQuestion(answer), { command: Command.name, id });
    assertEquals(decodePayload(answer, name), "lab");
  }
});

Deno.test("an id may be used again, and even twice at once", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);

  await peer.write(
    frameOf({ command: Command.name, id: 0 }),
    frameOf({ command: Command.name, id: 0 }),
  );
  const answers = await peer.take(2);

  const question = { command: Command.name, id: 0 };
  assertEquals(answers.map(asQuestion), [question, question]);
});

Deno.test("a command that cannot be asked for is refused, and the connection goes on", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);

  for (const command of [0, 77, 0xffff, Command.hello, Command.message]) {
    const answer = await peer.ask(command, 5);
    assertEquals(asQuestion(answer), { command, id: 5 });
    const { status, why } = refusalOf(answer);
    assertEquals(status, Status.unknownCommand);
    assertMatch(why, /\w/);
  }
  await peer.sync();
});

Deno.test("a payload that does not fit its command is refused, and the connection goes on", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  const misfits: [number, Uint8Array][] = [
    [Command.time, new Uint8Array(1)],
    [Command.name, new Uint8Array(1)],
    [Command.list, new Uint8Array(0)],
    [Command.list, new Uint8Array(5)],
    [Command.list, new Uint8Array(7)],
    [Command.send, new Uint8Array(0)],
    [Command.send, new Uint8Array(3)],
    [Command.send, Uint8Array.of(0, 0, 0, 9, ...NOT_UTF8)],
  ];

  for (const [i, [command, payload]] of misfits.entries()) {
    const answer = await peer.ask(command, 100 + i, encodedPayload, payload);
    assertEquals(asQuestion(answer), { command, id: 100 + i });
    assertEquals(refusalOf(answer).status, Status.malformed);
  }
  await peer.sync();
});

Deno.test("a text that is not UTF-8 is malformed whoever it is for", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  using other = await RawPeer.connect(server.port);

  for (const to of [peer.id, other.id, 99]) {
    const value = sendPayload(to, NOT_UTF8);
    const answer = await peer.ask(Command.send, 1, send, value);
    assertEquals(refusalOf(answer).status, Status.malformed);
  }
  await other.sync();
});

Deno.test("a request's status is not looked at", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);

  await peer.write(frameOf({ command: Command.name, status: 5 }));

  assertEquals((await peer.next()).status, Status.ok);
});

Deno.test("indications that the server does not know, or has no use for, are ignored", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  const type = FrameType.indication;

  await peer.write(
    frameOf({ type, command: 77 }, encodedPayload, NOT_UTF8),
    frameOf({ type, command: Command.time }),
    frameOf({ type, command: Command.message }, encodedPayload, NOT_UTF8),
  );

  await peer.sync();
});

Deno.test("answers that nobody waits for are ignored", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);

  for (const command of [Command.message, Command.time, 77]) {
    await peer.confirm({ command, id: 1 });
  }

  await peer.sync();
});

Deno.test("a ping is answered with its id", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);

  const type = FrameType.indication;
  await peer.write(frameOf({ type, command: Command.ping, id: 42 }));
  const answer = await peer.next();

  assertEquals(answer.type, FrameType.response);
  assertEquals(asQuestion(answer), { command: Command.ping, id: 42 });
  assertEquals([answer.status, answer.payload.length], [Status.ok, 0]);
});

Deno.test("a ping with id 0 wants no answer, and gets none", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  const type = FrameType.indication;
  await peer.write(frameOf({ type, command: Command.ping, id: 0 }));
  await peer.sync();
});

Deno.test("requests of many clients at once each go back to whoever asked", async () => {
  await using server = await watchedServer();
  const counts = await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      using peer = await RawPeer.connect(server.port);
      const ids = Array.from({ length: 100 }, (_, j) => 1000 * i + j);
      await peer.write(
        ...ids.map((id) => frameOf({ command: Command.time, id })),
      );
      const answers = await peer.take(100);
      assertEquals(answers.map(({ id }) => id), ids);
      return answers.filter(isYes).length;
    }),
  );
  assertEquals(counts, Array(20).fill(100));
});

Deno.test("list and send may be pipelined with the rest, whatever order the answers have", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);

  await peer.write(
    frameOf({ command: Command.list, id: 1 }, listQuery, {
      after: 0,
      limit: 0,
    }),
    frameOf({ command: Command.send, id: 2 }, send, sendPayload(99, "x")),
    frameOf({ command: Command.time, id: 3 }),
    frameOf({ command: 77, id: 4 }),
  );
  const answers = await peer.take(4);

  const statuses = answers.map(({ id, status }) => [id, status]).sort();
  assertEquals(statuses, [
    [1, Status.ok],
    [2, Status.unknownNumber],
    [3, Status.ok],
    [4, Status.unknownCommand],
  ]);
});

function asQuestion({ command, id }: Frame) {
  return { command, id };
}

function isYes({ type, status }: Frame): boolean {
  return type === FrameType.response && status === Status.ok;
}
