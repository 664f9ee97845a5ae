import { escapedHtml } from "./escaped_html.ts";
import { SIGNS } from "./signs.ts";

/**
 * A sign as HTML.
 *
 * @param meaning What is read out in its place.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   signHtml("held", "it held"),
 *   '<span class="sign held" role="img" aria-label="it held">✓</span>',
 * );
 * ```
 */
export function signHtml(kind: keyof typeof SIGNS, meaning: string): string {
  return `<span class="sign ${kind}" role="img" aria-label="${
    escapedHtml(meaning)
  }">${SIGNS[kind]}</span>`;
}
