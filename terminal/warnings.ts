import { visibleText } from "./visible_text.ts";

/**
 * Sentences for people about what does not keep a program from going on, on
 * standard error; held back while the screen is somebody else's.
 */
export class Warnings {
  readonly #program: string;
  readonly #write: (line: string) => void;
  #held: string[] | undefined;

  /** Warns in the name of `program`. */
  constructor(program: string, write: (line: string) => void = console.error) {
    this.#program = program;
    this.#write = write;
  }

  /** Writes a warning, or keeps it while they are held. */
  add(what: string): void {
    const line = `${this.#program}: ${visibleText(what)}`;
    if (this.#held === undefined) this.#write(line);
    else this.#held.push(line);
  }

  /** Holds all warnings until what this returns is disposed of. */
  hold(): Disposable {
    this.#held ??= [];
    return {
      [Symbol.dispose]: () => {
        const held = this.#held ?? [];
        this.#held = undefined;
        for (const line of held) this.#write(line);
      },
    };
  }
}
