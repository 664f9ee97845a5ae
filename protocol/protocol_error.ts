/**
 * Every way in which received bytes can be wrong. The number is what an error
 * indication carries.
 *
 * @see SPEC.md, "When the bytes are wrong"
 */
export const ProtocolErrorCode = {
  /** The frame does not begin with "PY". */
  badMagic: 1,
  /** The frame has a version that is not spoken here. */
  badVersion: 2,
  /** The type is not request, response or indication. */
  badType: 3,
  /** The payload is announced longer than the limit. */
  payloadTooLarge: 4,
  /** The stream ended in the middle of a frame. */
  truncated: 5,
  /** The payload does not have the layout of its command. */
  badPayload: 6,
  /** A text is not valid UTF-8. */
  badText: 7,
  /** A frame that is well formed came where it makes no sense. */
  outOfOrder: 8,
} as const;

/** One of the numbers of {@linkcode ProtocolErrorCode}. */
export type ProtocolErrorCode =
  typeof ProtocolErrorCode[keyof typeof ProtocolErrorCode];

/**
 * Bytes that are not the protocol. The message says what was expected and what
 * came.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { FrameDecoder } from "./frame_decoder.ts";
 *
 * const decoder = new FrameDecoder({ maxPayload: 1024 });
 * const http = new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n");
 * const error = assertThrows(() => decoder.push(http, () => {}), ProtocolError);
 * assertEquals(error.code, ProtocolErrorCode.badMagic);
 * assertEquals(error.offset, 0);
 * ```
 */
export class ProtocolError extends Error {
  /** The name of the class. */
  override readonly name = "ProtocolError";
  /** What kind of fault it is. */
  readonly code: ProtocolErrorCode;
  /**
   * Where the fault is, in bytes: from the start of the payload when a payload
   * alone was decoded, else from the start of the stream.
   */
  readonly offset: number;

  /** Makes the error; `message` says what was expected and what came. */
  constructor(code: ProtocolErrorCode, offset: number, message: string) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}
