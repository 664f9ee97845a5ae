import {
  assertEquals,
  assertNotEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import fc from "../fast_check.ts";
import {
  encodeFrame,
  type Frame,
  FrameDecoder,
  FrameType,
  HEADER_SIZE,
  name,
  ProtocolError,
  ProtocolErrorCode,
  writeHeader,
} from "../../protocol/mod.ts";
import { chop, joined, receive, singly } from "./received.ts";
import { limits, malformed, vectors } from "./vectors.ts";

const streams = vectors.map(({ hex }) => Uint8Array.fromHex(hex));
const hi = encodeFrame(
  { type: FrameType.response, command: 3, status: 0, id: 7 },
  name,
  "hi",
);
const long = encodeFrame(
  { type: FrameType.response, command: 3, status: 0, id: 7 },
  name,
  "x".repeat(300),
);

Deno.test("FrameDecoder reads every vector cut at any one place", () => {
  for (const [i, bytes] of streams.entries()) {
    const whole = receive([bytes]);
    assertEquals(whole.frames.length, 1);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const text = `${vectors[i]!.name}, cut at ${cut}`;
      assertEquals(receive(chop(bytes, [cut])), whole, text);
    }
  }
});

Deno.test("FrameDecoder reads every vector byte by byte", () => {
  for (const bytes of streams) {
    assertEquals(receive(singly(bytes)), receive([bytes]));
  }
});

Deno.test("FrameDecoder reads all vectors joined in one chunk", () => {
  const { frames, error } = receive([joined(streams)]);
  assertEquals(error, undefined);
  let offset = 0;
  const expected = streams.map((bytes) => {
    const frame = { ...receive([bytes]).frames[0]!, offset };
    offset += bytes.length;
    return frame;
  });
  assertEquals(frames, expected);
});

Deno.test("FrameDecoder reads all vectors joined, byte by byte", () => {
  const bytes = joined(streams);
  assertEquals(receive(singly(bytes)), receive([bytes]));
});

Deno.test("FrameDecoder reads two frames cut at any two places", () => {
  const bytes = joined([hi, hi]);
  const whole = receive([bytes]);
  assertEquals(whole.frames.map((frame) => frame.offset), [0, hi.length]);
  for (let first = 0; first <= bytes.length; first++) {
    for (let second = first; second <= bytes.length; second++) {
      assertEquals(receive(chop(bytes, [first, second])), whole);
    }
  }
});

Deno.test("FrameDecoder finds the same fault however the bytes are cut", () => {
  for (const vector of malformed) {
    const bytes = Uint8Array.fromHex(vector.hex);
    const whole = receive([bytes], vector);
    assertEquals(receive(singly(bytes), vector), whole, vector.name);
    const step = Math.ceil(bytes.length / 100);
    for (let cut = 0; cut <= bytes.length; cut += step) {
      assertEquals(receive(chop(bytes, [cut]), vector), whole, vector.name);
    }
  }
});

const frameSequence = fc.array(
  fc.record({
    type: fc.constantFrom(...Object.values(FrameType)),
    command: fc.integer({ min: 0, max: 0xffff }),
    status: fc.integer({ min: 0, max: 0xffff }),
    id: fc.integer({ min: 0, max: 0xffffffff }),
    payload: fc.oneof(
      { weight: 3, arbitrary: fc.uint8Array({ maxLength: 40 }) },
      fc.uint8Array({ minLength: 200, maxLength: 300, size: "max" }),
    ),
  }),
  { maxLength: 12 },
);

function encodeSequence(sequence: readonly Omit<Frame, "offset">[]) {
  return joined(sequence.flatMap((frame) => {
    const header = new Uint8Array(HEADER_SIZE);
    writeHeader(frame, frame.payload.length, header, 0);
    return [header, frame.payload];
  }));
}

Deno.test("FrameDecoder reads random frames chopped at random", () => {
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(frameSequence, cuts, (sequence, cuts) => {
      const bytes = encodeSequence(sequence);
      const places = cuts.map((cut) => Math.floor(cut * bytes.length));
      let offset = 0;
      const expected = sequence.map((frame) => {
        const start = offset;
        offset += HEADER_SIZE + frame.payload.length;
        return { ...frame, offset: start };
      });
      assertEquals(receive(chop(bytes, places)), { frames: expected });
    }),
    { numRuns: 300 },
  );
});

Deno.test("FrameDecoder hands over the frames before random garbage", () => {
  fc.assert(
    fc.property(
      frameSequence,
      fc.uint8Array({ minLength: 1, maxLength: 40 })
        .filter((bytes) => bytes[0] !== 0x50),
      fc.nat(),
      (sequence, garbage, cut) => {
        const good = encodeSequence(sequence);
        const bytes = joined([good, garbage]);
        const pieces = chop(bytes, [cut % (bytes.length + 1)]);
        const { frames, error } = receive(pieces);
        assertEquals(frames.length, sequence.length);
        const code = ProtocolErrorCode.badMagic;
        assertEquals(error, { code, offset: good.length });
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("FrameDecoder takes arbitrary bytes or refuses them", () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(...streams.filter((bytes) => bytes.length < 100)),
    fc.constant(Uint8Array.of(0x50, 0x59, 1, 1)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      assertEquals(receive(pieces), receive([joined(pieces)]));
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("FrameDecoder hands over a frame in one chunk as a view of it", () => {
  const chunk = joined([hi, hi]);
  const decoder = new FrameDecoder(limits);
  const payloads: Uint8Array[] = [];
  decoder.push(chunk, (frame) => payloads.push(frame.payload));
  assertEquals(payloads.map((payload) => payload.byteOffset), [16, 34]);
  for (const payload of payloads) {
    assertStrictEquals(payload.buffer, chunk.buffer);
  }
});

Deno.test("FrameDecoder goes on with views behind a straddling frame", () => {
  const decoder = new FrameDecoder(limits);
  const payloads: Uint8Array[] = [];
  const onFrame = (frame: Frame) => payloads.push(frame.payload);
  decoder.push(hi.subarray(0, 17), onFrame);
  const chunk = joined([hi.subarray(17), hi]);
  decoder.push(chunk, onFrame);
  assertEquals(payloads.length, 2);
  assertNotEquals(payloads[0]!.buffer, chunk.buffer);
  assertStrictEquals(payloads[1]!.buffer, chunk.buffer);
});

for (const cuts of [[5, 20, 3_000, 7_777], [16, 3_000], [20, 7_777]]) {
  Deno.test(`FrameDecoder copies each byte of a payload once that is cut at ${cuts}`, () => {
    const bytes = encodeFrame(
      { type: FrameType.response, command: 3, status: 0, id: 7 },
      name,
      "x".repeat(10_000),
    );
    const pieces = [...chop(bytes, cuts)];
    const decoder = new FrameDecoder(limits);
    const payloads: Uint8Array[] = [];
    let copied = 0;
    const { set, slice } = Uint8Array.prototype;
    Uint8Array.prototype.set = function (source, offset) {
      copied += source.length;
      set.call(this, source, offset);
    };
    Uint8Array.prototype.slice = function (start, end) {
      const part = slice.call(this, start, end);
      copied += part.length;
      return part;
    };
    try {
      for (const piece of pieces) {
        decoder.push(piece, (frame) => payloads.push(frame.payload));
      }
    } finally {
      Object.assign(Uint8Array.prototype, { set, slice });
    }
    assertEquals(copied, bytes.length);
    assertEquals(payloads.length, 1);
    assertEquals(payloads[0]!.buffer.byteLength, 10_000);
    assertEquals(payloads[0], bytes.subarray(HEADER_SIZE));
  });
}

Deno.test("FrameDecoder hands over frames in front of a fault in the same chunk", () => {
  const ids: number[] = [];
  const decoder = new FrameDecoder(limits);
  const chunk = joined([hi, hi, new TextEncoder().encode("GET / HTTP/1.1")]);
  const error = assertThrows(
    () => decoder.push(chunk, (frame) => ids.push(frame.id)),
    ProtocolError,
    "got 0x4745",
  );
  assertEquals(ids, [7, 7]);
  assertEquals(error.code, ProtocolErrorCode.badMagic);
  assertEquals(error.offset, 2 * hi.length);
});

Deno.test("FrameDecoder takes a payload of the limit and none beyond", () => {
  for (const pieces of [[hi], singly(hi)]) {
    assertEquals(receive(pieces, { maxPayload: 2 }).frames.length, 1);
  }
  for (const pieces of [[hi], singly(hi)]) {
    const { frames, error } = receive(pieces, { maxPayload: 1 });
    assertEquals(frames, []);
    assertEquals(error, {
      code: ProtocolErrorCode.payloadTooLarge,
      offset: 12,
    });
  }
});

Deno.test("FrameDecoder holds the next frame to a limit that a frame has changed", () => {
  for (const pieces of [[joined([hi, hi, hi])], singly(joined([hi, hi, hi]))]) {
    const decoder = new FrameDecoder({ maxPayload: 2 });
    const offsets: number[] = [];
    const onFrame = (frame: Frame) => {
      offsets.push(frame.offset);
      if (offsets.length === 2) decoder.maxPayload = 1;
    };
    const error = assertThrows(() => {
      for (const piece of pieces) decoder.push(piece, onFrame);
    }, ProtocolError);
    assertEquals(offsets, [0, hi.length]);
    assertEquals(error.code, ProtocolErrorCode.payloadTooLarge);
    assertEquals(error.offset, 2 * hi.length + 12);
  }
});

Deno.test("FrameDecoder takes larger payloads from the frame on that allows them", () => {
  for (const pieces of [[joined([hi, long])], singly(joined([hi, long]))]) {
    const decoder = new FrameDecoder({ maxPayload: 2 });
    const sizes: number[] = [];
    for (const piece of pieces) {
      decoder.push(piece, (frame) => {
        sizes.push(frame.payload.length);
        decoder.maxPayload = 300;
      });
    }
    decoder.end();
    assertEquals(sizes, [2, 300]);
  }
});

Deno.test("FrameDecoder stops where it is told to, and goes on with the rest", () => {
  const chunk = joined([hi, hi, hi.subarray(0, 17)]);
  const decoder = new FrameDecoder(limits);
  const offsets: number[] = [];
  const takeOne = (frame: Frame) => {
    offsets.push(frame.offset);
    return false;
  };
  assertEquals(decoder.push(chunk, takeOne), hi.length);
  assertEquals(decoder.unfinished, 0);
  const rest = chunk.subarray(hi.length);
  assertEquals(decoder.push(rest, takeOne), hi.length);
  assertEquals(decoder.push(rest.subarray(hi.length), takeOne), 17);
  assertEquals(decoder.unfinished, 17);
  assertEquals(decoder.push(joined([hi.subarray(17), hi]), takeOne), 1);
  assertEquals(decoder.push(hi, takeOne), hi.length);
  assertEquals(offsets, [0, 1, 2, 3].map((i) => i * hi.length));
});

Deno.test("FrameDecoder does not look behind the frame that it stopped at", () => {
  const garbage = new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n");
  for (const start of [0, 5, 17]) {
    const decoder = new FrameDecoder(limits);
    decoder.push(hi.subarray(0, start), () => {});
    const chunk = joined([hi.subarray(start), garbage]);
    assertEquals(decoder.push(chunk, () => false), hi.length - start);
    const error = assertThrows(
      () => decoder.push(garbage, () => {}),
      ProtocolError,
    );
    assertEquals(error.offset, hi.length);
  }
});

Deno.test("FrameDecoder stops for nothing but false", () => {
  const decoder = new FrameDecoder(limits);
  const answers = [undefined, null, 0, "", NaN, true, Promise.resolve(false)];
  const chunk = joined(answers.map(() => hi));
  let count = 0;
  assertEquals(decoder.push(chunk, () => answers[count++]), chunk.length);
  assertEquals(count, answers.length);
});

Deno.test("FrameDecoder does not hold a frame that is under way to a new limit", () => {
  for (const start of [HEADER_SIZE, HEADER_SIZE + 1]) {
    const decoder = new FrameDecoder(limits);
    const sizes: number[] = [];
    const onFrame = (frame: Frame) => sizes.push(frame.payload.length);
    decoder.push(hi.subarray(0, start), onFrame);
    decoder.maxPayload = 1;
    decoder.push(hi.subarray(start), onFrame);
    assertEquals(sizes, [2]);
    assertThrows(() => decoder.push(hi, onFrame), ProtocolError);
  }
});

Deno.test("FrameDecoder reads the same with any stops as without", () => {
  const stops = fc.infiniteStream(fc.boolean());
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(frameSequence, stops, cuts, (sequence, stops, cuts) => {
      const bytes = encodeSequence(sequence);
      const places = cuts.map((cut) => Math.floor(cut * bytes.length));
      const frames: Frame[] = [];
      const decoder = new FrameDecoder(limits);
      let at = 0;
      for (const piece of chop(bytes, places)) {
        const pieceEnd = at + piece.length;
        while (at < pieceEnd) {
          let stoppedAt: number | undefined;
          const taken = decoder.push(bytes.slice(at, pieceEnd), (frame) => {
            assertEquals(stoppedAt, undefined);
            frames.push({ ...frame, payload: frame.payload.slice() });
            if (!stops.next().value) return true;
            stoppedAt = frame.offset + HEADER_SIZE + frame.payload.length;
            return false;
          });
          at += taken;
          assertEquals(at, stoppedAt ?? pieceEnd);
          if (stoppedAt !== undefined) assertEquals(decoder.unfinished, 0);
        }
      }
      decoder.end();
      assertEquals({ frames }, receive([bytes]));
    }),
    { numRuns: 300 },
  );
});

Deno.test("FrameDecoder makes no room for a payload beyond the limit", () => {
  const header = new Uint8Array(HEADER_SIZE);
  writeHeader(
    { type: FrameType.request, command: 5, status: 0, id: 1 },
    0xffffffff,
    header,
    0,
  );
  const error = assertThrows(
    () => new FrameDecoder(limits).push(header, () => {}),
    ProtocolError,
    "Expected a payload of at most 65536 bytes, got one of 4294967295",
  );
  assertEquals(error.code, ProtocolErrorCode.payloadTooLarge);
});

Deno.test("FrameDecoder counts the bytes of the unfinished frame", () => {
  const decoder = new FrameDecoder(limits);
  assertEquals(decoder.unfinished, 0);
  for (let count = 1; count < hi.length; count++) {
    decoder.push(hi.subarray(count - 1, count), () => {});
    assertEquals(decoder.unfinished, count);
  }
  decoder.push(joined([hi.subarray(-1), hi, hi.subarray(0, 17)]), () => {
    assertEquals(decoder.unfinished, 0, "a frame that is handed over is whole");
  });
  assertEquals(decoder.unfinished, 17);
  decoder.push(hi.subarray(17), () => {});
  assertEquals(decoder.unfinished, 0);
  decoder.end();
});

Deno.test("FrameDecoder takes empty chunks anywhere", () => {
  const nothing = new Uint8Array(0);
  const pieces = [...singly(hi)].flatMap((piece) => [nothing, piece, nothing]);
  assertEquals(receive(pieces), receive([hi]));
});

Deno.test("FrameDecoder says how much of a frame is missing at the end", () => {
  const cut = (length: number) => () => {
    const decoder = new FrameDecoder(limits);
    decoder.push(hi.subarray(0, length), () => {});
    decoder.end();
  };
  assertThrows(cut(3), ProtocolError, "after 3 of its 16 header bytes");
  assertThrows(cut(17), ProtocolError, "after 1 of its 2 payload bytes");
});
