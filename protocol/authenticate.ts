import type { Codec } from "./codec.ts";

/**
 * The payload of the request `authenticate`: the token, and no more. It is
 * bytes, not text, so that any secret will do. None at all, or more than there
 * may be, is no fault here: it is a wrong token.
 */
export const authenticate: Codec<Uint8Array> = {
  sizeOf: (token) => token.length,
  encode(token, into, offset) {
    into.set(token, offset);
    return offset + token.length;
  },
  decode: (payload) => payload,
};
