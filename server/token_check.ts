import { createHash, timingSafeEqual } from "node:crypto";

/** Whether a token is the right one. */
export type TokenCheck = (token: Uint8Array) => boolean;

/**
 * Makes a check that takes the same time whatever is wrong with a token, so
 * that the time tells nothing of the right one.
 *
 * @example Usage
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 *
 * const encoder = new TextEncoder();
 * const check = tokenCheck(encoder.encode("open sesame"));
 * assert(check(encoder.encode("open sesame")));
 * assertFalse(check(encoder.encode("open sesam")));
 * ```
 */
export function tokenCheck(right: Uint8Array): TokenCheck {
  const expected = digest(right);
  return (token) => timingSafeEqual(digest(token), expected);
}

/** Equally long for all tokens, which is what makes them comparable. */
function digest(token: Uint8Array): Uint8Array {
  return createHash("sha256").update(token).digest();
}
