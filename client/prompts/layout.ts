import { unicodeWidth } from "@std/cli/unicode-width";
import { visibleText } from "../../terminal/mod.ts";

/** A text with colours, broken into the rows of a terminal. */
export interface Layout {
  /** The rows, each complete with the colours that it begins in. */
  readonly rows: readonly Row[];
  /** Which row the caret is in. */
  readonly caretRow: number;
  /** What stands before the caret in that row. */
  readonly caret: Row;
}

/** A row, or its beginning. */
export interface Row {
  /** What to print. */
  readonly text: string;
  /** How many columns it takes, at most. */
  readonly width: number;
}

// deno-lint-ignore no-control-regex -- colours begin with ESC
const COLOUR = /\x1b\[[\d;]*m/g;
const PARTS = new RegExp(`${COLOUR.source}|[^\\x1b]+|\\x1b`, "g");
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** What a person sees as the characters of a text, in order. */
export function graphemesOf(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** A text without its colours. */
export function withoutColours(text: string): string {
  return text.replace(COLOUR, "");
}

/**
 * Breaks a text into rows of at most `columns`, and finds the caret, which is
 * before the UTF-16 unit `caret` of the first line, colours not counted.
 *
 * Terminals do not agree on the width of emoji that consist of several. A row is
 * never wider than said here, and a caret that follows the text before it is in
 * the right place on all of them.
 *
 * Colours are the only control sequences; whatever else a terminal could obey is
 * made visible.
 */
export function layOut(text: string, caret: number, columns: number): Layout {
  const rows: Row[] = [];
  let caretRow = 0;
  let beforeCaret: Row = { text: "", width: 0 };

  for (const [lineNumber, line] of text.split("\n").entries()) {
    // All that the line has had so far; a row that it is broken into begins in them.
    let colours = "";
    let row = { text: colours, width: 0 };
    let index = 0;
    const markCaret = () => {
      if (lineNumber > 0 || index > caret) return;
      caretRow = rows.length;
      beforeCaret = { ...row };
    };
    for (const [part] of line.matchAll(PARTS)) {
      if (part.startsWith("\x1b[")) {
        colours += part;
        row.text += part;
        continue;
      }
      for (const grapheme of graphemesOf(part)) {
        for (const sign of cut(visibleText(grapheme), columns)) {
          const width = widthOf(sign);
          if (row.width + width > columns) {
            rows.push(row);
            row = { text: colours, width: 0 };
          }
          markCaret();
          row = { text: row.text + sign, width: row.width + width };
        }
        index += grapheme.length;
      }
    }
    markCaret();
    rows.push(row);
  }
  return { rows, caretRow, caret: beforeCaret };
}

/** The columns that a text takes on any terminal, at most. */
export function widthOf(text: string): number {
  const width = unicodeWidth(text);
  // A sign that asks to be shown as an emoji is as wide as one, on some.
  return text.includes("\ufe0f") ? Math.max(2, width) : width;
}

/** One sign, or where it is wider than a row (rarely) its parts. */
function cut(sign: string, columns: number): string[] {
  return widthOf(sign) > columns ? [...sign] : [sign];
}
