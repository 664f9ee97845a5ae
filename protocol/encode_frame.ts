import type { Encoder } from "./codec.ts";
import { type FrameHeader, HEADER_SIZE, writeHeader } from "./frame.ts";

/**
 * Makes one whole frame. For single frames, tests and tools; a connection
 * writes many into one buffer instead.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { name } from "./name.ts";
 *
 * const header = { type: 2, command: 3, status: 0, id: 7 } as const;
 * const frame = encodeFrame(header, name, "hi");
 * assertEquals(frame.toHex(), "505901020003000000000007000000026869");
 * ```
 */
export function encodeFrame<T>(
  header: FrameHeader,
  encoder: Encoder<T>,
  value: T,
): Uint8Array<ArrayBuffer> {
  const buffer = new Uint8Array(HEADER_SIZE + encoder.sizeOf(value));
  const end = encoder.encode(value, buffer, HEADER_SIZE);
  writeHeader(header, end - HEADER_SIZE, buffer, 0);
  return buffer.slice(0, end);
}
