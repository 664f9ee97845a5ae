import type { Block, Marked } from "./document.ts";
import { escapedMarkdown } from "./escaped_markdown.ts";
import { markedMarkdown } from "./marked_markdown.ts";
import { oneLine } from "./one_line.ts";
import { findingId, type Part } from "./outline.ts";
import { picturePath } from "./picture_path.ts";
import { screenLines } from "./screen_lines.ts";
import type { Texts } from "./texts.ts";

/**
 * Writes one block as Markdown, without a line end after it.
 *
 * @throws {RangeError} If it is a drawing whose name no file can have.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { TEXTS } from "./texts.ts";
 *
 * const block = { kind: "items", items: ["one", "two"] } as const;
 * assertEquals(markdownBlock({ block }, TEXTS.en), "- one\n- two");
 * ```
 */
export function markdownBlock(part: Part, texts: Texts): string {
  // What belongs to a kind takes the blocks of that kind.
  const write = KINDS[part.block.kind] as (
    block: Block,
    part: Part,
    texts: Texts,
  ) => string;
  return write(part.block, part, texts);
}

/** How each kind of block is written. */
const KINDS: {
  readonly [Kind in Block["kind"]]: (
    block: Extract<Block, { kind: Kind }>,
    part: Part,
    texts: Texts,
  ) => string;
} = {
  "heading": ({ level, text }, { id, number }) => {
    const numbered = number === undefined ? "" : `${number} `;
    return `${anchor(id!)}\n\n${"#".repeat(level)} ${numbered}${
      markedMarkdown(text)
    }`;
  },

  "paragraph": ({ text }) => markedMarkdown(text, { atStart: true }),

  "items": ({ items, numbered }) =>
    items.map((item, i) =>
      `${numbered ? `${i + 1}.` : "-"} ${
        markedMarkdown(item, { atStart: true })
      }`
    )
      .join("\n"),

  "table": ({ head, rows, figures = [], caption }, { number }, texts) => {
    const columns = Math.max(head.length, ...rows.map(({ length }) => length));
    const indices = Array.from({ length: columns }, (_, i) => i);
    const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
    const filled = (row: readonly Marked[]) =>
      line(indices.map((i) => markedMarkdown(row[i] ?? "", { inCell: true })));
    return [
      ...caption === undefined
        ? []
        : [`**${texts.table(number!)}** ${markedMarkdown(caption)}`, ""],
      filled(head),
      line(indices.map((i) => figures.includes(i) ? "---:" : "---")),
      ...rows.map(filled),
    ].join("\n");
  },

  "console": ({ where, command, output }) => {
    const lines = screenLines(output);
    const typed = screenLines(command).join("\n");
    const title = where === undefined
      ? []
      : [markedMarkdown(where, { heavy: true }), ""];
    return [...title, fenced([`$ ${typed}`, ...lines])].join("\n");
  },

  "screens": ({ screens }) =>
    screens
      .map(({ title, text }) =>
        `${markedMarkdown(title, { heavy: true })}\n\n${
          fenced(screenLines(text))
        }`
      )
      .join("\n\n"),

  "picture": ({ name, alt, caption }, { number }, texts) => {
    const image = `![${escapedMarkdown(oneLine(alt))}](${picturePath(name)})`;
    if (caption === undefined) return image;
    const figure = texts.figure(number!);
    return `${image}\n\n**${figure}** ${markedMarkdown(caption)}`;
  },

  "findings": ({ findings }, { id }, texts) => {
    const items = findings.map(({ claim, holds }, i) =>
      holds
        ? `- ✓ ${markedMarkdown(claim)}`
        : `- ✗ ${anchor(findingId(id!, i))}**${texts.fails}** ` +
          markedMarkdown(claim)
    );
    return `${anchor(id!)}\n\n${items.join("\n")}`;
  },

  "not-run": ({ why, how }, { id }, texts) =>
    [
      `${anchor(id!)}`,
      "",
      `> ○ **${texts.notRunHere}**`,
      ">",
      `> - **${texts.why}** — ${markedMarkdown(why)}`,
      `> - **${texts.how}** — ${markedMarkdown(how)}`,
    ].join("\n"),

  "answer": ({ question, answer }, { number }, texts) =>
    `**${texts.question(number!)}** — ` +
    `${markedMarkdown(question, { heavy: true })}\n\n${
      markedMarkdown(answer, { atStart: true })
    }`,
};

/** Lines between fences that none of them can end. */
function fenced(lines: readonly string[]): string {
  const runs = lines.join("\n").match(/`+/g) ?? [];
  const longest = Math.max(2, ...runs.map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}text`, ...lines, fence].join("\n");
}

function anchor(id: string): string {
  return `<a id="${id.replace(/["&<>]/g, "")}"></a>`;
}
