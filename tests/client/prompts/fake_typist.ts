import type { KeyboardInput } from "../../../client/prompts/keyboard.ts";

/** Somebody who presses keys. */
export class FakeTypist implements KeyboardInput {
  /** What raw mode was set to, in order. */
  readonly modes: boolean[] = [];
  #bytes: Uint8Array[] = [];
  #ended = false;
  #change = Promise.withResolvers<void>();

  /** Types this, in one piece. */
  type(text: string | Uint8Array): void {
    const bytes = typeof text === "string"
      ? new TextEncoder().encode(text)
      : text;
    this.#bytes.push(bytes);
    this.#change.resolve();
  }

  /** Ends the input. */
  end(): void {
    this.#ended = true;
    this.#change.resolve();
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#bytes.length === 0) {
      if (this.#ended) return null;
      await this.#change.promise;
      this.#change = Promise.withResolvers();
    }
    const bytes = this.#bytes.shift()!;
    buffer.set(bytes.subarray(0, buffer.length));
    if (bytes.length > buffer.length) {
      this.#bytes.unshift(bytes.subarray(buffer.length));
    }
    return Math.min(bytes.length, buffer.length);
  }

  setRaw(mode: boolean): void {
    this.modes.push(mode);
  }
}
