import type { Marked } from "../document/document.ts";
import type { CrowdClaim } from "./judge.ts";

/** What is told about several clients at the same moment, in one language. */
export interface Texts {
  /** What was done. */
  readonly setup: (
    clients: number,
    count: number,
    choices: readonly number[],
  ) => Marked;
  /** A round's heading: how often each client made the choice in it. */
  readonly roundHeading: (choices: number) => Marked;
  /** Whose screen it is. */
  readonly clientTitle: (id: number) => Marked;
  /** Columns: client, begun, done, answers, reads, in the server's log. */
  readonly head: readonly Marked[];
  readonly caption: Marked;
  /** So many of so many answers. */
  readonly ofAll: (received: number, sent: number) => Marked;
  /** That all were at work at the same moment, or were not. */
  readonly moment: (lastBegunMs: number, firstDoneMs: number) => Marked;
  /** Whom the server has answered, in its order. */
  readonly order: (
    served: string,
    switches: number,
    clients: number,
  ) => Marked;
  /** Where the log is from. */
  readonly server: string;
  /** What is claimed, of so many clients and requests. */
  readonly claims: Readonly<
    Record<CrowdClaim, (clients: number, count: number) => Marked>
  >;
}
