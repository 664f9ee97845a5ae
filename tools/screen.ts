import { styleText } from "node:util";
import type { Output } from "./output.ts";
import type { Program } from "./program.ts";

/** A colour of text in a terminal. */
export type Colour = Parameters<typeof styleText>[0];

const WIDTH = 78;
/** How wide the programs' names are at least. */
const NAME_WIDTH = 8;
/** Of so many lines that come at once only a few are shown. */
const MANY = 100;
const coloured = Deno.stdout.isTerminal() && !Deno.noColor;

/**
 * The part of a demo's transcript that one program writes: all of it is printed
 * with the program's name in front, as it comes.
 */
export class Screen {
  readonly #program: Program;
  readonly #name: string;
  readonly #colour: Colour;
  /** The prompt, until it is known what comes behind it. */
  #unfinished = "";

  /** Begins with the line that has started the program. */
  constructor(program: Program, name: string, colour: Colour, line: string) {
    this.#program = program;
    this.#name = name;
    this.#colour = colour;
    this.print(paint("dim", `$ ${line}`));
  }

  /** Types lines into a client's menu, and waits until it asks for more. */
  async choose(lines: string[], expected: RegExp): Promise<RegExpExecArray> {
    await this.#type(lines);
    return await this.prompts(expected);
  }

  /**
   * The same again and again, until what is shown is as `holds` wants it; only
   * that is printed.
   *
   * @throws {Error} If it is not in time.
   */
  async chooseUntil(
    lines: string[],
    withinMs: number,
    holds: (shown: string) => boolean,
  ): Promise<void> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      await this.#type(lines);
      const [shown] = await this.#program.stdout.find(/[^]*?\n[^]*?parley> /);
      const right = holds(shown);
      const late = performance.now() > deadline;
      if (!right && !late) continue;
      this.#show(shown);
      if (right) return;
      const seconds = withinMs / 1000;
      throw new Error(`${this.#name}: Expected something else in ${seconds} s`);
    }
  }

  /** Waits for what a menu shows by itself, and for the prompt behind it. */
  async prompts(expected: RegExp): Promise<RegExpExecArray> {
    const pattern = new RegExp(`${expected.source}[^]*?parley> `);
    return await this.#find(this.#program.stdout, pattern);
  }

  /** Waits for a line of standard output. */
  async shows(expected: RegExp): Promise<RegExpExecArray> {
    return await this.#find(this.#program.stdout, wholeLine(expected));
  }

  /** Waits for a line of the log. */
  async logs(expected: RegExp): Promise<RegExpExecArray> {
    return await this.#find(this.#program.stderr, wholeLine(expected));
  }

  /** Waits for the end; the rest of what was written comes first. */
  async ends(): Promise<void> {
    const { stdout, stderr } = this.#program;
    this.print(this.#unfinished + await stdout.rest());
    this.print(await stderr.rest());
    const { code } = await this.#program.end();
    this.print(paint("dim", `(exit code ${code})`));
    expect(code === 0, `${this.#name} ends with exit code 0`);
  }

  /** Prints lines as this program's; of as many as all answers, only a few. */
  print(text: string): void {
    const lines = text.split("\n").filter((line) => line !== "");
    if (lines.length >= MANY) {
      const more = paint("dim", `… ${lines.length - 3} more like these …`);
      lines.splice(2, lines.length - 3, more);
    }
    const name = this.#name.padEnd(NAME_WIDTH);
    const prefix = paint(this.#colour, `${name} │`);
    for (const line of lines) console.log(`${prefix} ${line}`);
  }

  async #type(lines: readonly string[]): Promise<void> {
    await this.#program.type(lines.map((line) => `${line}\n`).join(""));
  }

  async #find(output: Output, pattern: RegExp): Promise<RegExpExecArray> {
    try {
      const match = await output.find(pattern);
      const end = match.index + match[0].length;
      this.#show(match.input.slice(0, end));
      return match;
    } catch (error) {
      throw new Error(`${this.#name}: ${(error as Error).message}`);
    }
  }

  #show(more: string): void {
    const text = this.#unfinished + more;
    const lineStart = text.lastIndexOf("\n") + 1;
    this.#unfinished = text.slice(lineStart);
    this.print(text.slice(0, lineStart));
  }
}

/** Prints what comes next in a demo. */
export function heading(text: string): void {
  const rule = "─".repeat(Math.max(0, WIDTH - text.length - 4));
  console.log(`\n${paint("bold", `── ${text} ${rule}`)}`);
}

/** Fails the demo if what it promises is not so. */
export function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`Expected that ${what}`);
}

/** Colours a text, where there are colours. */
export function paint(colour: Colour, text: string): string {
  return coloured ? styleText(colour, text, { validateStream: false }) : text;
}

function wholeLine(expected: RegExp): RegExp {
  return new RegExp(`${expected.source}.*\n`);
}
