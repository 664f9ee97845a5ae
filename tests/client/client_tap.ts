import type { Tap, Transport } from "../../link/mod.ts";
import { within } from "../server/within.ts";

/** A test that waits so long for something waits in vain, in milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Sees the connections of clients from inside, where a client itself cannot be
 * had because it connects in vain.
 *
 * Its disposal waits until all of them are closed: who connects in vain, or is
 * told to stop, has his answer at once, and the connection comes to its end
 * behind his back.
 */
export class ClientTap implements Tap, AsyncDisposable {
  /** How many bytes all connections have read. */
  #bytesRead = 0;
  readonly #closed: Promise<void>[] = [];
  #change = Promise.withResolvers<void>();

  tap(transport: Transport): Transport {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closed.push(promise);
    this.#changed();
    return {
      read: async (buffer) => {
        const count = await transport.read(buffer);
        this.#bytesRead += count ?? 0;
        this.#changed();
        return count;
      },
      write: (bytes) => transport.write(bytes),
      closeWrite: () => transport.closeWrite(),
      close: () => {
        transport.close();
        resolve();
      },
    };
  }

  /** Waits until a connection is there, and with TLS has shaken hands. */
  opened(): Promise<void> {
    return this.#until(() => this.#closed.length > 0);
  }

  /** Waits until so many bytes have been read. */
  read(count: number): Promise<void> {
    return this.#until(() => this.#bytesRead >= count);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await within(PATIENCE_MS, Promise.all(this.#closed));
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) await within(PATIENCE_MS, this.#change.promise);
  }

  #changed(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }
}
