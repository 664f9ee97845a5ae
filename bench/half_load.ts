import { type Measured, medianOf } from "./summary.ts";

/**
 * Half of what is relayed at most where the least is, in messages a second:
 * among these works, and of those servers where a message counts when its
 * receiver has confirmed it. A load that all of them bear, and far enough from
 * the most that times are not those of a queue. Nothing if there is no such
 * server.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(halfLoad([]), undefined);
 * ```
 */
export function halfLoad(all: readonly Measured[]): number | undefined {
  const rates = all.flatMap(({ peers }) => peers)
    .filter(({ byReceiver }) => byReceiver)
    .map((peer) => medianOf(peer, ({ perSecond }) => perSecond)!);
  return rates.length === 0 ? undefined : Math.min(...rates) / 2;
}
