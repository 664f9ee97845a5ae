import { TextLineStream } from "@std/streams/text-line-stream";
import { visibleText } from "../../terminal/mod.ts";
import {
  type Choice,
  EndOfInput,
  type Prompter,
  type Question,
  type Suggestion,
} from "./prompter.ts";
import type { Texts } from "../texts/mod.ts";

/** Where a {@linkcode PlainPrompter} reads and writes. */
export interface PlainPrompterOptions {
  /** What is typed, or piped in. */
  readonly input: ReadableStream<Uint8Array>;
  /** Takes what is shown. */
  readonly write: (text: string) => void;
  /**
   * Whether to show each answer behind its question, as a terminal does itself
   * while one types.
   */
  readonly echo: boolean;
  /** What is said by the prompter itself. */
  readonly texts: Texts;
}

/**
 * Prompts on plain lines: numbered choices, and a line for an answer. For
 * pipes, scripts, and terminals that can do no better.
 */
export class PlainPrompter implements Prompter {
  /** Never aborted: on plain lines Ctrl-C is a signal to the program. */
  readonly interrupted: AbortSignal = new AbortController().signal;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #write: (text: string) => void;
  readonly #echo: boolean;
  readonly #texts: Texts;
  /** The line that is being waited for; it outlives a question. */
  #line: Promise<string> | undefined;
  /** What was asked and not yet answered. */
  #prompt = "";
  /** The menu that was shown last; the same one is not shown again. */
  #menu = "";

  /** Makes a prompter; nothing is read before something is asked. */
  constructor({ input, write, echo, texts }: PlainPrompterOptions) {
    this.#lines = input
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream())
      .getReader();
    this.#write = write;
    this.#echo = echo;
    this.#texts = texts;
  }

  /** Shows the menu where it has changed, and reads a number. */
  async choose<Value>(
    title: string,
    choices: readonly Choice<Value>[],
    signal: AbortSignal,
  ): Promise<Value> {
    const menu = describeChoices(choices);
    if (menu !== this.#menu) this.#write(`\n${title}\n${menu}`);
    this.#menu = menu;
    for (;;) {
      const answer = (await this.#read("parley> ", signal)).trim();
      const choice = choices[Number(answer) - 1];
      if (choice !== undefined && choice.unavailable === undefined) {
        return choice.value;
      }
      if (choice?.unavailable !== undefined) {
        this.show(this.#texts.notPossibleNow(answer, choice.unavailable));
      } else if (answer === "") {
        this.#write(`\n${title}\n${menu}`);
      } else {
        const got = visibleText(answer);
        this.show(this.#texts.expectedChoice(choices.length, got));
      }
    }
  }

  /** Asks, and asks again until the answer will do. */
  async ask(question: Question, signal: AbortSignal): Promise<string> {
    const { text, standard, check } = question;
    const hint = standard === undefined ? "" : ` [${standard}]`;
    for (;;) {
      const line = await this.#read(`${text}${hint}: `, signal);
      const answer = line === "" && standard !== undefined ? standard : line;
      const complaint = check?.(answer);
      if (complaint === undefined) return answer;
      this.show(complaint);
    }
  }

  /** Shows the suggestions, and asks. */
  async pick(
    question: Question,
    suggestions: readonly Suggestion[],
    signal: AbortSignal,
  ): Promise<string> {
    for (const { label } of suggestions) this.show(label);
    return await this.ask(question, signal);
  }

  /** Shows nothing: on plain lines the result must do. */
  progress(): void {}

  /** Shows a line; the prompt that it interrupts is shown anew below it. */
  show(line: string): void {
    const interrupted = this.#prompt === "" ? "" : "\n";
    this.#write(`${interrupted}${line}\n${this.#prompt}`);
  }

  /** Reads no more. */
  [Symbol.dispose](): void {
    this.#lines.cancel().catch(() => {});
  }

  async #read(prompt: string, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    this.#write(prompt);
    this.#prompt = prompt;
    this.#line ??= this.#nextLine();
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
    try {
      const line = await Promise.race([this.#line, aborted]);
      this.#line = undefined;
      if (this.#echo) this.#write(`${visibleText(line)}\n`);
      return line;
    } finally {
      signal.removeEventListener("abort", abort);
      this.#prompt = "";
    }
  }

  async #nextLine(): Promise<string> {
    const { done, value } = await this.#lines.read();
    if (done) throw new EndOfInput("Input has come to its end");
    return value;
  }
}

function describeChoices(choices: readonly Choice<unknown>[]): string {
  return choices.map(({ label, unavailable }, i) =>
    unavailable === undefined
      ? `  ${i + 1} -> ${label}\n`
      : `  ${i + 1}  - ${label} (${unavailable})\n`
  ).join("");
}
