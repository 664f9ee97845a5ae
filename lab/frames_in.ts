import type { CapturedSegment } from "../capture/read_capture.ts";
import { HEADER_SIZE } from "../protocol/mod.ts";

/** A frame that was cut out of a capture. */
export interface CapturedFrame {
  /** The segment that its last byte came in. */
  readonly segment: CapturedSegment;
  /** The whole frame, from its magic on. */
  readonly bytes: Uint8Array;
}

const LENGTH_OFFSET = 12;

/**
 * Cuts Parley's frames out of a capture that has its connections from their
 * beginning, in the order in which they were complete. How TCP had cut them
 * does not matter. Of a segment that came twice, only the first counts.
 */
export function framesIn(
  segments: readonly CapturedSegment[],
): CapturedFrame[] {
  const frames: CapturedFrame[] = [];
  const streams = new Map<string, { next: number; rest: Uint8Array }>();
  for (const segment of segments) {
    const { from, to, sequence, payload } = segment;
    if (payload.length === 0) continue;
    const key = `${from.address} ${from.port} ${to.address} ${to.port}`;
    const stream = streams.get(key) ??
      { next: sequence, rest: new Uint8Array(0) };
    streams.set(key, stream);
    if (sequence !== stream.next) continue;
    stream.next = (sequence + payload.length) % 2 ** 32;
    let rest = joined(stream.rest, payload);
    while (rest.length >= HEADER_SIZE) {
      const view = new DataView(rest.buffer, rest.byteOffset);
      const size = HEADER_SIZE + view.getUint32(LENGTH_OFFSET);
      if (rest.length < size) break;
      frames.push({ segment, bytes: rest.subarray(0, size) });
      rest = rest.subarray(size);
    }
    stream.rest = rest;
  }
  return frames;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
