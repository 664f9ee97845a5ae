import {
  type Choice,
  EndOfInput,
  type Prompter,
  type Question,
  type Suggestion,
} from "../../../client/prompts/prompter.ts";
import { within } from "../../server/within.ts";

/** A test that waits so long for something waits in vain, in milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * What somebody does next: chooses from the menu, answers a question, or sits
 * there until what is asked is withdrawn. When there is nothing left to do, the
 * input has come to its end.
 */
export type Step = { choose: string } | { answer: string } | "sit there";

/** Somebody who does as the script says, and what they see. */
export class ScriptedPrompter implements Prompter {
  readonly interrupted = new AbortController().signal;
  /** Every line that was shown. */
  readonly lines: string[] = [];
  /** The title of each menu. */
  readonly titles: string[] = [];
  /** What could be chosen from each menu. */
  readonly possible: string[][] = [];
  /** Every question, with its standard answer. */
  readonly questions: string[] = [];
  /** What a check said of answers that would not do. */
  readonly complaints: string[] = [];
  readonly #steps: Step[];
  #change = Promise.withResolvers<void>();
  #sitting = Promise.withResolvers<void>();

  constructor(steps: Step[]) {
    this.#steps = [...steps];
  }

  /** Resolves when the script has come to "sit there". */
  get sitting(): Promise<void> {
    return within(PATIENCE_MS, this.#sitting.promise);
  }

  /** Resolves when a line has been shown that has `part` in it. */
  async until(part: string): Promise<void> {
    while (!this.lines.some((line) => line.includes(part))) {
      await within(PATIENCE_MS, this.#change.promise);
    }
  }

  async choose<Value>(
    title: string,
    choices: readonly Choice<Value>[],
    signal: AbortSignal,
  ): Promise<Value> {
    this.titles.push(title);
    this.possible.push(
      choices.filter((it) => it.unavailable === undefined).map((it) =>
        it.label
      ),
    );
    const step = await this.#next(signal);
    if (!("choose" in step)) {
      throw new Error(`Expected a question, got ${title}`);
    }
    const choice = choices.find(({ value }) => value === step.choose);
    if (choice === undefined || choice.unavailable !== undefined) {
      throw new Error(`Expected to be able to choose ${step.choose}`);
    }
    return choice.value;
  }

  async ask(question: Question, signal: AbortSignal): Promise<string> {
    const { text, standard, check } = question;
    this.questions.push(
      standard === undefined ? text : `${text} [${standard}]`,
    );
    for (;;) {
      const step = await this.#next(signal);
      if (!("answer" in step)) throw new Error(`Expected a menu, got ${text}`);
      const answer = step.answer === "" && standard !== undefined
        ? standard
        : step.answer;
      const complaint = check?.(answer);
      if (complaint === undefined) return answer;
      this.complaints.push(complaint);
    }
  }

  /** What could be picked from, and how far things came. */
  readonly suggestions: string[][] = [];
  readonly progressions: [number, number][] = [];

  async pick(
    question: Question,
    suggestions: readonly Suggestion[],
    signal: AbortSignal,
  ): Promise<string> {
    this.suggestions.push(suggestions.map(({ label }) => label));
    return await this.ask(question, signal);
  }

  progress(_label: string, done: number, total: number): void {
    this.progressions.push([done, total]);
  }

  [Symbol.dispose](): void {}

  show(line: string): void {
    this.lines.push(line);
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  async #next(signal: AbortSignal): Promise<Exclude<Step, string>> {
    signal.throwIfAborted();
    const step = this.#steps.shift();
    if (step === undefined) throw new EndOfInput("The script is over");
    if (typeof step !== "string") return step;
    this.#sitting.resolve();
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    this.#sitting = Promise.withResolvers();
    throw signal.reason;
  }
}
