/**
 * What a decoder makes of a stream, in a form that outlives the buffers.
 *
 * @module
 */

import {
  type Frame,
  FrameDecoder,
  type FrameLimits,
  ProtocolError,
} from "../../protocol/mod.ts";
import { limits as usual } from "./vectors.ts";

/** The frames that came, and what went wrong then. */
export interface Received {
  readonly frames: readonly Frame[];
  readonly error?: { readonly code: number; readonly offset: number };
}

/** Pushes `pieces` one after the other, and the stream's end. */
export function receive(
  pieces: Iterable<Uint8Array>,
  limits: FrameLimits = usual,
): Received {
  const frames: Frame[] = [];
  const decoder = new FrameDecoder(limits);
  try {
    for (const piece of pieces) {
      // A buffer of its own that is spoiled afterwards, as a read buffer is.
      const buffer = piece.slice();
      decoder.push(buffer, (frame) => {
        frames.push({ ...frame, payload: frame.payload.slice() });
      });
      buffer.fill(0xee);
    }
    decoder.end();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const { code, offset } = error;
    return { frames, error: { code, offset } };
  }
  return { frames };
}

/** Cuts `bytes` before each of `cuts`, in any order. */
export function* chop(
  bytes: Uint8Array,
  cuts: Iterable<number>,
): Generator<Uint8Array> {
  let start = 0;
  for (const cut of [...new Set(cuts)].sort((a, b) => a - b)) {
    yield bytes.subarray(start, cut);
    start = cut;
  }
  yield bytes.subarray(start);
}

/** Each byte as a piece of its own. */
export function* singly(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) yield bytes.subarray(at, at + 1);
}

/** All of `parts`, one behind the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
