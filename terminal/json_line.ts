import { UNSAFE_TEXT } from "./visible_text.ts";

/**
 * A value as JSON on one line, with whatever a terminal could obey written as an
 * escape: the same value to a program, harmless where a person sees it.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const line = jsonLine({ text: "\x9b2J 你好" });
 * assertEquals(line, String.raw`{"text":"\u009b2J 你好"}`);
 * assertEquals(JSON.parse(line), { text: "\x9b2J 你好" });
 * ```
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE_TEXT, (character) => {
    const code = character.codePointAt(0)!;
    return `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
