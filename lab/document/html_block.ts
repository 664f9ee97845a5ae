import type { Block, Marked, Picture } from "./document.ts";
import { escapedHtml } from "./escaped_html.ts";
import { markedHtml } from "./marked_html.ts";
import { oneLine } from "./one_line.ts";
import { findingId, type Part } from "./outline.ts";
import { screenLines } from "./screen_lines.ts";
import { signHtml } from "./sign_html.ts";
import { SIGNS } from "./signs.ts";
import type { Texts } from "./texts.ts";

/** How many lines of a screen a printed page has room for. */
const LINES_A_PAGE = 58;
/** How many signs a printed line of a screen has, if it is alone in its row. */
const SIGNS_A_LINE = 110;
/** The same for one of two beside each other. */
const SIGNS_A_HALF_LINE = 54;

/** How many rows of a table are kept together on paper. */
const ROWS_TOGETHER = 12;

/**
 * Writes one block as HTML.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { TEXTS } from "./texts.ts";
 *
 * const block = { kind: "paragraph", text: "**So** it is" } as const;
 * assertEquals(
 *   htmlBlock({ block }, TEXTS.en),
 *   "<p><strong>So</strong> it is</p>",
 * );
 * ```
 */
export function htmlBlock(part: Part, texts: Texts): string {
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
  "heading": ({ level, text }, { id, number }) =>
    `<h${level} id="${escapedHtml(id!)}">` +
    (number ? `<span class="number">${number}</span>` : "") +
    `${markedHtml(text)}</h${level}>`,

  "paragraph": ({ text }) => `<p>${markedHtml(text)}</p>`,

  "items": ({ items, numbered }) => {
    const list = numbered ? "ol" : "ul";
    const points = items.map((item) => `<li>${markedHtml(item)}</li>`);
    return [`<${list}>`, ...points, `</${list}>`].join("\n");
  },

  "table": ({ head, rows, figures = [], caption }, { number }, texts) => {
    const kind = (column: number) =>
      figures.includes(column) ? ' class="figures"' : "";
    return [
      `<figure class="table${rows.length > ROWS_TOGETHER ? " long" : ""}">`,
      ...captionHtml(caption, texts.table(number ?? "")),
      '<div class="scroll"><table>',
      "<thead><tr>",
      ...head.map((cell, i) =>
        `<th scope="col"${kind(i)}>${markedHtml(cell)}</th>`
      ),
      "</tr></thead>",
      "<tbody>",
      ...rows.map((row) => {
        const cells = row.map((cell, i) =>
          `<td${kind(i)}>${markedHtml(cell)}</td>`
        );
        return `<tr>${cells.join("")}</tr>`;
      }),
      "</tbody>",
      "</table></div>",
      "</figure>",
    ].join("\n");
  },

  "console": ({ where, command, output }) => {
    const typed = screenLines(command);
    const printed = screenLines(output);
    const height = heightOf([...typed, ...printed], SIGNS_A_LINE);
    return `<figure class="window console${long(height)}">` +
      (where === undefined
        ? ""
        : `<figcaption>${escapedHtml(oneLine(where))}</figcaption>`) +
      '<pre class="scroll"><span class="line"><span class="prompt">$ </span>' +
      `<kbd>${escapedHtml(typed.join("\n"))}</kbd>\n</span>` +
      `<samp>${linesHtml(printed)}</samp></pre></figure>`;
  },

  "screens": ({ screens }) => {
    // The style sheet gives the first of an odd number a row of its own.
    const alone = screens.length % 2;
    const all = screens.map(({ title, text }, i) => {
      const lines = screenLines(text);
      const signs = i < alone ? SIGNS_A_LINE : SIGNS_A_HALF_LINE;
      return { title, lines, height: heightOf(lines, signs) };
    });
    let height = 0;
    for (let i = -alone; i < all.length; i += 2) {
      height += Math.max(all[i]?.height ?? 0, all[i + 1]?.height ?? 0);
    }
    return [
      `<div class="screens${long(height)}">`,
      ...all.map(({ title, lines, height }) =>
        `<figure class="window${long(height)}"><figcaption>` +
        '<span class="lights" aria-hidden="true"><i></i><i></i><i></i></span>' +
        `<span>${markedHtml(title)}</span></figcaption>` +
        `<pre><samp>${linesHtml(lines)}</samp></pre></figure>`
      ),
      "</div>",
    ].join("\n");
  },

  "picture": (picture, { number }, texts) => {
    const { alt, caption } = picture;
    return [
      '<figure class="picture">',
      `<div class="scroll">${image(picture, alt)}</div>`,
      ...captionHtml(caption, texts.figure(number ?? "")),
      "</figure>",
    ].join("\n");
  },

  "findings": ({ findings }, { id }, texts) =>
    [
      `<ul class="findings" id="${id}">`,
      ...findings.map(({ claim, holds }, i) =>
        `<li id="${findingId(id!, i)}">` +
        (holds
          ? signHtml("held", texts.holds) + `<span>${markedHtml(claim)}</span>`
          : signHtml("failed", texts.fails) +
            `<span><strong>${texts.fails}</strong> ${
              markedHtml(claim)
            }</span>`) +
        "</li>"
      ),
      "</ul>",
    ].join("\n"),

  "not-run": ({ why, how }, { id }, texts) =>
    [
      `<aside class="notice" id="${id}">`,
      `<p><span class="sign" aria-hidden="true">${
        SIGNS["not-run"]
      }</span>${texts.notRunHere}</p>`,
      "<dl>",
      `<div><dt>${texts.why}</dt><dd>${markedHtml(why)}</dd></div>`,
      `<div><dt>${texts.how}</dt><dd>${markedHtml(how)}</dd></div>`,
      "</dl>",
      "</aside>",
    ].join("\n"),

  "answer": ({ question, answer }, { number }, texts) =>
    [
      '<div class="answer">',
      `<p class="label">${texts.question(number!)}</p>`,
      `<p class="question">${markedHtml(question)}</p>`,
      `<p>${markedHtml(answer)}</p>`,
      "</div>",
    ].join("\n"),
};

function captionHtml(caption: Marked | undefined, number: string): string[] {
  return caption === undefined ? [] : [
    `<figcaption><strong>${number}</strong> ${
      markedHtml(caption)
    }</figcaption>`,
  ];
}

/** Lines as elements, so that what a wrapped one goes on with can be indented. */
function linesHtml(lines: readonly string[]): string {
  return lines
    .map((line) => `<span class="line">${escapedHtml(line)}\n</span>`)
    .join("");
}

/** How many lines a screen takes on paper, wrapped. */
function heightOf(lines: readonly string[], signs: number): number {
  return lines.reduce(
    (sum, { length }) => sum + Math.max(1, Math.ceil(length / signs)),
    0,
  );
}

/** What is longer than a page is cut where it is; all else is kept together. */
function long(height: number): string {
  return height > LINES_A_PAGE ? " long" : "";
}

function image({ svg }: Picture, alt: string): string {
  const size = sizeOf(svg);
  const attributes = size === undefined
    ? ""
    : ` width="${size.width}" height="${size.height}"`;
  const source = `data:image/svg+xml,${encodeURIComponent(svg.toWellFormed())}`;
  return `<img${attributes} src="${source}" alt="${
    escapedHtml(oneLine(alt))
  }">`;
}

/** The size that an SVG image says it has, in pixels, so that none is guessed. */
function sizeOf(svg: string): { width: number; height: number } | undefined {
  const viewBox = /<svg\b[^>]*\sviewBox=["']([^"']*)["']/.exec(svg)?.[1];
  const [, , width, height] = (viewBox ?? "").trim().split(/[\s,]+/).map(
    Number,
  );
  if (!(width! > 0 && height! > 0)) return undefined;
  return { width: Math.round(width!), height: Math.round(height!) };
}
