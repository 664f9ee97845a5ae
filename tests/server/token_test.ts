import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  Command,
  commandName,
  decodePayload,
  encodedPayload,
  fault,
  type Frame,
  FrameType,
  goodbye,
  GoodbyeReason,
  listPage,
  listQuery,
  ProtocolErrorCode,
  Status,
} from "../../protocol/mod.ts";
import { serve } from "../../server/mod.ts";
import { FakeTime } from "../link/fake_time.ts";
import { settled } from "../link/pipe.ts";
import { MemoryServer } from "./memory_server.ts";
import {
  frameOf,
  goodbyeOf,
  RawPeer,
  refusalOf,
  sendFrame,
  tokenFrame,
} from "./raw_peer.ts";
import { watchedServer } from "./watched_server.ts";

const token = "open sesame";
const WRONG = "open sesam";
const { response, indication } = FrameType;
const LIST_ALL = { after: 0, limit: 0 };

Deno.test("hello says whether a token is wanted", async () => {
  await using open = await watchedServer();
  await using closed = await watchedServer({ token });
  using guest = await RawPeer.connect(open.port);
  using stranger = await RawPeer.connect(closed.port);
  assertEquals(guest.hello.tokenWanted, false);
  assertEquals(stranger.hello.tokenWanted, true);
});

const early: [string, Uint8Array][] = [
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 77, 0xffff].map(
    (command): [string, Uint8Array] => [
      `a request for ${commandName(command)}`,
      frameOf({ command, id: 7 }),
    ],
  ),
  ["a list request", frameOf({ command: 4, id: 7 }, listQuery, LIST_ALL)],
  ["a send to somebody", sendFrame(1, 7)],
  ["a ping", frameOf({ type: indication, command: Command.ping, id: 7 })],
  ["a ping with id 0", frameOf({ type: indication, command: 7, id: 0 })],
  ...[0, 1, 2, 6, 10, 77, 0xffff].map(
    (command): [string, Uint8Array] => [
      `an indication of ${commandName(command)}`,
      frameOf({ type: indication, command, id: 7 }),
    ],
  ),
];

for (const [what, bytes] of early) {
  Deno.test(`${what} before the token is answered with a goodbye and nothing else`, async () => {
    await using server = await watchedServer({ token });
    using witness = await RawPeer.letIn(server.port, token);
    using stranger = await RawPeer.connect(server.port);

    // What comes behind it is not looked at: not even the right token.
    await stranger.write(bytes, tokenFrame(token), bytes);

    const { reason, text } = goodbyeOf(await stranger.next());
    assertEquals(reason, GoodbyeReason.noToken);
    assertStringIncludes(text, "token");
    await stranger.ended();
    stranger.close();
    const { how } = await server.events.nth("not-let-in", 1);
    assertEquals(how, "no-token");
    assertEquals(server.events.of("connected").length, 1);
    await witness.sync();
  });
}

Deno.test("answers before the token are ignored", async () => {
  await using server = await watchedServer({ token });
  using stranger = await RawPeer.connect(server.port);
  const answers = [1, 2, 6, 7, 10, 77].map((command) =>
    frameOf({ type: response, command })
  );
  await stranger.write(...answers, tokenFrame(token));
  assertEquals((await stranger.next()).status, Status.ok);
});

Deno.test("a goodbye before the token is answered, and a complaint is taken", async () => {
  await using server = await watchedServer({ token });
  using polite = await RawPeer.connect(server.port);
  const value = { reason: GoodbyeReason.leaving, text: "wrong door" };
  const header = { type: indication, command: Command.goodbye, id: 9 };
  await polite.write(frameOf(header, goodbye, value));
  const { type, command, id, status } = await polite.next();
  assertEquals([type, command, id, status], [response, Command.goodbye, 9, 0]);
  await polite.conn.closeWrite();
  await polite.ended();

  using critical = await RawPeer.connect(server.port);
  await critical.write(
    frameOf({ type: indication, command: Command.error }, fault, {
      code: 1,
      offset: 0,
      text: "who are you?",
    }),
  );
  await critical.conn.closeWrite();
  await critical.ended();

  const first = await server.events.nth("not-let-in", 1);
  const second = await server.events.nth("not-let-in", 2);
  assertEquals([first.how, first.why], ["goodbye", "wrong door"]);
  assertEquals(second.how, "fault");
  assertStringIncludes(second.why, "who are you?");
  assertEquals(server.events.of("left"), []);
});

Deno.test("the right token lets in, and what is asked right behind it is answered behind it", async () => {
  await using server = await watchedServer({ token });
  using stranger = await RawPeer.connect(server.port);
  const long = "x".repeat(60_000);

  await stranger.write(
    tokenFrame(token, 1),
    frameOf({ command: Command.name, id: 2 }),
    frameOf({ type: indication, command: Command.ping, id: 3 }),
    frameOf({ command: Command.list, id: 4 }, listQuery, LIST_ALL),
    // Larger than a stranger's payload may be.
    sendFrame(99, 5, long),
    frameOf({ command: 77, id: 6 }),
  );
  const answers = await stranger.take(6);

  assertEquals(
    answers.map(({ type, command, id, status }) => [type, command, id, status]),
    [
      [response, Command.authenticate, 1, Status.ok],
      [response, Command.name, 2, Status.ok],
      [response, Command.ping, 3, Status.ok],
      [response, Command.list, 4, Status.ok],
      [response, Command.send, 5, Status.unknownNumber],
      [response, 77, 6, Status.unknownCommand],
    ],
  );
  assertEquals(answers[0]!.payload.length, 0);
  assertEquals(idsOf(answers[3]!), [stranger.id]);
});

Deno.test("the token and what follows may come one byte at a time", async () => {
  await using server = await watchedServer({ token });
  using stranger = await RawPeer.connect(server.port);
  stranger.conn.setNoDelay();
  const frames = [tokenFrame(token), frameOf({ command: Command.name })];
  for (const byte of frames.flatMap((frame) => [...frame])) {
    await stranger.write(Uint8Array.of(byte));
  }
  const [first, second] = await stranger.take(2);
  assertEquals([first!.command, first!.status], [Command.authenticate, 0]);
  assertEquals([second!.command, second!.status], [Command.name, 0]);
});

Deno.test("after a wrong token another one may be tried on the same connection", async () => {
  await using server = await watchedServer({ token });
  using stranger = await RawPeer.connect(server.port);

  await stranger.write(tokenFrame(WRONG, 5));
  const refused = await stranger.next();
  assertEquals([refused.command, refused.id], [Command.authenticate, 5]);
  const { status, why } = refusalOf(refused);
  assertEquals(status, Status.wrongToken);
  assertFalse(why.includes(WRONG));
  assertEquals(server.events.of("connected"), []);

  await stranger.write(tokenFrame(token, 6));
  const taken = await stranger.next();
  assertEquals([taken.id, taken.status], [6, Status.ok]);
  await stranger.sync();
});

Deno.test("a wrong token lets in nothing of what comes behind it", async () => {
  await using server = await watchedServer({ token });
  using stranger = await RawPeer.connect(server.port);
  await stranger.write(tokenFrame(WRONG), frameOf({ command: Command.name }));
  assertEquals((await stranger.next()).status, Status.wrongToken);
  assertEquals(goodbyeOf(await stranger.next()).reason, GoodbyeReason.noToken);
  await stranger.ended();
});

Deno.test("only the token itself is right: no part of it, nothing longer, nothing alike", async () => {
  await using server = await watchedServer({ token });
  using keeper = await RawPeer.letIn(server.port, token);
  using stranger = await RawPeer.connect(server.port);
  const wrongs: (string | Uint8Array)[] = [
    "",
    "o",
    "open sesam",
    "open sesame\n",
    "open sesame\u0000",
    "Open sesame",
    "pen sesame",
    new Uint8Array(1),
    new Uint8Array(1024),
    new Uint8Array(1025),
    // The largest payload of a client that is not let in.
    new Uint8Array(2048),
  ];
  for (const wrong of wrongs) {
    await stranger.write(tokenFrame(wrong));
    assertEquals((await stranger.next()).status, Status.wrongToken);
    await forget(keeper);
  }
  await stranger.write(tokenFrame(token));
  assertEquals((await stranger.next()).status, Status.ok);
});

Deno.test("a payload beyond 2,048 bytes before the token is too large, and one byte of it is not waited for", async () => {
  await using server = await watchedServer({ token });
  using stranger = await RawPeer.connect(server.port);
  const header = { command: Command.authenticate };
  const frame = frameOf(header, encodedPayload, new Uint8Array(2049));

  await stranger.write(frame.subarray(0, 16));

  const complaint = await stranger.next();
  assertEquals(complaint.command, Command.error);
  const { code, offset } = decodePayload(complaint, fault);
  assertEquals([code, offset], [ProtocolErrorCode.payloadTooLarge, 12]);
  await stranger.conn.closeWrite();
  await stranger.ended();
  assertEquals((await server.events.nth("not-let-in", 1)).how, "fault");
});

Deno.test("garbage before the token is told so", async () => {
  await using server = await watchedServer({ token });
  using stranger = await RawPeer.connect(server.port);
  await stranger.write(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"));
  const complaint = await stranger.next();
  assertEquals(
    decodePayload(complaint, fault).code,
    ProtocolErrorCode.badMagic,
  );
  stranger.close();
  assertEquals((await server.events.nth("not-let-in", 1)).how, "fault");
  assertEquals(server.events.of("left"), []);
});

const late: [string, Uint8Array, number[]][] = [
  ["says nothing", new Uint8Array(0), []],
  ["sends half a frame", tokenFrame(token).subarray(0, 20), []],
  ["sends one byte", tokenFrame(token).subarray(0, 1), []],
  ["sends a wrong token", tokenFrame(WRONG), [Status.wrongToken]],
];

for (const [what, bytes, statuses] of late) {
  Deno.test(`a client that ${what} is sent away when its time is over, and not before`, async () => {
    using time = new FakeTime();
    await using server = new MemoryServer({ token, loginTimeoutMs: 20 });
    const stranger = await server.connect();
    const inTime = await server.connect();
    await stranger.write(bytes);
    await inTime.write(tokenFrame(token));
    await time.live(19);
    assertEquals(server.events.of("not-let-in"), []);
    await time.live(2);

    const frames = await stranger.rest();
    const last = goodbyeOf(frames.pop()!);
    assertEquals(last.reason, GoodbyeReason.noToken);
    assertEquals(frames.map(({ status }) => status), statuses);
    const { how } = await server.events.nth("not-let-in", 1);
    assertEquals(how, "no-token");

    // Who was let in stays, for however long.
    await time.live(50);
    assertEquals((await inTime.next()).status, Status.ok);
    assert(server.roster.find(inTime.id)!.link.open);
  });
}

Deno.test("a client that closes without the token is not let in, and not sent away later", async () => {
  using time = new FakeTime();
  await using server = new MemoryServer({ token, loginTimeoutMs: 20 });
  const stranger = await server.connect();
  stranger.far.close();
  await time.live(30);
  const events = server.events.of("not-let-in");
  assertEquals(events.map(({ how }) => how), ["closed"]);
});

Deno.test("a stranger that is not heard of is silent, as others are", async () => {
  using time = new FakeTime();
  const times = { pingIntervalMs: 10, pingTimeoutMs: 10 };
  await using server = new MemoryServer({ token, ...times });
  const stranger = await server.connect();
  await time.live(30);
  assertEquals((await stranger.next()).command, Command.ping);
  assertEquals(goodbyeOf(await stranger.next()).reason, GoodbyeReason.silent);
  assertEquals((await server.events.nth("not-let-in", 1)).how, "silent");
});

Deno.test("a stranger is in no list, no event, and out of reach; once let in it is there", async () => {
  await using server = await watchedServer({ token });
  using first = await RawPeer.letIn(server.port, token);
  using stranger = await RawPeer.connect(server.port);
  using second = await RawPeer.letIn(server.port, token);
  const listed = async () =>
    idsOf(await first.ask(Command.list, 1, listQuery, LIST_ALL));
  const sent = async () => {
    await first.write(sendFrame(stranger.id));
    return (await first.next()).status;
  };

  assertEquals([first.id, stranger.id, second.id], [1, 2, 3]);
  assertEquals(await listed(), [1, 3]);
  assertEquals(await sent(), Status.unknownNumber);
  const connected = () =>
    server.events.of("connected").map(({ id, clients }) => [id, clients]);
  assertEquals(connected(), [[1, 1], [3, 2]]);

  await stranger.write(tokenFrame(token));
  assertEquals((await stranger.next()).status, Status.ok);

  assertEquals(connected(), [[1, 1], [3, 2], [2, 3]]);
  // By ascending number, whoever was let in first.
  assertEquals(await listed(), [1, 2, 3]);
  await first.write(sendFrame(stranger.id));
  await stranger.confirm(await stranger.message());
  assertEquals((await first.next()).status, Status.ok);
});

Deno.test("strangers that come and go leave no trace but a line each", async () => {
  await using server = await watchedServer({ token });
  for (let i = 0; i < 10; i++) {
    using stranger = await RawPeer.connect(server.port);
    stranger.close();
  }
  await server.events.nth("not-let-in", 10);
  using guest = await RawPeer.letIn(server.port, token);
  assertEquals(guest.id, 11);
  const names = server.events.all.map(({ event }) => event);
  assertEquals(names, [
    "listening",
    ...Array(10).fill("not-let-in"),
    "connected",
  ]);
});

Deno.test("after three wrong tokens an address is locked out: the connection goes, and no other comes in", async () => {
  await using server = await watchedServer({ token });
  const { port } = server;
  using keeper = await RawPeer.letIn(port, token);
  using other = await RawPeer.connect(port);
  using guesser = await RawPeer.connect(port);
  const wrongs = [1, 2, 3, 4].map((id) => tokenFrame(WRONG, id));

  await guesser.write(...wrongs, tokenFrame(token, 5));
  const answers = await guesser.take(3);
  assertEquals(answers.map(({ id, status }) => [id, status]), [
    [1, Status.wrongToken],
    [2, Status.wrongToken],
    [3, Status.wrongToken],
  ]);
  assertLockedOut(await guesser.next());
  await guesser.ended();

  using late = await RawPeer.connectOnly(port);
  assertLockedOut(await late.next());
  await late.ended();

  // Who was there before and had no token yet is told when it gives one.
  await other.write(tokenFrame(token));
  assertLockedOut(await other.next());
  await other.ended();

  await keeper.sync();
  const events = server.events.of("not-let-in");
  assertEquals(events.map(({ how }) => how), Array(3).fill("locked-out"));
  assertEquals(server.events.of("left"), []);
});

Deno.test("wrong tokens count wherever they come from one address", async () => {
  await using server = await watchedServer({ token });
  for (let i = 0; i < 3; i++) {
    using guesser = await RawPeer.connect(server.port);
    await guesser.write(tokenFrame(WRONG));
    assertEquals((await guesser.next()).status, Status.wrongToken);
  }
  using late = await RawPeer.connectOnly(server.port);
  assertLockedOut(await late.next());
});

Deno.test("the right token makes the wrong ones from its address forgotten", async () => {
  await using server = await watchedServer({ token });
  using keeper = await RawPeer.letIn(server.port, token);
  using guesser = await RawPeer.connect(server.port);
  const guess = async () => {
    await guesser.write(tokenFrame(WRONG), tokenFrame(WRONG));
    for (const { status } of await guesser.take(2)) {
      assertEquals(status, Status.wrongToken);
    }
  };
  await guess();
  await forget(keeper);
  await guess();
  using second = await RawPeer.letIn(server.port, token);
  await guess();
  await guesser.write(tokenFrame(token));
  assertEquals((await guesser.next()).status, Status.ok);
  await guess();
  await second.sync();
});

Deno.test("whoever is let in may give the token again, right or wrong, and stays", async () => {
  await using server = await watchedServer({ token });
  using guest = await RawPeer.letIn(server.port, token);
  await guest.write(
    tokenFrame(WRONG, 1),
    tokenFrame(WRONG, 2),
    tokenFrame(token, 3),
    tokenFrame(WRONG, 4),
    frameOf({ command: Command.name, id: 5 }),
  );
  const statuses = (await guest.take(5)).map(({ status }) => status);
  assertEquals(statuses, [8, 8, 0, 8, 0]);
  assertEquals(server.events.of("connected").length, 1);
});

Deno.test("whoever is let in and gives three wrong tokens has to leave", async () => {
  await using server = await watchedServer({ token });
  using guest = await RawPeer.letIn(server.port, token);
  const wrongs = [1, 2, 3].map((id) => tokenFrame(WRONG, id));
  await guest.write(...wrongs, frameOf({ command: Command.name }));
  const statuses = (await guest.take(3)).map(({ status }) => status);
  assertEquals(statuses, [8, 8, 8]);
  assertLockedOut(await guest.next());
  await guest.ended();
  const { how, clients } = await server.events.nth("left", 1);
  assertEquals([how, clients], ["locked-out", 0]);
  assertEquals(server.events.of("not-let-in"), []);
});

Deno.test("a lockout lasts from the last wrong token on, and then ends", async () => {
  using time = new FakeTime();
  await using server = new MemoryServer({ token, lockoutMs: 100 });
  const guess = async (address?: string) => {
    const guesser = await server.connect({ ...(address && { address }) });
    await guesser.write(tokenFrame(WRONG));
    assertEquals((await guesser.next()).status, Status.wrongToken);
    guesser.far.close();
  };
  const lockedOut = async () => {
    const { command } = await server.connectOnly().next();
    return command === Command.goodbye;
  };

  await guess();
  time.pass(60);
  await guess();
  time.pass(60);
  await guess();
  assert(await lockedOut());
  time.pass(60);
  assert(await lockedOut());
  await guess("192.0.2.1");
  time.pass(39);
  assert(await lockedOut());
  time.pass(2);
  assertFalse(await lockedOut());

  // They are forgotten altogether: two more are not too many.
  await guess();
  await guess();
  assertFalse(await lockedOut());
  await guess();
  assert(await lockedOut());
  assertEquals(server.events.of("trouble"), []);
});

Deno.test("wrong tokens that came long ago do not count", async () => {
  using time = new FakeTime();
  await using server = new MemoryServer({ token, lockoutMs: 100 });
  const guesser = await server.connect();
  for (let i = 0; i < 5; i++) {
    await guesser.write(tokenFrame(WRONG), tokenFrame(WRONG));
    assertEquals((await guesser.next()).status, Status.wrongToken);
    assertEquals((await guesser.next()).status, Status.wrongToken);
    time.pass(101);
  }
});

Deno.test("a lockout is for the address, or the network of an IPv6 address, that the tokens came from", async () => {
  const cases: [string, string[], string[]][] = [
    ["192.0.2.1", ["192.0.2.1", "::ffff:192.0.2.1"], ["192.0.2.2"]],
    [
      "2001:db8:0:1::1",
      ["2001:db8:0:1::1", "2001:db8:0:1:ffff::9"],
      ["2001:db8:0:2::1", "2001:db8::1", "192.0.2.1"],
    ],
  ];
  for (const [from, locked, free] of cases) {
    await using server = new MemoryServer({ token });
    const guesser = await server.connect({ address: from });
    await guesser.write(...Array(3).fill(tokenFrame(WRONG)));
    assertEquals((await guesser.rest()).length, 4);
    for (const address of locked) {
      assertLockedOut(await server.connectOnly({ address }).next());
    }
    for (const address of free) {
      const peer = server.connectOnly({ address });
      assertEquals((await peer.next()).command, Command.hello);
    }
  }
});

Deno.test("a token may be text, which is UTF-8, or bytes of any value, 1 to 1,024 of them", async () => {
  const anything = Uint8Array.from({ length: 1024 }, (_, i) => i % 256);
  const tokens: [string | Uint8Array, Uint8Array][] = [
    ["芝麻开门", new TextEncoder().encode("芝麻开门")],
    ["x", Uint8Array.of(0x78)],
    ["é".repeat(512), new TextEncoder().encode("é".repeat(512))],
    [anything, anything],
    [Uint8Array.of(0), Uint8Array.of(0)],
  ];
  for (const [given, bytes] of tokens) {
    await using server = await watchedServer({ token: given });
    using peer = await RawPeer.connect(server.port);
    await peer.write(tokenFrame(bytes.subarray(1)), tokenFrame(bytes));
    const [wrong, right] = await peer.take(2);
    assertEquals([wrong!.status, right!.status], [Status.wrongToken, 0]);
  }
});

Deno.test("the token is what it was when the server was started", async () => {
  const bytes = Uint8Array.of(1, 2, 3);
  await using server = await watchedServer({ token: bytes });
  bytes.fill(0);
  using peer = await RawPeer.connect(server.port);
  await peer.write(tokenFrame(Uint8Array.of(1, 2, 3)));
  assertEquals((await peer.next()).status, Status.ok);
});

Deno.test("no token, or one of more than 1,024 bytes, is none", async () => {
  const tokens: [string | Uint8Array, string][] = [
    ["", "0"],
    [new Uint8Array(0), "0"],
    [new Uint8Array(1025), "1025"],
    ["é".repeat(513), "1026"],
  ];
  for (const [token, size] of tokens) {
    await assertRejects(() => serve({ port: 0, token }), RangeError, size);
  }
});

Deno.test("a server that wants no token takes any", async () => {
  await using server = await watchedServer();
  using peer = await RawPeer.connect(server.port);
  const any = ["", token, WRONG, new Uint8Array(2048), new Uint8Array(60_000)];
  await peer.write(...any.map((token, id) => tokenFrame(token, id)));
  const answers = await peer.take(any.length);
  for (const [i, { type, command, id, status, payload }] of answers.entries()) {
    assertEquals(
      [type, command, id, status, payload.length],
      [response, Command.authenticate, i, Status.ok, 0],
    );
  }
  await peer.sync();
  assertEquals(server.events.of("connected").length, 1);
});

Deno.test("no token is in any event, right or wrong", async () => {
  await using server = await watchedServer({ token, trace: true });
  using peer = await RawPeer.connect(server.port);
  await peer.write(tokenFrame(WRONG), tokenFrame(token));
  await peer.take(2);
  const answered = server.events.of("answered");
  assertEquals(
    answered.map(({ command, status }) => [command, status]),
    [["authenticate", "wrong-token"], ["authenticate", "ok"]],
  );
  assertEquals(
    server.events.all.map(({ event }) => event),
    ["listening", "answered", "connected", "answered"],
  );
  assertFalse(JSON.stringify(server.events.all).includes(WRONG));
});

Deno.test("half a token lets nobody in, the other half does", async () => {
  await using server = new MemoryServer({ token });
  const stranger = await server.connect();
  await stranger.write(tokenFrame(token).subarray(0, 20));
  await settled();
  assertEquals(server.roster.size, 0);
  await stranger.write(tokenFrame(token).subarray(20));
  assertEquals((await stranger.next()).status, Status.ok);
  assertEquals(server.roster.size, 1);
});

function assertLockedOut(frame: Frame): void {
  const { reason, text } = goodbyeOf(frame);
  assertEquals(reason, GoodbyeReason.lockedOut);
  assertStringIncludes(text, "30 s");
}

/** Has the server forget the wrong tokens that came from this machine. */
async function forget(keeper: RawPeer): Promise<void> {
  await keeper.write(tokenFrame(token));
  assertEquals((await keeper.next()).status, Status.ok);
}

function idsOf(answer: Frame): number[] {
  assertEquals([answer.type, answer.status], [response, Status.ok]);
  return decodePayload(answer, listPage).clients.map(({ id }) => id);
}
