import type { Codec } from "./codec.ts";
import { PayloadReader } from "./payload_reader.ts";

/** No payload at all: of most requests, of confirmations and of pings. */
export const empty: Codec<void> = {
  sizeOf: () => 0,
  encode: (_value, _into, offset) => offset,
  decode: (payload) => new PayloadReader(payload).end(),
};
