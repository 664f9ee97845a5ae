import type { Transport } from "../link/mod.ts";
import type { Conversation } from "./conversation.ts";

/** A transport whose bytes, and whose end, go into a conversation as well. */
export class TappedTransport implements Transport {
  readonly #transport: Transport;
  readonly #conversation: Conversation;

  /** Stands before `transport`, and does all that it does. */
  constructor(transport: Transport, conversation: Conversation) {
    this.#transport = transport;
    this.#conversation = conversation;
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    const count = await this.#watched(this.#transport.read(buffer));
    if (count === null) this.#conversation.ended("remote");
    else this.#conversation.received(buffer.subarray(0, count));
    return count;
  }

  async write(bytes: Uint8Array): Promise<number> {
    const count = await this.#watched(this.#transport.write(bytes));
    this.#conversation.sent(bytes.subarray(0, count));
    return count;
  }

  async closeWrite(): Promise<void> {
    await this.#watched(this.#transport.closeWrite());
    this.#conversation.ended("local");
  }

  close(): void {
    this.#transport.close();
    this.#conversation.ended("local");
  }

  async #watched<T>(doing: Promise<T>): Promise<T> {
    try {
      return await doing;
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionReset) {
        this.#conversation.reset();
      }
      throw error;
    }
  }
}
