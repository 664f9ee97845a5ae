import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "../fast_check.ts";
import {
  PayloadReader,
  ProtocolError,
  ProtocolErrorCode,
} from "../../protocol/mod.ts";

function reader(hex: string): PayloadReader {
  return new PayloadReader(Uint8Array.fromHex(hex));
}

function assertFault(
  read: () => unknown,
  code: ProtocolErrorCode,
  offset: number,
  message: string,
) {
  const error = assertThrows(read, ProtocolError, message);
  assertEquals([error.code, error.offset], [code, offset]);
}

Deno.test("PayloadReader reads integers in network byte order", () => {
  const fields = reader(
    "fe" + "fffe" + "fffe" + "fffefdfc" + "001ffefdfcfbfaf9",
  );
  assertEquals(fields.uint8("a"), 0xfe);
  assertEquals(fields.uint16("b"), 0xfffe);
  assertEquals(fields.int16("c"), -2);
  assertEquals(fields.uint32("d"), 0xfffefdfc);
  assertEquals(fields.uint64("e"), 0x1ffefdfcfbfaf9);
  assertEquals(fields.offset, 17);
  fields.end();
});

Deno.test("PayloadReader agrees with DataView", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (bytes) => {
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      const at = () => new PayloadReader(bytes);
      assertEquals(at().uint16("it"), view.getUint16(0));
      assertEquals(at().int16("it"), view.getInt16(0));
      assertEquals(at().uint32("it"), view.getUint32(0));
      const wide = view.getBigUint64(0);
      if (wide <= BigInt(Number.MAX_SAFE_INTEGER)) {
        assertEquals(at().uint64("it"), Number(wide));
      } else {
        assertFault(() => at().uint64("it"), 6, 0, `got ${wide}`);
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("PayloadReader takes 2^53 - 1 and nothing greater", () => {
  assertEquals(reader("001fffffffffffff").uint64("it"), 2 ** 53 - 1);
  const above = reader("ff0020000000000000");
  above.uint8("something before");
  assertFault(
    () => above.uint64("the offset"),
    ProtocolErrorCode.badPayload,
    1,
    "Expected the offset, at most 2^53 - 1, got 9007199254740992",
  );
});

Deno.test("PayloadReader says which field is missing, and where the payload ended", () => {
  const fields = reader("000102");
  fields.uint16("the first");
  assertFault(
    () => fields.uint16("the second"),
    ProtocolErrorCode.badPayload,
    3,
    "Expected the second, 2 bytes at offset 2, got a payload of 3 bytes",
  );
});

Deno.test("PayloadReader gives bytes as views, of the payload and nothing else", () => {
  const buffer = Uint8Array.fromHex("ff0102030405ff");
  const payload = buffer.subarray(1, 6);
  const fields = new PayloadReader(payload);
  const two = fields.bytes("two", 2);
  const rest = fields.rest();
  assertEquals([two, rest].map((bytes) => bytes.toHex()), ["0102", "030405"]);
  assertStrictEquals(two.buffer, buffer.buffer);
  assertStrictEquals(rest.buffer, buffer.buffer);
  assertEquals(fields.rest().length, 0);
  assertFault(() => fields.uint8("one"), 6, 5, "Expected one");
});

Deno.test("PayloadReader reads the rest as text and counts from the payload's start", () => {
  const good = reader("0007e4bda0");
  good.uint16("a number");
  assertEquals(good.text(), "你");
  assertEquals(good.text(), "");
  const bad = reader("000761e4bd");
  bad.uint16("a number");
  assertFault(() => bad.text(), ProtocolErrorCode.badText, 3, "UTF-8");
});

Deno.test("PayloadReader says what is left over", () => {
  const fields = reader("000102");
  fields.uint8("the first");
  assertFault(
    () => fields.end(),
    ProtocolErrorCode.badPayload,
    1,
    "Expected the payload to end after 1 bytes, got 3",
  );
});
