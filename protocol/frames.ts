import type { Frame, FrameLimits } from "./frame.ts";
import { FrameDecoder } from "./frame_decoder.ts";

/**
 * Turns a stream of bytes, however they are chopped or joined, into frames.
 *
 * A frame's payload is a view of the chunk that it came in, so it is good until
 * the stream reuses that chunk's buffer; ordinary streams never do.
 *
 * @throws {ProtocolError} When the bytes are wrong, or end in mid-frame, after
 * the frames before were yielded.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const two = "50590101000200000000000700000000" +
 *   "50590101000300000000000800000000";
 * const readable = ReadableStream.from([Uint8Array.fromHex(two)]);
 * const ids: number[] = [];
 * for await (const frame of frames(readable, { maxPayload: 1024 })) {
 *   ids.push(frame.id);
 * }
 * assertEquals(ids, [7, 8]);
 * ```
 */
export async function* frames(
  readable: ReadableStream<Uint8Array>,
  limits: FrameLimits,
): AsyncGenerator<Frame, void, void> {
  const decoder = new FrameDecoder(limits);
  let batch: Frame[] = [];
  for await (const chunk of readable) {
    try {
      decoder.push(chunk, (frame) => batch.push(frame));
    } finally {
      yield* batch;
      batch = [];
    }
  }
  decoder.end();
}
