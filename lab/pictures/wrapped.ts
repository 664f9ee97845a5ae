import { unicodeWidth } from "@std/cli/unicode-width";
import { safeText } from "./safe_text.ts";
import { textWidth } from "./text_width.ts";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * Breaks a text into lines: at spaces, behind colons and slashes and between
 * Chinese characters, or anywhere in a word that is longer than a line. What has no place in the last
 * line is left out, and `…` stands for it.
 *
 * @param size The size of the font, in pixels.
 * @param width How wide a line may be, in pixels.
 * @param count How many lines there may be.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(wrapped("one two three", 10, 60, 2), ["one two", "three"]);
 * assertEquals(wrapped("one two three", 10, 60, 1), ["one two…"]);
 * assertEquals(wrapped("你好世界", 10, 30, 2), ["你好世", "界"]);
 * ```
 */
export function wrapped(
  text: string,
  size: number,
  width: number,
  count: number,
): string[] {
  const lines: string[] = [];
  let rest = safeText(text);
  for (;;) {
    const head = fitting(rest, size, width);
    if (head === rest) return [...lines, rest.trimEnd()];
    if (lines.length === count - 1) {
      return [...lines, `${fitting(rest, size, width - size).trimEnd()}…`];
    }
    lines.push(head.trimEnd());
    rest = rest.slice(head.length).trimStart();
  }
}

/** As much of a text's beginning as fits a line: one character at least. */
function fitting(text: string, size: number, width: number): string {
  let used = 0;
  let end = 0;
  let good = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    if (mayBreak(text, index, segment)) {
      end = index;
      if (/[\s，。、；：！？]/.test(text[index - 1]!)) good = index;
    }
    used += textWidth(segment, size);
    // A sum of fractions may be a little more than what it was to be.
    if (used > width + 0.001 && index > 0 && segment !== " ") {
      // Chinese may break anywhere, but not a word of it if that can be helped.
      return text.slice(0, (good > index / 2 ? good : end) || index);
    }
  }
  return text;
}

/** Whether a line may end before the character `next`, which is at `index`. */
function mayBreak(text: string, index: number, next: string): boolean {
  const before = text[index - 1] ?? "";
  if (before === "" || next === " ") return false;
  if (before === " ") {
    // A number stays with its unit, and a name with its number.
    const word = text[index - 2] ?? "";
    return !/\d/.test(word) && !(/\d/.test(next) && /\p{L}/u.test(word));
  }
  if (/[:/]/.test(before)) return true;
  if (/[，。、；：！？）”…]/.test(next) || /[（“]/.test(before)) return false;
  return unicodeWidth(next) > 1 || unicodeWidth(before) > 1;
}
