/**
 * Stands in for `@std/cli/unicode-width` where JSR cannot be reached: the same
 * widths for the scripts that are written in two columns, for emoji, and for
 * what takes no column of its own.
 *
 * @module
 */

/** Characters that combine with the one before, or are not seen at all. */
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}\u1160-\u11ff]$/u;

/** Characters of East Asia that take two columns, and emoji. */
const DOUBLE = new RegExp(
  "^[\\p{Emoji_Presentation}\\p{Script=Han}\\p{Script=Hangul}" +
    "\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Bopomofo}" +
    "\\p{Script=Yi}\\u2e80-\\u303e\\u3041-\\u33ff\\ufe30-\\ufe6f" +
    "\\uff01-\\uff60\\uffe0-\\uffe6]$",
  "u",
);

/** How many columns of a terminal a text takes. */
export function unicodeWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (character >= " " && character <= "~") width++;
    else if (ZERO.test(character)) continue;
    else width += DOUBLE.test(character) ? 2 : 1;
  }
  return width;
}
