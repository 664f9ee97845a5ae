import type { Marked } from "./document.ts";
import { escapedMarkdown } from "./escaped_markdown.ts";
import { spans } from "./spans.ts";

/** Where a text stands in Markdown. */
export interface Place {
  /** At the beginning of a line, where more signs mean something. */
  readonly atStart?: boolean;
  /** In a table, where `|` means something. */
  readonly inCell?: boolean;
  /** Where all of it is to have weight. */
  readonly heavy?: boolean;
}

/**
 * A marked text as it stands in one line of Markdown, alone or between spaces.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(markedMarkdown("`a_b` is **so** <b>"), "`a_b` is **so** \\<b>");
 * assertEquals(markedMarkdown("# 1", { atStart: true }), "\\# 1");
 * assertEquals(markedMarkdown("a|b", { inCell: true }), "a\\|b");
 * assertEquals(markedMarkdown("**注意：**不", {}), "<strong>注意：</strong>不");
 * ```
 */
export function markedMarkdown(
  text: Marked,
  { atStart = false, inCell = false, heavy = false }: Place = {},
): string {
  // One run for all neighbours of the same weight.
  const runs: { shown: string; strong: boolean }[] = [];
  for (const { text: raw, code, strong: marked } of spans(text)) {
    const plain = inCell
      ? escapedMarkdown(raw).replaceAll("|", "\\|")
      : escapedMarkdown(raw);
    const strong = heavy || marked;
    const last = runs.at(-1);
    // Between backticks nothing can be escaped, and they must not meet.
    const inTags = (inCell && raw.includes("|")) || last?.shown.endsWith("`");
    const shown = !code ? plain : inTags ? `<code>${plain}</code>` : span(raw);
    if (last?.strong === strong) last.shown += shown;
    else runs.push({ shown, strong });
  }
  const line = runs.map(({ shown, strong }, i) => {
    if (!strong) return shown;
    const before = runs[i - 1]?.shown.at(-1) ?? " ";
    const after = runs[i + 1]?.shown[0] ?? " ";
    return weighty(shown, before, after);
  }).join("");
  return atStart
    ? line.trimStart()
      .replace(/^[-+>#=]/, "\\$&")
      .replace(/^(\d+)([.)])/, "$1\\$2")
    : line;
}

/**
 * Between asterisks if Markdown takes them for what they are: not where a
 * punctuation mark is on their inner side and a letter on their outer one, as is
 * usual in Chinese.
 */
function weighty(text: string, before: string, after: string): string {
  const apart = /[\s\p{P}\p{S}]/u;
  const opens = apart.test(before) || !apart.test(text[0]!);
  const closes = apart.test(after) || !apart.test(text.at(-1)!);
  return opens && closes ? `**${text}**` : `<strong>${text}</strong>`;
}

/** Code as it is; it holds no backtick. */
function span(code: string): string {
  // Of spaces at both ends Markdown takes one each away.
  const padding = /^ .* $/.test(code) ? " " : "";
  return `\`${padding}${code}${padding}\``;
}
