import type { Result } from "./job.ts";
import type { Peer } from "./peers.ts";
import type { Load, Work } from "./works.ts";

/** What one round of one work found at one peer. */
export interface Round {
  /** For how long it was measured, in seconds. */
  readonly seconds: number;
  /** Confirmed messages, answered requests or the like in a second. */
  readonly perSecond: number;
  /** The server's CPU time for each, in microseconds. */
  readonly cpuMicroseconds: number;
  /** The share of one core that the server was busy. */
  readonly busy: number;
  /** Quantiles of the latency in milliseconds, where they were taken. */
  readonly latencyMs?: Result["latencyMs"];
  /**
   * The server's resident memory when all clients had come, before any load, in
   * bytes, where it was taken.
   */
  readonly residentBytes?: number;
  /** What each client of a crowd added to the server's memory, in bytes. */
  readonly bytesPerClient?: number;
}

/** What all rounds of one work found at one peer. */
export interface MeasuredPeer {
  /** The peer's name. */
  readonly name: string;
  /** What "confirmed" means there. */
  readonly confirmed: string;
  /** Whether that is what the receiver itself has confirmed. */
  readonly byReceiver: boolean;
  /** Each round, in order. */
  readonly rounds: readonly Round[];
}

/** What all rounds of one work found. */
export interface Measured {
  /** The work's name. */
  readonly name: string;
  /** The group that it is in. */
  readonly group: string;
  /** How many clients there were in all, the quiet ones among them. */
  readonly clients: number;
  /** Messages a second, where they came at a fixed rate. */
  readonly rate?: number;
  /** What was counted. */
  readonly unit: string;
  /** Each peer, Parley first. */
  readonly peers: readonly MeasuredPeer[];
}

/** Puts the results of one work into figures that can be compared. */
export function summarize(
  { name, group, unit, load }: Work,
  byPeer: ReadonlyMap<Peer, readonly Result[]>,
): Measured {
  const peers = [...byPeer].map(([peer, results]) => {
    const { name, confirmed, byReceiver } = peer;
    const rounds = results.map((result) => toRound(result, load(peer)));
    return { name, confirmed, byReceiver, rounds };
  });
  const { value: peer } = byPeer.keys().next();
  const one = load(peer!);
  return {
    name,
    group,
    clients: clientsOf(one),
    ...(one.work === "latency" && { rate: one.rate }),
    unit,
    peers,
  };
}

/**
 * The median of one figure of each round; nothing if it is not known of every
 * round.
 */
export function medianOf(
  { rounds }: MeasuredPeer,
  figure: (round: Round) => number | undefined,
): number | undefined {
  const figures = rounds.map(figure);
  return figures.length > 0 && figures.every(Number.isFinite)
    ? median(figures as number[])
    : undefined;
}

/** The middle of some figures, or the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? sorted[half]!
    : (sorted[half - 1]! + sorted[half]!) / 2;
}

function clientsOf(load: Load): number {
  switch (load.work) {
    case "relay":
      return load.senders + load.receivers + (load.quiet ?? 0);
    case "latency":
      return 2 * load.pairs + (load.quiet ?? 0);
    case "requests":
      return load.connections;
    // One that asks, one that answers.
    case "nats-requests":
      return 2;
    case "visits":
      return load.visitors;
    case "crowd":
      return load.clients;
  }
}

function toRound(result: Result, load: Load): Round {
  const { count, seconds, cpuSeconds, latencyMs, residentBytes } = result;
  return {
    seconds,
    perSecond: count / seconds,
    cpuMicroseconds: count === 0 ? NaN : cpuSeconds / count * 1e6,
    busy: cpuSeconds / seconds,
    ...(latencyMs !== undefined && { latencyMs }),
    ...(residentBytes !== undefined && { residentBytes: residentBytes[1] }),
    // A few clients add less than the noise.
    ...(residentBytes !== undefined && load.work === "crowd" && {
      bytesPerClient: (residentBytes[1] - residentBytes[0]) / load.clients,
    }),
  };
}
