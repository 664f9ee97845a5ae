/** A protocol that the generator speaks. */
export type WireName = "parley" | "nats" | "mqtt" | "redis";

/** What every job says: where the server is, and for how long to load it. */
interface JobBase {
  /** The server's port on this machine. */
  readonly port: number;
  /** The ports of the programs that were started before it, for it. */
  readonly before: readonly number[];
  /** The processes of all of them, whose CPU time and memory are taken. */
  readonly pids: readonly number[];
  /** How long to wait before it counts, in milliseconds. */
  readonly warmUpMs: number;
  /** How long it counts, in milliseconds. */
  readonly measureMs: number;
}

/** Messages from senders to receivers, so many of a sender's unconfirmed. */
export interface RelayJob extends JobBase {
  /** What the generator is to do. */
  readonly work: "relay";
  /** The protocol. */
  readonly wire: WireName;
  /** How many senders. */
  readonly senders: number;
  /** How many receivers: one for each sender, or one for all. */
  readonly receivers: number;
  /** How many messages of a sender may be unconfirmed. */
  readonly window: number;
  /** The size of a message's text, in bytes. */
  readonly size: number;
  /** Other clients that are connected and quiet. */
  readonly quiet?: number;
  /** Whether receivers are at the server that was started before this one. */
  readonly across?: boolean;
}

/** The same at a fixed rate, whatever becomes of it: for how long it takes. */
export interface LatencyJob extends JobBase {
  /** What the generator is to do. */
  readonly work: "latency";
  /** The protocol. */
  readonly wire: WireName;
  /** How many pairs of a sender and a receiver. */
  readonly pairs: number;
  /** The size of a message's text, in bytes. */
  readonly size: number;
  /** Messages a second, of all senders together. */
  readonly rate: number;
  /** Other clients that are connected and quiet. */
  readonly quiet?: number;
}

/** Requests of one size and answers of another, so many under way. */
export interface RequestJob extends JobBase {
  /** What the generator is to do. */
  readonly work: "requests";
  /** How many connections. */
  readonly connections: number;
  /** How many requests of each may be under way. */
  readonly window: number;
  /** The size of an answer, in bytes. */
  readonly answerSize: number;
  /** Whether the server greets. */
  readonly greeting: boolean;
}

/** NATS's own request and reply, with its own library, so many under way. */
export interface NatsRequestJob extends JobBase {
  /** What the generator is to do. */
  readonly work: "nats-requests";
  /** How many requests may be under way. */
  readonly window: number;
  /** The size of a request, in bytes. */
  readonly size: number;
}

/** Connect, hello, goodbye, again and again. */
export interface VisitJob extends JobBase {
  /** What the generator is to do. */
  readonly work: "visits";
  /** How many at once. */
  readonly visitors: number;
}

/** Clients that are connected and do nothing; and the list of them. */
export interface CrowdJob extends JobBase {
  /** What the generator is to do. */
  readonly work: "crowd";
  /** The protocol. */
  readonly wire: WireName;
  /** How many. */
  readonly clients: number;
  /** How often to ask for the whole list. */
  readonly lists: number;
}

/** What the generator can be told to do. */
export type Job =
  | RelayJob
  | LatencyJob
  | RequestJob
  | NatsRequestJob
  | VisitJob
  | CrowdJob;

/** What it has found. */
export interface Result {
  /** How many messages, requests, visits were confirmed or answered. */
  readonly count: number;
  /** In how many seconds. */
  readonly seconds: number;
  /** The CPU time of all of the server's processes meanwhile, in seconds. */
  readonly cpuSeconds: number;
  /** Latencies in milliseconds by their quantiles, where they were taken. */
  readonly latencyMs?: Readonly<Record<"p50" | "p99" | "p999", number>>;
  /**
   * The resident memory of all of the server's processes before clients came and
   * when all were there, before any load, in bytes; where it was taken.
   */
  readonly residentBytes?: readonly [before: number, after: number];
}
