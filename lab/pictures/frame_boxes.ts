import { HEADER_SIZE } from "../../protocol/mod.ts";
import type { Language } from "../language.ts";
import { fieldFigure, fieldText } from "./field_text.ts";
import {
  type Character,
  charactersOf,
  NO_CHARACTER,
  SPACE,
} from "./frame_characters.ts";
import { type Piece, type Row, ROW_BYTES } from "./frame_rows.ts";
import { element, line, MARGIN, WIDTH } from "./svg.ts";
import { textWidth } from "./text_width.ts";
import { pictureTexts } from "./texts.ts";

const BOX = { width: 42, height: 30 };
/** Where the first box of a row begins. */
const LEFT = WIDTH - MARGIN - ROW_BYTES * BOX.width;
const RADIUS = 4;
/** How much of its place a field leaves free on each side. */
const INSET = 1;
/** Room above the boxes for names. */
const ABOVE = 17;
/** Room below them for what they say. */
const BELOW = 21;
/** Room for the lines that hold the entries of a list together. */
const ENTRIES = 17;
/** Room for what is said of bytes that are left out. */
const OMISSION = 26;
const ROW_GAP = 9;
/** The sizes of fonts: for names and values, long names, and characters. */
const [SMALL, SMALLER, CHARACTER] = [11, 10, 13];

/** What is drawn of a frame. */
export interface FrameBoxesOptions {
  readonly rows: readonly Row[];
  /** The number that a field has in the picture, by its index. */
  readonly numberOf: (index: number) => number;
  readonly language: Language;
  /** Where the first row begins, in pixels. */
  readonly top: number;
}

/**
 * Draws the bytes of a frame, each as a box: above the boxes the fields' names
 * (or their numbers where there is no room for a name), below them what they
 * say: characters, or a value.
 *
 * @returns What is drawn, and where it ends.
 */
export function frameBoxes(
  options: FrameBoxesOptions,
): { parts: string[]; bottom: number } {
  const { rows, numberOf, language, top } = options;
  const texts = pictureTexts[language];
  const nameOf = ({ field }: Piece) => texts.fields[field.key];
  const pieces = rows.flatMap(({ pieces }) => pieces);
  const named = placesFor(pieces, ({ index }) => index, nameOf);
  const figured = placesFor(
    pieces,
    ({ index }) => index,
    ({ field }) => fieldText(field, language),
  );
  const entries = rows.map(entriesOf);
  const numbered = placesFor(
    entries.flat(),
    ({ entry }) => entry,
    ({ entry }) => texts.entry(entry),
  );

  const parts: string[] = [];
  let y = top;
  rows.forEach((row, i) => {
    const { start, pieces, skipped } = row;
    if (skipped > 0) {
      parts.push(...omission(texts.moreBytes(skipped), y));
      y += OMISSION;
    }
    const labels = pieces.filter((piece) => named.has(piece));
    if (labels.length > 0) y += ABOVE;
    const part = partAt(row);
    if (part !== undefined) {
      parts.push(line("small faint", MARGIN, y - 5, texts[part]));
    }
    parts.push(
      line("small faint end", LEFT - 10, y + 19, `${start}`),
      ...labels.flatMap((piece) =>
        label(piece, nameOf(piece), numberOf(piece.index), y)
      ),
      ...pieces.flatMap((piece) => boxes(piece, y)),
    );
    y += BOX.height;
    const below = [
      ...pieces.flatMap((piece) => characters(piece, rows, y)),
      ...pieces.filter((piece) => figured.has(piece))
        .flatMap((piece) => figure(piece, language, y)),
    ];
    if (below.length > 0) y += BELOW;
    parts.push(...below);
    for (const entry of entries[i]!) {
      const name = numbered.has(entry) ? texts.entry(entry.entry) : "";
      parts.push(...entryLine(entry, name, y));
    }
    if (entries[i]!.length > 0) y += ENTRIES;
    y += ROW_GAP;
  });
  return { parts, bottom: y - ROW_GAP };
}

/** Some bytes of one row. */
interface Span {
  /** The first, counted from the frame's first. */
  readonly start: number;
  /** The one behind the last. */
  readonly end: number;
}

/** The bytes of a list's entry in one row. */
interface EntrySpan extends Span {
  readonly entry: number;
  /** Whether the entry begins and ends with them. */
  readonly begins: boolean;
  readonly ends: boolean;
}

/** The row that a byte is in, by the row's first byte. */
function rowOf(offset: number): number {
  return offset - offset % ROW_BYTES;
}

/** From where to where bytes of one row go, in pixels. */
function placeOf({ start, end }: Span): { left: number; right: number } {
  const left = LEFT + (start - rowOf(start)) * BOX.width;
  return { left, right: left + (end - start) * BOX.width };
}

/**
 * Where to say something of each thing: at the first of its spans that has room
 * for it, else at the widest.
 */
function placesFor<T extends Span>(
  spans: readonly T[],
  thing: (span: T) => unknown,
  said: (span: T) => string,
): Set<T> {
  const things = Map.groupBy(spans, thing);
  return new Set(
    things.values().map((spans) => {
      const [widest] = spans.toSorted((a, b) =>
        b.end - b.start - a.end + a.start
      );
      return spans.find((span) => fits(said(span), SMALL, span)) ?? widest!;
    }),
  );
}

function fits(text: string, size: number, span: Span): boolean {
  return textWidth(text, size) <= (span.end - span.start) * BOX.width;
}

function entriesOf({ pieces }: Row): EntrySpan[] {
  const spans: EntrySpan[] = [];
  for (const { field: { key, entry, offset, bytes }, start, end } of pieces) {
    if (entry === undefined) continue;
    const before = spans.at(-1);
    const ends = key === "address" && end === offset + bytes.length;
    if (before?.entry === entry) {
      spans[spans.length - 1] = { ...before, end, ends };
    } else {
      const begins = key === "number" && start === offset;
      spans.push({ entry, start, end, begins, ends });
    }
  }
  return spans;
}

/** The part of the frame that begins with a row. */
function partAt({ start, pieces }: Row): "header" | "payload" | undefined {
  if (pieces.some(({ field }) => field.key === "rest")) return undefined;
  if (start === 0) return "header";
  return start === HEADER_SIZE ? "payload" : undefined;
}

/** A field's name above its boxes, or its number on its colour. */
function label(
  piece: Piece,
  name: string,
  number: number,
  bottom: number,
): string[] {
  const { left, right } = placeOf(piece);
  const middle = (left + right) / 2;
  if (fits(name, SMALL, piece)) {
    return [line("small strong middle", middle, bottom - 5, name)];
  }
  if (fits(name, SMALLER, piece)) {
    return [line("smaller strong middle", middle, bottom - 5, name)];
  }
  const chip = { x: middle - 11, y: bottom - 17, width: 22, height: 15 };
  return [
    element("rect", {
      class: `field field-${piece.field.key}`,
      ...chip,
      rx: 3,
    }),
    line("small middle", middle, bottom - 5.5, `${number}`),
  ];
}

/** The bytes of a piece. Where the field goes on, their frame is open. */
function boxes(piece: Piece, top: number): string[] {
  const { field: { key, offset, bytes }, start, end } = piece;
  const { left, right } = placeOf(piece);
  const begins = start === offset;
  const ends = end === offset + bytes.length;
  const parts = [
    outline(
      `field field-${key}`,
      left + (begins ? INSET : 0),
      right - (ends ? INSET : 0),
      top,
      begins,
      ends,
    ),
  ];
  for (let at = start; at < end; at++) {
    const x = left + (at - start) * BOX.width;
    if (at > start) {
      const d = `M${x} ${top + RADIUS}v${BOX.height - 2 * RADIUS}`;
      parts.push(element("path", { class: "part", d }));
    }
    const hex = bytes.subarray(at - offset, at - offset + 1).toHex();
    parts.push(line("hex middle", x + BOX.width / 2, top + 20, hex));
  }
  return parts;
}

function outline(
  classes: string,
  left: number,
  right: number,
  top: number,
  begins: boolean,
  ends: boolean,
): string {
  const width = right - left;
  const { height } = BOX;
  if (begins === ends) {
    const place = { x: left, y: top, width, height };
    const sides = begins
      ? { rx: RADIUS }
      : { "stroke-dasharray": `${width} ${height}` };
    return element("rect", { class: classes, ...place, ...sides });
  }
  const r = RADIUS;
  const upright = `v${height - 2 * r}`;
  const d = begins
    ? `M${right} ${top}H${left + r}a${r} ${r} 0 0 0 ${-r} ${r}${upright}` +
      `a${r} ${r} 0 0 0 ${r} ${r}H${right}`
    : `M${left} ${top}H${right - r}a${r} ${r} 0 0 1 ${r} ${r}${upright}` +
      `a${r} ${r} 0 0 1 ${-r} ${r}H${left}`;
  return element("path", { class: classes, d });
}

/** What a field's bytes say if it is no text: in short, if there is room for it. */
function figure(piece: Piece, language: Language, top: number): string[] {
  const { field, start, end } = piece;
  if (charactersOf(field, start, end).length > 0) return [];
  const { left, right } = placeOf(piece);
  const said = [
    fieldText(field, language),
    // In other languages, what a command means stands behind its name.
    ...field.value.kind === "command" ? [fieldText(field, "en")] : [],
    fieldFigure(field, language),
  ].find((text) => fits(text, SMALL, piece));
  if (said === undefined) return [];
  return [line("small middle", (left + right) / 2, top + 15, said)];
}

/**
 * The characters below a piece's bytes. One of several bytes stands in the
 * middle of a bracket; if they go over the end of a row, where most of them are.
 */
function characters(
  { field, start, end }: Piece,
  rows: readonly Row[],
  top: number,
): string[] {
  const row = rowOf(start);
  return charactersOf(field, start, end).flatMap((character) => {
    const here = {
      start: Math.max(character.start, row),
      end: Math.min(character.end, row + ROW_BYTES),
    };
    const { left, right } = placeOf(here);
    const parts: string[] = [];
    if (character.end - character.start > 1) {
      const d = (here.start > character.start
        ? `M${left} ${top + 5}`
        : `M${left + 4} ${top + 2}v3`) +
        (here.end < character.end ? `H${right}` : `H${right - 4}v-3`);
      parts.push(element("path", { class: "rule", d }));
    }
    if (rowFor(character, rows) !== row) return parts;
    const { shown } = character;
    const long = textWidth(shown, CHARACTER) > right - left;
    const sign = shown === SPACE || shown === NO_CHARACTER;
    const classes = `${long ? "code" : "character"}${sign ? " faint" : ""}`;
    const middle = (left + right) / 2;
    return [...parts, line(`${classes} middle`, middle, top + 18, shown)];
  });
}

/** In which of the drawn rows a character stands, by the row's first byte. */
function rowFor({ start, end }: Character, rows: readonly Row[]): number {
  const [first, last] = [rowOf(start), rowOf(end - 1)];
  const drawn = (row: number) => rows.some((other) => other.start === row);
  if (first === last || !drawn(last)) return first;
  if (!drawn(first)) return last;
  return last - start >= end - last ? first : last;
}

/** A line along the bytes of a list's entry, with the entry's name in it. */
function entryLine(span: EntrySpan, name: string, top: number): string[] {
  const place = placeOf(span);
  const y = top + 7;
  const left = place.left + (span.begins ? 4 : 0);
  const right = place.right - (span.ends ? 4 : 0);
  const begin = span.begins ? `M${left} ${y - 5}V${y}` : `M${left} ${y}`;
  const end = `H${right}${span.ends ? "v-5" : ""}`;
  const width = textWidth(name, SMALL);
  const from = (left + right - width) / 2 - 5;
  if (name === "" || from < left) {
    return [element("path", { class: "rule", d: begin + end })];
  }
  const d = `${begin}H${from}M${from + width + 10} ${y}${end}`;
  return [
    element("path", { class: "rule", d }),
    line("small middle", (left + right) / 2, y + 4, name),
  ];
}

/** What stands in place of bytes that are left out. */
function omission(text: string, top: number): string[] {
  const shown = `… ${text} …`;
  const middle = (LEFT + WIDTH - MARGIN) / 2;
  const y = top + 13;
  const room = textWidth(shown, 12) / 2 + 8;
  const d = `M${LEFT} ${y}H${middle - room}M${middle + room} ${y}H${
    WIDTH - MARGIN
  }`;
  return [
    element("path", { class: "omission", d }),
    line("faint middle", middle, y + 4, shown),
  ];
}
