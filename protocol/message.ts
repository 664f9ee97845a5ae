import { addressSize, readAddress, writeAddress } from "./address.ts";
import type { Codec } from "./codec.ts";
import { writeUint16, writeUint32 } from "./integers.ts";
import { PayloadReader } from "./payload_reader.ts";
import { checkText } from "./text.ts";

/** A text from another client. */
export interface RelayedMessage {
  /** The sender's number. */
  readonly from: number;
  /** The sender's IP address, as the server sees it. */
  readonly address: string;
  /** The sender's TCP port, as the server sees it. */
  readonly port: number;
  /** The text, as UTF-8. */
  readonly text: Uint8Array;
}

/** The payload of the indication `message`. */
export const message: Codec<RelayedMessage> = {
  sizeOf: (value) => 6 + addressSize(value.address) + value.text.length,
  encode(value, into, offset) {
    let at = writeUint32(value.from, into, offset);
    at = writeUint16(value.port, into, at);
    at = writeAddress(value.address, into, at);
    into.set(value.text, at);
    return at + value.text.length;
  },
  decode(payload) {
    const reader = new PayloadReader(payload);
    const from = reader.uint32("the sender's number");
    const port = reader.uint16("the sender's port");
    const address = readAddress(reader);
    const textAt = reader.offset;
    const text = reader.rest();
    checkText(text, textAt);
    return { from, address, port, text };
  },
};
