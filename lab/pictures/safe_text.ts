import { visibleText } from "../../terminal/visible_text.ts";

/** What XML cannot hold though it is text. */
const NOT_IN_XML = /[\ufffe\uffff]/g;

/**
 * Makes text from elsewhere fit for a picture: whatever is not seen, or would
 * change what is seen of the rest, becomes a visible sign, and nothing is left
 * that XML cannot hold. Markup is not touched.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(safeText("a\nb\u202e"), "a␊b<U+202E>");
 * assertEquals(safeText("\uffff\ud800"), "<U+FFFF>\ufffd");
 * ```
 */
export function safeText(text: string): string {
  return visibleText(text.toWellFormed()).replace(
    NOT_IN_XML,
    (character) => `<U+${character.charCodeAt(0).toString(16).toUpperCase()}>`,
  );
}
