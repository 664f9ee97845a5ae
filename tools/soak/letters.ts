/**
 * The texts that a soak sends. Each begins with the words that tell it from all
 * others, says how long it is, and is filled up with what a relay or a terminal
 * could stumble over; so a receiver sees whether every byte is as it was sent.
 *
 * @module
 */

const HEAD = "é 你好 👋 \x1b[31m\u202e\r\0 ";
const HEAD_SIZE = new TextEncoder().encode(HEAD).length;
const TAIL = Array.from(
  { length: 64 * 1024 },
  (_, i) => String.fromCharCode(33 + i % 94),
).join("");

/**
 * A text of `size` bytes that begins with `key`; a longer one if the key and the
 * size do not fit.
 *
 * @example Usage
 * ```ts
 * import { assert, assertEquals, assertFalse } from "@std/assert";
 *
 * const text = compose("alice>bob#1", 100);
 * assertEquals(new TextEncoder().encode(text).length, 100);
 * assertEquals(text.split(" ", 1), ["alice>bob#1"]);
 * assert(isWhole(text));
 * assertFalse(isWhole(text.slice(0, -1)));
 * ```
 */
export function compose(key: string, size: number): string {
  const start = `${key} ${size} `;
  const room = size - start.length;
  if (room <= 0) return key;
  if (room <= HEAD_SIZE) return start + TAIL.slice(0, room);
  return start + HEAD + TAIL.slice(0, room - HEAD_SIZE);
}

/** Whether a text that was composed is as it was. */
export function isWhole(text: string): boolean {
  const [key = "", size] = text.split(" ", 2);
  return text === (size === undefined ? key : compose(key, Number(size)));
}
