import type { Language } from "../language.ts";
import type { Field } from "./field.ts";
import { nameOf } from "./name_of.ts";
import { safeText } from "./safe_text.ts";
import { type PictureTexts, pictureTexts } from "./texts.ts";

/** The last moment that there is a date for. */
const LAST_MOMENT_MS = 8_640_000_000_000_000;

/**
 * What a field says, for people; safe to print, and not shortened.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fieldsOf } from "./fields.ts";
 *
 * const frame = Uint8Array.fromHex("50590101000200000000000700000000");
 * const [, , type, , , , length] = fieldsOf(frame);
 * assertEquals(fieldText(type!, "en"), "1 request");
 * assertEquals(fieldText(length!, "zh"), "0 字节");
 * ```
 */
export function fieldText(field: Field, language: Language): string {
  const texts = pictureTexts[language];
  const { value } = field;
  switch (value.kind) {
    case "number":
    case "flags": {
      const figure = fieldFigure(field, language);
      if (value.note === undefined) return figure;
      return texts.noted(figure, texts.notes[value.note]);
    }
    case "type":
    case "command":
    case "status":
    case "reason":
    case "code": {
      const name = nameOf(value.kind, value.number, language);
      return name === undefined
        ? texts.noted(`${value.number}`, texts.unknown)
        : texts.named(value.number, name);
    }
    case "minutes":
      return texts.noted(
        fieldFigure(field, language),
        `UTC${clock(value.number)}`,
      );
    case "bytes":
      return texts.bytes(value.number);
    case "milliseconds":
      return texts.milliseconds(value.number);
    case "microseconds":
      return texts.microseconds(value.number);
    case "moment":
      return value.number > LAST_MOMENT_MS
        ? texts.milliseconds(value.number)
        : moment(value.number);
    case "text":
      return quoted(value.text, texts);
    case "token":
      return token(field.bytes, texts);
    case "address":
      return value.text;
    case "obscure": {
      const why = texts.obscurities[value.why];
      if (value.message === undefined) return why;
      return texts.because(why, safeText(value.message));
    }
  }
}

/**
 * The same where there is little room: the number alone.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fieldsOf } from "./fields.ts";
 *
 * const frame = Uint8Array.fromHex("50590101000200000000000700000000");
 * const [, , type, command] = fieldsOf(frame);
 * assertEquals(fieldFigure(type!, "en"), "1");
 * assertEquals(fieldFigure(command!, "en"), "2");
 * ```
 */
export function fieldFigure(field: Field, language: Language): string {
  const { value } = field;
  switch (value.kind) {
    case "number":
    case "type":
    case "command":
    case "status":
    case "reason":
    case "code":
    case "bytes":
    case "milliseconds":
    case "microseconds":
      return `${value.number}`;
    case "flags":
      return `0x${field.bytes.toHex()}`;
    case "minutes":
      return pictureTexts[language].minutes(
        `${value.number < 0 ? "−" : "+"}${Math.abs(value.number)}`,
      );
    default:
      return fieldText(field, language);
  }
}

/** A number of minutes as hours and minutes, with its sign. */
function clock(minutes: number): string {
  const sign = minutes < 0 ? "−" : "+";
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  return `${sign}${two(hours)}:${two(rest)}`;
}

function two(number: number): string {
  return `${number}`.padStart(2, "0");
}

function moment(unixMs: number): string {
  const iso = new Date(unixMs).toISOString();
  return `${iso.replace("T", " ").replace("Z", "")} UTC`;
}

function quoted(text: string, texts: PictureTexts): string {
  return text === "" ? texts.empty : texts.quoted(safeText(text));
}

/** A token is often a text; else its bytes. */
function token(bytes: Uint8Array, texts: PictureTexts): string {
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return quoted(decoder.decode(bytes), texts);
  } catch {
    return bytes.toHex().replaceAll(/..(?=.)/g, "$& ");
  }
}
