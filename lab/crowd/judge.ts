import type { Finding } from "../experiment.ts";
import type { CrowdObservation, CrowdRound } from "./observation.ts";

/** What is claimed about several clients at the same moment. */
export type CrowdClaim =
  /** Every client got as many answers as it sent requests. */
  | "all-answered"
  /** The server's log has as many for each of them. */
  | "log-agrees"
  /** All had begun before the first was done. */
  | "same-moment"
  /** The server answered one before it was done with another. */
  | "interleaved";

/** Judges what was seen of several clients at the same moment. */
export function judgeCrowd(
  { count, rounds }: CrowdObservation,
): Finding<CrowdClaim>[] {
  const answered = rounds.every(({ choices, clients }) =>
    clients.every(({ measured }) =>
      measured.length === choices &&
      measured.every(({ sent, received }) =>
        sent === count && received === count
      )
    )
  );
  const logged = rounds.every(({ choices, clients }) =>
    clients.every((client) => client.logged === count * choices)
  );
  return [
    { claim: "all-answered", holds: answered },
    { claim: "log-agrees", holds: logged },
    {
      claim: "same-moment",
      holds: rounds.every((round) => lastBegun(round) < firstDone(round)),
    },
    {
      claim: "interleaved",
      holds: rounds.some((round) => switches(round) >= round.clients.length),
    },
  ];
}

/** When the last client was told to begin, in milliseconds. */
export function lastBegun({ clients }: CrowdRound): number {
  return Math.max(...clients.map(({ begunMs }) => begunMs));
}

/** When the first client was done, in milliseconds. */
export function firstDone({ clients }: CrowdRound): number {
  return Math.min(...clients.map(({ doneMs }) => doneMs));
}

/**
 * How often the server went from one client to another. One by one, that would
 * be once less than there are clients.
 */
export function switches({ served }: CrowdRound): number {
  return Math.max(0, served.length - 1);
}
