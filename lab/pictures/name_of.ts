import {
  Command,
  FrameType,
  GoodbyeReason,
  ProtocolErrorCode,
  Status,
} from "../../protocol/mod.ts";
import type { Language } from "../language.ts";
import { pictureTexts } from "./texts.ts";

/** The protocol's tables of numbers. */
const NUMBERS = {
  type: FrameType,
  command: Command,
  status: Status,
  reason: GoodbyeReason,
  code: ProtocolErrorCode,
} as const;

/**
 * The name of one of the protocol's numbers, for people; `undefined` for a
 * number that this version does not know.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nameOf("status", 16, "en"), "unknown number");
 * assertEquals(nameOf("type", 3, "zh"), "指示");
 * assertEquals(nameOf("command", 77, "en"), undefined);
 * ```
 */
export function nameOf(
  kind: keyof typeof NUMBERS,
  number: number,
  language: Language,
): string | undefined {
  const names: Readonly<Record<string, string>> =
    pictureTexts[language].names[kind];
  const known = Object.entries(NUMBERS[kind])
    .find(([, member]) => member === number);
  return known && names[known[0]];
}
