import type { NodeEntry } from "../protocol/mod.ts";
import type { Deliveries, LocalDeliveries } from "./deliveries.ts";
import type { ServerEvent } from "./events.ts";
import type { ServerLimits } from "./limits.ts";
import type { LocalRoster, Roster } from "./roster.ts";

/** One server, as the cluster that it joins needs to know it. */
export interface LocalNode {
  /** Its name. */
  readonly name: string;
  /** Where it listens: `HOST:PORT`. */
  readonly address: string;
  /** Since when, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly sinceMs: number;
  /** Its own clients. */
  readonly roster: LocalRoster;
  /** Deliveries to its own clients. */
  readonly deliveries: LocalDeliveries;
  /** How much it takes on. */
  readonly limits: ServerLimits;
  /** How many messages its clients have sent in the last second. */
  readonly messagesPerSecond: () => number;
  /** Tells whoever watches the server. */
  readonly report: (event: ServerEvent) => void;
}

/** Several servers that act as one. */
export interface Cluster extends AsyncDisposable {
  /** The clients of all of them. */
  readonly roster: Roster;
  /** Deliveries to the clients of all of them. */
  readonly deliveries: Deliveries;
  /** The servers, this one first; asks each of them. */
  nodes(): Promise<NodeEntry[]>;
  /**
   * This one takes nothing new: the others do not list its clients any more.
   * What is under way comes to its end before it is disposed of.
   */
  leave(): void;
}

/**
 * Has a server join a cluster.
 *
 * @throws {ClusterError} If that is not possible; the message says what to do.
 */
export type Join = (node: LocalNode) => Promise<Cluster>;

/**
 * A way to join a cluster: what `joinCluster` of `cluster/join_cluster.ts` makes.
 * What a server and its cluster have to do with each other is theirs.
 */
export type JoinCluster = (node: never) => Promise<AsyncDisposable>;

/** A cluster cannot be joined; the message says why, and what to do. */
export class ClusterError extends Error {
  /** What kind of error it is. */
  override readonly name = "ClusterError";
}
