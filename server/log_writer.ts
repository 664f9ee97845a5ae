/** Where a log goes: standard error, or something like it. */
export interface LogSink {
  /** Writes some of `bytes`; resolves to how many. */
  write(bytes: Uint8Array): Promise<number>;
}

/** So much of a log may wait to be written, in UTF-16 units. */
const MAX_WAITING = 1024 * 1024;

/** How long {@linkcode LogWriter.flush} tries, in milliseconds. */
const FLUSH_TIMEOUT_MS = 1_000;

/**
 * Writes the lines of a log without ever holding up the server: they wait for a
 * slow reader, and are dropped when too many do, or when they cannot be written
 * (a full disk, a closed pipe). How many were dropped is said as soon as lines
 * can be written again.
 *
 * @example Usage
 * ```ts
 * const writer = new LogWriter(Deno.stderr);
 * writer.write("ready");
 * await writer.flush();
 * ```
 */
export class LogWriter {
  readonly #sink: LogSink;
  readonly #encoder = new TextEncoder();
  #waiting = "";
  #dropped = 0;
  #writing: Promise<void> | undefined;

  /** Makes a writer of lines to `sink`. */
  constructor(sink: LogSink) {
    this.#sink = sink;
  }

  /** Adds a line, given without its line feed. */
  write(line: string): void {
    if (this.#waiting.length > MAX_WAITING) {
      this.#dropped++;
      return;
    }
    this.#waiting += `${line}\n`;
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when all lines are written, a second later at the most. */
  async flush(): Promise<void> {
    const { promise: timeout, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, FLUSH_TIMEOUT_MS);
    await Promise.race([this.#writing, timeout]);
    clearTimeout(timer);
  }

  async #writeAll(): Promise<void> {
    await undefined; // Let this turn's other lines join in.
    while (this.#waiting !== "") {
      const lines = this.#waiting;
      this.#waiting = "";
      try {
        if (this.#dropped > 0) await this.#print(droppedLine(this.#dropped));
        this.#dropped = 0;
        await this.#print(lines);
      } catch {
        this.#dropped += lines.split("\n").length - 1;
      }
    }
    this.#writing = undefined;
  }

  async #print(text: string): Promise<void> {
    let rest = this.#encoder.encode(text);
    while (rest.length > 0) rest = rest.subarray(await this.#sink.write(rest));
  }
}

function droppedLine(lines: number): string {
  return `(${lines} lines of this log could not be written)\n`;
}
