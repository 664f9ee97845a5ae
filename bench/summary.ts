import type { Result } from "./job.ts";
import type { Peer } from "./peers.ts";
import type { Work } from "./works.ts";

/** What one round of one work found at one peer. */
export interface Round {
  /** Confirmed messages, answered requests or the like in a second. */
  readonly perSecond: number;
  /** The server's CPU time for each, in microseconds. */
  readonly cpuMicroseconds: number;
  /** The share of one core that the server was busy. */
  readonly busy: number;
  /** Quantiles of the latency in milliseconds, where they were taken. */
  readonly latencyMs?: Result["latencyMs"];
  /** What each client of a crowd added to the server's memory, in bytes. */
  readonly bytesPerClient?: number;
}

/** What all rounds of one work found at one peer. */
export interface MeasuredPeer {
  /** The peer's name. */
  readonly name: string;
  /** What "confirmed" means there. */
  readonly confirmed: string;
  /** Each round, in order. */
  readonly rounds: readonly Round[];
}

/** What all rounds of one work found. */
export interface Measured {
  /** The work's name. */
  readonly name: string;
  /** What was counted. */
  readonly unit: string;
  /** Each peer, Parley first. */
  readonly peers: readonly MeasuredPeer[];
}

/** Puts the results of one work into figures that can be compared. */
export function summarize(
  { name, unit, load }: Work,
  byPeer: ReadonlyMap<Peer, readonly Result[]>,
): Measured {
  const peers = [...byPeer].map(([peer, results]) => {
    const { name, confirmed } = peer;
    const clients = clientsOf(load(peer));
    const rounds = results.map((result) => toRound(result, clients));
    return { name, confirmed, rounds };
  });
  return { name, unit, peers };
}

/** The middle of some figures, or the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[half]!
    : (sorted[half - 1]! + sorted[half]!) / 2;
}

function clientsOf(load: ReturnType<Work["load"]>): number | undefined {
  return load.work === "crowd" ? load.clients : undefined;
}

function toRound(result: Result, clients: number | undefined): Round {
  const { count, seconds, cpuSeconds, latencyMs, residentBytes } = result;
  return {
    perSecond: count / seconds,
    cpuMicroseconds: count === 0 ? NaN : cpuSeconds / count * 1e6,
    busy: cpuSeconds / seconds,
    ...(latencyMs !== undefined && { latencyMs }),
    ...(residentBytes !== undefined && clients !== undefined && {
      bytesPerClient: (residentBytes[1] - residentBytes[0]) / clients,
    }),
  };
}
