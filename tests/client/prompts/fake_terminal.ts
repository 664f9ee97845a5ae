import { en } from "../../../client/texts/en.ts";
import { PlainPrompter } from "../../../client/prompts/plain_prompter.ts";

/** Somebody at a terminal of plain lines, and what they see. */
export class FakeTerminal implements Disposable {
  /** Everything shown so far. */
  shown = "";
  readonly prompter: PlainPrompter;
  readonly #keyboard: WritableStreamDefaultWriter<Uint8Array>;
  #change = Promise.withResolvers<void>();

  /** `echo` as for a {@linkcode PlainPrompter}. */
  constructor({ echo = false } = {}) {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(
      undefined,
      { highWaterMark: 1000 },
    );
    this.#keyboard = writable.getWriter();
    const write = (text: string) => {
      this.shown += text;
      this.#change.resolve();
      this.#change = Promise.withResolvers();
    };
    this.prompter = new PlainPrompter({
      input: readable,
      write,
      echo,
      texts: en,
    });
  }

  /** Types this, which need not be whole lines, or even letters. */
  type(text: string | Uint8Array): void {
    const bytes = typeof text === "string"
      ? new TextEncoder().encode(text)
      : text;
    this.#keyboard.write(bytes).catch(() => {});
  }

  /** Ends the input, as Ctrl-D does, or a pipe that has run dry. */
  end(): void {
    this.#keyboard.close().catch(() => {});
  }

  /** Resolves when `text` has been shown. */
  async until(text: string): Promise<void> {
    while (!this.shown.includes(text)) await this.#change.promise;
  }

  [Symbol.dispose](): void {
    this.prompter[Symbol.dispose]();
  }
}
