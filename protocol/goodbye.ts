import type { Codec } from "./codec.ts";
import { writeUint16 } from "./integers.ts";
import { PayloadReader } from "./payload_reader.ts";
import { encodeText, maxTextSize } from "./text.ts";

/**
 * Why a side leaves in good order.
 *
 * @see SPEC.md, "Goodbye"
 */
export const GoodbyeReason = {
  /** The program, or the person at it, is done. */
  leaving: 1,
  /** The server is shutting down. */
  shuttingDown: 2,
  /** As many clients are connected as the server takes. */
  serverFull: 3,
  /** As many clients of the same address are connected as the server takes. */
  addressFull: 4,
  /** The server wants a token, and none came in time, or something before it. */
  noToken: 5,
  /** Too many wrong tokens came from the same address; it has to wait. */
  lockedOut: 6,
  /** Nothing was heard for too long, not even the answer to a ping. */
  silent: 7,
  /** What was sent was not read for too long. */
  notReading: 8,
  /** A frame was begun and not finished in time. */
  unfinishedFrame: 9,
} as const;

/** One of the numbers of {@linkcode GoodbyeReason}. */
export type GoodbyeReason = typeof GoodbyeReason[keyof typeof GoodbyeReason];

/** What a side says before it leaves. */
export interface Goodbye {
  /** One of {@linkcode GoodbyeReason}, or one that a later version has. */
  readonly reason: number;
  /** The same for people. */
  readonly text: string;
}

/** The payload of the indication `goodbye`. */
export const goodbye: Codec<Goodbye> = {
  sizeOf: (value) => 2 + maxTextSize(value.text),
  encode(value, into, offset) {
    return encodeText(
      value.text,
      into,
      writeUint16(value.reason, into, offset),
    );
  },
  decode(payload) {
    const reader = new PayloadReader(payload);
    return { reason: reader.uint16("the reason"), text: reader.text() };
  },
};
