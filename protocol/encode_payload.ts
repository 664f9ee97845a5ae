import type { Encoder } from "./codec.ts";

/** A payload that was encoded before: many frames can share it. */
export const encodedPayload: Encoder<Uint8Array> = {
  sizeOf: (payload) => payload.length,
  encode(payload, into, offset) {
    into.set(payload, offset);
    return offset + payload.length;
  },
};

/**
 * Encodes a payload on its own, to be sent as {@linkcode encodedPayload}.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { name } from "./name.ts";
 *
 * assertEquals(encodePayload(name, "hi"), Uint8Array.of(0x68, 0x69));
 * ```
 */
export function encodePayload<T>(
  encoder: Encoder<T>,
  value: T,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(encoder.sizeOf(value));
  return bytes.subarray(0, encoder.encode(value, bytes, 0));
}
