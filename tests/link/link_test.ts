import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertInstanceOf,
} from "@std/assert";
import { ExpiryQueue, Link, type LinkEnd } from "../../link/mod.ts";
import {
  Command,
  decodePayload,
  empty,
  type Encoder,
  type Fault,
  fault,
  type Frame,
  FrameType,
  name,
  ProtocolError,
  ProtocolErrorCode,
  refusal,
  Status,
} from "../../protocol/mod.ts";
import { FakeTime } from "./fake_time.ts";
import {
  ask,
  Asked,
  assertEnd,
  assertPrompt,
  connected,
  finish,
  frame,
  joined,
  limits,
  LINGER_MS,
  linked,
  next,
  request,
  unexpected,
} from "./linked.ts";
import { pipe, settled } from "./pipe.ts";

Deno.test("Link hands over requests and indications, and sends the answers", async () => {
  const [link, peer] = linked();
  const frames = peer.frames();
  const run = link.run((frame) => {
    if (frame.command === Command.name) link.respond(frame, name, "server");
    else link.refuse(frame, Status.unknownCommand, "no such command");
  });
  await peer.writeAll(request(7));
  const answer = await next(frames);
  assertEquals(
    [answer.type, answer.command, answer.status, answer.id],
    [FrameType.response, Command.name, Status.ok, 7],
  );
  assertEquals(decodePayload(answer, name), "server");
  await peer.writeAll(frame(FrameType.indication, 77, 8, empty, undefined));
  const no = await next(frames);
  assertEquals(
    [no.type, no.command, no.status, no.id],
    [FrameType.response, 77, Status.unknownCommand, 8],
  );
  assertEquals(decodePayload(no, refusal), "no such command");
  assertEquals(await finish(link, peer, run), { kind: "closed-by-peer" });
});

Deno.test("Link indicates with id 0, which nobody answers", async () => {
  const [link, peer] = linked();
  const run = link.run(unexpected);
  link.indicate(Command.hello, name, "hi");
  const { type, command, status, id } = await next(peer.frames());
  assertEquals([type, command, status, id], [
    FrameType.indication,
    Command.hello,
    Status.ok,
    0,
  ]);
  await finish(link, peer, run);
});

Deno.test("Link answers what came in one read in one write", async () => {
  const [link, peer, own] = linked();
  const run = link.run((frame) => link.respond(frame, name, "server"));
  await peer.writeAll(joined(...[1, 2, 3, 4, 5].map((id) => request(id))));
  const frames = peer.frames();
  for (let id = 1; id <= 5; id++) assertEquals((await next(frames)).id, id);
  assertEquals(own.written.length, 1);
  assertEquals(link.reads, 1);
  await finish(link, peer, run);
});

Deno.test("Link reads frames that come in any pieces", async () => {
  const [link, peer] = linked({}, { maxRead: 3 }, { maxWrite: 5 });
  const ids: number[] = [];
  const run = link.run((frame) => ids.push(frame.id));
  const ping = frame(FrameType.indication, 77, 4, name, "x".repeat(900));
  await peer.writeAll(joined(request(1), request(2), ping, request(3)));
  peer.close();
  assertEquals(await run, { kind: "closed-by-peer" });
  assertEquals(ids, [1, 2, 4, 3]);
  await link.end();
});

Deno.test("Link matches answers that come in another order", async () => {
  using patience = new ExpiryQueue(60_000);
  const [link, peer] = linked();
  const run = link.run(unexpected);
  const asked = [1, 2, 3].map(() => ask(link, patience, Command.name));
  const frames = peer.frames();
  const ids: number[] = [];
  for (const _ of asked) ids.push((await next(frames)).id);
  for (const i of [2, 0, 1]) {
    await peer.writeAll(
      frame(FrameType.response, Command.name, ids[i]!, name, `answer ${i}`),
    );
  }
  for (const [i, question] of asked.entries()) {
    const answer = await question.outcome as Frame;
    assertEquals(decodePayload(answer, name), `answer ${i}`);
    assertEquals(question.calls, 1);
  }
  await finish(link, peer, run);
});

Deno.test("Link hands a refusal to whoever asked", async () => {
  using patience = new ExpiryQueue(60_000);
  const [link, peer] = linked();
  const run = link.run(unexpected);
  const asked = ask(link, patience, Command.send);
  const { id } = await next(peer.frames());
  await peer.writeAll(
    frame(FrameType.response, Command.send, id, refusal, "nobody", 16),
  );
  const answer = await asked.outcome as Frame;
  assertEquals(answer.status, Status.unknownNumber);
  assertEquals(decodePayload(answer, refusal), "nobody");
  await finish(link, peer, run);
});

Deno.test("Link gives up in time, ignores the late answer and goes on", async () => {
  using patience = new ExpiryQueue(10);
  using longPatience = new ExpiryQueue(60_000);
  const [link, peer] = linked();
  const run = link.run(unexpected);
  const frames = peer.frames();
  const asked = ask(link, patience, Command.name);
  const { id } = await next(frames);
  assertEquals(await asked.outcome, "timeout");
  const late = frame(FrameType.response, Command.name, id, name, "late");
  // The late answer is about another command even: nobody knows any more.
  await peer.writeAll(joined(late, late));
  const second = ask(link, longPatience, Command.time);
  const { id: secondId } = await next(frames);
  await peer.writeAll(
    frame(FrameType.response, Command.time, secondId, empty, undefined),
  );
  await second.outcome;
  assertEquals(asked.calls, 1);
  assertEquals(await finish(link, peer, run), { kind: "closed-by-peer" });
});

Deno.test("Link does not tell a question that was withdrawn", async () => {
  using patience = new ExpiryQueue(60_000);
  const [link, peer] = linked();
  const run = link.run(unexpected);
  const asked = new Asked();
  const { request } = FrameType;
  link.withdraw(
    link.ask(request, Command.time, empty, undefined, patience, asked),
  );
  await finish(link, peer, run);
  assertEquals(asked.calls, 0);
});

Deno.test("Link abandons questions but stays open", async () => {
  using patience = new ExpiryQueue(60_000);
  const [link, peer] = linked();
  const run = link.run((frame) => link.respond(frame, empty, undefined));
  const asked = ask(link, patience, Command.name);
  link.abandon();
  assertEquals(await asked.outcome, "closed");
  assert(link.open);
  const frames = peer.frames();
  const { id } = await next(frames);
  await peer.writeAll(
    frame(FrameType.response, Command.name, id, name, "too late"),
  );
  await peer.writeAll(request(9));
  assertEquals((await next(frames)).id, 9);
  assertEquals(asked.calls, 1);
  await finish(link, peer, run);
});

Deno.test("Link answers pings by itself", async () => {
  const [link, peer] = linked();
  const run = link.run(unexpected);
  await peer.writeAll(
    frame(FrameType.indication, Command.ping, 0xffffffff, empty, undefined),
  );
  const { type, command, status, id, payload } = await next(peer.frames());
  assertEquals([type, command, status, id, payload.length], [
    FrameType.response,
    Command.ping,
    Status.ok,
    0xffffffff,
    0,
  ]);
  await finish(link, peer, run);
});

Deno.test("Link gives up its questions when the peer closes", async () => {
  using patience = new ExpiryQueue(60_000);
  const [link, peer] = linked();
  const run = link.run(unexpected);
  const asked = ask(link, patience, Command.name);
  await next(peer.frames());
  peer.close();
  assertEquals(await run, { kind: "closed-by-peer" });
  assertEquals(await asked.outcome, "closed");
  assertEquals(await finish(link, peer, run), { kind: "closed-by-peer" });
  const after = ask(link, patience, Command.name);
  assertEquals(after.calls, 0, "not before ask() has returned");
  assertEquals(await after.outcome, "closed");
});

Deno.test("Link still sends answers after the peer has said its last", async () => {
  const [link, peer, own] = linked();
  const held: Frame[] = [];
  const run = link.run((frame) => held.push({ ...frame }));
  await peer.writeAll(request(7));
  await peer.closeWrite();
  assertEquals(await run, { kind: "closed-by-peer" });
  assertEquals([link.open, own.closes], [true, 0]);
  link.respond(held[0]!, name, "late but true");
  const frames = peer.frames();
  assertEquals((await next(frames)).id, 7);
  await assertPrompt(() => link.end());
  await assertEnd(frames);
  assertEquals(own.closes, 1);
});

/** What the link tells the peer about `bytes`, how it ends, what it read. */
async function faulty(
  bytes: Uint8Array,
  handle: (frame: Frame) => void = unexpected,
): Promise<{ told: Fault; end: LinkEnd }> {
  const [link, peer, own] = linked();
  const run = link.run(handle);
  await peer.writeAll(bytes);
  await peer.closeWrite();
  const frames = peer.frames();
  const indication = await next(frames);
  assertEquals(
    [indication.type, indication.command],
    [FrameType.indication, Command.error],
  );
  await assertEnd(frames);
  const end = await run;
  await assertPrompt(() => link.end());
  assertEquals(own.closes, 1);
  assert(!link.open);
  return { told: decodePayload(indication, fault), end };
}

function assertFault(
  { told, end }: { told: Fault; end: LinkEnd },
  code: ProtocolErrorCode,
  offset: number,
): void {
  assertEquals([told.code, told.offset], [code, offset]);
  assert(end.kind === "fault", `Expected a fault, got ${end.kind}`);
  assertInstanceOf(end.error, ProtocolError);
  assertEquals([end.error.code, end.error.offset], [code, offset]);
  assertEquals(told.text, end.error.message);
}

Deno.test("Link tells the peer of bytes that are not the protocol, and closes", async () => {
  const http = new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n");
  assertFault(await faulty(http), ProtocolErrorCode.badMagic, 0);
});

Deno.test("Link hands over the frames before the fault, and none behind", async () => {
  const ids: number[] = [];
  const bytes = joined(request(1), request(2), Uint8Array.of(0), request(3));
  const outcome = await faulty(bytes, (frame) => ids.push(frame.id));
  assertFault(outcome, ProtocolErrorCode.badMagic, 32);
  assertEquals(ids, [1, 2]);
});

Deno.test("Link tells the peer of a payload over the limit", async () => {
  const bytes = frame(FrameType.request, 5, 1, name, "x".repeat(1_001));
  assertFault(await faulty(bytes), ProtocolErrorCode.payloadTooLarge, 12);
});

Deno.test("Link tells the peer that its bytes ended in mid-frame", async () => {
  const bytes = joined(request(1), request(2).subarray(0, 9));
  const outcome = await faulty(bytes, () => {});
  assertFault(outcome, ProtocolErrorCode.truncated, 25);
});

Deno.test("Link tells the peer of a ping with a payload", async () => {
  const bytes = frame(FrameType.indication, Command.ping, 1, name, "x");
  assertFault(await faulty(bytes), ProtocolErrorCode.badPayload, 16);
});

Deno.test("Link tells the peer of a ProtocolError that the handler throws", async () => {
  const outcome = await faulty(joined(request(1), request(2)), (frame) => {
    const { outOfOrder } = ProtocolErrorCode;
    throw new ProtocolError(outOfOrder, frame.offset, "Expected hello first");
  });
  assertFault(outcome, ProtocolErrorCode.outOfOrder, 0);
});

Deno.test("Link tells the peer of an answer to another command, and gives up", async () => {
  using patience = new ExpiryQueue(60_000);
  const [link, peer] = linked();
  const run = link.run(unexpected);
  const asked = ask(link, patience, Command.name);
  const frames = peer.frames();
  const { id } = await next(frames);
  await peer.writeAll(
    frame(FrameType.response, Command.time, id, empty, undefined),
  );
  const told = decodePayload(await next(frames), fault);
  assertEquals([told.code, told.offset], [ProtocolErrorCode.outOfOrder, 4]);
  assertEquals(await asked.outcome, "closed");
  assertEquals((await finish(link, peer, run)).kind, "fault");
});

Deno.test("Link keeps its writing side in order when it tells of a fault", async () => {
  const [link, peer, own] = linked();
  const run = link.run((frame) => link.respond(frame, name, "fine"));
  const frames = peer.frames();
  await peer.writeAll(joined(request(1), Uint8Array.of(0)));
  assertEquals((await next(frames)).command, Command.name);
  assertEquals((await next(frames)).command, Command.error);
  // The link has closed its writing side only, so that the peer can read this.
  await assertEnd(frames);
  assertEquals([own.writeClosed, own.closes], [true, 0]);
  assertEquals((await finish(link, peer, run)).kind, "fault");
});

Deno.test("Link says that a broken connection was lost", async () => {
  using patience = new ExpiryQueue(60_000);
  const [link, , own] = linked();
  const run = link.run(unexpected);
  const asked = ask(link, patience, Command.name);
  await settled();
  const error = new Deno.errors.ConnectionReset("reset by peer");
  own.break(error);
  assertEquals(await run, { kind: "lost", error });
  assertEquals(await asked.outcome, "closed");
  assertEquals([own.closes, link.open, link.queued], [1, false, 0]);
  link.indicate(Command.goodbye, empty, undefined);
  await link.end();
  assertEquals(own.closes, 1);
});

Deno.test("Link ends: what is queued goes out before the close", async () => {
  const [link, peer, own] = linked({}, { capacity: 100, maxWrite: 64 });
  const run = link.run(unexpected);
  for (let i = 0; i < 10; i++) {
    link.indicate(Command.goodbye, name, "x".repeat(900));
  }
  const ended = link.end();
  assertEquals(link.open, false);
  link.indicate(Command.hello, name, "not sent any more");
  let count = 0;
  for await (const frame of peer.frames()) {
    assertEquals([frame.command, frame.payload.length], [Command.goodbye, 900]);
    count++;
  }
  assertEquals(count, 10);
  assertEquals(own.closes, 0);
  peer.close();
  assertEquals(await run, { kind: "closed-here" });
  await ended;
  assertEquals(own.closes, 1);
});

Deno.test("Link gives up its questions as soon as it ends", async () => {
  using patience = new ExpiryQueue(60_000);
  const [link, peer] = linked();
  const run = link.run(unexpected);
  const asked = ask(link, patience, Command.name);
  link.end();
  assertEquals(asked.calls, 1);
  assertEquals(await asked.outcome, "closed");
  await finish(link, peer, run);
});

Deno.test("Link ends when both sides do so at once", async () => {
  const [near, far] = pipe();
  const links = [near, far].map((transport) => new Link({ transport, limits }));
  const runs = links.map((link) => link.run(unexpected));
  await assertPrompt(() => Promise.all(links.map((link) => link.end())));
  assertEquals(await Promise.all(runs), [
    { kind: "closed-here" },
    { kind: "closed-here" },
  ]);
  assertEquals([near.closes, far.closes], [1, 1]);
});

Deno.test("Link ends once, for all who ask for it", async () => {
  const [link, peer, own] = linked();
  const run = link.run(unexpected);
  const ends = [link.end(), link.end(), link.end({ letPeerClose: true })];
  await finish(link, peer, run);
  await Promise.all(ends);
  await link.end();
  assertEquals(own.closes, 1);
});

Deno.test("Link that lets the peer close keeps its writing side open", async () => {
  const [link, peer, own] = linked();
  const run = link.run(unexpected);
  link.indicate(Command.goodbye, name, "last");
  const ended = link.end({ letPeerClose: true });
  const frames = peer.frames();
  assertEquals((await next(frames)).command, Command.goodbye);
  await settled();
  assertEquals([own.writeClosed, own.closes], [false, 0]);
  peer.close();
  await ended;
  assertEquals(own.closes, 1);
  assertEquals(await run, { kind: "closed-here" });
});

Deno.test("Link says that nothing more comes before it closes, also if the peer was first", async () => {
  for (const peerFirst of [false, true]) {
    const [link, peer, own] = linked();
    const run = link.run(unexpected);
    if (peerFirst) await peer.closeWrite();
    await settled();
    await assertPrompt(async () => {
      const ended = link.end({ letPeerClose: true });
      await settled();
      assertEquals(own.writeClosed, peerFirst);
      if (!peerFirst) await peer.closeWrite();
      await ended;
    });
    assertEquals([own.writeClosed, own.closes], [true, 1]);
    const kind = peerFirst ? "closed-by-peer" : "closed-here";
    assertEquals(await run, { kind });
  }
});

Deno.test("Link closes at once when it is told to, whatever is queued", async () => {
  using patience = new ExpiryQueue(60_000);
  const [link, peer, own] = linked({}, { capacity: 10 });
  const run = link.run(unexpected);
  const asked = ask(link, patience, Command.name);
  await settled();
  assertEquals(link.queued, 6);
  link.close();
  assertEquals([own.closes, link.open, link.queued], [1, false, 0]);
  assertEquals(await asked.outcome, "closed");
  assertEquals(await run, { kind: "closed-here" });
  await link.closed;
  link.close();
  await link.end();
  link.indicate(Command.goodbye, empty, undefined);
  assertEquals([own.closes, link.queued, peer.unread], [1, 0, 10]);
});

Deno.test("Link hands over nothing behind its close, nor what had to wait", async () => {
  for (const pauseAbove of [0, Infinity]) {
    using _ = new FakeTime();
    const [link, peer, own] = linked({ pauseAbove }, { capacity: 10 });
    const ids: number[] = [];
    const run = link.run((frame) => {
      ids.push(frame.id);
      link.respond(frame, name, "x".repeat(60_000));
      if (frame.id === 2 && pauseAbove === Infinity) link.close();
    });
    await peer.writeAll(joined(...[1, 2, 3, 4].map((id) => request(id))));
    await settled();
    link.close();
    assertEquals(await run, { kind: "closed-here" });
    assertEquals([ids, own.closes], [[1, 2], 1]);
  }
});

Deno.test("Link that closes while it ends lets nobody wait", async () => {
  using time = new FakeTime();
  const [link, , own] = linked({}, { capacity: 10 });
  const run = link.run(unexpected);
  link.indicate(Command.goodbye, name, "never taken");
  const ended = link.end();
  link.close();
  await ended;
  assertEquals(await run, { kind: "closed-here" });
  assertEquals([own.closes, time.timers], [1, 0]);
});

Deno.test("Link closes after a second if the peer does not", async () => {
  const [link, , own] = linked();
  const run = link.run(unexpected);
  const start = performance.now();
  await link.end();
  assertGreaterOrEqual(performance.now() - start, LINGER_MS * 0.99);
  assertEquals(own.closes, 1);
  assertEquals(await run, { kind: "closed-here" });
});

Deno.test("Link closes after a second if the peer takes nothing", async () => {
  const [link, , own] = linked({}, { capacity: 10 });
  const run = link.run(unexpected);
  link.indicate(Command.goodbye, name, "never taken");
  await link.end();
  assertEquals([own.closes, link.queued], [1, 0]);
  assertEquals(await run, { kind: "closed-here" });
});

Deno.test("Link hands over nothing that comes behind its end, even in one chunk", async () => {
  const [link, peer] = linked();
  const ids: number[] = [];
  const run = link.run((frame) => {
    ids.push(frame.id);
    if (frame.id === 2) link.end();
  });
  const ping = frame(FrameType.indication, Command.ping, 3, empty, undefined);
  await peer.writeAll(joined(request(1), request(2), ping, request(4)));
  await settled();
  await peer.writeAll(request(5));
  await assertEnd(peer.frames());
  assertEquals(await finish(link, peer, run), { kind: "closed-here" });
  assertEquals(ids, [1, 2]);
});

Deno.test("Link does not mind what comes behind its end", async () => {
  const [link, peer] = linked();
  const run = link.run(() => void link.end());
  await peer.writeAll(joined(request(1), Uint8Array.of(0, 1, 2)));
  await settled();
  await peer.writeAll(Uint8Array.of(3, 4, 5));
  assertEquals(await finish(link, peer, run), { kind: "closed-here" });
});

Deno.test("Link does not ask what cannot be encoded", async () => {
  using patience = new ExpiryQueue(5);
  const [link, peer] = linked();
  const run = link.run(unexpected);
  const broken: Encoder<void> = {
    sizeOf() {
      throw new TypeError("Expected an IP address");
    },
    encode: (_value, _into, offset) => offset,
  };
  const asked = new Asked();
  const { indication } = FrameType;
  let error: unknown;
  try {
    link.ask(indication, Command.message, broken, undefined, patience, asked);
  } catch (thrown) {
    error = thrown;
  }
  assertInstanceOf(error, TypeError);
  assertEquals(await ask(link, patience, Command.name).outcome, "timeout");
  assertEquals(asked.calls, 0, "whoever was thrown at hears nothing more");
  await finish(link, peer, run);
});

Deno.test("Link stops reading while too much waits for the peer, and goes on", async () => {
  using _ = new FakeTime(); // However busy the machine is, the link is not.
  const [link, peer, own] = linked({ pauseAbove: 200 }, { capacity: 50 });
  const seen: number[] = [];
  const run = link.run((frame) => {
    seen.push(frame.id);
    link.respond(frame, name, "x".repeat(84));
  });
  for (let id = 1; id <= 10; id++) {
    await peer.writeAll(request(id));
    await settled();
  }
  // Three answers of 100 bytes, 50 of them taken: 250 are too many.
  assertEquals([seen, link.queued], [[1, 2, 3], 250]);
  assertEquals(peer.peer.unread, 7 * 16);
  const { reads } = own;
  await settled();
  assertEquals(own.reads, reads);

  // As soon as the peer takes 50 bytes only 200 wait: one more read.
  await peer.read(new Uint8Array(50));
  await settled();
  assertEquals(own.reads, reads + 1);
  assertEquals(seen.length, 10, "all that was there came in this read");
  assertEquals(link.queued, 900);
  await peer.writeAll(request(11));
  await settled();
  assertEquals(seen.length, 10);

  own.capacity = Infinity;
  await peer.read(new Uint8Array(50));
  await settled();
  assertEquals([seen.length, link.queued], [11, 0]);
  assertEquals(await finish(link, peer, run), { kind: "closed-by-peer" });
});

Deno.test("Link that waits for its peer to take bytes can be ended", async () => {
  using _ = new FakeTime();
  const [link, peer] = linked({ pauseAbove: 10 }, { capacity: 50 });
  const run = link.run((frame) => link.respond(frame, name, "x".repeat(84)));
  await peer.writeAll(joined(request(1), request(2)));
  await settled();
  assertEquals(link.queued, 150);
  const ended = link.end();
  let count = 0;
  for await (const _ of peer.frames()) count++;
  assertEquals(count, 2);
  assertEquals(await finish(link, peer, run), { kind: "closed-here" });
  await ended;
});

Deno.test("Link counts the reads that brought bytes", async () => {
  const [link, peer] = linked();
  const run = link.run(() => {});
  for (let count = 1; count <= 3; count++) {
    await peer.writeAll(request(count));
    await settled();
    assertEquals(link.reads, count);
  }
  await finish(link, peer, run);
  assertEquals(link.reads, 3);
});

Deno.test("Link asks, answers and ends over a real socket, at both ends", async () => {
  using patience = new ExpiryQueue(10_000);
  const [serverConn, clientConn] = await connected();
  const server = new Link({ transport: serverConn, limits, pauseAbove: 4_096 });
  const client = new Link({ transport: clientConn, limits });
  const serverRun = server.run((frame) => {
    if (frame.command === Command.goodbye) server.end({ letPeerClose: true });
    else server.respond(frame, name, `answer to ${frame.id}`);
  });
  const clientRun = client.run(unexpected);

  const asked = Array.from(
    { length: 1_000 },
    () => ask(client, patience, Command.name),
  );
  const pinged = new Asked();
  const { indication } = FrameType;
  server.ask(indication, Command.ping, empty, undefined, patience, pinged);
  for (const question of asked) {
    const answer = await question.outcome as Frame;
    assertEquals(decodePayload(answer, name), `answer to ${answer.id}`);
  }
  assertEquals((await pinged.outcome as Frame).command, Command.ping);

  client.indicate(Command.goodbye, empty, undefined);
  await client.end();
  assertEquals(await clientRun, { kind: "closed-here" });
  assertEquals(await serverRun, { kind: "closed-here" });
  await server.end();
});

Deno.test("Link tells a fault to the peer over a real socket before it closes", async () => {
  const [transport, peer] = await connected();
  const link = new Link({ transport, limits });
  const run = link.run(unexpected);
  // Much more than the link reads at a time is under way behind the fault.
  const writing = peer.write(new Uint8Array(20_000));
  const buffer = new Uint8Array(1_000);
  const count = await peer.read(buffer);
  await writing;
  const expected = ProtocolErrorCode.badMagic;
  assertEquals(fault.decode(buffer.subarray(16, count!)).code, expected);
  assertEquals(await peer.read(buffer), null);
  peer.close();
  assertEquals((await run).kind, "fault");
  await link.end();
});
