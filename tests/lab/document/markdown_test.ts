import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import type { Block } from "../../../lab/document/document.ts";
import { renderMarkdown } from "../../../lab/document/markdown.ts";
import { documentOf, KINDS, SVG } from "./every_kind.ts";

function render(...blocks: Block[]): string {
  const start = "# Report\n\n\n\n";
  const { markdown } = renderMarkdown(documentOf(blocks));
  assert(markdown.startsWith(start));
  return markdown.slice(start.length);
}

Deno.test("a document begins with its title, its subtitle and its facts", () => {
  const { markdown } = renderMarkdown(documentOf([KINDS.paragraph], {
    title: "TCP",
    subtitle: "what `was` seen",
    facts: [{ name: "Deno", value: "2.9.6" }, { name: "Name", value: "" }],
  }));
  assertEquals(
    markdown,
    "# TCP\n\nwhat `was` seen\n\n- **Deno** — 2.9.6\n" +
      `- **Name** — ${"_".repeat(24)}\n\nA **heavy** word and \`code\`.\n`,
  );
});

Deno.test("results and contents link to what they tell of", () => {
  const markdown = render(KINDS.heading, KINDS.findings, KINDS["not-run"]);
  const [results, notable, title, contents, ...rest] = markdown.split("\n\n");
  assertEquals(
    results,
    "✓ [**1 of 2 findings held**](#findings-1) · ✗ **1 did not hold** · ○ 1 not run",
  );
  assertEquals(
    notable,
    "- ✗ [what did not](#findings-1-2) (1 The \\*chapter\\*)\n" +
      "- ○ [1 The \\*chapter\\*](#not-run-1)",
  );
  assertEquals(title, "## Contents");
  assertEquals(
    contents,
    "1. [The \\*chapter\\*](#first) · ✗ 1 of 2 · ○ Not run",
  );
  const body = rest.join("\n\n");
  for (const [, id] of markdown.matchAll(/\(#(.*?)\)/g)) {
    assertStringIncludes(body, `<a id="${id}"></a>`);
  }
});

Deno.test("each kind of block has its form", () => {
  const forms = {
    "paragraph": "A **heavy** word and `code`.",
    "items": "- first item\n- second item",
    "table": "**Table 1.** What a table shows\n\n" +
      "| name | figure |\n| --- | ---: |\n| a row | 1,024 |",
    "console": "**on the server**\n\n" +
      "```text\n$ ss -tan\nState   Port\nESTAB   2203\n```",
    "screens": "**Server**\n\n```text\nListening on 127.0.0.1:2203\n```\n\n" +
      "**Client: `menu`**\n\n```text\n› Connect\n  Quit\n```",
    "picture": "![The states in words](pictures/states.svg)\n\n" +
      "**Figure 1.** The states drawn",
    "answer": "**Question 1** — **Is it so?**\n\nIt is.",
  } as const;
  for (const [kind, form] of Object.entries(forms)) {
    assertEquals(render(KINDS[kind as keyof typeof forms]), `${form}\n`);
  }
  assertStringIncludes(
    render(KINDS.heading),
    '<a id="first"></a>\n\n## 1 The \\*chapter\\*\n',
  );
  assertStringIncludes(
    render(KINDS.findings),
    '<a id="findings-1"></a>\n\n- ✓ what held\n' +
      '- ✗ <a id="findings-1-2"></a>**Did not hold:** what did not\n',
  );
  assertStringIncludes(
    render(KINDS["not-run"]),
    "> ○ **Not run**\n>\n> - **Why** — only root may\n" +
      "> - **How to run it** — `sudo lab`\n",
  );
  assertEquals(
    render({ ...KINDS.items, numbered: true }),
    "1. first item\n2. second item\n",
  );
});

Deno.test("drawings become files, each with a name of its own", () => {
  const { files } = renderMarkdown(
    documentOf([KINDS.picture, { ...KINDS.picture, name: "other_2" }]),
  );
  assertEquals([...files], [
    ["pictures/states.svg", SVG],
    ["pictures/other_2.svg", SVG],
  ]);
  assertThrows(
    () => render(KINDS.picture, KINDS.picture),
    RangeError,
    'Two drawings have the name "states"',
  );
  for (const name of ["../up", "", "a b", "a)"]) {
    assertThrows(
      () => render({ ...KINDS.picture, name }),
      RangeError,
      `got "${name}"`,
    );
  }
});

Deno.test("no screen can end the fence around it", () => {
  const text = "```\n# not a title\n`````\n";
  const markdown = render({ kind: "screens", screens: [{ title: "t", text }] });
  assertStringIncludes(
    markdown,
    "``````text\n```\n# not a title\n`````\n``````",
  );
});

Deno.test("what Markdown would take for a mark is escaped", () => {
  const text = (text: string) => render({ kind: "paragraph", text }).trimEnd();
  for (
    const [raw, shown] of [
      ["<script>a</script> &lt; AT&T", "\\<script>a\\</script> \\&lt; AT&T"],
      ["*a* _b_ a_b ~c~ $d$", "\\*a\\* \\_b\\_ a_b \\~c\\~ \\$d\\$"],
      ["[a](b) ![c](d) \\", "\\[a\\](b) !\\[c\\](d) \\\\"],
      ["an ` alone and ** too", "an \\` alone and \\*\\* too"],
      ["# title", "\\# title"],
      ["- item", "\\- item"],
      ["1. item", "1\\. item"],
      ["> quote", "\\> quote"],
      ["two\nlines", "two lines"],
      ["\x1b[2J\u202e", "␛\\[2J\\<U+202E>"],
      ["`a_*b\\`", "`a_*b\\`"],
      ["` a `", "`  a  `"],
      ["`a``b`", "`a`<code>b</code>"],
      ["**a `b` c**", "**a `b` c**"],
      // Markdown would see no mark between a sign and a letter.
      ["**注意：**这里", "<strong>注意：</strong>这里"],
      ["这是**重点**。", "这是**重点**。"],
    ] as const
  ) assertEquals(text(raw), shown);
});

Deno.test("a cell ends where it should, and none is lost", () => {
  const cells = ["a|b", "`a|b`", "a\\|b", "two\nlines"];
  const markdown = render({ kind: "table", head: ["one"], rows: [cells] });
  assertEquals(
    markdown,
    "| one |  |  |  |\n| --- | --- | --- | --- |\n" +
      "| a\\|b | <code>a\\|b</code> | a\\\\\\|b | two lines |\n",
  );
});

Deno.test("the words around are in the document's language", () => {
  const { markdown } = renderMarkdown(
    documentOf(Object.values(KINDS), { language: "zh" }),
  );
  for (
    const word of [
      "## 目录",
      "**图 1**",
      "**表 1**",
      "**问题 1**",
      "**不成立**",
    ]
  ) {
    assertStringIncludes(markdown, word);
  }
  assert(!/Contents|Figure|Question|Not run|hold:/.test(markdown), markdown);
});
