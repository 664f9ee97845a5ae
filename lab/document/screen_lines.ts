import { unicodeWidth } from "@std/cli/unicode-width";
import { visibleText } from "../../terminal/visible_text.ts";

/** How far a terminal's tab stops are apart. */
const TAB_COLUMNS = 8;

/**
 * The lines of what a program printed, as a terminal would show them, without
 * the empty ones at the end. Tabs become spaces; other control characters are
 * shown as {@linkcode visibleText} shows them.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(screenLines("a\tb\r\n\n\x07c\n\n"), ["a       b", "", "␇c"]);
 * assertEquals(screenLines(""), []);
 * ```
 */
export function screenLines(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => {
    const [first, ...others] = line.split("\t").map(visibleText);
    return others.reduce((before, piece) => {
      const columns = unicodeWidth(before) % TAB_COLUMNS;
      return before + " ".repeat(TAB_COLUMNS - columns) + piece;
    }, first!);
  });
  const last = lines.findLastIndex((line) => line.trim() !== "");
  return lines.slice(0, last + 1);
}
