import { GoodbyeReason } from "../protocol/mod.ts";
import type { Departure } from "./events.ts";

/** How a client went that the server has sent away, by the reason it was told. */
export const departures = {
  [GoodbyeReason.shuttingDown]: "shutdown",
  [GoodbyeReason.serverFull]: "server-full",
  [GoodbyeReason.addressFull]: "address-full",
  [GoodbyeReason.noToken]: "no-token",
  [GoodbyeReason.lockedOut]: "locked-out",
  [GoodbyeReason.silent]: "silent",
  [GoodbyeReason.notReading]: "not-reading",
  [GoodbyeReason.unfinishedFrame]: "unfinished-frame",
} as const satisfies Partial<Record<GoodbyeReason, Departure>>;

/** Why the server sends a client away. */
export interface Rejection {
  /** What its goodbye says. */
  readonly reason: keyof typeof departures;
  /** The same for people. */
  readonly why: string;
}
