import type { Program } from "../../tools/program.ts";
import type { Programs } from "../../tools/programs.ts";
import type { Language } from "../language.ts";

/** What the menu's choice 8 has shown. */
export interface Measured {
  /** How many requests were sent at once. */
  readonly sent: number;
  /** How many were answered. */
  readonly received: number;
  /** How many reads of the socket brought the answers. */
  readonly reads: number;
  /** From the first request to the last answer, in milliseconds. */
  readonly ms: number;
}

/** How a menu is started. */
export interface MeasuringMenuOptions {
  readonly programs: Programs;
  /** The server's port on this machine. */
  readonly port: number;
  /** The language that the menu is to speak. */
  readonly language: Language;
}

/** What a menu says, in its languages. */
const WORDS: Readonly<
  Record<Language, {
    readonly connected: RegExp;
    readonly howMany: RegExp;
    readonly result: RegExp;
  }>
> = {
  en: {
    connected: /as number (?<id>\d+) for [^]*?parley> /,
    howMany: /How many requests .*: /,
    result:
      /(?<received>\d+) of (?<sent>\d+) answers came, in (?<reads>\d+) reads and (?<ms>[\d.]+) ms.*\n/,
  },
  zh: {
    connected: /编号 (?<id>\d+)，已有 [^]*?parley> /,
    howMany: /请求个数 .*: /,
    result:
      /(?<sent>\d+) 个请求收到 (?<received>\d+) 个响应，读了 (?<reads>\d+) 次，用时 (?<ms>[\d.]+) 毫秒.*\n/,
  },
};

/** A real client at its menu, connected, for its choice 8: many requests. */
export class MeasuringMenu implements AsyncDisposable {
  /** The client's number. */
  readonly id: number;
  readonly #program: Program;
  readonly #language: Language;
  /** How much of the screen was there before the first choice 8. */
  readonly #connectedAt: number;

  private constructor(program: Program, id: number, language: Language) {
    this.id = id;
    this.#program = program;
    this.#language = language;
    this.#connectedAt = program.stdout.text.length;
  }

  /** Starts a client and connects it. */
  static async connect(
    { programs, port, language }: MeasuringMenuOptions,
  ): Promise<MeasuringMenu> {
    const program = programs.start("client", "--lang", language);
    try {
      await program.type(`1\n127.0.0.1\n${port}\n`);
      const { groups } = await program.stdout.find(WORDS[language].connected);
      return new MeasuringMenu(program, Number(groups!.id), language);
    } catch (error) {
      await program[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What is on the screen since it is connected. */
  get screen(): string {
    const shown = this.#program.stdout.text.slice(this.#connectedAt);
    return `parley> ${shown}`.replace(/(\nparley> |\n)$/, "");
  }

  /** Makes the choice, and waits for the question how many. */
  async choose(): Promise<void> {
    await this.#program.type("8\n");
    await this.#program.stdout.find(WORDS[this.#language].howMany);
  }

  /** Says how many, and makes the same choice again until it is made `times`. */
  async begin(count: number, times = 1): Promise<void> {
    const answers = Array.from({ length: times }, () => `${count}\n`);
    await this.#program.type(answers.join("8\n"));
  }

  /** Waits until the next result is on the screen. */
  async result(): Promise<Measured> {
    const { result } = WORDS[this.#language];
    const { groups } = await this.#program.stdout.find(result);
    return {
      sent: Number(groups!.sent),
      received: Number(groups!.received),
      reads: Number(groups!.reads),
      ms: Number(groups!.ms),
    };
  }

  /** Chooses to quit, and waits for the end. */
  async quit(): Promise<void> {
    await this.#program.type("7\n");
    await this.#program.end();
  }

  /** Ends it, whatever it is doing. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}
