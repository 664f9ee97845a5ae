import { Expiring } from "./expiry_queue.ts";

/**
 * Calls a function when its time in an {@linkcode ExpiryQueue} is over.
 *
 * @example Usage
 * ```ts
 * import { ExpiryQueue } from "./expiry_queue.ts";
 *
 * using queue = new ExpiryQueue(10);
 * const { promise, resolve } = Promise.withResolvers<void>();
 * queue.add(new Deadline(resolve));
 * await promise;
 * ```
 */
export class Deadline extends Expiring {
  override readonly expire: () => void;

  /** Makes one; it waits in no queue yet. */
  constructor(onExpiry: () => void) {
    super();
    this.expire = onExpiry;
  }
}
