import type { KernelSettings } from "./silent_client.ts";

/** The shortest and the longest time until Linux sends again, in seconds. */
const SHORTEST_S = 0.2;
const LONGEST_S = 120;

/** How long a kernel takes to find out that nobody is there, in seconds. */
export interface KernelPatience {
  /** When nothing is sent, and it was told to ask at all. */
  readonly idle: number;
  /** When something is sent: at least so long until it gives up. */
  readonly sending: number;
}

/**
 * How long a kernel with these settings takes to find out by itself that nobody
 * is at the other end. What is not acknowledged it sends again after 0.2 s or
 * more, then after twice that time, and so on up to 120 s.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { idle, sending } = kernelPatience({
 *   keepaliveTime: 7200,
 *   keepaliveInterval: 75,
 *   keepaliveProbes: 9,
 *   retries: 15,
 * });
 * assertEquals([idle, Math.round(sending)], [7875, 925]);
 * ```
 */
export function kernelPatience(
  { keepaliveTime, keepaliveInterval, keepaliveProbes, retries }:
    KernelSettings,
): KernelPatience {
  let sending = 0;
  for (let i = 0; i <= retries; i++) {
    sending += Math.min(SHORTEST_S * 2 ** i, LONGEST_S);
  }
  return { idle: keepaliveTime + keepaliveInterval * keepaliveProbes, sending };
}
