import { PAYLOAD_MARGIN } from "../protocol/mod.ts";

/** How much a server takes on, with a default for each. */
export interface ServerLimits {
  /**
   * The longest text that *send* takes, in bytes of UTF-8; 16 MiB at most.
   *
   * @default {65536}
   */
  readonly maxText: number;
  /**
   * How long a receiver may take to confirm a message, in milliseconds.
   *
   * @default {5000}
   */
  readonly deliveryTimeoutMs: number;
  /**
   * How much may wait for a client to take it, in bytes. Beyond, messages for
   * it are refused, and it is not listened to until it has read its answers.
   *
   * @default {1048576}
   */
  readonly maxQueue: number;
}

/** The limits that hold where none are given. */
export const DEFAULT_LIMITS: ServerLimits = {
  maxText: 64 * 1024,
  deliveryTimeoutMs: 5_000,
  maxQueue: 1024 * 1024,
};

/**
 * The largest payload on a connection, in bytes: the longest text, and room for
 * what stands before it.
 */
export function maxPayload(limits: ServerLimits): number {
  return limits.maxText + PAYLOAD_MARGIN;
}
