import type { Job } from "./job.ts";
import {
  brokers,
  clusterPeer,
  echoPeer,
  natsRequestPeer,
  parleyPeer,
  type Peer,
  TIME_ANSWER_SIZE,
} from "./peers.ts";

/** A job without what depends on the server that runs. */
export type Load = DistributiveOmit<
  Job,
  "port" | "before" | "pids" | "warmUpMs" | "measureMs"
>;
type DistributiveOmit<T, K extends keyof T> = T extends unknown ? Omit<T, K>
  : never;

/** Something that is measured. */
export interface Work {
  /** Its name in tables. */
  readonly name: string;
  /** The group that it is in, as `--only` takes it. */
  readonly group: string;
  /** What is counted. */
  readonly unit: string;
  /** Who does it, Parley first. */
  readonly peers: readonly Peer[];
  /** What the generator has to do. */
  readonly load: (peer: Peer) => Load;
}

/** Parley, and the broker that is nearest to it. */
const nearest: readonly Peer[] = [parleyPeer, brokers[0]!];

/** How many pairs of a sender and a receiver there are, where there is room. */
export const PAIRS = 25;

/**
 * How many clients there are in all, and how many pairs among them: of ten only
 * five can be made, of fifty all, with nobody else connected.
 */
const SCALE = [10, 2 * PAIRS, 100, 1_000, 10_000]
  .map((clients) => ({ clients, pairs: Math.min(PAIRS, clients / 2) }));

const relays: Work[] = [64, 1024, 16_384].flatMap((size) =>
  [1, 32].map((window) => ({
    name: `relay ${size} B, ${window} unconfirmed`,
    group: "relay",
    unit: "messages",
    peers: [parleyPeer, ...brokers],
    load: ({ wire }: Peer) => ({
      work: "relay" as const,
      wire: wire!,
      senders: PAIRS,
      receivers: PAIRS,
      window,
      size,
    }),
  }))
);

const requests: Work[] = [1, 64].map((window) => ({
  name: `time, ${window} in flight`,
  group: "time",
  unit: "requests",
  peers: [parleyPeer, echoPeer],
  load: (peer: Peer) => ({
    work: "requests" as const,
    connections: 50,
    window,
    answerSize: TIME_ANSWER_SIZE,
    greeting: peer === parleyPeer,
  }),
}));

/**
 * What the pairs relay among more and more clients that are quiet, at Parley and
 * at the broker that is nearest to it.
 */
const scale: Work[] = SCALE.map(({ clients, pairs }) => ({
  name: `${among(pairs, clients)}, 32 unconfirmed`,
  group: "scale",
  unit: "messages",
  peers: nearest,
  load: ({ wire }: Peer) => ({
    work: "relay" as const,
    wire: wire!,
    senders: pairs,
    receivers: pairs,
    window: 32,
    size: 64,
    quiet: clients - 2 * pairs,
  }),
}));

/**
 * The same pairs across two nodes, at one server, and as many requests under way
 * as there are messages, at bare NATS.
 */
const cluster: Work[] = [1, 32].map((window) => ({
  name: `across nodes 64 B, ${window} unconfirmed`,
  group: "cluster",
  unit: "messages",
  peers: [clusterPeer, parleyPeer, natsRequestPeer],
  load: (peer: Peer) =>
    peer === natsRequestPeer
      ? { work: "nats-requests" as const, window: PAIRS * window, size: 64 }
      : {
        work: "relay" as const,
        wire: peer.wire!,
        senders: PAIRS,
        receivers: PAIRS,
        window,
        size: 64,
        across: peer === clusterPeer,
      },
}));

/** Everything that is measured at full load, in the order of the table. */
export const works: readonly Work[] = [
  ...relays,
  {
    name: "50 senders to one receiver",
    group: "many-to-one",
    unit: "messages",
    peers: [parleyPeer, ...brokers],
    load: ({ wire }) => ({
      work: "relay",
      wire: wire!,
      senders: 50,
      receivers: 1,
      window: 32,
      size: 64,
    }),
  },
  ...requests,
  {
    name: "connect, hello, goodbye",
    group: "visits",
    unit: "visits",
    peers: [parleyPeer],
    load: () => ({ work: "visits", visitors: 20 }),
  },
  {
    name: "list of 10,000 clients",
    group: "list",
    unit: "lists",
    peers: [parleyPeer],
    load: ({ wire }) => ({
      work: "crowd",
      wire: wire!,
      clients: 10_000,
      lists: 20,
    }),
  },
  ...scale,
  ...cluster,
];

/** What quiet clients cost, at Parley and at the broker that is nearest to it. */
export const crowd: Work = {
  name: "10,000 quiet clients",
  group: "crowd",
  unit: "clients",
  peers: nearest,
  load: ({ wire }) => ({
    work: "crowd",
    wire: wire!,
    clients: 10_000,
    lists: 0,
  }),
};

/** How long a message takes at a fixed rate, at the same two. */
export function latencyWork(rate: number): Work {
  return {
    name: `latency at ${perSecond(rate)}`,
    group: "latency",
    unit: "messages",
    peers: nearest,
    load: ({ wire }) => ({
      work: "latency",
      wire: wire!,
      pairs: PAIRS,
      size: 64,
      rate,
    }),
  };
}

/**
 * How long a message takes at each of those numbers of clients.
 *
 * @param rate Messages a second of all pairs together: the same at every number
 * of clients and at both servers, since at a share of what each can do the
 * better one would bear more, and its times could not be compared.
 */
export function scaleLatencyWorks(rate: number): Work[] {
  return SCALE.map(({ clients, pairs }) => ({
    name: `${among(pairs, clients)}, ${perSecond(rate)}`,
    group: "scale",
    unit: "messages",
    peers: nearest,
    load: ({ wire }: Peer) => ({
      work: "latency" as const,
      wire: wire!,
      pairs,
      size: 64,
      rate,
      quiet: clients - 2 * pairs,
    }),
  }));
}

function among(pairs: number, clients: number): string {
  return `${pairs} pairs among ${clients.toLocaleString("en")} clients`;
}

function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString("en")} messages/s`;
}
