import type { Language } from "../language.ts";
import { DARK, type Ground, LIGHT } from "./colours.ts";
import { safeText } from "./safe_text.ts";
import type { Theme } from "./theme.ts";

/** How wide every picture is, in pixels: as a page of A4 likes it. */
export const WIDTH = 760;

/** How much of it is left free at each side, in pixels. */
export const MARGIN = 18;

/** The font of all texts, with what Chinese is written in on each system. */
const FONT = 'system-ui,-apple-system,"Segoe UI",Helvetica,Arial,' +
  '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",' +
  "sans-serif";

/** The font of bytes. */
const MONOSPACE = 'ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",' +
  "monospace";

/** What a picture is, beside what is drawn. */
export interface ImageOptions {
  /** What it is a picture of: all of one kind share their style. */
  readonly kind: "frame" | "exchange";
  /** Its height, in pixels. */
  readonly height: number;
  /** The language of its texts. */
  readonly language: Language;
  /** The ground that it stands on. */
  readonly theme: Theme;
  /** What it shows, in a line. */
  readonly title: string;
  /** All that it shows, in words, line by line. */
  readonly description: readonly string[];
  /** The style of what is drawn, on a ground. */
  readonly rules: (ground: Ground) => readonly string[];
}

/**
 * A whole SVG image that stands on a ground of its own, since a page can be
 * light where the reader's system is dark.
 *
 * Its style holds for images of its kind alone, so that many may stand in one
 * page.
 *
 * @param parts What is drawn: elements made by {@linkcode element}.
 */
export function image(options: ImageOptions, parts: readonly string[]): string {
  const { kind, height, language, theme, title, description, rules } = options;
  const scope = `parley-${kind}-${theme}`;
  const style = (ground: Ground) =>
    [
      `.card{fill:${ground.card};stroke:${ground.border}}`,
      `text{fill:${ground.text}}`,
      `.faint{fill:${ground.faint}}`,
      ...rules(ground),
    ].map((rule) => `.${scope} ${rule}`);
  const styles = [
    `.${scope} text{font:12px ${FONT};white-space:pre}`,
    `.${scope} .title{font-size:15px;font-weight:600}`,
    `.${scope} .strong{font-weight:600}`,
    `.${scope} .small{font-size:11px}`,
    `.${scope} .smaller{font-size:10px}`,
    `.${scope} .middle{text-anchor:middle}`,
    `.${scope} .end{text-anchor:end}`,
    `.${scope} .hex{font:14px ${MONOSPACE}}`,
    ...style(LIGHT),
  ];
  if (theme === "auto") {
    styles.push("@media screen and (prefers-color-scheme:dark){");
    styles.push(...style(DARK), "}");
  }
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    role: "img",
    class: scope,
    "xml:lang": language,
    "xml:space": "preserve",
    viewBox: `0 0 ${WIDTH} ${height}`,
    width: WIDTH,
    height,
  };
  return element(
    "svg",
    attributes,
    "\n",
    ...[
      element("title", {}, escaped(title)),
      element("desc", {}, description.map(escaped).join("\n")),
      element("style", {}, `\n${styles.join("\n")}\n`),
      element("rect", {
        class: "card",
        x: 0.5,
        y: 0.5,
        rx: 6,
        width: WIDTH - 1,
        height: height - 1,
      }),
      ...parts,
    ].map((part) => `${part}\n`),
  ) + "\n";
}

/** What an element's attributes may be; those that are `undefined` are not. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/**
 * An element of SVG.
 *
 * @param content Other elements, or text that is {@linkcode escaped}.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   element("text", { x: 1 / 3, class: undefined }, escaped("a & b")),
 *   `<text x="0.33">a &amp; b</text>`,
 * );
 * assertEquals(element("path", { d: "M0 0" }), `<path d="M0 0"/>`);
 * ```
 */
export function element(
  name: string,
  attributes: Attributes,
  ...content: readonly string[]
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const text = typeof value === "number" ? round(value) : escaped(value!);
      return ` ${name}="${text}"`;
    })
    .join("");
  return content.length === 0
    ? `<${name}${written}/>`
    : `<${name}${written}>${content.join("")}</${name}>`;
}

/** A line of text; `classes` are of {@linkcode image} or the picture's own. */
export function line(
  classes: string,
  x: number,
  y: number,
  content: string,
): string {
  const look = classes === "" ? undefined : classes;
  return element("text", { class: look, x, y }, escaped(content));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Any text, as it stands in an element or an attribute; made harmless, too. */
export function escaped(text: string): string {
  return safeText(text)
    .replace(/[&<>"]/g, (character) => ENTITIES[character]!);
}

/** To a hundredth of a pixel. */
function round(pixels: number): number {
  return Math.round(pixels * 100) / 100;
}
