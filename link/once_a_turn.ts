/**
 * Asks for something once in a turn of the event loop, and gives the same to all
 * others who want it in that turn. A clock costs as much as all the rest of a
 * small answer.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * let asked = 0;
 * const count = onceATurn(() => ++asked);
 * assertEquals([count(), count()], [1, 1]);
 * await Promise.resolve();
 * assertEquals([count(), count()], [2, 2]);
 * ```
 */
export function onceATurn<T>(ask: () => T): () => T {
  let known = false;
  let answer: T;
  const forget = () => {
    known = false;
  };
  return () => {
    if (!known) {
      answer = ask();
      known = true;
      queueMicrotask(forget);
    }
    return answer;
  };
}
