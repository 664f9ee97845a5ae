import { unicodeWidth } from "@std/cli/unicode-width";
import type { Field } from "./field.ts";
import { safeText } from "./safe_text.ts";

/** What stands for a space. */
export const SPACE = "␣";

/** What stands for a byte that is no character. */
export const NO_CHARACTER = "·";

/** The names of the control characters that ASCII begins with, in order. */
const CONTROLS =
  "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE " +
  "DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US";

/** A character of a field, and its bytes. */
export interface Character {
  /** How it is shown: always as something that can be seen. */
  readonly shown: string;
  /** Its first byte, counted from the frame's first. */
  readonly start: number;
  /** The byte behind its last. */
  readonly end: number;
}

/**
 * The characters of a field that is text, as far as they have bytes from `start`
 * to `end`. Of bytes that cannot be read, or need not be text, those are shown
 * that are ASCII, and `·` for all others.
 *
 * @returns Nothing for a field that is no text.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new TextEncoder().encode("a你");
 * const value = { kind: "text", text: "a你" } as const;
 * const field = { key: "text", offset: 20, bytes, value } as const;
 * assertEquals(charactersOf(field, 22, 24), [
 *   { shown: "你", start: 21, end: 24 },
 * ]);
 * ```
 */
export function charactersOf(
  field: Field,
  start: number,
  end: number,
): Character[] {
  const { key, offset, bytes, value } = field;
  switch (value.kind) {
    case "text":
      return key === "magic"
        ? singly(bytes, offset, start, end)
        : encoded(bytes, offset, start, end);
    case "token":
    case "obscure":
      return singly(bytes, offset, start, end);
    default:
      return [];
  }
}

/** Every byte as ASCII. */
function singly(
  bytes: Uint8Array,
  offset: number,
  start: number,
  end: number,
): Character[] {
  return Array.from(bytes.subarray(start - offset, end - offset), (byte, i) => {
    const shown = byte < 0x80
      ? visible(String.fromCharCode(byte))
      : NO_CHARACTER;
    return { shown, start: start + i, end: start + i + 1 };
  });
}

/** The characters of UTF-8 that is known to be right. */
function encoded(
  bytes: Uint8Array,
  offset: number,
  start: number,
  end: number,
): Character[] {
  const inside = (at: number) => (bytes[at]! & 0xc0) === 0x80;
  let first = start - offset;
  while (inside(first)) first--;
  let last = end - offset;
  while (last < bytes.length && inside(last)) last++;
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let at = offset + first;
  return Array.from(
    decoder.decode(bytes.subarray(first, last)),
    (character) => {
      const start = at;
      at += sizeOf(character);
      return { shown: visible(character), start, end: at };
    },
  );
}

/** How many bytes a character takes as UTF-8. */
function sizeOf(character: string): number {
  const code = character.codePointAt(0)!;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

function visible(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return CONTROLS.split(" ")[code]!;
  if (code === 0x20) return SPACE;
  if (code === 0x7f) return "DEL";
  const safe = safeText(character);
  // `<U+202E>`, which is long enough as it is.
  if (safe.length > character.length) return safe.slice(1, -1);
  if (unicodeWidth(safe) > 0) return safe;
  // What combines with the character before gets a circle in its place.
  if (/^(?!\p{Variation_Selector})\p{M}$/u.test(safe)) return `◌${safe}`;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
