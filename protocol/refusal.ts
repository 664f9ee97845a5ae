import type { Codec } from "./codec.ts";
import { PayloadReader } from "./payload_reader.ts";
import { encodeText, maxTextSize } from "./text.ts";

/**
 * The payload of every response whose status is not 0: a sentence for people
 * that says why.
 */
export const refusal: Codec<string> = {
  sizeOf: maxTextSize,
  encode: encodeText,
  decode: (payload) => new PayloadReader(payload).text(),
};
