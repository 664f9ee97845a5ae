import type { Codec, Decoder } from "./codec.ts";
import { readUint32, writeUint32 } from "./integers.ts";
import { PayloadReader } from "./payload_reader.ts";
import { checkText } from "./text.ts";

/** The size of the receiver's number, which stands before the text, in bytes. */
export const RECEIVER_SIZE = 4;

/** A text for another client. */
export interface Send {
  /** The receiver's number. */
  readonly to: number;
  /** The text, as UTF-8. */
  readonly text: Uint8Array;
}

/** The payload of the request `send`. */
export const send: Codec<Send> = {
  sizeOf: (value) => RECEIVER_SIZE + value.text.length,
  encode(value, into, offset) {
    const at = writeUint32(value.to, into, offset);
    into.set(value.text, at);
    return at + value.text.length;
  },
  decode(payload) {
    const to = receiverNumber.decode(payload);
    return { to, text: payload.subarray(RECEIVER_SIZE) };
  },
};

/**
 * Whom the payload of the request `send` is for. All of it is checked, and
 * nothing is made of the text, for a relay that only passes it on.
 */
export const receiverNumber: Decoder<number> = {
  decode(payload) {
    // A reader only where it complains: it costs 25 ns, and there may be a million
    // a second.
    if (payload.length < RECEIVER_SIZE) {
      new PayloadReader(payload).uint32("the receiver's number");
    }
    checkText(payload, RECEIVER_SIZE);
    return readUint32(payload, 0);
  },
};
