import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  encodeOrigin,
  encodePayload,
  forwardedMessage,
  message,
  send,
} from "../../protocol/mod.ts";

const text = new TextEncoder().encode("你好");

for (const address of ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"]) {
  Deno.test(`forwardedMessage makes the same bytes as message, from ${address}`, () => {
    const value = { from: 0xfffffffe, address, port: 65535, text };
    const slow = new Uint8Array(message.sizeOf(value));
    const forwarded = {
      origin: encodeOrigin(value),
      send: encodePayload(send, { to: 7, text }),
    };
    const fast = new Uint8Array(forwardedMessage.sizeOf(forwarded) + 2);
    assertEquals(message.encode(value, slow, 0), slow.length);
    assertEquals(forwardedMessage.encode(forwarded, fast, 2), fast.length);
    assertEquals(fast.subarray(2), slow);
  });
}

Deno.test("message gives the text as a view of the payload", () => {
  const value = { from: 1, address: "192.0.2.1", port: 2, text };
  const payload = new Uint8Array(message.sizeOf(value));
  message.encode(value, payload, 0);
  assertStrictEquals(message.decode(payload).text.buffer, payload.buffer);
});
