import type { Codec } from "./codec.ts";
import { writeUint16, writeUint64 } from "./integers.ts";
import { PayloadReader } from "./payload_reader.ts";
import { encodeText, maxTextSize } from "./text.ts";

/** A moment, with what it takes to show it as the server's local time. */
export interface Time {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly unixMs: number;
  /** How far the server's clock is ahead of UTC, in minutes. */
  readonly offsetMinutes: number;
  /** The name of the server's time zone, such as `Asia/Shanghai`. */
  readonly zone: string;
}

/** The payload of the response to `time`. */
export const time: Codec<Time> = {
  sizeOf: (value) => 10 + maxTextSize(value.zone),
  encode(value, into, offset) {
    let at = writeUint64(value.unixMs, into, offset);
    at = writeUint16(value.offsetMinutes, into, at);
    return encodeText(value.zone, into, at);
  },
  decode(payload) {
    const reader = new PayloadReader(payload);
    return {
      unixMs: reader.uint64("the milliseconds since 1970"),
      offsetMinutes: reader.int16("the offset from UTC"),
      zone: reader.text(),
    };
  },
};
