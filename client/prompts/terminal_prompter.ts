import { Input, Select } from "@cliffy/prompt";
import { Interrupted, visibleText, writeText } from "../../terminal/mod.ts";
import { cliffyKeys } from "./cliffy_keys.ts";
import { type Key, Keyboard, type KeyboardInput } from "./keyboard.ts";
import { widthOf } from "./layout.ts";
import {
  type Choice,
  EndOfInput,
  type Prompter,
  type Question,
  type Suggestion,
} from "./prompter.ts";
import { Screen, type ScreenSize } from "./screen.ts";
import type { Texts } from "../texts/texts.ts";

/** Where a {@linkcode TerminalPrompter} reads and draws. */
export interface TerminalPrompterOptions {
  /** The language it speaks. */
  readonly texts: Texts;
  /** Whether to use colours. Default: as Cliffy, except with `NO_COLOR`. */
  readonly colour?: boolean;
  /** What is typed. Default: standard input. */
  readonly input?: KeyboardInput;
  /** Writes to the terminal. Default: to standard output. */
  readonly write?: (text: string) => void;
  /** How large the terminal is. Default: asks standard output. */
  readonly size?: () => ScreenSize;
}

/** What ends a prompt before Cliffy ends it. */
class Answered<Value> {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }
}

/** What a prompt is given of the terminal. */
interface Ends {
  readonly reader: {
    read(buffer: Uint8Array): Promise<number | null>;
    setRaw(mode: boolean): void;
    isTerminal(): boolean;
  };
  readonly writer: Screen;
}

/** What is special about a prompt. */
interface PromptOptions {
  /** What keys it has, in a line below it. */
  readonly hint?: string;
  /** Which of its lines are not to be seen. */
  readonly leaveOut?: RegExp;
  /** Called whenever the prompt stands anew, with what has been typed so far. */
  readonly onTyped?: (typed: string) => void;
  /**
   * Called for each key before Cliffy gets it; throws {@linkcode Answered} to end
   * the prompt, and returns whether the key is dealt with.
   */
  readonly onKey?: (key: Key, typed: string) => boolean;
  /** Called when the signal ends the prompt while something is typed. */
  readonly onBroken?: (typed: string) => void;
}

/** The rows of a list beside which there is room for its title and hint. */
const OTHER_ROWS = 4;

/** What marks an entry of a list. */
const POINTER = "❯";

/** The longest bar, in columns. */
const BAR_COLUMNS = 30;

/** What Cliffy says of a search that finds nothing, in English. */
const NOTHING_FOUND = /^(?: {2}No matches|[✘×] )/;

const HAS_RESIZE_SIGNAL = Deno.build.os !== "windows";

/**
 * Prompts that are drawn on a terminal, by Cliffy, with lines that come in above
 * them at any time.
 */
export class TerminalPrompter implements Prompter, Disposable {
  readonly #texts: Texts;
  readonly #colour: boolean;
  readonly #size: () => ScreenSize;
  readonly #screen: Screen;
  readonly #keyboard: Keyboard;
  readonly #interrupt = new AbortController();
  readonly #redraw = () => this.#screen.flush();
  readonly #dispose = () => this[Symbol.dispose]();
  /** What keys the prompt has. */
  #hint = "";
  /** What was chosen last. */
  #last: unknown;
  /**
   * Whether a text was being typed when its prompt was broken off: what comes may
   * belong to it still, and must not choose anything.
   */
  #typingOn = false;

  /** Makes a prompter; the terminal is left alone until something is asked. */
  constructor(options: TerminalPrompterOptions) {
    const { texts, input = Deno.stdin, write = writeText } = options;
    this.#texts = texts;
    this.#colour = options.colour ?? !Deno.noColor;
    this.#size = options.size ?? terminalSize;
    this.#screen = new Screen({ write, size: this.#size });
    this.#keyboard = new Keyboard(input, () => {
      this.#interrupt.abort(new Interrupted("SIGINT"));
      this.#keyboard[Symbol.dispose]();
    });
    if (HAS_RESIZE_SIGNAL) Deno.addSignalListener("SIGWINCH", this.#redraw);
    // Whoever exits without disposing finds the terminal as it was, too.
    addEventListener("unload", this.#dispose);
  }

  /**
   * Aborted when Ctrl-C is pressed, whether or not something is asked; the reason
   * is an {@linkcode Interrupted}.
   */
  get interrupted(): AbortSignal {
    return this.#interrupt.signal;
  }

  /** Offers a list in which one moves, or presses a number. */
  async choose<Value>(
    title: string,
    choices: readonly Choice<Value>[],
    signal: AbortSignal,
  ): Promise<Value> {
    const options = choices.map(({ label, unavailable }, i) => ({
      value: i + 1,
      name: unavailable === undefined
        ? this.#style("0", `${i + 1}  ${label}`)
        : `${i + 1}  ${label} (${unavailable})`,
      disabled: unavailable !== undefined,
    }));
    const last = choices.find(({ value, unavailable }) =>
      value === this.#last && unavailable === undefined
    );
    const number = await this.#prompt<number>(
      signal,
      (ends) =>
        Select.prompt<number>({
          ...ends,
          message: title,
          prefix: "",
          options,
          maxRows: this.#listRows(),
          listPointer: this.#style("94", POINTER),
          keys: { next: ["down"], previous: ["up"] },
          hideDefault: true,
          ...(last === undefined ? {} : { default: choices.indexOf(last) + 1 }),
        }),
      {
        hint: this.#texts.menuHint,
        onKey: (key) => {
          this.#note("");
          if (this.#typesOn(key)) return true;
          if (!("character" in key)) return false;
          const choice = choices[Number(key.character) - 1];
          if (choice === undefined) return true;
          if (choice.unavailable === undefined) {
            throw new Answered(Number(key.character));
          }
          this.#note(
            this.#texts.notPossibleNow(key.character, choice.unavailable),
          );
          return true;
        },
      },
    );
    const { value, label } = choices[number - 1]!;
    this.#last = value;
    this.#screen.print(this.#answered(label));
    return value;
  }

  /** Asks for a line, and says while it is typed what is wrong with it. */
  async ask(question: Question, signal: AbortSignal): Promise<string> {
    const { text, standard, check } = question;
    const answer = await this.#prompt<string>(signal, (ends) =>
      Input.prompt({
        ...ends,
        message: text,
        prefix: "",
        transform: (answer) => answer,
        validate: (answer) => check?.(answer) ?? true,
        ...(standard === undefined ? {} : { default: standard }),
      }), {
      onTyped: (typed) => {
        const complaint = typed === "" ? undefined : check?.(typed);
        // Cliffy says so itself when it was tried to answer with it.
        const said = complaint === undefined ||
          this.#screen.text.includes(complaint);
        this.#note(said ? "" : complaint);
      },
      onBroken: (typed) => {
        this.#screen.print(this.#texts.notSent(visibleText(typed)));
        this.#typingOn = true;
      },
    });
    this.#screen.print(`${text} ${this.#answered(visibleText(answer))}`);
    return answer;
  }

  /**
   * Offers a list that becomes shorter while one types. An answer that is typed in
   * full need not be in it.
   */
  async pick(
    question: Question,
    suggestions: readonly Suggestion[],
    signal: AbortSignal,
  ): Promise<string> {
    if (suggestions.length === 0) return await this.ask(question, signal);
    const { text, check } = question;
    const other = this.#texts.otherAnswer;
    const options = [
      ...suggestions.map(({ answer, label }) => ({
        value: answer,
        name: label,
      })),
      { value: other, name: other },
    ];
    const isFound = (typed: string) =>
      options.some(({ value, name }) =>
        `${value}\n${name}`.toLowerCase().includes(typed.toLowerCase())
      );
    const isAnswer = (typed: string) =>
      typed !== "" && check !== undefined && check(typed) === undefined;
    // Whoever has moved to an entry means that, not what was typed to find it.
    let moved = false;
    const isMeant = (typed: string) =>
      isAnswer(typed) &&
      !(moved && this.#screen.text.includes(`\n${POINTER} `));
    const answer = await this.#prompt<string>(
      signal,
      (ends) =>
        Select.prompt<string>({
          ...ends,
          message: text,
          prefix: "",
          options,
          maxRows: this.#listRows(),
          search: true,
          searchMode: "substring",
          searchLabel: this.#style("94", "›"),
          listPointer: this.#style("94", POINTER),
        }),
      {
        hint: this.#texts.searchHint,
        leaveOut: NOTHING_FOUND,
        onTyped: (typed) => {
          if (isMeant(typed)) this.#note(`↵ ${typed}`);
          else this.#note(isFound(typed) ? "" : check?.(typed) ?? "");
        },
        onKey: (key, typed) => {
          if ("character" in key) moved = false;
          else if (key.name === "up" || key.name === "down") moved = true;
          else if (key.name === "enter") {
            if (isMeant(typed)) throw new Answered(typed);
            return !isFound(typed);
          }
          return false;
        },
      },
    );
    if (answer === other) return await this.ask(question, signal);
    this.#screen.print(`${text} ${this.#answered(visibleText(answer))}`);
    return answer;
  }

  /** Shows a line above whatever is asked. */
  show(line: string): void {
    this.#screen.print(line);
  }

  /** Shows a bar where a prompt would be. */
  progress(label: string, done: number, total: number): void {
    if (done >= total) return this.#screen.clear();
    const count = `${done}/${total}`;
    const room = this.#size().columns - widthOf(`${label}  ${count}`) - 1;
    const width = Math.max(0, Math.min(BAR_COLUMNS, room));
    const filled = Math.floor(width * done / total);
    const bar = this.#style("94", "━".repeat(filled)) +
      this.#style("2", "─".repeat(width - filled));
    this.#screen.show(`${label} ${bar} ${count}`);
  }

  /** Leaves the terminal as it was: cursor, echo, colours. */
  [Symbol.dispose](): void {
    removeEventListener("unload", this.#dispose);
    if (HAS_RESIZE_SIGNAL) Deno.removeSignalListener("SIGWINCH", this.#redraw);
    this.#screen[Symbol.dispose]();
    this.#keyboard[Symbol.dispose]();
  }

  /**
   * Runs a prompt of Cliffy's until it is answered, the signal is aborted, Ctrl-C
   * is pressed, or the input ends.
   */
  async #prompt<Value>(
    signal: AbortSignal,
    prompt: (ends: Ends) => Promise<Value>,
    { hint = "", leaveOut, onTyped, onKey, onBroken }: PromptOptions,
  ): Promise<Value> {
    const stopped = AbortSignal.any([this.interrupted, signal]);
    stopped.throwIfAborted();
    const { promise: stop, reject } = Promise.withResolvers<never>();
    stop.catch(() => {});
    const abort = () => reject(stopped.reason);
    stopped.addEventListener("abort", abort);

    this.#keyboard.open();
    this.#screen.leaveOut = leaveOut;
    this.#hint = hint;
    this.#note("");
    /** Where in the prompt's first line begins what is typed. */
    let start: number | undefined;
    let pieces: Uint8Array[] = [];
    let typed = "";
    const read = async (buffer: Uint8Array): Promise<number> => {
      start ??= this.#screen.line.length;
      while (pieces.length === 0) {
        typed = this.#screen.line.slice(start);
        onTyped?.(typed);
        const key = await this.#nextKey(stop);
        if (onKey?.(key, typed)) continue;
        if ("name" in key && key.name === "endOfInput" && typed === "") {
          throw inputEnded();
        }
        const caret = Math.max(0, this.#screen.caret - start);
        pieces = cliffyKeys(key, typed.slice(0, caret), typed.slice(caret));
      }
      const piece = pieces.shift()!;
      buffer.set(piece);
      return piece.length;
    };
    try {
      stopped.throwIfAborted();
      return await prompt({
        reader: { read, setRaw: () => {}, isTerminal: () => true },
        writer: this.#screen,
      });
    } catch (error) {
      if (error instanceof Answered) return error.value;
      const broken = signal.aborted && !this.interrupted.aborted;
      if (broken && typed !== "") onBroken?.(typed);
      this.#keyboard.discard();
      throw error;
    } finally {
      stopped.removeEventListener("abort", abort);
      this.#screen.clear();
    }
  }

  async #nextKey(stop: Promise<never>): Promise<Key> {
    for (;;) {
      const key = this.#keyboard.take();
      if (key !== undefined) return key;
      if (this.#keyboard.ended) throw inputEnded();
      await Promise.race([this.#keyboard.more, stop]);
    }
  }

  /** Whether a key belongs to a text whose prompt has been broken off. */
  #typesOn(key: Key): boolean {
    if (!this.#typingOn) return false;
    if ("character" in key) this.#note(this.#texts.enterFirst);
    else this.#typingOn = key.name === "backspace";
    return "character" in key || key.name === "enter" || this.#typingOn;
  }

  /** What stands in a prompt's place when it has been answered. */
  #answered(answer: string): string {
    return `${this.#style("94", "›")} ${this.#style("32", answer)}`;
  }

  /** Says something below a prompt; no text takes it away. */
  #note(text: string): void {
    this.#screen.below = [
      ...(this.#hint === "" ? [] : [this.#style("2", this.#hint)]),
      ...(text === "" ? [] : [this.#style("33", text)]),
    ];
  }

  #style(code: string, text: string): string {
    return this.#colour ? `\x1b[${code}m${text}\x1b[0m` : text;
  }

  #listRows(): number {
    return Math.max(3, this.#size().rows - OTHER_ROWS);
  }
}

function inputEnded(): EndOfInput {
  return new EndOfInput("Input has come to its end");
}

function terminalSize(): ScreenSize {
  try {
    const { columns, rows } = Deno.consoleSize();
    if (columns > 0 && rows > 0) return { columns, rows };
  } catch {
    // Not a terminal.
  }
  return { columns: 80, rows: 24 };
}
