/** How long a program may take to print what is expected of it. */
export const PATIENCE_MS = 10_000;

/**
 * What a program writes to one of its streams, kept whole, and awaited piece by
 * piece.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new TextEncoder().encode("Listening on 127.0.0.1:2203\n");
 * const output = new Output(ReadableStream.from([bytes]));
 * const [, port] = await output.find(/:(\d+)\n/);
 * assertEquals(port, "2203");
 * assertEquals(await output.rest(), "");
 * ```
 */
export class Output {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";
  /** Where the next search begins: behind what was found last. */
  #foundTo = 0;
  #ended = false;
  #more = Promise.withResolvers<void>();

  /** Reads `stream` to its end. */
  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.pipeThrough(new TextDecoderStream()).getReader();
    this.#read();
  }

  /** All that has been written so far. */
  get text(): string {
    return this.#text;
  }

  /** The same as lines; an unfinished one at the end counts too. */
  get lines(): string[] {
    return this.#text.split("\n").filter((line, i, all) =>
      line !== "" || i < all.length - 1
    );
  }

  /**
   * Waits for `pattern` behind what was found last, and returns the match; its
   * `input` begins there.
   *
   * @throws {Error} With what has come instead, if it does not come in time.
   */
  async find(pattern: RegExp): Promise<RegExpExecArray> {
    let match: RegExpExecArray | null = null;
    await this.#wait(`Expected ${pattern}`, () => {
      match = pattern.exec(this.#text.slice(this.#foundTo));
      return match !== null;
    });
    const found = match! as RegExpExecArray;
    this.#foundTo += found.index + found[0].length;
    return found;
  }

  /**
   * Waits for the end of the stream, and returns what stands behind what was
   * found last.
   *
   * @throws {Error} If the end does not come in time.
   */
  async rest(): Promise<string> {
    await this.#wait("Expected the end", () => this.#ended);
    const rest = this.#text.slice(this.#foundTo);
    this.#foundTo = this.#text.length;
    return rest;
  }

  /** Reads no more, as a pipe's reader that has ended. */
  async close(): Promise<void> {
    await this.#reader.cancel();
  }

  async #read(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) break;
      this.#text += value;
      this.#wake();
    }
    this.#ended = true;
    this.#wake();
  }

  #wake(): void {
    this.#more.resolve();
    this.#more = Promise.withResolvers();
  }

  async #wait(expected: string, isThere: () => boolean): Promise<void> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#wake();
    }, PATIENCE_MS);
    try {
      while (!isThere()) {
        if (late || this.#ended) {
          const when = late
            ? `within ${PATIENCE_MS / 1000} s`
            : "before the end";
          const got = JSON.stringify(this.#text.slice(this.#foundTo));
          throw new Error(`${expected} ${when}, got ${got}`);
        }
        await this.#more.promise;
      }
    } finally {
      clearTimeout(timer);
    }
  }
}
