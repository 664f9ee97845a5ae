/**
 * A text as it stands within a line of Markdown: with a backslash before
 * everything that could be taken for a mark.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(escapedMarkdown("<a_b> *c* _d_"), "\\<a_b> \\*c\\* \\_d\\_");
 * ```
 */
export function escapedMarkdown(text: string): string {
  return text
    .replace(/[\\`*~<$[\]]|&(?=#?\w+;)/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\$&");
}
