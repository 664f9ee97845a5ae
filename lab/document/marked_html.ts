import type { Marked } from "./document.ts";
import { escapedHtml } from "./escaped_html.ts";
import { spans } from "./spans.ts";

/**
 * A marked text as HTML.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   markedHtml("`a < b` is **so**"),
 *   "<code>a &lt; b</code> is <strong>so</strong>",
 * );
 * ```
 */
export function markedHtml(text: Marked): string {
  return spans(text).map(({ text, code, strong }) => {
    const shown = code
      ? `<code>${escapedHtml(text)}</code>`
      : escapedHtml(text);
    return strong ? `<strong>${shown}</strong>` : shown;
  }).join("");
}
