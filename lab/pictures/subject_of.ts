import type { Language } from "../language.ts";
import type { Field, FieldKey } from "./field.ts";
import { fieldText } from "./field_text.ts";
import { nameOf } from "./name_of.ts";
import { pictureTexts } from "./texts.ts";

/** What a frame is about, for people. */
export interface Subject {
  /** Its kind; not there if the bytes are no frame. */
  readonly type?: string;
  readonly command?: string;
  /** Its status, if it is a response that refuses. */
  readonly refusal?: string;
}

/**
 * What a frame is about, from its fields.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fieldsOf } from "./fields.ts";
 *
 * const frame = Uint8Array.fromHex("50590101000200000000000700000000");
 * assertEquals(subjectOf(fieldsOf(frame), "en"), {
 *   type: "request",
 *   command: "time",
 * });
 * ```
 */
export function subjectOf(
  fields: readonly Field[],
  language: Language,
): Subject {
  const number = (key: FieldKey) => {
    const value = fields.find((field) => field.key === key)?.value;
    return value !== undefined && "number" in value ? value.number : undefined;
  };
  const [type, command] = [number("type"), number("command")];
  const kind = type === undefined ? undefined : nameOf("type", type, language);
  if (kind === undefined || command === undefined) return {};
  const status = fields.find(({ value }) => value.kind === "status");
  return {
    type: kind,
    command: nameOf("command", command, language) ??
      pictureTexts[language].unknownCommand(command),
    ...status === undefined || number("status") === 0
      ? {}
      : { refusal: fieldText(status, language) },
  };
}
