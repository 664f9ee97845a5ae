import { assertEquals, assertThrows } from "@std/assert";
import type { Block } from "../../../lab/document/document.ts";
import { outline } from "../../../lab/document/outline.ts";
import { documentOf, KINDS } from "./every_kind.ts";

function outlined(...blocks: Block[]) {
  return outline(documentOf(blocks));
}

Deno.test("every block is in its place, in its order", () => {
  const blocks = [KINDS.paragraph, ...Object.values(KINDS), KINDS.heading]
    .map((block, i) =>
      block.kind === "heading" ? { ...block, id: `chapter-${i}` } : block
    );
  const { front, chapters } = outlined(...blocks);
  assertEquals(front.length, 1);
  assertEquals(chapters.map(({ number }) => number), ["1", "2"]);
  const parts = [front, ...chapters.map(({ parts }) => parts)].flat();
  assertEquals(parts.map(({ block }) => block), blocks);
});

Deno.test("ids are given once, and not where the document has them", () => {
  assertThrows(
    () => outlined(KINDS.heading, KINDS.heading),
    RangeError,
    'Two headings have the id "first"',
  );
  const { chapters } = outlined(
    { ...KINDS.heading, id: "findings-1" },
    KINDS.findings,
    KINDS.findings,
  );
  assertEquals(
    chapters[0]!.parts.map(({ id }) => id),
    ["findings-1", "findings-2", "findings-3"],
  );
});

Deno.test("the same block twice is two", () => {
  const { front, results } = outlined(KINDS.findings, KINDS.findings);
  assertEquals(front.map(({ id }) => id), ["findings-1", "findings-2"]);
  assertEquals(results, { held: 2, found: 4, notRun: 0 });
});

Deno.test("what failed is told before what was not run, with its section", () => {
  const { notable } = outlined(
    KINDS["not-run"],
    KINDS.heading,
    { kind: "heading", level: 3, text: "A section" },
    { kind: "heading", level: 4, text: "A detail" },
    KINDS.findings,
  );
  assertEquals(notable, [
    {
      id: "findings-1-2",
      claim: "what did not",
      under: { title: "A section", number: "1.1" },
    },
    { id: "not-run-1" },
  ]);
});
