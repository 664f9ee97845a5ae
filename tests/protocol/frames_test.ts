import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  frames,
  ProtocolError,
  ProtocolErrorCode,
} from "../../protocol/mod.ts";
import { chop, joined, singly } from "./received.ts";
import { limits, malformed, vectors } from "./vectors.ts";

const streams = vectors.map(({ hex }) => Uint8Array.fromHex(hex));
const time = Uint8Array.fromHex("50590101000200000000000700000000");

/** A stream that says how much was asked of it, and whether it was cancelled. */
class Source {
  pulls = 0;
  cancelled = false;
  readonly readable: ReadableStream<Uint8Array>;

  constructor(pieces: Iterable<Uint8Array>) {
    const iterator = pieces[Symbol.iterator]();
    this.readable = new ReadableStream({
      pull: (controller) => {
        this.pulls++;
        const { done, value } = iterator.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => {
        this.cancelled = true;
      },
    }, { highWaterMark: 0 });
  }
}

async function idsOf(readable: ReadableStream<Uint8Array>): Promise<number[]> {
  const ids: number[] = [];
  for await (const frame of frames(readable, limits)) ids.push(frame.id);
  return ids;
}

Deno.test("frames() yields every vector, joined or byte by byte", async () => {
  const expected = vectors.map((vector) => vector.id);
  const bytes = joined(streams);
  for (const pieces of [[bytes], streams, singly(bytes)]) {
    assertEquals(await idsOf(new Source(pieces).readable), expected);
  }
});

Deno.test("frames() yields nothing from an empty stream", async () => {
  assertEquals(await idsOf(new Source([]).readable), []);
  assertEquals(await idsOf(new Source([new Uint8Array(0)]).readable), []);
});

Deno.test("frames() throws after the frames that were good, and cancels", async () => {
  const source = new Source([joined([time, time, Uint8Array.of(0x47)]), time]);
  const ids: number[] = [];
  const error = await assertRejects(async () => {
    for await (const frame of frames(source.readable, limits)) {
      ids.push(frame.id);
    }
  }, ProtocolError);
  assertEquals(ids, [7, 7]);
  assertEquals(error.code, ProtocolErrorCode.badMagic);
  assertEquals(error.offset, 32);
  assert(source.cancelled);
});

Deno.test("frames() throws at an end in mid-frame", async () => {
  const error = await assertRejects(
    () =>
      idsOf(
        new Source(chop(joined([time, time]).subarray(0, 31), [5])).readable,
      ),
    ProtocolError,
  );
  assertEquals(error.code, ProtocolErrorCode.truncated);
  assertEquals(error.offset, 31);
});

Deno.test("frames() throws at the framing fault of every malformed vector", async () => {
  for (const vector of malformed.filter(({ error }) => error.number <= 5)) {
    const source = new Source(singly(Uint8Array.fromHex(vector.hex)));
    let good = 0;
    const error = await assertRejects(
      async () => {
        for await (const _ of frames(source.readable, vector)) good++;
      },
      ProtocolError,
    );
    const { code, offset } = error;
    assertEquals(
      [code, offset, good],
      [vector.error.number, vector.offset, vector.goodFrames],
      vector.name,
    );
  }
});

Deno.test("frames() passes on the stream's own error", async () => {
  const readable = new ReadableStream<Uint8Array>({
    pull() {
      throw new TypeError("the cable is out");
    },
  });
  await assertRejects(() => idsOf(readable), TypeError, "the cable is out");
});

Deno.test("frames() cancels the stream when it is left early", async () => {
  const source = new Source([joined([time, time]), time]);
  for await (const frame of frames(source.readable, limits)) {
    assertEquals(frame.id, 7);
    break;
  }
  assert(source.cancelled);
  assertEquals(source.pulls, 1);
});

Deno.test("frames() reads no further before its frames are taken", async () => {
  const source = new Source([joined([time, time]), time]);
  const iterator = frames(source.readable, limits);
  await iterator.next();
  await iterator.next();
  assertEquals(source.pulls, 1);
  await iterator.next();
  assertEquals(source.pulls, 2);
  await iterator.return();
});
