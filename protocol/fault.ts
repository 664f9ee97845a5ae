import type { Codec } from "./codec.ts";
import { writeUint16, writeUint64 } from "./integers.ts";
import { PayloadReader } from "./payload_reader.ts";
import { encodeText, maxTextSize } from "./text.ts";

/** What was wrong with the received bytes, said before the stream is closed. */
export interface Fault {
  /** One of `ProtocolErrorCode`, or one that a later version has. */
  readonly code: number;
  /** Where the fault was, in bytes from the start of the stream. */
  readonly offset: number;
  /** The same for people. */
  readonly text: string;
}

/** The payload of the indication `error`. */
export const fault: Codec<Fault> = {
  sizeOf: (value) => 10 + maxTextSize(value.text),
  encode(value, into, offset) {
    let at = writeUint16(value.code, into, offset);
    at = writeUint64(value.offset, into, at);
    return encodeText(value.text, into, at);
  },
  decode(payload) {
    const reader = new PayloadReader(payload);
    return {
      code: reader.uint16("the code"),
      offset: reader.uint64("the offset"),
      text: reader.text(),
    };
  },
};
