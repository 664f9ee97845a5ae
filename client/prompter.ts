/** Something that can be chosen from a menu. */
export interface Choice<Value> {
  /** What is returned when it is chosen. */
  readonly value: Value;
  /** What it does, in a few words. */
  readonly label: string;
  /** Why it cannot be chosen now; not there if it can. */
  readonly unavailable?: string;
}

/** A question that is answered with a text. */
export interface Question {
  /** The question. */
  readonly text: string;
  /** What an empty answer stands for. */
  readonly standard?: string;
  /** Says what is wrong with an answer, or `undefined` if it will do. */
  readonly check?: (answer: string) => string | undefined;
}

/**
 * Talks with the person at the client. The menu knows nothing else of the
 * terminal, so that it is the same on plain lines and wherever prompts are
 * drawn.
 *
 * Both functions that ask reject with the signal's reason as soon as it is
 * aborted, and with an {@linkcode EndOfInput} when nobody is there to answer.
 */
export interface Prompter {
  /** Offers choices, numbered from 1, and returns the chosen one's value. */
  choose<Value>(
    title: string,
    choices: readonly Choice<Value>[],
    signal: AbortSignal,
  ): Promise<Value>;
  /** Asks for a text. */
  ask(question: Question, signal: AbortSignal): Promise<string>;
  /** Shows a line at once, even while something is asked. */
  show(line: string): void;
}

/** Input has come to its end: nobody will answer any more. */
export class EndOfInput extends Error {
  override readonly name = "EndOfInput";
}
