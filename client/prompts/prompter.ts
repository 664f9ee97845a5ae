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

/** A likely answer, with what there is to know of it. */
export interface Suggestion {
  /** The answer. */
  readonly answer: string;
  /** A line that describes it. */
  readonly label: string;
}

/**
 * Talks with the person at the client. The menu knows nothing else of the
 * terminal, so that it is the same on plain lines and where prompts are drawn.
 *
 * What asks rejects with the signal's reason as soon as it is aborted, with an
 * {@linkcode EndOfInput} when nobody is there to answer, and with an
 * `Interrupted` when Ctrl-C was pressed. All texts that are given are safe to
 * print. Whoever disposes of it gives the terminal back as it was.
 */
export interface Prompter extends Disposable {
  /**
   * Aborted when Ctrl-C is pressed, whether or not something is asked, where the
   * prompter and not the terminal makes something of it; the reason is an
   * `Interrupted`.
   */
  readonly interrupted: AbortSignal;
  /** Offers choices, numbered from 1, and returns the chosen one's value. */
  choose<Value>(
    title: string,
    choices: readonly Choice<Value>[],
    signal: AbortSignal,
  ): Promise<Value>;
  /** Asks for a text. */
  ask(question: Question, signal: AbortSignal): Promise<string>;
  /** Asks for a text that is likely one of several; another can be typed. */
  pick(
    question: Question,
    suggestions: readonly Suggestion[],
    signal: AbortSignal,
  ): Promise<string>;
  /** Shows a line at once, even while something is asked. */
  show(line: string): void;
  /** Shows how far something has come, `done` of `total`, until all is done. */
  progress(label: string, done: number, total: number): void;
}

/** Input has come to its end: nobody will answer any more. */
export class EndOfInput extends Error {
  override readonly name = "EndOfInput";
}
