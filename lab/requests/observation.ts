import type { Obstacle } from "../experiment.ts";
import type { Sockets } from "../sockets.ts";
import type { Measured } from "./measuring_menu.ts";
import type { NaiveReading } from "./naive_reader.ts";
import type { WireSegment } from "./rounds_on_the_wire.ts";

/** How many TCP segments a socket has sent and received. */
export interface SegmentCounts {
  /** Sent. */
  readonly out: number;
  /** Sent with data in them. */
  readonly dataOut: number;
  /** Received. */
  readonly in: number;
  /** Received with data in them. */
  readonly dataIn: number;
}

/** One choice of "measure" in the menu. */
export interface Round {
  /** What the client has shown. */
  readonly measured: Measured;
  /** The segments that went over the wire, if they could be captured. */
  readonly wire?: readonly WireSegment[];
  /** What the kernel has counted at the client's socket, if it could be asked. */
  readonly kernel?: SegmentCounts;
}

/** What was seen of many requests by one choice. */
export interface RequestsObservation {
  /** How many requests a choice sends. */
  readonly count: number;
  /** The choice, several times on one connection. */
  readonly rounds: readonly Round[];
  /** How many answers to that client are in the server's log. */
  readonly logged: number;
  /** The client's screen at the first choice. */
  readonly screen: string;
  /** What the server has logged about it, with most lines left out. */
  readonly log: string;
  /** How the wire was listened to, or why it could not be. */
  readonly capture:
    | {
      readonly kind: "captured";
      readonly command: string;
      /** The file's name. */
      readonly file: string;
    }
    | Obstacle;
  /** The kernel's counters around the first choice, or why there are none. */
  readonly counters:
    | {
      readonly kind: "counted";
      readonly before: Sockets;
      readonly after: Sockets;
    }
    | Obstacle;
  /** The same requests from one that takes a read for a packet. */
  readonly naive: readonly NaiveReading[];
}
