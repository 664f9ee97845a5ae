import type { Message } from "./inbox.ts";

/** What `next` waits for. */
type Result = IteratorResult<Message, undefined>;

const DONE: Result = { done: true, value: undefined };

/**
 * Messages as an async iterator. A message counts as delivered once the loop
 * has asked for it and got it.
 */
export class MessageIterator implements AsyncIterableIterator<Message> {
  readonly #onReturn: () => void;
  #offer: { message: Message; take: () => void; drop: () => void } | undefined;
  #asked: PromiseWithResolvers<Result> | undefined;
  #end: { error: Error | undefined } | undefined;

  /** `onReturn` is called when the loop is left. */
  constructor(onReturn: () => void) {
    this.#onReturn = onReturn;
  }

  /** Offers a message; resolves when the loop has taken it. */
  offer(message: Message): Promise<void> | void {
    if (this.#asked !== undefined) {
      this.#asked.resolve({ done: false, value: message });
      this.#asked = undefined;
      return;
    }
    return new Promise((resolve, reject) => {
      const drop = () => reject(new Error("that program listens no longer"));
      this.#offer = { message, take: resolve, drop };
    });
  }

  /** Ends the loop: with an error if the connection was lost. */
  end(error: Error | undefined): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.#offer?.drop();
    this.#offer = undefined;
    if (this.#asked === undefined) return;
    this.#asked.resolve(this.#ended());
    this.#asked = undefined;
  }

  /** The next message, or the end. */
  next(): Promise<Result> {
    if (this.#asked !== undefined) {
      throw new TypeError("Expected the last call of next() to be awaited");
    }
    if (this.#offer !== undefined) {
      const { message, take } = this.#offer;
      this.#offer = undefined;
      take();
      return Promise.resolve({ done: false, value: message });
    }
    if (this.#end !== undefined) return this.#ended();
    this.#asked = Promise.withResolvers();
    return this.#asked.promise;
  }

  /** Leaves the loop: messages are refused from now on. */
  return(): Promise<Result> {
    if (this.#end === undefined) {
      this.end(undefined);
      this.#onReturn();
    }
    return Promise.resolve(DONE);
  }

  /** The iterator itself. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  #ended(): Promise<Result> {
    const error = this.#end?.error;
    return error ? Promise.reject(error) : Promise.resolve(DONE);
  }
}
