/**
 * What a link makes of many questions that come at once: their answers could
 * fill the memory, and keep all others waiting.
 *
 * @module
 */

import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import fc from "../fast_check.ts";
import { Link, type LinkEnd, type Transport } from "../../link/mod.ts";
import {
  Command,
  empty,
  type Encoder,
  type Frame,
  FrameDecoder,
  FrameType,
  HEADER_SIZE,
} from "../../protocol/mod.ts";
import { FakeTime } from "./fake_time.ts";
import { connected, finish, frame, joined, linked, request } from "./linked.ts";
import { type PipeEnd, settled } from "./pipe.ts";

/** So many bytes of answers a link makes before some of them are taken. */
const ANSWERS_AT_ONCE = 64 * 1024;
/** So many bytes it takes and answers before others have their turn. */
const SERVICE_A_TURN = 4 * 1024 * 1024;
/** A frame counts as so many bytes more. */
const FRAME_COST = 256;
/** A byte of an answer counts as so many of a question. */
const ANSWER_COST = 4;
/** The payload of a large answer. */
const LARGE = new Uint8Array(60_000).fill(0x78);
const LARGE_SIZE = HEADER_SIZE + LARGE.length;
/** What it counts for to be asked for it and to send it. */
const LARGE_SERVICE = FRAME_COST + HEADER_SIZE + ANSWER_COST * LARGE_SIZE;

const limits = { maxPayload: LARGE.length };

/** Sends bytes as they are. */
const bytes: Encoder<Uint8Array> = {
  sizeOf: (value) => value.length,
  encode(value, into, offset) {
    into.set(value, offset);
    return offset + value.length;
  },
};

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

/** So many requests in a row, with the ids from 1 on. */
function requests(count: number): Uint8Array {
  return joined(...range(count).map((id) => request(id)));
}

function response(id: number, payload: Uint8Array): Uint8Array {
  return frame(FrameType.response, Command.name, id, bytes, payload);
}

/** Answers everything on a link, and looks how much that comes to. */
class Answering {
  readonly run: Promise<LinkEnd>;
  /** The ids of what was answered, in order. */
  readonly handled: number[] = [];
  /** The most bytes that waited for the peer. */
  mostQueued = 0;

  constructor(link: Link, payload = LARGE, onFrame = (_: Frame) => {}) {
    this.run = link.run((frame) => {
      onFrame(frame);
      this.handled.push(frame.id);
      link.respond(frame, bytes, payload);
      this.mostQueued = Math.max(this.mostQueued, link.queued);
    });
  }
}

/** Reads answers, as much at a time as it is told to. */
class Reader {
  /** The ids of the answers that are complete, in order. */
  readonly ids: number[] = [];
  readonly #transport: Transport;
  readonly #decoder = new FrameDecoder(limits);
  readonly #buffer = new Uint8Array(64 * 1024);

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Reads once; returns whether anything came. */
  async read(size = this.#buffer.length): Promise<boolean> {
    const buffer = this.#buffer.subarray(0, size);
    const count = await this.#transport.read(buffer);
    if (count === null) return false;
    this.#decoder.push(buffer.subarray(0, count), ({ type, id }) => {
      assertEquals(type, FrameType.response);
      this.ids.push(id);
    });
    return true;
  }

  /** Reads until so many answers have come. */
  async readAnswers(count: number): Promise<void> {
    while (this.ids.length < count) {
      assert(await this.read(), "Expected an answer, got the end");
    }
    assertEquals(this.ids.length, count);
    assertEquals(this.#decoder.unfinished, 0);
  }
}

/** Has a link read as much as it can at once from now on. */
async function warmUp(peer: PipeEnd): Promise<void> {
  await peer.writeAll(response(1, LARGE)); // Nobody has asked for it.
  await settled();
  assertEquals(peer.peer.unread, 0);
}

for (const pauseAbove of [0, 1_000, 150_000]) {
  Deno.test(`Link queues no more than it answers at once above ${pauseAbove} bytes, and answers all in the end`, async () => {
    const most = pauseAbove + ANSWERS_AT_ONCE + LARGE_SIZE;
    const capacity = 16_384;
    const [link, peer, own] = linked({ limits, pauseAbove }, { capacity });
    const answering = new Answering(link);
    await warmUp(peer);
    await peer.writeAll(requests(2_000));
    await settled();

    // The peer reads nothing.
    const { handled } = answering;
    const { length } = handled;
    const { reads } = own;
    assertEquals(link.queued, length * LARGE_SIZE - capacity);
    assertGreater(link.queued, pauseAbove);
    assert(link.queued <= most);
    for (let i = 0; i < 10; i++) await settled();
    assertEquals([handled.length, own.reads], [length, reads]);

    // It reads a little.
    const reader = new Reader(peer);
    for (let i = 0; i < 300; i++) {
      await reader.read(1_000);
      await settled();
      assert(link.queued <= most, `${link.queued} bytes are queued`);
    }
    assertGreater(handled.length, length);
    assertLess(handled.length, length + 8);
    assertEquals(own.reads, reads);

    // It reads all.
    await reader.readAnswers(2_000);
    assertEquals(reader.ids, range(2_000));
    assertEquals(handled, range(2_000));
    assert(answering.mostQueued <= most, `${answering.mostQueued} were queued`);
    await finish(link, peer, answering.run);
  });
}

Deno.test("Link answers as much again each time that some is taken, whatever may wait", async () => {
  const options = { limits, pauseAbove: 10_000_000 };
  const [link, peer] = linked(options, { capacity: 1 });
  const { handled, run } = new Answering(link, LARGE.subarray(0, 40_000));
  await warmUp(peer);
  await peer.writeAll(requests(2_000));
  // The second goes beyond the 64 KiB. The first byte is taken at once.
  for (let count = 4; count <= 20; count += 2) {
    await settled();
    assertEquals(handled.length, count);
    assertEquals(await peer.read(new Uint8Array(1)), 1);
  }
  await finish(link, peer, run);
});

Deno.test("Link answers at once what takes 64 KiB in all, and no byte more", async () => {
  const count = ANSWERS_AT_ONCE / HEADER_SIZE;
  for (const [surplus, writes] of [[0, 1], [1, 2]] as const) {
    const [link, peer, own] = linked({ limits, pauseAbove: 0 });
    const { handled, run } = new Answering(link, new Uint8Array(surplus));
    await warmUp(peer);
    const { reads } = link;
    await peer.writeAll(requests(count));
    const reader = new Reader(peer);
    await reader.readAnswers(count);
    assertEquals(handled, range(count));
    assertEquals(link.reads, reads + 1);
    assertEquals(own.written.length, writes);
    await finish(link, peer, run);
  }
});

Deno.test("Link answers as much again for each read", async () => {
  const [link, peer, own] = linked({ limits, pauseAbove: 1_000 });
  const { run } = new Answering(link, new Uint8Array(100));
  const reader = new Reader(peer);
  // In all more than the answers of one turn.
  for (let i = 1; i <= 100; i++) {
    await peer.writeAll(requests(20));
    await reader.readAnswers(20 * i);
    assertEquals([link.reads, own.written.length], [i, i]);
  }
  await finish(link, peer, run);
});

Deno.test("Link counts the answers to pings, too", async () => {
  const [link, peer, own] = linked({ limits, pauseAbove: 0 }, { capacity: 1 });
  const run = link.run((frame) => link.respond(frame, bytes, LARGE));
  await warmUp(peer);
  const ping = frame(FrameType.indication, Command.ping, 9, empty, undefined);
  const pings = Array.from({ length: 1_000 }, () => ping);
  await peer.writeAll(joined(request(1), ...pings));
  await settled();
  const room = Math.floor((ANSWERS_AT_ONCE - LARGE_SIZE) / HEADER_SIZE) + 1;
  assertEquals(link.queued, LARGE_SIZE + room * HEADER_SIZE - 1);
  own.capacity = Infinity;
  const reader = new Reader(peer);
  await reader.readAnswers(1_001);
  await finish(link, peer, run);
});

Deno.test("Link takes what needs no answer at once, however much it is", async () => {
  const [link, peer] = linked({ limits, pauseAbove: 0 });
  let handled = 0;
  const run = link.run(() => handled++);
  await warmUp(peer);
  const { reads } = link;
  await peer.writeAll(requests(4_096));
  await settled();
  assertEquals([handled, link.reads], [4_096, reads + 1]);
  await finish(link, peer, run);
});

Deno.test("Link without a limit makes all answers at once, though none is taken", async () => {
  const [link, peer, own] = linked({ limits }, { capacity: 0 });
  const { handled, run } = new Answering(link);
  await peer.writeAll(requests(100));
  await settled();
  assertEquals(handled, range(100));
  assertEquals(link.queued, 100 * LARGE_SIZE);
  own.break(new Error("enough"));
  assertEquals((await run).kind, "lost");
});

Deno.test("Link answers any requests in order, however they come and are taken", async () => {
  const size = fc.oneof(
    fc.nat({ max: 100 }),
    fc.integer({ min: 10_000, max: LARGE.length }),
    fc.constantFrom(ANSWERS_AT_ONCE, 2 * ANSWERS_AT_ONCE, 200_000),
  );
  const asked = fc.record({ size, gap: fc.nat({ max: 300 }) });
  const ways = fc.record({
    pauseAbove: fc.constantFrom(0, 1, 1_000, 100_000),
    capacity: fc.constantFrom(1_000, 65_536, Infinity),
    maxWrite: fc.constantFrom(10_000, Infinity),
    maxRead: fc.constantFrom(7, 100, Infinity),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(asked, { maxLength: 30 }),
      ways,
      async (all, { pauseAbove, maxRead, ...near }) => {
        const [link, peer] = linked(
          { limits, pauseAbove },
          { ...near, maxRead },
        );
        // Each question carries some bytes that do not matter.
        const run = link.run((frame) => {
          const { size, gap } = all[frame.id - 1]!;
          assertEquals(frame.payload.length, gap);
          link.respond(frame, bytes, new Uint8Array(size));
          assert(link.queued <= pauseAbove + ANSWERS_AT_ONCE + 16 + 200_000);
        });
        const written = peer.writeAll(joined(
          ...all.map(({ gap }, i) =>
            frame(
              FrameType.request,
              Command.name,
              i + 1,
              bytes,
              LARGE.subarray(0, gap),
            )
          ),
        )).then(() => peer.closeWrite());
        const got: [number, number][] = [];
        const read = (async () => {
          for await (const { id, payload } of peer.frames(roomy)) {
            got.push([id, payload.length]);
          }
        })();
        await written;
        assertEquals(await run, { kind: "closed-by-peer" });
        await link.end();
        await read;
        assertEquals(got, all.map(({ size }, i) => [i + 1, size]));
      },
    ),
    { numRuns: 100 },
  );
});

const roomy = { maxPayload: 200_000 };

Deno.test("Link keeps a frame that is cut off behind many answers", async () => {
  const [link, peer] = linked({ limits, pauseAbove: 0 }, { capacity: 16_384 });
  const { handled, run } = new Answering(link);
  await warmUp(peer);
  const cut = requests(101).subarray(0, -5);
  await peer.writeAll(cut);
  const reader = new Reader(peer);
  await reader.readAnswers(100);
  await settled();
  assertEquals(handled.length, 100);
  await peer.writeAll(requests(101).subarray(-5));
  await reader.readAnswers(101);
  assertEquals(reader.ids, range(101));
  await finish(link, peer, run);
});

Deno.test("Link finds a fault behind many answers when it comes to it", async () => {
  const [link, peer] = linked({ limits, pauseAbove: 0 }, { capacity: 16_384 });
  const { handled, run } = new Answering(link);
  await warmUp(peer);
  await peer.writeAll(joined(requests(50), Uint8Array.of(0)));
  await settled();
  assertLess(handled.length, 50);
  const ids: number[] = [];
  for await (const { type, command, id } of peer.frames()) {
    ids.push(command === Command.error ? -1 : id);
    assertEquals(type === FrameType.indication, command === Command.error);
  }
  assertEquals(ids, [...range(50), -1]);
  assertEquals((await finish(link, peer, run)).kind, "fault");
});

Deno.test("Link answers all that came before the peer closed its sending side", async () => {
  const [link, peer] = linked({ limits, pauseAbove: 0 }, { capacity: 16_384 });
  const { run } = new Answering(link);
  await warmUp(peer);
  await peer.writeAll(requests(50));
  await peer.closeWrite();
  const reader = new Reader(peer);
  await reader.readAnswers(50);
  assertEquals(await run, { kind: "closed-by-peer" });
  await link.end();
  assertEquals(await reader.read(), false);
});

Deno.test("Link that is lost while answers are to be made comes to its end", async () => {
  const [link, peer, own] = linked({ limits, pauseAbove: 0 }, { capacity: 1 });
  const { run } = new Answering(link);
  await warmUp(peer);
  await peer.writeAll(requests(2_000));
  await settled();
  const error = new Deno.errors.ConnectionReset("reset by peer");
  own.break(error);
  assertEquals(await run, { kind: "lost", error });
  assertEquals([link.queued, own.closes], [0, 1]);
});

Deno.test("Link that is ended while answers are to be made makes no more", async () => {
  const [link, peer] = linked({ limits, pauseAbove: 0 }, { capacity: 16_384 });
  const { handled, run } = new Answering(link);
  await warmUp(peer);
  await peer.writeAll(requests(2_000));
  await settled();
  const made = [...handled];
  const ended = link.end();
  const reader = new Reader(peer);
  while (await reader.read());
  assertEquals(reader.ids, made);
  assertEquals(handled, made);
  assertEquals(await finish(link, peer, run), { kind: "closed-here" });
  await ended;
});

Deno.test("Link throws away what it ignores, though none of its answers is taken", async () => {
  const options = { limits, pauseAbove: 10_000_000 };
  const [link, peer, own] = linked(options, { capacity: 0 });
  const { handled, run } = new Answering(link, LARGE, () => link.ignoreInput());
  await warmUp(peer);
  for (let i = 0; i < 3; i++) {
    await peer.writeAll(requests(2_000));
    await settled();
    assertEquals([handled, own.unread], [[1], 0]);
  }
  assert(link.open);
  assertEquals(link.queued, LARGE_SIZE);
  await finish(link, peer, run);
});

Deno.test("Link that has served much gives others time, though all answers are taken at once", async () => {
  using time = new FakeTime();
  const [link, peer] = linked({ limits, pauseAbove: 150_000 });
  const { handled, run } = new Answering(link);
  await warmUp(peer);
  await peer.writeAll(requests(2_000));
  // Each read has two answered. What it was warmed up with counts, too.
  let served = FRAME_COST + LARGE_SIZE;
  let count = 0;
  for (let turn = 1; turn <= 10; turn++) {
    while (served <= SERVICE_A_TURN) {
      count += 2;
      served += 2 * LARGE_SERVICE;
    }
    await settled();
    assertEquals([handled.length, time.timers], [count, 1]);
    time.leap(0);
    served = 0;
  }
  const finished = finish(link, peer, run);
  for (let turn = 0; turn < 3; turn++) {
    await settled();
    time.leap(0);
  }
  await finished;
});

/** Has a link answer one read after the other; how many make a turn. */
const READS_A_TURN = Math.floor(SERVICE_A_TURN / LARGE_SERVICE) + 1;

Deno.test("Link that has served much in several reads gives others time, too", async () => {
  using time = new FakeTime();
  const [link, peer] = linked({ limits, pauseAbove: 150_000 });
  const { handled, run } = new Answering(link);
  const reader = new Reader(peer);
  for (let i = 1; i <= 3 * READS_A_TURN; i++) {
    await peer.writeAll(requests(1));
    await reader.readAnswers(i);
    await settled();
    const turns = Math.floor(i / READS_A_TURN);
    assertEquals([handled.length, time.timersSet], [i, turns]);
    time.leap(0);
    await settled();
  }
  await finish(link, peer, run);
});

Deno.test("Link that never pauses takes no turns: it serves nobody else", async () => {
  using time = new FakeTime();
  const [link, peer] = linked({ limits });
  const { handled, run } = new Answering(link);
  const reader = new Reader(peer);
  for (let i = 1; i <= 3 * READS_A_TURN; i++) {
    await peer.writeAll(requests(1));
    await reader.readAnswers(i);
    await settled();
    assertEquals([handled.length, time.timersSet], [i, 0]);
  }
  await finish(link, peer, run);
});

Deno.test("Link lets another have its turn while it works off a flood", async () => {
  const [link, peer] = linked({ limits, pauseAbove: 150_000 });
  const [other, otherPeer] = linked({ limits, pauseAbove: 150_000 });
  let handledBefore: number | undefined;
  const served = new Answering(other, LARGE, () => {
    handledBefore = flood.handled.length;
  });
  const flood = new Answering(link, LARGE, ({ id }) => {
    assertEquals(link.reads, reads + 1, "it came in one read");
    if (id === 1) otherPeer.writeAll(request(1));
  });
  await warmUp(peer);
  const { reads } = link;
  await peer.writeAll(requests(2_000));
  const reader = new Reader(peer);
  await reader.readAnswers(2_000);
  assertEquals(reader.ids, range(2_000));
  assertLess(handledBefore!, 20);
  await finish(link, peer, flood.run);
  await finish(other, otherPeer, served.run);
});

Deno.test("Link serves another in time while it works off a flood over real sockets", async () => {
  const [transport, peer] = await connected();
  const [otherTransport, otherPeer] = await connected();
  const options = { limits, pauseAbove: 150_000 };
  const link = new Link({ transport, ...options });
  const other = new Link({ transport: otherTransport, ...options });
  let answeredBefore: number | undefined;
  const served = new Answering(other);
  const ask = async () => {
    await otherPeer.write(request(1));
    await new Reader(otherPeer).readAnswers(1);
    answeredBefore = flood.handled.length;
  };
  // All of this is there before the link begins to read.
  assertEquals(await peer.write(requests(2_000)), 32_000);
  const flood = new Answering(link, LARGE, ({ id }) => {
    if (id === 1) ask();
  });
  const reader = new Reader(peer);
  await reader.readAnswers(2_000);
  assertEquals(reader.ids, range(2_000), "a quick reader gets all, in order");

  assertLess(answeredBefore!, 2_000);
  for (const end of [peer, otherPeer]) end.close();
  assertEquals(await flood.run, { kind: "closed-by-peer" });
  assertEquals(await served.run, { kind: "closed-by-peer" });
  await Promise.all([link.end(), other.end()]);
});
