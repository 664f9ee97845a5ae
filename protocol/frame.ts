/**
 * Bytes in front of every payload.
 *
 * @see SPEC.md, "The frame"
 */
export const HEADER_SIZE = 16;

/** Where the type stands in a header, in bytes. */
export const TYPE_OFFSET = 3;

/** Where the command stands in a header, in bytes. */
export const COMMAND_OFFSET = 4;

/** The first two bytes of every frame, "PY" in ASCII. */
export const MAGIC = 0x5059;

/** The version of the protocol that this module speaks. */
export const VERSION = 1;

/**
 * The three kinds of packet.
 *
 * A request goes from client to server and is answered by one response. An
 * indication is sent without being asked; some are answered by a response too
 * (a message by its receiver, a ping by either side).
 */
export const FrameType = { request: 1, response: 2, indication: 3 } as const;

/** One of the numbers of {@linkcode FrameType}. */
export type FrameType = typeof FrameType[keyof typeof FrameType];

/** The header's fields that a sender chooses. The rest follows from them. */
export interface FrameHeader {
  /** Request, response or indication. */
  readonly type: FrameType;
  /** What the frame is about, 0 to 65535; see `Command`. */
  readonly command: number;
  /** 0, but in a response that refuses; see `Status`. */
  readonly status: number;
  /** Chosen by whoever asks, 0 to 4294967295; the answer carries it back. */
  readonly id: number;
}

/** A frame as it was received. */
export interface Frame extends FrameHeader {
  /**
   * The payload, a view into the buffer that was received: it is good as long
   * as that buffer is not reused. Copy what has to be kept.
   */
  readonly payload: Uint8Array;
  /** Where the frame's first byte stood in the stream, counted from 0. */
  readonly offset: number;
}

/** What a receiver puts up with. */
export interface FrameLimits {
  /** The largest payload that is accepted, in bytes. */
  readonly maxPayload: number;
}

/**
 * Writes a header to `into` at `offset` and returns the offset behind it. The
 * payload of `payloadLength` bytes is the caller's to write there.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const frame = new Uint8Array(HEADER_SIZE);
 * const header = { type: FrameType.request, command: 2, status: 0, id: 7 };
 * assertEquals(writeHeader(header, 0, frame, 0), HEADER_SIZE);
 * assertEquals(frame.toHex(), "50590101000200000000000700000000");
 * ```
 */
export function writeHeader(
  header: FrameHeader,
  payloadLength: number,
  into: Uint8Array,
  offset: number,
): number {
  const { type, command, status, id } = header;
  into[offset] = MAGIC >>> 8;
  into[offset + 1] = MAGIC & 0xff;
  into[offset + 2] = VERSION;
  into[offset + 3] = type;
  into[offset + 4] = command >>> 8;
  into[offset + 5] = command;
  into[offset + 6] = status >>> 8;
  into[offset + 7] = status;
  into[offset + 8] = id >>> 24;
  into[offset + 9] = id >>> 16;
  into[offset + 10] = id >>> 8;
  into[offset + 11] = id;
  into[offset + 12] = payloadLength >>> 24;
  into[offset + 13] = payloadLength >>> 16;
  into[offset + 14] = payloadLength >>> 8;
  into[offset + 15] = payloadLength;
  return offset + HEADER_SIZE;
}
