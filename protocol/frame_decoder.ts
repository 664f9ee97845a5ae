import {
  type Frame,
  type FrameLimits,
  FrameType,
  HEADER_SIZE,
  MAGIC,
  VERSION,
} from "./frame.ts";
import { readUint16, readUint32 } from "./integers.ts";
import { ProtocolError, ProtocolErrorCode } from "./protocol_error.ts";

const NOTHING = new Uint8Array(0);
const MAGIC_BYTES = Uint8Array.of(MAGIC >>> 8, MAGIC & 0xff);

/**
 * Takes a frame, which is good only during the call if it lies in a chunk that
 * will be used again. `false` stops the decoder behind this frame.
 */
export type FrameHandler = (frame: Frame) => unknown;

/**
 * Cuts frames out of a byte stream, however it is chopped.
 *
 * Push what arrives, in order. A frame that lies in one chunk is handed over as
 * a view of that chunk; only the payload of a frame that lies across chunks is
 * copied, once, into a buffer of its own. Nothing but the one unfinished frame
 * is kept between pushes.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = Uint8Array.fromHex("50590101000200000000000700000000");
 * const decoder = new FrameDecoder({ maxPayload: 1024 });
 * const ids: number[] = [];
 * for (const byte of bytes) {
 *   decoder.push(Uint8Array.of(byte), (frame) => ids.push(frame.id));
 * }
 * decoder.end();
 * assertEquals(ids, [7]);
 * ```
 */
export class FrameDecoder {
  /** The largest payload that is accepted from the next frame on, in bytes. */
  maxPayload: number;
  /** The header of the unfinished frame, its first `#headerFill` bytes. */
  readonly #header = new Uint8Array(HEADER_SIZE);
  #headerFill = 0;
  /** The payload of the unfinished frame once its header is complete. */
  #payload = NOTHING;
  #payloadFill = 0;
  /** Where the unfinished frame began, or the next one will. */
  #frameOffset = 0;
  /** Whether whoever took the last frame wants no other now. */
  #stopped = false;

  /** Makes a decoder that refuses what goes beyond `limits`. */
  constructor(limits: FrameLimits) {
    this.maxPayload = limits.maxPayload;
  }

  /** Bytes of the unfinished frame that have arrived; 0 between frames. */
  get unfinished(): number {
    return this.#headerFill + this.#payloadFill;
  }

  /**
   * Takes the next bytes and calls `onFrame` for each frame that they complete.
   * Returns how many bytes that were: all of them, unless `onFrame` has returned
   * `false`. Then they end with that frame, and the others can be pushed later.
   *
   * @throws {ProtocolError} At the first byte that cannot be right, after the
   * frames before it were handed over. The decoder is of no use from then on.
   */
  push(chunk: Uint8Array, onFrame: FrameHandler): number {
    this.#stopped = false;
    let at = this.unfinished > 0 ? this.#continue(chunk, onFrame) : 0;
    while (!this.#stopped && chunk.length - at >= HEADER_SIZE) {
      const length = this.#check(chunk, at, HEADER_SIZE);
      const start = at + HEADER_SIZE;
      if (chunk.length - start < length) break;
      at = start + length;
      this.#emit(
        chunk,
        start - HEADER_SIZE,
        length === 0 ? NOTHING : chunk.subarray(start, at),
        onFrame,
      );
    }
    if (this.#stopped || at === chunk.length) return at;
    this.#keep(chunk, at);
    return chunk.length;
  }

  /**
   * Says that nothing more comes.
   *
   * @throws {ProtocolError} If the stream ends in the middle of a frame.
   */
  end(): void {
    if (this.unfinished === 0) return;
    const missing = this.#headerFill < HEADER_SIZE
      ? `${this.#headerFill} of its ${HEADER_SIZE} header bytes`
      : `${this.#payloadFill} of its ${this.#payload.length} payload bytes`;
    throw new ProtocolError(
      ProtocolErrorCode.truncated,
      this.#frameOffset + this.unfinished,
      `The stream ended in the middle of a frame, after ${missing}`,
    );
  }

  /** Adds to the unfinished frame; returns how much of `chunk` that took. */
  #continue(chunk: Uint8Array, onFrame: FrameHandler): number {
    let at = 0;
    if (this.#headerFill < HEADER_SIZE) {
      at = Math.min(HEADER_SIZE - this.#headerFill, chunk.length);
      this.#header.set(chunk.subarray(0, at), this.#headerFill);
      this.#headerFill += at;
      const length = this.#check(this.#header, 0, this.#headerFill);
      if (this.#headerFill < HEADER_SIZE) return at;
      this.#payload = length === 0 ? NOTHING : new Uint8Array(length);
    }
    const wanted = this.#payload.length - this.#payloadFill;
    const taken = Math.min(wanted, chunk.length - at);
    this.#payload.set(chunk.subarray(at, at + taken), this.#payloadFill);
    this.#payloadFill += taken;
    if (taken === wanted) {
      const payload = this.#payload;
      this.#payload = NOTHING;
      this.#headerFill = this.#payloadFill = 0;
      this.#emit(this.#header, 0, payload, onFrame);
    }
    return at + taken;
  }

  /** Keeps the rest of `chunk`, which is less than a frame. */
  #keep(chunk: Uint8Array, at: number): void {
    const fill = Math.min(HEADER_SIZE, chunk.length - at);
    this.#header.set(chunk.subarray(at, at + fill));
    this.#headerFill = fill;
    const length = this.#check(this.#header, 0, fill);
    if (fill < HEADER_SIZE) return;
    this.#payload = new Uint8Array(length);
    this.#payload.set(chunk.subarray(at + fill));
    this.#payloadFill = chunk.length - at - fill;
  }

  #emit(
    header: Uint8Array,
    at: number,
    payload: Uint8Array,
    onFrame: FrameHandler,
  ): void {
    const offset = this.#frameOffset;
    this.#frameOffset += HEADER_SIZE + payload.length;
    this.#stopped = onFrame({
      type: header[at + 3] as FrameType,
      command: readUint16(header, at + 4),
      status: readUint16(header, at + 6),
      id: readUint32(header, at + 8),
      payload,
      offset,
    }) === false;
  }

  /**
   * Checks as much of the header at `at` as the `fill` bytes there allow, so
   * that a stream that is not Parley's is told at its first byte. Returns the
   * payload's length once the header is whole, and 0 before.
   */
  #check(header: Uint8Array, at: number, fill: number): number {
    if (
      fill > 0 && header[at] !== MAGIC_BYTES[0] ||
      fill > 1 && header[at + 1] !== MAGIC_BYTES[1]
    ) {
      const came = hex(header.subarray(at, at + Math.min(fill, 2)));
      throw this.#bad("badMagic", 0, `the magic ${hex(MAGIC_BYTES)}`, came);
    }
    if (fill > 2 && header[at + 2] !== VERSION) {
      throw this.#bad(
        "badVersion",
        2,
        `version ${VERSION}`,
        `${header[at + 2]}`,
      );
    }
    if (
      fill > 3 && header[at + 3] !== FrameType.request &&
      header[at + 3] !== FrameType.response &&
      header[at + 3] !== FrameType.indication
    ) {
      throw this.#bad("badType", 3, "type 1, 2 or 3", `${header[at + 3]}`);
    }
    if (fill < HEADER_SIZE) return 0;
    const length = readUint32(header, at + 12);
    if (length > this.maxPayload) {
      throw this.#bad(
        "payloadTooLarge",
        12,
        `a payload of at most ${this.maxPayload} bytes`,
        `one of ${length}`,
      );
    }
    return length;
  }

  #bad(
    code: keyof typeof ProtocolErrorCode,
    field: number,
    expected: string,
    came: string,
  ): ProtocolError {
    return new ProtocolError(
      ProtocolErrorCode[code],
      this.#frameOffset + field,
      `Expected ${expected}, got ${came}`,
    );
  }
}

function hex(bytes: Uint8Array): string {
  return `0x${bytes.toHex()}`;
}
