import { addressSize, readAddress, writeAddress } from "./address.ts";
import type { Codec, Encoder } from "./codec.ts";
import { writeUint16, writeUint32 } from "./integers.ts";
import { PayloadReader } from "./payload_reader.ts";
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

/** The same, with the origin encoded already. */
export interface EncodedMessage {
  /** What {@linkcode encodeOrigin} has made. */
  readonly origin: Uint8Array;
  /** The text, as UTF-8. */
  readonly text: Uint8Array;
}

/** The first part of a message's payload, the same for all of one sender's. */
export function encodeOrigin(origin: Origin): Uint8Array {
  const bytes = new Uint8Array(6 + addressSize(origin.address));
  let at = writeUint32(origin.from, bytes, 0);
  at = writeUint16(origin.port, bytes, at);
  writeAddress(origin.address, bytes, at);
  return bytes;
}

/**
 * The payload of the indication `message`, for a relay: it encodes a sender's
 * origin once, and never looks into the text.
 */
export const encodedMessage: Encoder<EncodedMessage> = {
  sizeOf: (value) => value.origin.length + value.text.length,
  encode(value, into, offset) {
    into.set(value.origin, offset);
    const at = offset + value.origin.length;
    into.set(value.text, at);
    return at + value.text.length;
  },
};

/** The payload of the indication `message`. */
export const message: Codec<RelayedMessage> = {
  sizeOf: (value) => 6 + addressSize(value.address) + value.text.length,
  encode(value, into, offset) {
    const origin = encodeOrigin(value);
    return encodedMessage.encode({ origin, text: value.text }, into, offset);
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
