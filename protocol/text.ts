import { ProtocolError, ProtocolErrorCode } from "./protocol_error.ts";

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder("utf-8", {
  fatal: true,
  ignoreBOM: true,
});

/** Texts below this size are looked at byte by byte, as that is faster. */
const SHORT_TEXT = 64;

/** The most bytes of a text whose length is written as one byte. */
const MAX_SHORT_TEXT = 255;

/** The most UTF-16 units of a {@linkcode sentence}: at most 1,024 bytes. */
const MAX_SENTENCE_LENGTH = 340;

/**
 * Cuts a text for people (a refusal's sentence, a goodbye's, an error's) to
 * what a frame may carry: 1,024 bytes.
 */
export function sentence(text: string): string {
  return text.slice(0, MAX_SENTENCE_LENGTH);
}

/** The most bytes that `text` can take as UTF-8. */
export function maxTextSize(text: string): number {
  return text.length * 3;
}

/**
 * Writes `text` as UTF-8 to `into` at `offset` and returns the offset behind
 * it. Half a surrogate pair, which no UTF-8 can hold, becomes U+FFFD.
 */
export function encodeText(
  text: string,
  into: Uint8Array,
  offset: number,
): number {
  return offset + encoder.encodeInto(text, into.subarray(offset)).written;
}

/**
 * Writes how many bytes `text` has as UTF-8, in one byte, and then these, as
 * {@linkcode encodeText} does. What is beyond 255 bytes is cut off.
 */
export function encodeShortText(
  text: string,
  into: Uint8Array,
  offset: number,
): number {
  const start = offset + 1;
  const end = encodeText(text, into.subarray(0, start + MAX_SHORT_TEXT), start);
  into[offset] = end - start;
  return end;
}

/**
 * Reads UTF-8 strictly; `offset` is where `bytes` begin in their payload.
 *
 * @throws {ProtocolError} If the bytes are not valid UTF-8.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { ProtocolError } from "./protocol_error.ts";
 *
 * assertEquals(decodeText(Uint8Array.of(0xe4, 0xbd, 0xa0), 0), "你");
 * assertThrows(() => decodeText(Uint8Array.of(0xe4, 0xbd), 0), ProtocolError);
 * ```
 */
export function decodeText(bytes: Uint8Array, offset: number): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    throw new ProtocolError(
      ProtocolErrorCode.badText,
      offset + validLength(bytes),
      "Expected UTF-8 text, got bytes that are not",
    );
  }
}

/**
 * Checks that `payload` is UTF-8 from `start` to its end, without making a
 * string of it.
 *
 * @throws {ProtocolError} If it is not.
 */
export function checkText(payload: Uint8Array, start: number): void {
  if (!isAscii(payload, start)) decodeText(payload.subarray(start), start);
}

/** Whether there are ASCII characters only: most texts, and cheap to see. */
function isAscii(bytes: Uint8Array, start: number): boolean {
  const { buffer, byteOffset, length } = bytes;
  if (length - start < SHORT_TEXT) return areAscii(bytes, start, length);
  // Four bytes at a time are five times as fast for a text of 1 KiB.
  const first = start + (-(byteOffset + start) & 3);
  const count = (length - first) >>> 2;
  const words = new Int32Array(buffer, byteOffset + first, count);
  let at = 0;
  for (; at < count - 3; at += 4) {
    const four = words[at]! | words[at + 1]! | words[at + 2]! | words[at + 3]!;
    if ((four & 0x80808080) !== 0) return false;
  }
  return areAscii(bytes, start, first) &&
    areAscii(bytes, first + 4 * at, length);
}

function areAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if (bytes[at]! > 0x7f) return false;
  }
  return true;
}

/** How many of `bytes` come before the first that is not UTF-8. */
function validLength(bytes: Uint8Array): number {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  let at = 0;
  for (const character of text) {
    const encoded = encoder.encode(character);
    if (encoded.some((byte, i) => bytes[at + i] !== byte)) break;
    at += encoded.length;
  }
  return at;
}
