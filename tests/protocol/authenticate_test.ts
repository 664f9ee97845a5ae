import { assertEquals, assertStrictEquals } from "@std/assert";
import { authenticate, MAX_TOKEN_SIZE } from "../../protocol/mod.ts";

Deno.test("MAX_TOKEN_SIZE is the one that went out into the world", () => {
  assertEquals(MAX_TOKEN_SIZE, 1_024);
});

Deno.test("authenticate gives the token as a view of the payload", () => {
  const buffer = new TextEncoder().encode("<open sesame>");
  const token = authenticate.decode(buffer.subarray(1, -1));
  assertEquals(new TextDecoder().decode(token), "open sesame");
  assertStrictEquals(token.buffer, buffer.buffer);
});

Deno.test("authenticate says exactly how long a token is", () => {
  for (const size of [0, 1, 255, 256, MAX_TOKEN_SIZE]) {
    const token = new Uint8Array(size).fill(0xff);
    const into = new Uint8Array(size);
    assertEquals(authenticate.sizeOf(token), size);
    assertEquals(authenticate.encode(token, into, 0), size);
    assertEquals(into, token);
  }
});
