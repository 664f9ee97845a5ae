import { TextLineStream } from "@std/streams/text-line-stream";
import { visibleText } from "../terminal/mod.ts";
import {
  type Choice,
  EndOfInput,
  type Prompter,
  type Question,
} from "./prompter.ts";

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
}

/**
 * Prompts on plain lines: numbered choices, and a line for an answer. For
 * pipes, scripts, and terminals that can do no better.
 */
export class PlainPrompter implements Prompter, AsyncDisposable {
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #write: (text: string) => void;
  readonly #echo: boolean;
  /** The line that is being waited for; it outlives a question. */
  #line: Promise<string> | undefined;
  /** What was asked and not yet answered. */
  #prompt = "";
  /** The menu that was shown last; the same one is not shown again. */
  #menu = "";

  /** Makes a prompter; nothing is read before something is asked. */
  constructor({ input, write, echo }: PlainPrompterOptions) {
    this.#lines = input
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream())
      .getReader();
    this.#write = write;
    this.#echo = echo;
  }

  /** Shows the menu where it has changed, and reads a number. */
  async choose<Value>(
    title: string,
    choices: readonly Choice<Value>[],
    signal: AbortSignal,
  ): Promise<Value> {
    const menu = describeMenu(title, choices);
    if (menu !== this.#menu) this.#write(menu);
    this.#menu = menu;
    for (;;) {
      const answer = (await this.#read("parley> ", signal)).trim();
      const choice = choices[Number(answer) - 1];
      if (choice !== undefined && choice.unavailable === undefined) {
        return choice.value;
      }
      if (choice !== undefined) {
        this.show(`${answer} is not possible now: ${choice.unavailable}`);
      } else if (answer === "") {
        this.#write(menu);
      } else {
        const last = choices.length;
        this.show(
          `Expected a number from 1 to ${last}, got "${visibleText(answer)}"`,
        );
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

  /** Shows a line; the prompt that it interrupts is shown anew below it. */
  show(line: string): void {
    const interrupted = this.#prompt === "" ? "" : "\n";
    this.#write(`${interrupted}${line}\n${this.#prompt}`);
  }

  /** Reads no more. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#lines.cancel();
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

function describeMenu<Value>(
  title: string,
  choices: readonly Choice<Value>[],
): string {
  const lines = choices.map(({ label, unavailable }, i) =>
    unavailable === undefined
      ? `  ${i + 1} -> ${label}`
      : `  ${i + 1}  - ${label} (${unavailable})`
  );
  return `\n${title}\n${lines.join("\n")}\n`;
}
