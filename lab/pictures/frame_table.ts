import { HEADER_SIZE } from "../../protocol/mod.ts";
import type { Language } from "../language.ts";
import type { Field } from "./field.ts";
import { fieldText } from "./field_text.ts";
import type { ShownField } from "./shown_fields.ts";
import { element, line, MARGIN, WIDTH } from "./svg.ts";
import { textWidth } from "./text_width.ts";
import { pictureTexts } from "./texts.ts";
import { wrapped } from "./wrapped.ts";

const FONT_SIZE = 12;
const ROW_HEIGHT = 20;
/** How far a value's second line is below its first. */
const LINE_HEIGHT = 16;
/** How many lines a value may have. */
const MAX_LINES = 3;
const GAP = 10;
const CHIP = { width: 22, height: 15 };
const CHIP_GAP = 6;
/** How far the second line of a column's head is below its first. */
const HEAD_HEIGHT = 13;

const WHOLE = WIDTH - 2 * MARGIN;
const HALF = WHOLE / 2 - GAP;
/** Where the right one of two columns begins. */
const RIGHT = MARGIN + HALF + 2 * GAP;

/** What is drawn, and where it ends, in pixels from the picture's top. */
interface Drawn {
  readonly parts: string[];
  readonly bottom: number;
}

/**
 * Draws the table of a frame's fields: in two columns the header's, and those of
 * a payload whose values are short. The entries of a list are a table of their
 * own, with a line for each.
 *
 * @param top Where it begins, in pixels.
 * @returns What is drawn, and where it ends.
 */
export function frameTable(
  fields: readonly ShownField[],
  language: Language,
  top: number,
): Drawn {
  const single = fields.filter(({ field }) => field.entry === undefined);
  const header = single.filter(({ field }) => isHeader(field));
  const others = single.filter(({ field }) => !isHeader(field));
  const columns = columnsFor(single, language);
  const rows = (shown: readonly ShownField[]) =>
    shown.map((one) => rowFor(one, columns, language));

  const first = twofold(rows(header), top + 20);
  const second = rows(others).every(isShort)
    ? twofold(rows(others), first.bottom + 4)
    : stacked(rows(others), MARGIN, first.bottom + 4, WHOLE);
  const entries = entryTable(
    fields.filter(({ field }) => field.entry !== undefined),
    language,
    second.bottom + 4,
  );
  return {
    parts: [
      ...headings(columns, language, MARGIN, top),
      ...header.length > 1 ? headings(columns, language, RIGHT, top) : [],
      ...first.parts,
      ...second.parts,
      ...entries.parts,
    ],
    bottom: entries.bottom,
  };
}

function isHeader({ key, offset }: Field): boolean {
  return offset < HEADER_SIZE && key !== "rest";
}

/** Where the columns are, from a row's left side. */
interface Columns {
  /** Where offsets end. */
  readonly offset: number;
  /** Where sizes end. */
  readonly size: number;
  /** Where names begin. */
  readonly name: number;
  /** Where values begin. */
  readonly value: number;
}

function columnsFor(
  fields: readonly ShownField[],
  language: Language,
): Columns {
  const texts = pictureTexts[language];
  const [name, offset, size] = texts.columns;
  const widest = (heading: string, cell: (field: Field) => string) =>
    Math.max(
      ...[heading, ...fields.map(({ field }) => cell(field))]
        .map((text) => textWidth(text, FONT_SIZE)),
    );
  const offsets = CHIP.width + GAP +
    widest(offset, (field) => `${field.offset}`);
  const sizes = offsets + GAP +
    widest(size, (field) => `${field.bytes.length}`);
  const names = sizes + GAP;
  const values = names + GAP + widest(name, (field) => texts.fields[field.key]);
  return { offset: offsets, size: sizes, name: names, value: values };
}

function headings(
  columns: Columns,
  language: Language,
  left: number,
  top: number,
): string[] {
  const [name, offset, size, value] = pictureTexts[language].columns;
  const y = top + 14;
  return [
    line("small faint end", left + columns.offset, y, offset),
    line("small faint end", left + columns.size, y, size),
    line("small faint", left + columns.name, y, name),
    line("small faint", left + columns.value, y, value),
  ];
}

/** A row that can be drawn in any place. */
interface TableRow extends ShownField {
  readonly columns: Columns;
  readonly name: string;
  readonly value: string;
  /** What stands above it of fields that are left out. */
  readonly omitted: string | undefined;
}

function rowFor(
  shown: ShownField,
  columns: Columns,
  language: Language,
): TableRow {
  const { field, skipped } = shown;
  const texts = pictureTexts[language];
  const name = texts.fields[field.key];
  const omitted = skipped > 0 ? `… ${texts.moreFields(skipped)} …` : undefined;
  return {
    ...shown,
    columns,
    name,
    value: fieldText(field, language),
    omitted,
  };
}

function isShort({ value, columns }: TableRow): boolean {
  return textWidth(value, FONT_SIZE) <= HALF - columns.value;
}

/** Draws rows in two columns. */
function twofold(rows: readonly TableRow[], top: number): Drawn {
  const half = Math.ceil(rows.length / 2);
  const left = stacked(rows.slice(0, half), MARGIN, top, HALF);
  const right = stacked(rows.slice(half), RIGHT, top, HALF);
  return {
    parts: [...left.parts, ...right.parts],
    bottom: Math.max(left.bottom, right.bottom),
  };
}

/** Draws rows below each other. */
function stacked(
  rows: readonly TableRow[],
  left: number,
  top: number,
  width: number,
): Drawn {
  const parts: string[] = [];
  let y = top;
  for (const { field, number, columns, name, value, omitted } of rows) {
    if (omitted !== undefined) {
      parts.push(line("faint", left, y + 14, omitted));
      y += ROW_HEIGHT;
    }
    const base = y + 14;
    const values = wrapped(value, FONT_SIZE, width - columns.value, MAX_LINES);
    parts.push(
      ...chip(field, number, left, y),
      line("end", left + columns.offset, base, `${field.offset}`),
      line("end", left + columns.size, base, `${field.bytes.length}`),
      line("", left + columns.name, base, name),
      ...values.map((text, i) =>
        line("", left + columns.value, base + i * LINE_HEIGHT, text)
      ),
    );
    y += ROW_HEIGHT + (values.length - 1) * LINE_HEIGHT;
  }
  return { parts, bottom: y };
}

/** A field's number on its colour. */
function chip(field: Field, number: number, x: number, y: number): string[] {
  return [
    element("rect", {
      class: `field field-${field.key}`,
      x,
      y: y + 2,
      rx: 3,
      ...CHIP,
    }),
    line("small middle", x + CHIP.width / 2, y + 13.5, `${number}`),
  ];
}

/** A column of the table of a list's entries. */
interface EntryColumn {
  /** What stands above it, word by word. */
  readonly head: readonly string[];
  /** The field whose colour and number it has. */
  readonly shown?: ShownField;
  /** Whether it is aligned to the right. */
  readonly figures?: boolean;
  /** What it holds, a text for each entry. */
  readonly cells: readonly string[];
}

/** Draws the entries of a list: a line for each, and a column for each field. */
function entryTable(
  fields: readonly ShownField[],
  language: Language,
  top: number,
): Drawn {
  const entries = [
    ...Map.groupBy(fields, ({ field }) => field.entry!).values(),
  ];
  if (entries.length === 0) return { parts: [], bottom: top - 4 };
  const columns = entryColumns(entries, language);
  const widths = columns.map(({ head, cells, shown }) => {
    const room = shown === undefined ? 0 : CHIP.width + CHIP_GAP;
    return Math.max(
      ...head.map((word) => room + textWidth(word, FONT_SIZE)),
      ...cells.map((text) => textWidth(text, FONT_SIZE)),
    );
  });
  const lefts = widths.map((_, i) =>
    widths.slice(0, i).reduce((left, width) => left + width + GAP, MARGIN)
  );
  // The last column is the address: it gets what is left.
  widths[widths.length - 1] = WIDTH - MARGIN - lefts.at(-1)!;

  const parts: string[] = [];
  columns.forEach(({ head, shown, figures }, i) => {
    const room = shown === undefined ? 0 : CHIP.width + CHIP_GAP;
    const x = lefts[i]! + (figures ? widths[i]! : room);
    if (shown !== undefined) {
      parts.push(...chip(shown.field, shown.number, lefts[i]!, top));
    }
    head.forEach((word, at) => {
      const classes = figures ? "small faint end" : "small faint";
      parts.push(line(classes, x, top + 14 + at * HEAD_HEIGHT, word));
    });
  });

  const texts = pictureTexts[language];
  const headLines = Math.max(...columns.map(({ head }) => head.length));
  let y = top + ROW_HEIGHT + (headLines - 1) * HEAD_HEIGHT;
  entries.forEach(([first], entry) => {
    const skipped = first!.skipped / entries[0]!.length;
    if (skipped > 0) {
      const omitted = `… ${texts.moreEntries(skipped)} …`;
      parts.push(line("faint", MARGIN, y + 14, omitted));
      y += ROW_HEIGHT;
    }
    let lines = 1;
    columns.forEach(({ cells, figures }, i) => {
      const x = lefts[i]! + (figures ? widths[i]! : 0);
      const texts = wrapped(cells[entry]!, FONT_SIZE, widths[i]!, MAX_LINES);
      texts.forEach((text, at) => {
        const base = y + 14 + at * LINE_HEIGHT;
        parts.push(line(figures ? "end" : "", x, base, text));
      });
      lines = Math.max(lines, texts.length);
    });
    y += ROW_HEIGHT + (lines - 1) * LINE_HEIGHT;
  });
  return { parts, bottom: y };
}

function entryColumns(
  entries: readonly (readonly ShownField[])[],
  language: Language,
): EntryColumn[] {
  const texts = pictureTexts[language];
  const [, offset, size] = texts.columns;
  const sizeOf = (entry: readonly ShownField[]) =>
    entry.reduce((sum, { field }) => sum + field.bytes.length, 0);
  return [
    {
      head: [],
      cells: entries.map(([first]) => texts.entry(first!.field.entry!)),
    },
    {
      head: [offset],
      figures: true,
      cells: entries.map(([first]) => `${first!.field.offset}`),
    },
    {
      head: [size],
      figures: true,
      cells: entries.map((entry) => `${sizeOf(entry)}`),
    },
    ...entries[0]!.map((shown, i) => ({
      head: texts.fields[shown.field.key].split(" "),
      shown,
      cells: entries.map((entry) => fieldText(entry[i]!.field, language)),
    })),
  ];
}
