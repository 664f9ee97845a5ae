import type { Tap, Transport } from "../../link/mod.ts";
import { within } from "../server/within.ts";

/** A test that waits so long for something waits in vain, in milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Waits, at the end of a test, until all connections that were made with it as
 * their tap are closed. Whoever has connected in vain, or was told to stop, has
 * his answer at once; the connection comes to its end behind his back.
 */
export class Closings implements Tap, AsyncDisposable {
  readonly #closed: Promise<void>[] = [];

  tap(transport: Transport): Transport {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closed.push(promise);
    return {
      read: (buffer) => transport.read(buffer),
      write: (bytes) => transport.write(bytes),
      closeWrite: () => transport.closeWrite(),
      close: () => {
        transport.close();
        resolve();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await within(PATIENCE_MS, Promise.all(this.#closed));
  }
}
