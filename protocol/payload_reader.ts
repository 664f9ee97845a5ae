import { readUint16, readUint32 } from "./integers.ts";
import { ProtocolError, ProtocolErrorCode } from "./protocol_error.ts";
import { decodeText } from "./text.ts";

/**
 * Reads a payload field by field, in network byte order. Whatever is missing,
 * left over or not what it should be is a {@linkcode ProtocolError} whose
 * offset counts from the start of the payload.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const reader = new PayloadReader(Uint8Array.of(0, 7, 0x68, 0x69));
 * assertEquals(reader.uint16("reason"), 7);
 * assertEquals(reader.text(), "hi");
 * ```
 */
export class PayloadReader {
  readonly #payload: Uint8Array;
  #at = 0;

  /** Starts at the first byte of `payload`. */
  constructor(payload: Uint8Array) {
    this.#payload = payload;
  }

  /** Where the next field begins, in bytes from the start of the payload. */
  get offset(): number {
    return this.#at;
  }

  /** The next `length` bytes, as a view. */
  bytes(field: string, length: number): Uint8Array {
    const start = this.#take(field, length);
    return this.#payload.subarray(start, start + length);
  }

  /** An unsigned byte. */
  uint8(field: string): number {
    return this.#payload[this.#take(field, 1)]!;
  }

  /** An unsigned 16-bit integer. */
  uint16(field: string): number {
    return readUint16(this.#payload, this.#take(field, 2));
  }

  /** A signed 16-bit integer, in two's complement. */
  int16(field: string): number {
    return this.uint16(field) << 16 >> 16;
  }

  /** An unsigned 32-bit integer. */
  uint32(field: string): number {
    return readUint32(this.#payload, this.#take(field, 4));
  }

  /** An unsigned 64-bit integer that JavaScript can hold: at most 2^53 - 1. */
  uint64(field: string): number {
    const start = this.#at;
    const high = this.uint32(field);
    const low = this.uint32(field);
    if (high > 0x1fffff) {
      throw new ProtocolError(
        ProtocolErrorCode.badPayload,
        start,
        `Expected ${field}, at most 2^53 - 1, got ${
          BigInt(high) << 32n | BigInt(low)
        }`,
      );
    }
    return high * 0x100000000 + low;
  }

  /** What is left, as a view. */
  rest(): Uint8Array {
    return this.bytes("the rest", this.#payload.length - this.#at);
  }

  /** What is left, as UTF-8 text. */
  text(): string {
    const start = this.#at;
    return decodeText(this.rest(), start);
  }

  /** A byte that says how many follow, and these as UTF-8 text. */
  shortText(field: string): string {
    const length = this.uint8(`how long ${field} is`);
    const start = this.#at;
    return decodeText(this.bytes(field, length), start);
  }

  /** Says that nothing may be left. */
  end(): void {
    if (this.#at === this.#payload.length) return;
    throw new ProtocolError(
      ProtocolErrorCode.badPayload,
      this.#at,
      `Expected the payload to end after ${this.#at} bytes, ` +
        `got ${this.#payload.length}`,
    );
  }

  /** Steps over the next `length` bytes, and returns where they begin. */
  #take(field: string, length: number): number {
    const start = this.#at;
    const end = start + length;
    if (end > this.#payload.length) {
      throw new ProtocolError(
        ProtocolErrorCode.badPayload,
        this.#payload.length,
        `Expected ${field}, ${length} bytes at offset ${start}, ` +
          `got a payload of ${this.#payload.length} bytes`,
      );
    }
    this.#at = end;
    return start;
  }
}
