import type { Marked } from "../document/document.ts";
import type { Surroundings } from "./surroundings.ts";

/** What frames the experiments in a report, in one language. */
export interface ReportTexts {
  readonly title: string;
  readonly subtitle: Marked;
  /** The names and values of the facts below the title. */
  readonly facts: (
    surroundings: Surroundings,
    date: string,
  ) => readonly { readonly name: string; readonly value: Marked }[];
  /** An experiment that broke off. */
  readonly failed: (message: string) => {
    readonly why: Marked;
    readonly how: Marked;
  };
  readonly again: {
    readonly title: string;
    readonly intro: Marked;
    /** The commands, with a word on each. */
    readonly commands: readonly (readonly [Marked, Marked])[];
    readonly head: readonly [Marked, Marked];
  };
}
