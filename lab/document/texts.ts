import type { Language } from "../language.ts";

/** The words that a document's renderers put in by themselves. */
export interface Texts {
  /** The language's tag, as HTML wants it. */
  readonly tag: string;
  /** What a line that is left to be filled in is announced as. */
  readonly blank: string;
  readonly contents: string;
  readonly results: string;
  /** How many of the findings held; `found` is all of them. */
  readonly held: (held: number, found: number) => string;
  /** The same, for a column in which there is little room. */
  readonly heldShort: (held: number, found: number) => string;
  readonly failed: (count: number) => string;
  readonly notRun: (count: number) => string;
  /** What a finding's ✓ means. */
  readonly holds: string;
  /** What stands before a finding that does not hold. */
  readonly fails: string;
  /** What stands above a {@linkcode NotRun}, and in the contents. */
  readonly notRunHere: string;
  readonly why: string;
  readonly how: string;
  readonly figure: (number: string) => string;
  readonly table: (number: string) => string;
  readonly question: (number: string) => string;
}

/** The words for each language. */
export const TEXTS: Readonly<Record<Language, Texts>> = {
  en: {
    tag: "en",
    blank: "to be filled in",
    contents: "Contents",
    results: "Results",
    held: (held, found) => `${held} of ${found} findings held`,
    heldShort: (held, found) => `${held} of ${found}`,
    failed: (count) => `${count} did not hold`,
    notRun: (count) => `${count} not run`,
    holds: "held",
    fails: "Did not hold:",
    notRunHere: "Not run",
    why: "Why",
    how: "How to run it",
    figure: (number) => `Figure ${number}.`,
    table: (number) => `Table ${number}.`,
    question: (number) => `Question ${number}`,
  },
  zh: {
    tag: "zh-CN",
    blank: "待填写",
    contents: "目录",
    results: "结果",
    held: (held, found) => `${found} 条结论中 ${held} 条成立`,
    heldShort: (held, found) => `${held}/${found}`,
    failed: (count) => `${count} 条不成立`,
    notRun: (count) => `${count} 项未运行`,
    holds: "成立",
    fails: "不成立",
    notRunHere: "未运行",
    why: "原因",
    how: "怎样运行",
    figure: (number) => `图 ${number}`,
    table: (number) => `表 ${number}`,
    question: (number) => `问题 ${number}`,
  },
};
