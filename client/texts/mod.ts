/**
 * The client's texts for people: one table a language.
 *
 * @module
 */

import { en } from "./en.ts";
import type { Texts } from "./texts.ts";
import { zh } from "./zh.ts";

export type { ChoiceName, Texts } from "./texts.ts";

/** The languages, as `--lang` names them. */
export const languages: Readonly<Record<string, Texts>> = { en, zh };

/**
 * The texts in a language such as `zh`, `zh-CN` or `en-GB`; English for one that
 * there is no table for.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(textsFor("zh-CN").notConnected, "未连接");
 * assertEquals(textsFor("fr").notConnected, "Not connected");
 * ```
 */
export function textsFor(language: string): Texts {
  return languages[language.split("-")[0]!] ?? en;
}
