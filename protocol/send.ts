import type { Codec } from "./codec.ts";
import { writeUint32 } from "./integers.ts";
import { PayloadReader } from "./payload_reader.ts";
import { checkText } from "./text.ts";

/** A text for another client. */
export interface Send {
  /** The receiver's number. */
  readonly to: number;
  /** The text, as UTF-8. A relay need not make a string of it. */
  readonly text: Uint8Array;
}

/** The payload of the request `send`. */
export const send: Codec<Send> = {
  sizeOf: (value) => 4 + value.text.length,
  encode(value, into, offset) {
    const at = writeUint32(value.to, into, offset);
    into.set(value.text, at);
    return at + value.text.length;
  },
  decode(payload) {
    const reader = new PayloadReader(payload);
    const to = reader.uint32("the receiver's number");
    const text = reader.rest();
    checkText(text, 4);
    return { to, text };
  },
};
