import type { Codec } from "./codec.ts";
import { PayloadReader } from "./payload_reader.ts";
import { encodeText, maxTextSize } from "./text.ts";

/** The payload of the response to `name`: the machine's name and no more. */
export const name: Codec<string> = {
  sizeOf: maxTextSize,
  encode: encodeText,
  decode: (payload) => new PayloadReader(payload).text(),
};
