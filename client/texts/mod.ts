/**
 * The client's texts for people: one table a language.
 *
 * @module
 */

import { en } from "./en.ts";
import type { Texts } from "./texts.ts";

export type { ChoiceName, Texts } from "./texts.ts";

/** How to load the languages besides English, as `--lang` names them. */
const others: Readonly<Record<string, () => Promise<Texts>>> = {
  zh: async () => (await import("./zh.ts")).zh,
};

/**
 * The texts in a language such as `zh`, `zh-CN` or `en-GB`; English for one that
 * there is no table for.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals((await textsFor("zh-CN")).notConnected, "未连接");
 * assertEquals((await textsFor("fr")).notConnected, "Not connected");
 * ```
 */
export async function textsFor(language: string): Promise<Texts> {
  return await others[language.split("-")[0]!]?.() ?? en;
}
