/**
 * What a terminal could obey instead of show: control characters (C0, DEL, C1),
 * line and paragraph separators, and the characters that change the direction
 * of writing or are not seen at all.
 */
export const UNSAFE_TEXT =
  // deno-lint-ignore no-control-regex -- these are what is looked for
  /[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/**
 * Makes text from elsewhere safe to print: whatever a terminal could take for a
 * command is shown as a visible sign, so that nobody can clear the screen,
 * forge a line, or turn a name around.
 *
 * Control characters become their pictures (`␛` for ESC, `␊` for a line feed),
 * the others their code point in angle brackets.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(visibleText("a\x1b[2Jb\n"), "a␛[2Jb␊");
 * assertEquals(visibleText("user\u202egpj.exe"), "user<U+202E>gpj.exe");
 * assertEquals(visibleText("你好 👋"), "你好 👋");
 * ```
 */
export function visibleText(text: string): string {
  return text.replace(UNSAFE_TEXT, (character) => {
    const code = character.codePointAt(0)!;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    if (code === 0x7f) return "\u2421";
    return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
  });
}
