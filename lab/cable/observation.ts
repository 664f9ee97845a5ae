import type { Obstacle } from "../experiment.ts";

/** A command line as one types it, and what it printed. */
export interface Command {
  readonly command: string;
  readonly output: string;
}

/** What a `send` came to. */
export interface ObservedSend extends Command {
  readonly delivered: boolean;
  /** Why not, as a status's name. */
  readonly reason?: string;
  /** After how long it was known, in milliseconds. */
  readonly ms: number;
}

/** What a `list` came to. */
export interface ObservedList extends Command {
  /** The number of whoever asked. */
  readonly self: number;
  /** All others. */
  readonly others: readonly number[];
}

/** What had happened when the sockets were looked at. */
export type Moment =
  | "connected"
  | "pulled"
  | "sent"
  | "quit"
  | "waiting"
  | "waited"
  | "plugged"
  | "asked";

/** A connection's state at both of its ends; `-` where it is not there. */
export interface Ends {
  readonly server: string;
  readonly client: string;
}

/** One look at the sockets of both machines. */
export interface Look {
  readonly moment: Moment;
  /** How long the cable had been out, in milliseconds; not there: it was not. */
  readonly outMs?: number;
  readonly quitter: Ends;
  readonly stayer: Ends;
  /** What `ss` printed, on the server's machine and on the clients'. */
  readonly server: Command;
  readonly clients: Command;
}

/** What was on the wire at one machine while the cable was out. */
export interface ObservedWire {
  /** FINs of the client that quit. */
  readonly fins: number;
  /**
   * How long after the cable was pulled there were segments with the message that
   * was sent meanwhile, in milliseconds.
   */
  readonly messagesMs: readonly number[];
  /**
   * The number of the packet by which, with the cable in again, the connection of
   * the client that quit was reset; if it was.
   */
  readonly reset?: number;
}

/** What was seen without heartbeats. */
export interface WithoutHeartbeats {
  readonly quitter: { readonly id: number; readonly port: number };
  readonly stayer: { readonly id: number; readonly port: number };
  /** How long the server waits for a confirmation, in milliseconds. */
  readonly deliveryTimeoutMs: number;
  /** How long the cable was out, in milliseconds. */
  readonly outMs: number;
  readonly looks: readonly Look[];
  /** The list just after the cable was pulled, and just before it was plugged. */
  readonly listAtFirst: ObservedList;
  readonly listAtLast: ObservedList;
  /** The message to the client that stayed. */
  readonly send: ObservedSend;
  /** How the client that quit ended. */
  readonly quit: {
    readonly exitCode: number;
    readonly ms: number;
    readonly screen: string;
  };
  /** What was on the wire at each machine, or why that is not known. */
  readonly wire:
    | {
      readonly kind: "captured";
      readonly server: ObservedWire;
      readonly clients: ObservedWire;
      readonly files: { readonly server: string; readonly clients: string };
    }
    | Obstacle;
  /** With the cable plugged in: the list that a new client gets. */
  readonly listAnew: ObservedList;
  /** A message to the client that has quit. */
  readonly sendToQuitter: ObservedSend;
  /** The list behind that. */
  readonly listAfter: ObservedList;
  /** The message of before, as the client that stayed showed it after all. */
  readonly late?: {
    /** How long after the cable was plugged in, in milliseconds. */
    readonly ms: number;
    readonly line: string;
  };
}

/** What was seen with heartbeats. */
export interface WithHeartbeats {
  readonly id: number;
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
  /** How long after the cable was pulled the server had found out. */
  readonly goneMs: number;
  /** What the server's log said. */
  readonly log: string;
  /** A message that was sent just after the cable was pulled. */
  readonly send: ObservedSend;
  readonly list: ObservedList;
  /** How long after the cable was pulled the client had found out. */
  readonly clientMs: number;
  /** What the client showed. */
  readonly screen: string;
  /** The number that the client got when it connected anew. */
  readonly again: number;
}

/** What was seen of a cable that was pulled. */
export interface CableObservation {
  readonly full: boolean;
  /** How often a client's kernel sends again what no program waits for. */
  readonly orphanRetries: number;
  readonly without: WithoutHeartbeats;
  readonly with: WithHeartbeats;
}
