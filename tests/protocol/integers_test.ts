import { assertEquals } from "@std/assert";
import fc from "../fast_check.ts";
import {
  writeUint16,
  writeUint32,
  writeUint64,
} from "../../protocol/integers.ts";

Deno.test("writeUint16(), writeUint32() and writeUint64() agree with DataView", () => {
  const bytes = new Uint8Array(10);
  const view = new DataView(bytes.buffer);
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      assertEquals(writeUint16(value, bytes, 1), 3);
      assertEquals(view.getUint16(1), value % 2 ** 16);
      assertEquals(writeUint32(value, bytes, 1), 5);
      assertEquals(view.getUint32(1), value % 2 ** 32);
      assertEquals(writeUint64(value, bytes, 1), 9);
      assertEquals(view.getBigUint64(1), BigInt(value));
      assertEquals([bytes[0], bytes[9]], [0, 0]);
    }),
    { numRuns: 500 },
  );
});

Deno.test("writeUint16() writes a negative number in two's complement", () => {
  const bytes = new Uint8Array(2);
  writeUint16(-210, bytes, 0);
  assertEquals(new DataView(bytes.buffer).getInt16(0), -210);
});
