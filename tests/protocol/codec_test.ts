import { assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "../fast_check.ts";
import {
  authenticate,
  type Codec,
  empty,
  fault,
  formatAddress,
  goodbye,
  hello,
  listPage,
  listQuery,
  MAX_TOKEN_SIZE,
  message,
  name,
  nodeList,
  parseAddress,
  ProtocolError,
  refusal,
  send,
  time,
} from "../../protocol/mod.ts";

const uint8 = fc.integer({ min: 0, max: 0xff });
const uint16 = fc.integer({ min: 0, max: 0xffff });
const int16 = fc.integer({ min: -0x8000, max: 0x7fff });
const uint32 = fc.integer({ min: 0, max: 0xffffffff });
const uint53 = fc.maxSafeNat();
const text = fc.string({ unit: "binary", maxLength: 40 });
const textBytes = text.map((text) => new TextEncoder().encode(text));
const address = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
).map((bytes) => formatAddress(parseAddress(formatAddress(bytes))));

const codecs: Record<string, [Codec<unknown>, fc.Arbitrary<unknown>]> = {
  authenticate: pair(
    authenticate,
    fc.uint8Array({ minLength: 1, maxLength: MAX_TOKEN_SIZE, size: "max" }),
  ),
  empty: [empty, fc.constant(undefined)],
  fault: pair(fault, fc.record({ code: uint16, offset: uint53, text })),
  goodbye: pair(goodbye, fc.record({ reason: uint16, text })),
  hello: pair(
    hello,
    fc.record({
      version: uint8,
      tokenWanted: fc.boolean(),
      id: uint32,
      maxPayload: uint32,
      maxText: uint32,
      deliveryTimeoutMs: uint32,
      name: text,
    }),
  ),
  listPage: pair(
    listPage,
    fc.record({
      more: fc.boolean(),
      clients: fc.array(
        fc.record({ id: uint32, address, port: uint16, connectedMs: uint53 }),
        { maxLength: 8 },
      ),
    }),
  ),
  listQuery: pair(listQuery, fc.record({ after: uint32, limit: uint16 })),
  message: pair(
    message,
    fc.record({ from: uint32, address, port: uint16, text: textBytes }),
  ),
  name: pair(name, text),
  nodeList: pair(
    nodeList,
    fc.array(
      fc.record({
        self: fc.boolean(),
        missing: fc.boolean(),
        clients: uint32,
        messagesPerSecond: uint32,
        sinceMs: uint53,
        roundTripUs: uint32,
        address: text,
        name: text,
        ranges: fc.array(fc.record({ first: uint32, last: uint32 })),
      }),
      { maxLength: 4 },
    ),
  ),
  refusal: pair(refusal, text),
  send: pair(send, fc.record({ to: uint32, text: textBytes })),
  time: pair(
    time,
    fc.record({ unixMs: uint53, offsetMinutes: int16, zone: text }),
  ),
};

function pair<T>(
  codec: Codec<T>,
  values: fc.Arbitrary<T>,
): [Codec<unknown>, fc.Arbitrary<unknown>] {
  // A record of fast-check has no prototype; what is decoded has.
  const plain = values.map((value) => plainly(value));
  return [codec as Codec<unknown>, plain];
}

function plainly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainly);
  if (value instanceof Uint8Array || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value!).map(([key, field]) => [key, plainly(field)]),
  );
}

/** Encodes between two borders and checks that they were kept. */
function encoded(codec: Codec<unknown>, value: unknown): Uint8Array {
  const offset = 3;
  const size = codec.sizeOf(value);
  const into = new Uint8Array(offset + size + 3).fill(0xee);
  const end = codec.encode(value, into, offset);
  assertLessOrEqual(end, offset + size);
  const borders = [...into.subarray(0, offset), ...into.subarray(end)];
  assertEquals(borders.every((byte) => byte === 0xee), true);
  return into.slice(offset, end);
}

/** The decoded value, or undefined for a {@linkcode ProtocolError}. */
function tryDecode(codec: Codec<unknown>, payload: Uint8Array) {
  try {
    return { value: codec.decode(payload) };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    assertLessOrEqual(error.offset, payload.length);
  }
}

for (const [title, [codec, values]] of Object.entries(codecs)) {
  Deno.test(`${title}: what was encoded is decoded to the same`, () => {
    fc.assert(
      fc.property(values, (value) => {
        assertEquals(codec.decode(encoded(codec, value)), value);
      }),
      { numRuns: 200 },
    );
  });

  Deno.test(`${title}: the bytes do not depend on what the buffer held`, () => {
    fc.assert(
      fc.property(values, (value) => {
        const zeros = new Uint8Array(codec.sizeOf(value));
        const end = codec.encode(value, zeros, 0);
        assertEquals(encoded(codec, value), zeros.slice(0, end));
      }),
      { numRuns: 50 },
    );
  });

  Deno.test(`${title}: arbitrary bytes are a value or a ProtocolError`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (payload) => {
        const decoded = tryDecode(codec, payload);
        // What was understood can be said again, and is understood the same.
        if (decoded) {
          const again = codec.decode(encoded(codec, decoded.value));
          assertEquals(
            canonical(codec, again),
            canonical(codec, decoded.value),
          );
        }
      }),
      { numRuns: 400 },
    );
  });

  Deno.test(`${title}: a payload with a few wrong bytes is a value or a ProtocolError`, () => {
    const slip = fc.record({ at: fc.nat(), to: uint8 });
    const slips = fc.array(slip, { maxLength: 3 });
    fc.assert(
      fc.property(values, slips, fc.nat(4), (value, slips, cut) => {
        const payload = encoded(codec, value);
        for (const { at, to } of slips) {
          if (payload.length > 0) payload[at % payload.length] = to;
        }
        tryDecode(codec, payload.subarray(0, payload.length - cut));
      }),
      { numRuns: 200 },
    );
  });
}

/** A mapped IPv4 address that came as IPv6 goes on as IPv4. */
function canonical(codec: Codec<unknown>, value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null, (key, field) => {
    // A node's address is a text like any other.
    return key === "address" && codec !== nodeList
      ? formatAddress(parseAddress(field))
      : field;
  }));
}
