import type { Programs } from "../tools/programs.ts";
import type { Block } from "./document/document.ts";
import type { Language } from "./language.ts";

/** What experiments are run with. */
export interface Lab {
  /** Parley's server and client. */
  readonly programs: Programs;
  /** The language that the client's screens are to be in. */
  readonly language: Language;
  /** Where captures go: an existing directory. */
  readonly captures: string;
  /** Whether what was shortened is run in full: ten minutes in place of seconds. */
  readonly full: boolean;
}

/** Why an experiment, or a part of it, cannot be run on this machine. */
export type Obstacle =
  /** Only root may do it. */
  | { readonly kind: "not-root" }
  /** It takes Linux. */
  | { readonly kind: "not-linux" }
  /** A program is not installed. */
  | {
    readonly kind: "missing";
    readonly program: string;
    /** Debian's package that has it. */
    readonly package: string;
  }
  /** The system refuses it; `message` is what it said. */
  | { readonly kind: "refused"; readonly message: string };

/** One thing that was claimed, and whether it was found to be so. */
export interface Finding<Key extends string = string> {
  /** The claim; the experiment's texts have a sentence for it. */
  readonly claim: Key;
  /** Whether it was found to be so. */
  readonly holds: boolean;
}

/**
 * One experiment of the lab. What it sees, what that means and how it is told are
 * three functions; only the first of them touches the machine.
 *
 * @typeParam Observation What it sees: plain data that JSON can hold.
 */
export interface Experiment<Observation> {
  /** Its name in one word, as `--only` takes it. */
  readonly name: string;
  /** Its name for people. */
  readonly titles: Readonly<Record<Language, string>>;
  /** What stands in its way on this machine, if anything does. */
  obstacle(): Promise<Obstacle | undefined>;
  /** Does it, and returns what was seen. */
  observe(lab: Lab): Promise<Observation>;
  /** Compares what was seen with what Parley and TCP are said to do. */
  judge(observation: Observation): Finding[];
  /** Tells what was done, what was seen, and what it means. */
  describe(observation: Observation, language: Language): Block[];
}
