import { assert } from "@std/assert";
import type {
  Block,
  Document,
  Marked,
} from "../../../lab/document/document.ts";
import { renderHtml } from "../../../lab/document/html.ts";
import { renderMarkdown } from "../../../lab/document/markdown.ts";
import { oneLine } from "../../../lab/document/one_line.ts";
import { screenLines } from "../../../lab/document/screen_lines.ts";
import { spans } from "../../../lab/document/spans.ts";
import fc from "../../fast_check.ts";

const PIECES = [
  ...["`code`", "**heavy**", "`", "**", "*", "_", "|", "\\", "<b>", "&amp;"],
  ...["[x](y)", "#", "- ", "1. ", "> ", "```", "~~", "$", '"', "'", "中文。"],
  ...["\x1b[2J", "\u202e", "\n", " ", "</td>", "-->", "👋"],
];

/** Texts with a word in them, and whatever could be taken for a mark. */
const text = fc.tuple(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 5 }),
  fc.stringMatching(/^[a-z]{3,8}$/),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 5 }),
).map(([before, word, after]) => [...before, word, ...after].join(""));

const texts = fc.array(text, { minLength: 1, maxLength: 3 });

/** How a block of each kind is made up. */
const KINDS: { [Kind in Block["kind"]]: fc.Arbitrary<Block> } = {
  "heading": fc.record({
    kind: fc.constant("heading" as const),
    level: fc.constantFrom(2 as const, 3 as const, 4 as const),
    text,
  }),
  "paragraph": text.map((text) => ({ kind: "paragraph", text })),
  "items": fc.record({
    kind: fc.constant("items" as const),
    items: texts,
    numbered: fc.boolean(),
  }),
  "table": fc.record({
    kind: fc.constant("table" as const),
    head: texts,
    rows: fc.array(texts, { maxLength: 3 }),
    caption: text,
  }),
  "console": fc.record({
    kind: fc.constant("console" as const),
    where: text,
    command: text,
    output: text,
  }),
  "screens": fc.array(fc.record({ title: text, text }), { maxLength: 4 })
    .map((screens) => ({ kind: "screens", screens })),
  "picture": fc.record({
    kind: fc.constant("picture" as const),
    name: fc.uuid(),
    svg: text,
    alt: text,
    caption: text,
  }),
  "findings": fc.array(fc.record({ claim: text, holds: fc.boolean() }))
    .map((findings) => ({ kind: "findings", findings })),
  "not-run": fc.record({
    kind: fc.constant("not-run" as const),
    why: text,
    how: text,
  }),
  "answer": fc.record({
    kind: fc.constant("answer" as const),
    question: text,
    answer: text,
  }),
};

const documents: fc.Arbitrary<Document> = fc.record({
  language: fc.constantFrom("en" as const, "zh" as const),
  title: text,
  subtitle: text,
  facts: fc.array(fc.record({ name: text, value: text }), { maxLength: 3 }),
  blocks: fc.array(fc.oneof(...Object.values(KINDS)), { maxLength: 8 }),
});

/** What a document says, text by text: without marks, each in one line. */
function said(document: Document): string[] {
  const marked = (text: Marked) =>
    spans(text).map(({ text }) => text).join("").trim();
  const lines = (text: string) => screenLines(text).map((line) => line.trim());
  const inBlock = (block: Block): string[] => {
    switch (block.kind) {
      case "heading":
      case "paragraph":
        return [marked(block.text)];
      case "items":
        return block.items.map(marked);
      case "table":
        return [block.caption!, ...block.head, ...block.rows.flat()].map(
          marked,
        );
      case "console":
        return [
          oneLine(block.where!),
          ...lines(block.command),
          ...lines(block.output),
        ];
      case "screens":
        return block.screens.flatMap(({ title, text }) => [
          marked(title),
          ...lines(text),
        ]);
      case "picture":
        return [oneLine(block.alt), marked(block.caption!)];
      case "findings":
        return block.findings.map(({ claim }) => marked(claim));
      case "not-run":
        return [marked(block.why), marked(block.how)];
      case "answer":
        return [marked(block.question), marked(block.answer)];
    }
  };
  return [
    oneLine(document.title),
    marked(document.subtitle),
    ...document.facts.flatMap(({ name, value }) => [
      oneLine(name),
      marked(value),
    ]),
    ...document.blocks.flatMap(inBlock),
  ];
}

/** What a reader of a page sees or hears. */
function shown(html: string): string {
  const entities: Record<string, string> = {
    "&amp;": "&",
    "&lt;": "<",
    "&gt;": ">",
    "&quot;": '"',
    "&#39;": "'",
  };
  return html.replace(/<style>.*?<\/style>/s, "")
    .replace(/<[^>]* alt="([^"]*)">/g, "$1")
    .replace(/<[^>]*>/g, "")
    .replace(/&#?\w+;/g, (entity) => entities[entity]!);
}

/** Without what is a mark in Markdown, or escapes one. */
function unmarked(text: string): string {
  return text.replace(/<\/?(?:strong|code)>/g, "").replace(/[\\`* ]/g, "");
}

Deno.test("no text of a document is lost, as HTML or as Markdown", () => {
  fc.assert(fc.property(documents, (document) => {
    const html = shown(renderHtml(document));
    const { markdown, files } = renderMarkdown(document);
    const plain = unmarked(markdown);
    for (const text of said(document)) {
      assert(html.includes(text), `${JSON.stringify(text)} in ${html}`);
      const inMarkdown = plain.includes(unmarked(text));
      assert(inMarkdown, `${JSON.stringify(text)} in ${markdown}`);
    }
    for (const block of document.blocks) {
      if (block.kind !== "picture") continue;
      assert(files.get(`pictures/${block.name}.svg`) === block.svg);
    }
  }));
});
