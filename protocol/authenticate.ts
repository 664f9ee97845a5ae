import type { Codec } from "./codec.ts";
import { encodedPayload } from "./encode_payload.ts";
import { MAX_TOKEN_SIZE } from "./limits.ts";

/**
 * The payload of the request `authenticate`: the token, and no more. It is
 * bytes, not text, so that any secret will do. None at all, or more than there
 * may be, is no fault here: it is a wrong token.
 */
export const authenticate: Codec<Uint8Array> = {
  ...encodedPayload,
  decode: (payload) => payload,
};

/**
 * The bytes of a token that may be given as a text: its UTF-8.
 *
 * @throws {RangeError} If it has none, or more than 1,024.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(encodeToken("hi"), Uint8Array.of(0x68, 0x69));
 * assertThrows(() => encodeToken(""), RangeError);
 * ```
 */
export function encodeToken(token: string | Uint8Array): Uint8Array {
  const bytes = typeof token === "string"
    ? new TextEncoder().encode(token)
    : token;
  if (bytes.length > 0 && bytes.length <= MAX_TOKEN_SIZE) return bytes;
  throw new RangeError(
    `Expected a token of 1 to ${MAX_TOKEN_SIZE} bytes, got one of ${bytes.length}`,
  );
}
