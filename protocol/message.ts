import { addressSize, readAddress, writeAddress } from "./address.ts";
import type { Codec, Encoder } from "./codec.ts";
import { writeUint16, writeUint32 } from "./integers.ts";
import { PayloadReader } from "./payload_reader.ts";
import { RECEIVER_SIZE } from "./send.ts";
import { checkText } from "./text.ts";

/** Where a message comes from. */
export interface Origin {
  /** The sender's number. */
  readonly from: number;
  /** The sender's IP address, as the server sees it. */
  readonly address: string;
  /** The sender's TCP port, as the server sees it. */
  readonly port: number;
}

/** A text from another client. */
export interface RelayedMessage extends Origin {
  /** The text, as UTF-8. */
  readonly text: Uint8Array;
}

/** A text that a relay passes on, without looking at it. */
export interface ForwardedMessage {
  /** Where it comes from, as {@linkcode encodeOrigin} has encoded it. */
  readonly origin: Uint8Array;
  /** The payload of the request `send` that it came in. */
  readonly send: Uint8Array;
}

/** The first part of a message's payload, the same for all of one sender's. */
export function encodeOrigin(origin: Origin): Uint8Array {
  const bytes = new Uint8Array(6 + addressSize(origin.address));
  let at = writeUint32(origin.from, bytes, 0);
  at = writeUint16(origin.port, bytes, at);
  writeAddress(origin.address, bytes, at);
  return bytes;
}

/** The payload of the indication `message`, made of that of the `send`. */
export const forwardedMessage: Encoder<ForwardedMessage> = {
  sizeOf: (value) => value.origin.length + value.send.length - RECEIVER_SIZE,
  encode(value, into, offset) {
    // All of it, and the origin over the receiver's number: a view of the text
    // alone would cost a relay a twentieth of what it does for a message.
    const at = offset + value.origin.length - RECEIVER_SIZE;
    into.set(value.send, at);
    into.set(value.origin, offset);
    return at + value.send.length;
  },
};

/** The payload of the indication `message`. */
export const message: Codec<RelayedMessage> = {
  sizeOf: (value) => 6 + addressSize(value.address) + value.text.length,
  encode(value, into, offset) {
    const origin = encodeOrigin(value);
    into.set(origin, offset);
    const at = offset + origin.length;
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
    checkText(payload, textAt);
    return { from, address, port, text };
  },
};
