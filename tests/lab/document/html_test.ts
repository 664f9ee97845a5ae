import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Block } from "../../../lab/document/document.ts";
import { renderHtml } from "../../../lab/document/html.ts";
import { documentOf, KINDS, SVG } from "./every_kind.ts";
import { SAMPLES } from "./sample.ts";

function render(...blocks: Block[]): string {
  return renderHtml(documentOf(blocks));
}

/** That every tag is closed in turn, and nothing else looks like one. */
function assertWellFormed(html: string): void {
  const empty = new Set(["meta", "link", "img"]);
  const open: string[] = [];
  const body = html.replace("<!doctype html>", "")
    .replace(/<style>.*?<\/style>/s, "");
  const rest = body.replace(
    /<(\/?)([a-z0-9]+)((?: [a-zA-Z-]+="[^"<>]*")*)>/g,
    (_, end: string, name: string) => {
      if (end !== "") assertEquals(open.pop(), name);
      else if (!empty.has(name)) open.push(name);
      return "";
    },
  );
  assertEquals(open, []);
  assert(!/[<>]|&(?!(?:amp|lt|gt|quot|#39);)/.test(rest), rest);
}

Deno.test("a document is a well-formed page in its language", () => {
  for (const language of ["en", "zh"] as const) {
    const html = renderHtml(SAMPLES[language]);
    assertWellFormed(html);
    const tag = language === "en" ? "en" : "zh-CN";
    assert(html.startsWith(`<!doctype html>\n<html lang="${tag}">`));
    assertStringIncludes(html, '<meta charset="utf-8">');
    assertStringIncludes(html, '<meta name="viewport"');
    assertStringIncludes(html, `<title>${SAMPLES[language].title.slice(0, 5)}`);
  }
});

Deno.test("a page needs nothing, runs nothing and links to nothing else", () => {
  const html = renderHtml(SAMPLES.en);
  assertStringIncludes(html, `content="default-src 'none'; style-src`);
  assert(
    !/<script|<link(?! rel="icon" href="data:,")|@import|url\(/.test(html),
  );
  assert(!/ on[a-z]+=/.test(html));
  for (const [, where] of html.matchAll(/ (?:src|href)="([^"]*)"/g)) {
    assert(/^(?:#|data:)/.test(where!), where);
  }
});

Deno.test("the title block has the title, the subtitle and the facts", () => {
  const html = renderHtml(documentOf([], {
    title: "TCP",
    subtitle: "what `was` seen",
    facts: [{ name: "Deno", value: "**2.9.6**" }, { name: "Name", value: "" }],
  }));
  assertStringIncludes(html, "<h1>TCP</h1>");
  assertStringIncludes(
    html,
    '<p class="subtitle">what <code>was</code> seen</p>',
  );
  assertStringIncludes(
    html,
    "<div><dt>Deno</dt><dd><strong>2.9.6</strong></dd></div>",
  );
  assertStringIncludes(
    html,
    '<dt>Name</dt><dd class="blank" title="to be filled in"></dd>',
  );
});

Deno.test("chapters and their sections are numbered and linked", () => {
  const html = render(
    { kind: "heading", level: 2, text: "One", id: "one" },
    { kind: "heading", level: 3, text: "Part" },
    { kind: "heading", level: 4, text: "Detail" },
    { kind: "heading", level: 2, text: "`Two`", id: "two & a half" },
    { kind: "heading", level: 3, text: "Another" },
  );
  const number = (text: string) => `<span class="number">${text}</span>`;
  for (
    const heading of [
      `<h2 id="one">${number("1")}One</h2>`,
      `<h3 id="part-1">${number("1.1")}Part</h3>`,
      '<h4 id="part-2">Detail</h4>',
      `<h2 id="two &amp; a half">${number("2")}<code>Two</code></h2>`,
      `<h3 id="part-3">${number("2.1")}Another</h3>`,
      `<li><a href="#one">${number("1")}One</a></li>`,
      `<li><a href="#two%20%26%20a%20half">${number("2")}<code>Two</code></a>`,
    ]
  ) assertStringIncludes(html, heading);
  assertWellFormed(html);
});

Deno.test("what stands before the first chapter stands before the contents", () => {
  const html = render(KINDS.paragraph, KINDS.heading);
  assert(html.indexOf("<strong>heavy") < html.indexOf('<nav class="contents"'));
});

Deno.test("a document without chapters or findings has no list of them", () => {
  const html = render(KINDS.paragraph);
  assert(!/<nav|<section|<ul/.test(html));
});

Deno.test("findings and what was not run are counted, and linked to", () => {
  const html = render(
    KINDS.heading,
    KINDS.findings,
    { ...KINDS.heading, text: "The second", id: "second" },
    { kind: "findings", findings: [{ claim: "also held", holds: true }] },
    KINDS["not-run"],
  );
  assertStringIncludes(html, '<a href="#findings-1">2 of 3 findings held</a>');
  assertStringIncludes(html, '<a href="#findings-1-2">1 did not hold</a>');
  assertStringIncludes(html, '<a href="#not-run-1">1 not run</a>');
  assertStringIncludes(
    html,
    '<a href="#findings-1-2">what did not</a> ' +
      '<span class="label">1 The *chapter*</span>',
  );
  assertStringIncludes(html, '<a href="#not-run-1">2 The second</a>');
  for (const id of ["findings-1", "findings-1-2", "not-run-1"]) {
    assertStringIncludes(html, ` id="${id}"`);
  }
  // In the contents, for each chapter by itself.
  const contents = /<nav.*<\/nav>/s.exec(html)![0].replace(/<[^>]*>/g, "");
  assertStringIncludes(contents, "1The *chapter*✗ 1 of 2\n");
  assertStringIncludes(contents, "2The second✓ 1 of 1○ Not run\n");
});

Deno.test("findings can be told apart without colour, and by ear", () => {
  const html = render(KINDS.findings);
  assertStringIncludes(
    html,
    '<span class="sign held" role="img" aria-label="held">✓</span>' +
      "<span>what held</span>",
  );
  assertStringIncludes(
    html,
    '<span class="sign failed" role="img" aria-label="Did not hold:">✗</span>' +
      "<span><strong>Did not hold:</strong> what did not</span>",
  );
});

Deno.test("a table has a head, figures at the right, and a numbered caption", () => {
  const html = render(KINDS.table, KINDS.table);
  assertStringIncludes(html, '<th scope="col">name</th>');
  assertStringIncludes(html, '<th scope="col" class="figures">figure</th>');
  assertStringIncludes(
    html,
    '<tr><td>a row</td><td class="figures">1,024</td></tr>',
  );
  assertStringIncludes(
    html,
    "<figcaption><strong>Table 1.</strong> What a table shows</figcaption>",
  );
  assertStringIncludes(html, "Table 2.");
});

Deno.test("a console shows the prompt, the command and its output", () => {
  const html = render(KINDS.console);
  assertStringIncludes(html, "<figcaption>on the server</figcaption>");
  assertStringIncludes(html, '"prompt">$ </span><kbd>ss -tan</kbd>');
  assertStringIncludes(html, '<span class="line">ESTAB   2203\n</span>');
});

Deno.test("screens stand beside each other with their titles", () => {
  const html = render(KINDS.screens);
  assertEquals(html.match(/<figure class="window">/g)?.length, 2);
  assertStringIncludes(html, "<span>Client: <code>menu</code></span>");
  assertStringIncludes(html, '<span class="line">› Connect\n</span>');
});

Deno.test("a screen that no printed page has room for may be cut", () => {
  const screens = (...lines: number[]) =>
    render({
      kind: "screens",
      screens: lines.map((count) => ({
        title: "Server",
        text: "line\n".repeat(count),
      })),
    });
  assert(!screens(50).includes(" long"));
  assert(!screens(50, 50).includes(" long"));
  assertStringIncludes(screens(50, 70), '<figure class="window long">');
  // The first of three has a row of its own.
  assertStringIncludes(screens(30, 30, 30), '<div class="screens long">');
  assert(!screens(30, 30, 30).includes("window long"));
  const wide = { ...KINDS.console, output: `${"x".repeat(1000)}\n`.repeat(10) };
  assertStringIncludes(render(wide), "console long");
});

Deno.test("a picture is an image of its own with its size and its words", () => {
  const html = render(KINDS.picture);
  const [, size, source, alt] =
    /<img (.*?) src="data:image\/svg\+xml,(.*?)" alt="(.*?)">/.exec(html)!;
  assertEquals(size, 'width="760" height="120"');
  assertEquals(decodeURIComponent(source!), SVG);
  assertEquals(alt, "The states in words");
  assertStringIncludes(html, "<strong>Figure 1.</strong> The states drawn");
  assert(!html.includes("<svg"));
});

Deno.test("a notice says why and how, an answer has its question", () => {
  const html = render(KINDS["not-run"], KINDS.answer, KINDS.answer);
  assertStringIncludes(html, "<dt>Why</dt><dd>only root may</dd>");
  assertStringIncludes(html, "<dd><code>sudo lab</code></dd>");
  assertStringIncludes(html, '<p class="label">Question 2</p>');
  assertStringIncludes(
    html,
    '<p class="question">Is it so?</p>\n<p>It is.</p>',
  );
});

Deno.test("the words around are in the document's language", () => {
  const html = renderHtml(documentOf(Object.values(KINDS), { language: "zh" }));
  for (
    const word of ["目录", "2 条结论中 1 条成立", "1 条不成立", "1 项未运行"]
  ) {
    assertStringIncludes(html, word);
  }
  for (const word of ["图 1", "表 1", "问题 1", "原因", "怎样运行", "未运行"]) {
    assertStringIncludes(html, word);
  }
  const text = html.replace(/<style>.*?<\/style>|<[^>]*>/gs, "");
  assert(!/Contents|Figure|Question|Not run|hold/.test(text), text);
});

const HOSTILE = `</p></style><script>alert("1")</script>&amp;'"\x1b[2J\u202e`;
const HARMLESS = "&lt;/p&gt;&lt;/style&gt;&lt;script&gt;alert(&quot;1&quot;)" +
  "&lt;/script&gt;&amp;amp;&#39;&quot;␛[2J&lt;U+202E&gt;";

Deno.test("whatever a text holds is shown and does nothing", () => {
  const h = HOSTILE;
  const blocks: Block[] = [
    { kind: "heading", level: 2, text: h },
    { kind: "paragraph", text: h },
    { kind: "items", items: [h], numbered: true },
    { kind: "table", head: [h], rows: [[h]], caption: h },
    { kind: "console", where: h, command: h, output: h },
    { kind: "screens", screens: [{ title: h, text: h }] },
    { kind: "picture", name: "p", svg: h, alt: h, caption: h },
    { kind: "findings", findings: [{ claim: h, holds: false }] },
    { kind: "not-run", why: h, how: `\`${h}\`` },
    { kind: "answer", question: h, answer: `**${h}**` },
  ];
  const html = renderHtml(
    documentOf(blocks, {
      title: h,
      subtitle: h,
      facts: [{ name: h, value: h }],
    }),
  );
  assertWellFormed(html);
  assert(!/<script/.test(html));
  // deno-lint-ignore no-control-regex -- these are what is looked for
  assert(!/[\x00-\x09\x0b-\x1f\u202e]/.test(html));
  // Each of the 22 once; at the top the title twice, the claim once and the
  // heading three times: in the contents, and as the place of two results.
  assertEquals(html.split(HARMLESS).length - 1, 22 + 5);
  assertEquals(html.match(/<\/style>/g)?.length, 1);
});
