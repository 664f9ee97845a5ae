import type { Language } from "../language.ts";
import type { Ground } from "./colours.ts";
import type { Field } from "./field.ts";
import { fieldText } from "./field_text.ts";
import { fieldsOf } from "./fields.ts";
import { frameBoxes } from "./frame_boxes.ts";
import { frameRows } from "./frame_rows.ts";
import { frameTable } from "./frame_table.ts";
import { type ShownField, shownFields } from "./shown_fields.ts";
import { subjectOf } from "./subject_of.ts";
import { element, image, line, MARGIN, WIDTH } from "./svg.ts";
import { textWidth } from "./text_width.ts";
import { pictureTexts } from "./texts.ts";
import type { Theme } from "./theme.ts";
import { wrapped } from "./wrapped.ts";

/** What a picture of a frame shows. */
export interface FramePictureOptions {
  /** The whole frame, from its magic to the last byte of its payload. */
  readonly frame: Uint8Array;
  /** Who sends it, as the reader calls it: `client 2`. */
  readonly from: string;
  /** Whom it is for. */
  readonly to: string;
  /** The language of all names and values. */
  readonly language: Language;
  /**
   * The ground that it stands on.
   *
   * @default {"light"}
   */
  readonly theme?: Theme;
  /**
   * How many rows of 16 bytes are drawn at most, the header's among them; 3 at
   * least. What is left out of a longer frame is left out near its end.
   *
   * @default {10}
   */
  readonly maxRows?: number;
}

/**
 * Draws a frame as an SVG image: every byte as a box, in the colour of its
 * field, with the field's name above and what the bytes say below, and all
 * fields in a table beneath.
 *
 * Bytes that are no frame, or whose payload cannot be read, are drawn as they
 * are, with the reason.
 *
 * @throws {RangeError} If there are to be fewer than 3 rows.
 *
 * @example Usage
 * ```ts
 * import { assert, assertStringIncludes } from "@std/assert";
 *
 * const svg = framePicture({
 *   frame: Uint8Array.fromHex("50590101000500000000000400000006000000026869"),
 *   from: "client 5",
 *   to: "server",
 *   language: "en",
 * });
 * assert(svg.startsWith("<svg "));
 * assertStringIncludes(svg, "client 5 → server · request · send");
 * ```
 */
export function framePicture(options: FramePictureOptions): string {
  const { frame, from, to, language, theme = "light", maxRows = 10 } = options;
  if (!(maxRows >= MIN_ROWS)) {
    throw new RangeError(
      `Expected at least ${MIN_ROWS} rows for a frame, got ${maxRows}`,
    );
  }
  const texts = pictureTexts[language];
  const fields = fieldsOf(frame);
  const rows = frameRows(fields, maxRows);
  const shown = shownFields(fields, rows);
  const numbers = new Map(shown.map(({ field, number }) => [field, number]));
  const title = `${from} → ${to} · ${subject(fields, language)}`;
  const size = texts.bytes(frame.length);
  const room = WIDTH - 2 * MARGIN - textWidth(size, 12) - 20;

  const boxes = frameBoxes({
    rows,
    numberOf: (index) => numbers.get(fields[index]!)!,
    language,
    top: 46,
  });
  const rule = boxes.bottom + 14;
  const table = frameTable(shown, language, rule + 4);
  return image({
    height: table.bottom + 10,
    kind: "frame",
    language,
    theme,
    title,
    description: inWords(shown, language),
    rules: (ground) => rules(ground, shown),
  }, [
    line("title", MARGIN, 32, wrapped(title, TITLE_SIZE, room, 1)[0]!),
    line("faint end", WIDTH - MARGIN, 32, size),
    ...boxes.parts,
    element("path", {
      class: "rule",
      d: `M${MARGIN} ${rule}H${WIDTH - MARGIN}`,
    }),
    ...table.parts,
  ]);
}

/** The header, something of the payload, and its end. */
const MIN_ROWS = 3;
/** The size of the title's font, and some more: it is bold. */
const TITLE_SIZE = 16;
/** How much of a value the description has, in characters. */
const MAX_WORDS = 200;

/** What a frame is about: its kind and command, and its status if it refuses. */
function subject(fields: readonly Field[], language: Language): string {
  const { type, command, refusal } = subjectOf(fields, language);
  return [type, command, refusal].filter((part) => part !== undefined)
    .join(" · ") || pictureTexts[language].noFrame;
}

function inWords(
  shown: readonly ShownField[],
  language: Language,
): string[] {
  const texts = pictureTexts[language];
  return shown.flatMap(({ field, skipped }) => {
    const place = `${field.offset}+${field.bytes.length}`;
    const name = texts.noted(texts.fields[field.key], place);
    const [value] = wrapped(fieldText(field, language), 1, MAX_WORDS, 1);
    const words = texts.because(name, value!);
    return skipped > 0 ? [`… ${texts.moreFields(skipped)} …`, words] : [words];
  });
}

function rules(ground: Ground, shown: readonly ShownField[]): string[] {
  const keys = new Set(shown.map(({ field }) => field.key));
  return [
    `.field{stroke:${ground.frame}}`,
    `.part{stroke:${ground.frame};stroke-opacity:0.35}`,
    `.rule{fill:none;stroke:${ground.rule}}`,
    `.omission{fill:none;stroke:${ground.rule};stroke-dasharray:3 4}`,
    ".character{font-size:13px}",
    ".code{font-size:9px}",
    ...[...keys].map((key) => `.field-${key}{fill:${ground.fields[key]}}`),
  ];
}
