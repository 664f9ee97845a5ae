import type { Codec } from "./codec.ts";
import { writeUint32 } from "./integers.ts";
import { PayloadReader } from "./payload_reader.ts";
import { encodeText, maxTextSize } from "./text.ts";

/** What a server says first: who it is, who the client is, what goes. */
export interface Hello {
  /** The newest version of the protocol that the server speaks. */
  readonly version: number;
  /** Whether the server answers nothing before it has been given a token. */
  readonly tokenWanted: boolean;
  /** The client's own number. */
  readonly id: number;
  /** The largest payload that either side may send, in bytes. */
  readonly maxPayload: number;
  /** The longest text that *send* takes, in bytes of UTF-8. */
  readonly maxText: number;
  /** How long a receiver may take to confirm a message, in milliseconds. */
  readonly deliveryTimeoutMs: number;
  /** The name of the server's machine, or the one it was given. */
  readonly name: string;
}

const TOKEN_WANTED = 1;

/** The payload of the indication `hello`. */
export const hello: Codec<Hello> = {
  sizeOf: (value) => 18 + maxTextSize(value.name),
  encode(value, into, offset) {
    into[offset] = value.version;
    into[offset + 1] = value.tokenWanted ? TOKEN_WANTED : 0;
    let at = writeUint32(value.id, into, offset + 2);
    at = writeUint32(value.maxPayload, into, at);
    at = writeUint32(value.maxText, into, at);
    at = writeUint32(value.deliveryTimeoutMs, into, at);
    return encodeText(value.name, into, at);
  },
  decode(payload) {
    const reader = new PayloadReader(payload);
    return {
      version: reader.uint8("the version"),
      tokenWanted: (reader.uint8("the flags") & TOKEN_WANTED) !== 0,
      id: reader.uint32("the client's number"),
      maxPayload: reader.uint32("the largest payload"),
      maxText: reader.uint32("the longest text"),
      deliveryTimeoutMs: reader.uint32("the delivery timeout"),
      name: reader.text(),
    };
  },
};
