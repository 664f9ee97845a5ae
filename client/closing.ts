import type { LinkEnd } from "../link/mod.ts";
import { GoodbyeReason } from "../protocol/mod.ts";
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
  /**
   * Of the server's goodbye: one of `GoodbyeReason`, or one that a later version
   * has.
   */
  readonly reason?: number;
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
      // TLS calls it so when the server's machine closes, and not TLS.
      return end.error instanceof Deno.errors.UnexpectedEof
        ? { how: "lost", why: "the server closed the connection" }
        : {
          how: "lost",
          why: `the connection was lost: ${end.error.message}`,
        };
    case "silent":
    case "stalled":
    case "unfinished":
      return {
        how: "lost",
        why: `the server has been ${end.kind} for ${end.afterMs / 1000} s`,
      };
  }
}

/** The same as an error. */
export function closingError({ how, why, reason }: Closing): ConnectionError {
  const permanent = how === "fault" || reason === GoodbyeReason.noToken;
  return new ConnectionError(why, { permanent });
}

/** What a loop over messages throws, if the end was not in good order. */
export function failure(closing: Closing): ConnectionError | undefined {
  const { how } = closing;
  return how === "lost" || how === "fault" ? closingError(closing) : undefined;
}
