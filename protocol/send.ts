import type { Codec } from "./codec.ts";
import { readUint32, writeUint32 } from "./integers.ts";
import { PayloadReader } from "./payload_reader.ts";
import { checkText } from "./text.ts";

/** Where the text stands in the payload, in bytes. */
const TEXT_OFFSET = 4;

/** A text for another client. */
export interface Send {
  /** The receiver's number. */
  readonly to: number;
  /** The text, as UTF-8. A relay need not make a string of it. */
  readonly text: Uint8Array;
}

/** The payload of the request `send`. */
export const send: Codec<Send> = {
  sizeOf: (value) => TEXT_OFFSET + value.text.length,
  encode(value, into, offset) {
    const at = writeUint32(value.to, into, offset);
    into.set(value.text, at);
    return at + value.text.length;
  },
  decode(payload) {
    // A relay does this for every message; a reader would cost it a tenth more.
    const to = payload.length < TEXT_OFFSET
      ? new PayloadReader(payload).uint32("the receiver's number")
      : readUint32(payload, 0);
    const text = payload.subarray(TEXT_OFFSET);
    checkText(text, TEXT_OFFSET);
    return { to, text };
  },
};
