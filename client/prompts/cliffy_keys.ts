import type { Key } from "./keyboard.ts";
import { graphemesOf } from "./layout.ts";

const UP = "\x1b[A";
const DOWN = "\x1b[B";
const RIGHT = "\x1b[C";
const LEFT = "\x1b[D";
const DELETE = "\x1b[3~";
const PAGE_UP = "\x1b[5~";
const PAGE_DOWN = "\x1b[6~";
const ENTER = "\r";
const BACKSPACE = "\x7f";

/** How much Cliffy reads at once, in bytes. */
const READ_BYTES = 8;

// deno-lint-ignore no-control-regex -- some keys begin with ESC
const KEYS = /\x1b\[\d?[A-Z~]|[^]/gu;

const encoder = new TextEncoder();

/**
 * What Cliffy is to read when a key is pressed with the text `before` and `after`
 * the cursor, in pieces of whole keys that it reads one at a time.
 *
 * Cliffy moves and deletes one UTF-16 unit at a time, a person what is seen as one
 * character: this takes several keys.
 */
export function cliffyKeys(
  key: Key,
  before: string,
  after: string,
): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let piece = "";
  for (const [one] of keySequence(key, before, after).matchAll(KEYS)) {
    if (piece !== "" && encoder.encode(piece + one).length > READ_BYTES) {
      pieces.push(encoder.encode(piece));
      piece = "";
    }
    piece += one;
  }
  if (piece !== "") pieces.push(encoder.encode(piece));
  return pieces;
}

function keySequence(key: Key, before: string, after: string): string {
  if ("character" in key) return key.character;
  const previous = graphemesOf(before).at(-1) ?? "";
  const next = graphemesOf(after).at(0) ?? "";
  const wordBefore = /\S*\s*$/.exec(before)![0];
  const wordAfter = /^\s*\S*/.exec(after)![0];
  switch (key.name) {
    case "up":
      return UP;
    case "down":
      return DOWN;
    case "pageUp":
      return PAGE_UP;
    case "pageDown":
      return PAGE_DOWN;
    case "enter":
      return ENTER;
    case "left":
      return LEFT.repeat(previous.length);
    case "right":
      return RIGHT.repeat(next.length);
    case "wordLeft":
      return LEFT.repeat(wordBefore.length);
    case "wordRight":
      return RIGHT.repeat(wordAfter.length);
    case "home":
      return LEFT.repeat(before.length);
    case "end":
      return RIGHT.repeat(after.length);
    case "backspace":
      return BACKSPACE.repeat(previous.length);
    case "deleteWord":
      return BACKSPACE.repeat(wordBefore.length);
    case "deleteLine":
      return BACKSPACE.repeat(before.length);
    // At the end of an empty line it is the end of input.
    case "endOfInput":
    case "delete":
      return DELETE.repeat(next.length);
  }
}
