import type { Language } from "../language.ts";
import { fieldsOf } from "./fields.ts";
import { subjectOf } from "./subject_of.ts";
import { pictureTexts } from "./texts.ts";

/**
 * What a frame is, in a line.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const frame = Uint8Array.fromHex("50590101000200000000000700000000");
 * assertEquals(frameSummary(frame, "en"), "request time, id 7, 16 bytes");
 * assertEquals(frameSummary(frame.subarray(1), "en"), "no frame, 15 bytes");
 * ```
 */
export function frameSummary(frame: Uint8Array, language: Language): string {
  const texts = pictureTexts[language];
  const fields = fieldsOf(frame);
  const size = texts.bytes(frame.length);
  const { type, command, refusal } = subjectOf(fields, language);
  const id = fields.find(({ key }) => key === "id")?.value;
  if (type === undefined || command === undefined || id?.kind !== "number") {
    return texts.summary([texts.noFrame, size]);
  }
  const { value } = fields.at(-1)!;
  const cut = value.kind === "obscure" && value.why === "truncated";
  return texts.summary([
    `${type} ${command}`,
    texts.idIs(id.number),
    ...refusal === undefined ? [] : [texts.statusIs(refusal)],
    ...cut ? [texts.obscurities.truncated] : [],
    size,
  ]);
}
