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
   * How much may wait for a client to take it, in bytes. Beyond, messages for it
   * are refused; and if answers that it does not read come on top of as many, it
   * is not listened to until it has read some.
   *
   * @default {1048576}
   */
  readonly maxQueue: number;
  /**
   * How many clients may be connected; more are told that the server is full.
   *
   * @default {32768}
   */
  readonly maxClients: number;
  /**
   * How many of them may have the same address. Addresses of IPv6 count as the
   * same if their first 64 bits are.
   *
   * @default {16384}
   */
  readonly maxClientsPerAddress: number;
  /**
   * How many requests a client may make in a second; more are refused. So many
   * may come at once after a quiet second.
   *
   * @default {1000000}
   */
  readonly maxRequestsPerSecond: number;
  /**
   * How many requests of a client may be under way; more are refused.
   *
   * @default {16384}
   */
  readonly maxUnanswered: number;
  /**
   * How many messages may wait for a client's confirmation; more are refused to
   * their senders.
   *
   * @default {16384}
   */
  readonly maxUnconfirmed: number;
  /**
   * How long a receiver may take to confirm a message, in milliseconds.
   *
   * @default {5000}
   */
  readonly deliveryTimeoutMs: number;
  /**
   * How long nothing may be heard of a client until it is asked whether it is
   * there, in milliseconds; 0 for never.
   *
   * @default {10000}
   */
  readonly pingIntervalMs: number;
  /**
   * How long nothing may be heard of it after that, in milliseconds. Then it is
   * taken for gone.
   *
   * @default {5000}
   */
  readonly pingTimeoutMs: number;
  /**
   * How long what waits for a client may wait without any of it being taken, in
   * milliseconds. Then the client is dropped.
   *
   * @default {10000}
   */
  readonly stallTimeoutMs: number;
  /**
   * How long a frame of a client may take from its first byte to its last, in
   * milliseconds. Then the client is dropped.
   *
   * @default {30000}
   */
  readonly frameTimeoutMs: number;
  /**
   * How long a client may take for the TLS handshake, and then again for the
   * token, where they are wanted, in milliseconds. Then it is sent away.
   *
   * @default {5000}
   */
  readonly loginTimeoutMs: number;
  /**
   * How long an address that has sent three wrong tokens has to wait, in
   * milliseconds.
   *
   * @default {30000}
   */
  readonly lockoutMs: number;
  /**
   * How long a server that shuts down waits for the confirmations of messages
   * that are under way, in milliseconds.
   *
   * @default {5000}
   */
  readonly drainTimeoutMs: number;
}

/** The limits that hold where none are given. */
export const DEFAULT_LIMITS: ServerLimits = {
  maxText: 64 * 1024,
  maxQueue: 1024 * 1024,
  maxClients: 32_768,
  maxClientsPerAddress: 16_384,
  maxRequestsPerSecond: 1_000_000,
  maxUnanswered: 16_384,
  maxUnconfirmed: 16_384,
  deliveryTimeoutMs: 5_000,
  pingIntervalMs: 10_000,
  pingTimeoutMs: 5_000,
  stallTimeoutMs: 10_000,
  frameTimeoutMs: 30_000,
  loginTimeoutMs: 5_000,
  lockoutMs: 30_000,
  drainTimeoutMs: 5_000,
};

/**
 * The largest payload on a connection, in bytes: the longest text, and room for
 * what stands before it.
 */
export function maxPayload(limits: ServerLimits): number {
  return limits.maxText + PAYLOAD_MARGIN;
}
