import type { Decoder } from "./codec.ts";
import { type Frame, HEADER_SIZE } from "./frame.ts";
import { ProtocolError } from "./protocol_error.ts";

/**
 * Reads a frame's payload as its command lays it out.
 *
 * @throws {ProtocolError} If the payload does not fit; the offset counts from
 * the start of the stream.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { frames } from "./frames.ts";
 * import { name } from "./name.ts";
 *
 * const hex = "505901020003000000000007000000026869";
 * const stream = ReadableStream.from([Uint8Array.fromHex(hex)]);
 * for await (const frame of frames(stream, { maxPayload: 1024 })) {
 *   assertEquals(decodePayload(frame, name), "hi");
 * }
 * ```
 */
export function decodePayload<T>(frame: Frame, decoder: Decoder<T>): T {
  try {
    return decoder.decode(frame.payload);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const offset = frame.offset + HEADER_SIZE + error.offset;
    throw new ProtocolError(error.code, offset, error.message);
  }
}
