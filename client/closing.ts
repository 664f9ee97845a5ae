import type { LinkEnd } from "../link/mod.ts";
import { ConnectionError } from "./connection_error.ts";

/** How a connection ended. */
export interface Closing {
  /**
   * This side disconnected; the server said goodbye; the connection broke; one
   * of the two sent bytes that are not the protocol.
   */
  readonly how: "disconnected" | "goodbye" | "lost" | "fault";
  /** The same in a sentence for people; part of it may be the server's. */
  readonly why: string;
}

/** How a connection ended of which neither side has said goodbye. */
export function describeEnd(end: LinkEnd): Closing {
  switch (end.kind) {
    case "closed-by-peer":
      return { how: "lost", why: "the server closed the connection" };
    case "closed-here":
      return { how: "disconnected", why: "the connection was closed here" };
    case "fault":
      return {
        how: "fault",
        why: "the server does not speak the protocol: byte " +
          `${end.error.offset} was wrong. ${end.error.message}`,
      };
    case "lost":
      return {
        how: "lost",
        why: `the connection was lost: ${end.error.message}`,
      };
  }
}

/** What a loop over messages throws, if the end was not in good order. */
export function failure({ how, why }: Closing): ConnectionError | undefined {
  return how === "lost" || how === "fault"
    ? new ConnectionError(why)
    : undefined;
}
