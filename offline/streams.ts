/**
 * Stands in for the parts of `@std/streams` that Parley uses where JSR cannot be
 * reached: `text-line-stream` and `to-text`.
 *
 * @module
 */

import { text } from "node:stream/consumers";

/**
 * Divides a stream of text into its lines, whatever its chunks. A line ends with
 * `\n` or `\r\n`, which are not part of it; the last one may end with the stream.
 */
export class TextLineStream extends TransformStream<string, string> {
  /** The beginning of a line whose end has not come yet, in pieces. */
  #pending: string[] = [];

  constructor() {
    super({
      transform: (chunk, controller) => {
        const [first = "", ...others] = chunk.split("\n");
        this.#pending.push(first);
        for (const next of others) {
          controller.enqueue(this.#pending.join("").replace(/\r$/, ""));
          this.#pending = [next];
        }
      },
      flush: (controller) => {
        const last = this.#pending.join("");
        if (last !== "") controller.enqueue(last);
      },
    });
  }
}

/** Reads a stream to its end and gives its text. Bytes are taken for UTF-8. */
export function toText(
  stream: ReadableStream<string> | ReadableStream<Uint8Array>,
): Promise<string> {
  return text(stream as Parameters<typeof text>[0]);
}
