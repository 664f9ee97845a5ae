import type { Document } from "./document.ts";
import { escapedMarkdown } from "./escaped_markdown.ts";
import { markdownBlock } from "./markdown_block.ts";
import { markedMarkdown } from "./marked_markdown.ts";
import { oneLine } from "./one_line.ts";
import {
  type Notable,
  type Outline,
  outline,
  type Results,
} from "./outline.ts";
import { picturePath } from "./picture_path.ts";
import { TEXTS, type Texts } from "./texts.ts";

/** A document as Markdown, and the files that it shows. */
export interface MarkdownFiles {
  readonly markdown: string;
  /** Contents by path, from where the Markdown lies. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Writes a document as Markdown, as GitHub understands it. Drawings become files
 * beside it: `pictures/NAME.svg`.
 *
 * @throws {RangeError} If two headings have the same id, or two drawings the same
 * name, or a name holds more than letters, digits, `-` and `_`.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const { markdown, files } = renderMarkdown({
 *   language: "en",
 *   title: "TCP",
 *   subtitle: "What *was* seen",
 *   facts: [],
 *   blocks: [
 *     { kind: "picture", name: "states", svg: "<svg/>", alt: "The states" },
 *   ],
 * });
 * assertStringIncludes(markdown, "# TCP\n\nWhat \\*was\\* seen\n");
 * assertStringIncludes(markdown, "![The states](pictures/states.svg)");
 * assertEquals([...files], [["pictures/states.svg", "<svg/>"]]);
 * ```
 */
export function renderMarkdown(document: Document): MarkdownFiles {
  const texts = TEXTS[document.language];
  const outlined = outline(document);
  const paragraphs = [
    `# ${escapedMarkdown(oneLine(document.title))}`,
    markedMarkdown(document.subtitle),
    ...facts(document),
    ...outlined.front.map((part) => markdownBlock(part, texts)),
    ...resultsLines(outlined, texts),
    ...contents(outlined, texts),
    ...outlined.chapters.flatMap(({ parts }) =>
      parts.map((part) => markdownBlock(part, texts))
    ),
  ];
  return {
    markdown: paragraphs.map((paragraph) => `${paragraph}\n`).join("\n"),
    files: pictures(document),
  };
}

function facts({ facts }: Document): string[] {
  if (facts.length === 0) return [];
  const lines = facts.map(({ name, value }) => {
    const filled = value === "" ? "_".repeat(24) : markedMarkdown(value);
    return `- **${escapedMarkdown(oneLine(name))}** — ${filled}`;
  });
  return [lines.join("\n")];
}

function resultsLines(
  { results, firstFindings, notable }: Outline,
  texts: Texts,
): string[] {
  const { held, found, notRun } = results;
  const failed = found - held;
  const counts = [
    ...found > 0
      ? [`✓ ${link(`**${texts.held(held, found)}**`, firstFindings!)}`]
      : [],
    ...failed > 0 ? [`✗ **${texts.failed(failed)}**`] : [],
    ...notRun > 0 ? [`○ ${texts.notRun(notRun)}`] : [],
  ];
  if (counts.length === 0) return [];
  const items = notable.map((one) => `- ${notableItem(one, texts)}`);
  return [counts.join(" · "), ...items.length > 0 ? [items.join("\n")] : []];
}

function notableItem({ id, claim, under }: Notable, texts: Texts): string {
  const place = under === undefined
    ? ""
    : `${under.number} ${markedMarkdown(under.title)}`;
  if (claim === undefined) return `○ ${link(place || texts.notRunHere, id)}`;
  return `✗ ${link(markedMarkdown(claim), id)}${place && ` (${place})`}`;
}

function contents({ chapters }: Outline, texts: Texts): string[] {
  if (chapters.length === 0) return [];
  const items = chapters.map(({ id, number, title, results }) =>
    `${number}. ${link(markedMarkdown(title), id)}${outcome(results, texts)}`
  );
  return [`## ${texts.contents}`, items.join("\n")];
}

function outcome({ held, found, notRun }: Results, texts: Texts): string {
  const told = [
    ...found > 0
      ? [`${held === found ? "✓" : "✗"} ${texts.heldShort(held, found)}`]
      : [],
    ...notRun > 0 ? [`○ ${texts.notRunHere}`] : [],
  ];
  return told.map((one) => ` · ${one}`).join("");
}

function pictures({ blocks }: Document): Map<string, string> {
  const files = new Map<string, string>();
  for (const block of blocks) {
    if (block.kind !== "picture") continue;
    const path = picturePath(block.name);
    if (files.has(path)) {
      throw new RangeError(`Two drawings have the name "${block.name}"`);
    }
    files.set(path, block.svg);
  }
  return files;
}

function link(text: string, id: string): string {
  return `[${text}](#${encodeURIComponent(id)})`;
}
