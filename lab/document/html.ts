import type { Document } from "./document.ts";
import { escapedHtml } from "./escaped_html.ts";
import { htmlBlock } from "./html_block.ts";
import { markedHtml } from "./marked_html.ts";
import { oneLine } from "./one_line.ts";
import {
  type Notable,
  type Outline,
  outline,
  type Results,
} from "./outline.ts";
import { signHtml } from "./sign_html.ts";
import { SIGNS } from "./signs.ts";
import { style } from "./style.ts";
import { TEXTS, type Texts } from "./texts.ts";

/**
 * What a page may do: show itself. Neither a script nor anything from elsewhere
 * would be let in, whatever got into the document.
 */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * Writes a document as HTML: one file that needs nothing else, runs nothing and
 * asks for nothing, made for screens of any width and for A4.
 *
 * Drawings stand in it as images (`data:`), not as elements: an image's ids and
 * style sheet are its own, it cannot run anything, and it is printed as sharp as
 * an element would be, its letters as letters.
 *
 * @throws {RangeError} If two headings have the same id.
 *
 * @example Usage
 * ```ts
 * import { assert, assertStringIncludes } from "@std/assert";
 *
 * const html = renderHtml({
 *   language: "en",
 *   title: "TCP & Parley",
 *   subtitle: "What was seen",
 *   facts: [{ name: "Deno", value: "`2.9.6`" }],
 *   blocks: [
 *     { kind: "heading", level: 2, text: "Cable", id: "cable" },
 *     { kind: "paragraph", text: "No `FIN` **can** be sent." },
 *   ],
 * });
 * assert(html.startsWith('<!doctype html>\n<html lang="en">'));
 * assertStringIncludes(html, "<h1>TCP &amp; Parley</h1>");
 * assertStringIncludes(html, '<a href="#cable">');
 * assertStringIncludes(
 *   html,
 *   "<p>No <code>FIN</code> <strong>can</strong> be sent.</p>",
 * );
 * ```
 */
export function renderHtml(document: Document): string {
  const texts = TEXTS[document.language];
  const outlined = outline(document);
  const title = oneLine(document.title);
  return [
    "<!doctype html>",
    `<html lang="${texts.tag}">`,
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<title>${escapedHtml(title)}</title>`,
    // Without it a browser asks the page's server for one.
    '<link rel="icon" href="data:,">',
    `<style>\n${style(title)}\n</style>`,
    "</head>",
    "<body>",
    '<main class="page">',
    "<header>",
    `<h1>${escapedHtml(title)}</h1>`,
    `<p class="subtitle">${markedHtml(document.subtitle)}</p>`,
    ...facts(document, texts),
    "</header>",
    ...outlined.front.map((part) => htmlBlock(part, texts)),
    ...resultsStrip(outlined, texts),
    ...contents(outlined, texts),
    ...outlined.chapters.map(({ id, parts }) =>
      [
        `<section class="chapter" aria-labelledby="${escapedHtml(id)}">`,
        ...parts.map((part) => htmlBlock(part, texts)),
        "</section>",
      ].join("\n")
    ),
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function facts({ facts }: Document, texts: Texts): string[] {
  if (facts.length === 0) return [];
  const blank = `<dd class="blank" title="${texts.blank}"></dd>`;
  return [
    '<dl class="facts">',
    ...facts.map(({ name, value }) => {
      const filled = value === "" ? blank : `<dd>${markedHtml(value)}</dd>`;
      return `<div><dt>${escapedHtml(oneLine(name))}</dt>${filled}</div>`;
    }),
    "</dl>",
  ];
}

/** What was found in all, and where what is not as it should be stands. */
function resultsStrip(
  { results, firstFindings, notable }: Outline,
  texts: Texts,
): string[] {
  const { held, found, notRun } = results;
  const failed = found - held;
  const first = (isFailed: boolean) =>
    notable.find(({ claim }) => (claim !== undefined) === isFailed)?.id;
  const counts = [
    ...found > 0
      ? [count("held", texts.held(held, found), firstFindings!)]
      : [],
    ...failed > 0 ? [count("failed", texts.failed(failed), first(true)!)] : [],
    ...notRun > 0
      ? [count("not-run", texts.notRun(notRun), first(false)!)]
      : [],
  ];
  if (counts.length === 0) return [];
  return [
    `<section class="results" aria-label="${texts.results}">`,
    `<p class="counts">${counts.join("\n")}</p>`,
    ...notable.length > 0
      ? [
        '<ul class="notable">',
        ...notable.map((one) => notableItem(one, texts)),
        "</ul>",
      ]
      : [],
    "</section>",
  ];
}

function count(kind: keyof typeof SIGNS, text: string, id: string): string {
  return `<span class="${kind}">${mark(kind)} ` +
    `<a href="${link(id)}">${text}</a></span>`;
}

/** A sign beside words that say the same. */
function mark(kind: keyof typeof SIGNS): string {
  return `<span class="mark" aria-hidden="true">${SIGNS[kind]}</span>`;
}

function notableItem({ id, claim, under }: Notable, texts: Texts): string {
  const kind = claim === undefined ? "not-run" : "failed";
  const meaning = claim === undefined ? texts.notRunHere : texts.fails;
  const place = under === undefined
    ? ""
    : `${under.number} ${markedHtml(under.title)}`;
  const text = claim === undefined
    ? `<a href="${link(id)}">${place || meaning}</a>`
    : `<a href="${link(id)}">${markedHtml(claim)}</a>` +
      (place && ` <span class="label">${place}</span>`);
  return `<li>${signHtml(kind, meaning)}<span>${text}</span></li>`;
}

function contents({ chapters }: Outline, texts: Texts): string[] {
  if (chapters.length === 0) return [];
  return [
    '<nav class="contents" aria-labelledby="contents">',
    `<h2 id="contents">${texts.contents}</h2>`,
    "<ol>",
    ...chapters.map(({ id, number, title, results }) =>
      `<li><a href="${link(id)}"><span class="number">${number}</span>` +
      `${markedHtml(title)}</a>${outcome(results, texts)}</li>`
    ),
    "</ol>",
    "</nav>",
  ];
}

function outcome({ held, found, notRun }: Results, texts: Texts): string {
  const kind = held === found ? "held" : "failed";
  const told = [
    ...found > 0
      ? [
        `<span class="${kind}" title="${texts.held(held, found)}">` +
        `${mark(kind)} ${texts.heldShort(held, found)}</span>`,
      ]
      : [],
    ...notRun > 0
      ? [`<span class="not-run">${mark("not-run")} ${texts.notRunHere}</span>`]
      : [],
  ];
  return told.length === 0
    ? ""
    : `<span class="outcome">${told.join("")}</span>`;
}

function link(id: string): string {
  return `#${encodeURIComponent(id)}`;
}
