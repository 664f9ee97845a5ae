import { visibleText } from "../../terminal/visible_text.ts";

/**
 * Makes a text fit to stand in a line of a document: line ends and tabs become
 * spaces, and whatever else is not a sign that is seen, or turns the direction
 * of writing around, is shown as {@linkcode visibleText} shows it.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(oneLine("two\r\nlines"), "two lines");
 * assertEquals(oneLine("\x1b[2J\u202e"), "␛[2J<U+202E>");
 * ```
 */
export function oneLine(text: string): string {
  return visibleText(text.replace(/[\t\r\n]+/g, " "));
}
