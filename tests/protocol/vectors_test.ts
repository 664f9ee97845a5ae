import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import {
  type Codec,
  Command,
  decodePayload,
  encodeFrame,
  type Frame,
  FrameDecoder,
  FrameType,
  GoodbyeReason,
  payloadLayout,
  ProtocolError,
  ProtocolErrorCode,
  Status,
} from "../../protocol/mod.ts";
import { singly } from "./received.ts";
import { limits, malformed, type Vector, vectors } from "./vectors.ts";

const utf8 = new TextEncoder();

/** Carries a payload of a command that this version does not know. */
const raw: Codec<{ payload: string }> = {
  sizeOf: (value) => value.payload.length / 2,
  encode(value, into, offset) {
    into.set(Uint8Array.fromHex(value.payload), offset);
    return offset + value.payload.length / 2;
  },
  decode: (payload) => ({ payload: payload.toHex() }),
};

/** The texts of *send* and of messages are bytes in a program. */
function carriesTextBytes({ type, command }: Vector): boolean {
  return type === FrameType.request && command === Command.send ||
    type === FrameType.indication && command === Command.message;
}

function carriesToken({ type, command }: Vector): boolean {
  return type === FrameType.request && command === Command.authenticate;
}

function valueOf(vector: Vector): unknown {
  if (vector.value === null) return undefined;
  if (carriesToken(vector)) return Uint8Array.fromHex(vector.value as string);
  if (!carriesTextBytes(vector)) return vector.value;
  const value = vector.value as { text: string };
  return { ...value, text: utf8.encode(value.text) };
}

function layoutOf(vector: Vector): Codec<unknown> {
  return payloadLayout(vector) ?? raw as Codec<unknown>;
}

for (const vector of vectors) {
  if (vector.only !== "write") {
    Deno.test(`vectors: reads ${vector.name}`, () => {
      const decoder = new FrameDecoder(limits);
      const values: unknown[] = [];
      const headers: unknown[] = [];
      decoder.push(Uint8Array.fromHex(vector.hex), (frame) => {
        const { payload: _, ...header } = frame;
        headers.push(header);
        values.push(structuredClone(decodePayload(frame, layoutOf(vector))));
      });
      decoder.end();
      const { type, command, status, id } = vector;
      assertEquals(headers, [{ type, command, status, id, offset: 0 }]);
      assertEquals(values, [valueOf(vector)]);
    });
  }
  if (vector.only !== "read") {
    Deno.test(`vectors: writes ${vector.name}`, () => {
      const bytes = encodeFrame(vector, layoutOf(vector), valueOf(vector));
      assertEquals(bytes.toHex(), vector.hex);
    });
  }
}

for (const vector of malformed) {
  Deno.test(`vectors: refuses ${vector.name}`, () => {
    const bytes = Uint8Array.fromHex(vector.hex);
    const expected = {
      code: vector.error.number,
      offset: vector.offset,
      goodFrames: vector.goodFrames,
    };
    assertEquals(fault([bytes], vector.maxPayload), expected, "at once");
    assertEquals(fault(singly(bytes), vector.maxPayload), expected, "singly");
    assertStrictEquals(
      (ProtocolErrorCode as Record<string, number>)[vector.error.code],
      vector.error.number,
    );
  });
}

function fault(pieces: Iterable<Uint8Array>, maxPayload: number): unknown {
  const decoder = new FrameDecoder({ maxPayload });
  let goodFrames = 0;
  const onFrame = (frame: Frame) => {
    const layout = payloadLayout(frame);
    if (layout) decodePayload(frame, layout);
    goodFrames++;
  };
  try {
    for (const piece of pieces) decoder.push(piece, onFrame);
    decoder.end();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { code: error.code, offset: error.offset, goodFrames };
  }
  return { goodFrames };
}

Deno.test("vectors: there is one for each message that has a layout", () => {
  for (const type of Object.values(FrameType)) {
    for (const command of Object.values(Command)) {
      const header = { type, command, status: Status.ok, id: 0 };
      const covered = vectors.some((vector) =>
        vector.type === type && vector.command === command &&
        vector.status === Status.ok && !isRaw(vector)
      );
      assertStrictEquals(
        covered,
        payloadLayout(header) !== undefined,
        `type ${type}, command ${command}`,
      );
    }
  }
});

Deno.test("vectors: there is one for each status, reason and code", () => {
  const has = (test: (vector: Vector) => boolean) => vectors.some(test);
  for (const status of Object.values(Status)) {
    assert(has((vector) => vector.status === status), `status ${status}`);
  }
  for (const reason of Object.values(GoodbyeReason)) {
    assert(has((v) => field(v, "reason") === reason), `reason ${reason}`);
  }
  for (const code of Object.values(ProtocolErrorCode)) {
    assert(has((vector) => field(vector, "code") === code), `code ${code}`);
    assert(
      code === ProtocolErrorCode.outOfOrder ||
        malformed.some((vector) => vector.error.number === code),
      `no malformed vector for code ${code}`,
    );
  }
});

Deno.test("vectors: unknown commands have no layout", () => {
  for (const vector of vectors.filter(isRaw)) {
    assertStrictEquals(payloadLayout(vector), undefined, vector.name);
  }
});

Deno.test("vectors: names are used once", () => {
  const names = [...vectors, ...malformed].map((vector) => vector.name);
  assertEquals(new Set(names).size, names.length);
});

function isRaw(vector: Vector): boolean {
  return field(vector, "payload") !== undefined;
}

function field(vector: Vector, name: string): unknown {
  return (vector.value as Record<string, unknown> | null)?.[name];
}
