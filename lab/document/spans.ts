import type { Marked } from "./document.ts";
import { oneLine } from "./one_line.ts";

/** A piece of a text that is marked in one way. */
export interface Span {
  readonly text: string;
  readonly code: boolean;
  readonly strong: boolean;
}

/** `` `code` ``, or `**weight**` that may hold some. */
const MARKED =
  /`([^`]+)`|\*\*(?![\s*])((?:`[^`]+`|[^`*]|\*(?!\*))+?)(?<!\s)\*\*/g;

/**
 * Takes a marked text apart: what is code, what has weight, and the rest. A mark
 * that is not closed, or holds nothing, is text. All of it fits in a line, as
 * {@linkcode oneLine} has it.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(spans("`FIN` is **never** sent"), [
 *   { text: "FIN", code: true, strong: false },
 *   { text: " is ", code: false, strong: false },
 *   { text: "never", code: false, strong: true },
 *   { text: " sent", code: false, strong: false },
 * ]);
 * assertEquals(spans("2 ** 3 ** 4 `")[0]?.text, "2 ** 3 ** 4 `");
 * ```
 */
export function spans(marked: Marked): Span[] {
  return taken(oneLine(marked), false);
}

function taken(text: string, strong: boolean): Span[] {
  const all: Span[] = [];
  const add = (text: string, code: boolean) => {
    if (text !== "") all.push({ text, code, strong });
  };
  let end = 0;
  for (const match of text.matchAll(MARKED)) {
    const [whole, code, heavy] = match;
    add(text.slice(end, match.index), false);
    if (code !== undefined) add(code, true);
    else all.push(...taken(heavy!, true));
    end = match.index + whole.length;
  }
  add(text.slice(end), false);
  return all;
}
