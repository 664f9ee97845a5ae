import {
  assert,
  assertEquals,
  assertLessOrEqual,
  assertThrows,
} from "@std/assert";
import fc from "../fast_check.ts";
import {
  checkText,
  decodeText,
  encodeShortText,
  encodeText,
  maxTextSize,
  ProtocolError,
  ProtocolErrorCode,
} from "../../protocol/mod.ts";

const encoder = new TextEncoder();
const text = fc.string({ unit: "binary", maxLength: 30 });

/** Bytes that are text for the most part, and seldom to the end. */
const nearlyText = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: text.map((piece) => encoder.encode(piece)) },
    fc.uint8Array({ maxLength: 4 }),
    fc.constantFrom(
      ...["ff", "c080", "eda080", "e4bd", "f09f98", "f4908080", "efbfbd", "80"]
        .map((hex) => Uint8Array.fromHex(hex)),
    ),
  ),
  { maxLength: 6 },
).map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The longest beginning that is text, found by trying all. */
function textLength(bytes: Uint8Array): number {
  let length = bytes.length;
  while (!isText(bytes.subarray(0, length))) length--;
  return length;
}

/** What `read` complains of, or undefined. */
function complaint(read: () => unknown): unknown {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { code: error.code, offset: error.offset };
  }
}

Deno.test("checkText() and decodeText() agree with TextDecoder, and know the place", () => {
  fc.assert(
    fc.property(nearlyText, fc.nat(1000), (bytes, offset) => {
      const expected = isText(bytes) ? undefined : {
        code: ProtocolErrorCode.badText,
        offset: offset + textLength(bytes),
      };
      const payload = new Uint8Array(offset + bytes.length).fill(0xff);
      payload.set(bytes, offset);
      assertEquals(complaint(() => checkText(payload, offset)), expected);
      assertEquals(complaint(() => decodeText(bytes, offset)), expected);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("checkText() agrees with TextDecoder on every pair and triple of bytes", () => {
  const starts = [0x00, 0x7f, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4];
  const others = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
  for (const first of starts) {
    for (const second of others) {
      for (const third of others) {
        for (const tail of [[], [third], [third, 0x80]]) {
          const bytes = Uint8Array.of(first, second, ...tail);
          const expected = isText(bytes) ? undefined : {
            code: ProtocolErrorCode.badText,
            offset: textLength(bytes),
          };
          const name = bytes.toHex();
          assertEquals(complaint(() => checkText(bytes, 0)), expected, name);
        }
      }
    }
  }
});

Deno.test("checkText() finds one byte that is wrong, wherever it is", () => {
  const buffer = new Uint8Array(200);
  for (let length = 1; length <= 90; length++) {
    for (let start = 0; start < 4; start++) {
      // What stands around it does not matter.
      const bytes = buffer.fill(0xff).subarray(start, start + length);
      bytes.fill(0x7f);
      assertEquals(complaint(() => checkText(bytes, 0)), undefined);
      for (let place = 0; place < length; place++) {
        bytes[place] = 0x80;
        const expected = { code: ProtocolErrorCode.badText, offset: place };
        assertEquals(complaint(() => checkText(bytes, 0)), expected);
        bytes[place] = 0x7f;
      }
    }
  }
});

Deno.test("decodeText() gives back what encodeText() wrote, and no more was used than said", () => {
  fc.assert(
    fc.property(text, fc.nat(9), (text, offset) => {
      const into = new Uint8Array(offset + maxTextSize(text) + 5).fill(0xee);
      const end = encodeText(text, into, offset);
      assertLessOrEqual(end, offset + maxTextSize(text));
      assertEquals(decodeText(into.subarray(offset, end), 0), text);
      const around = [...into.subarray(0, offset), ...into.subarray(end)];
      assertEquals(around.every((byte) => byte === 0xee), true);
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("decodeText() keeps a byte order mark", () => {
  assertEquals(decodeText(encoder.encode("\ufeffhi"), 0), "\ufeffhi");
});

Deno.test("encodeText() writes U+FFFD for half a surrogate pair", () => {
  const into = new Uint8Array(maxTextSize("a\ud800b"));
  assertEquals(encodeText("a\ud800b", into, 0), 5);
  assertEquals(into.subarray(0, 5).toHex(), "61efbfbd62");
});

Deno.test("encodeShortText() cuts what is too long, but no character in two", () => {
  for (
    const [text, size] of [["x".repeat(300), 255], [
      "a" + "中".repeat(90),
      253,
    ]] as const
  ) {
    const into = new Uint8Array(1 + maxTextSize(text));
    assertEquals(encodeShortText(text, into, 0), 1 + size);
    assertEquals(into[0], size);
    assert(text.startsWith(decodeText(into.subarray(1, 1 + size), 0)));
  }
});

Deno.test("decodeText() says what was expected", () => {
  assertThrows(
    () => decodeText(Uint8Array.of(0xff), 0),
    ProtocolError,
    "Expected UTF-8 text",
  );
});
