import type { Marked } from "../document/document.ts";
import type { RequestsClaim } from "./judge.ts";
import type { Writes } from "./naive_reader.ts";

/** The smallest and the largest of some figures. */
export interface Span {
  readonly min: number;
  readonly max: number;
}

/** What is told about many requests at once, in one language. */
export interface Texts {
  readonly answersHeading: Marked;
  /** What was done. */
  readonly setup: (count: number, rounds: number) => Marked;
  /** How many answers came, of how many, and what the server has logged. */
  readonly answers: (
    received: number,
    sent: number,
    logged: number,
  ) => Marked;
  /** Whose screen it is. */
  readonly clientTitle: Marked;
  readonly serverTitle: Marked;

  readonly packetsHeading: Marked;
  /** The capture: its command, and the file that it is in. */
  readonly captured: (command: string, file: string) => Marked;
  /** Columns: round, answers, frames, segments →, ←, all, reads, ms. */
  readonly roundsHead: readonly Marked[];
  /** What the columns mean, and where the segments were counted. */
  readonly roundsCaption: (
    source: "wire" | "kernel" | "none",
    count: number,
  ) => Marked;
  /** How many segments carried how many frames, in all rounds together. */
  readonly packets: (
    frames: number,
    segments: number,
    without: number,
    reads: number,
  ) => Marked;
  /** Columns: packet, ms, direction, bytes, frames. */
  readonly segmentsHead: readonly Marked[];
  readonly segmentsCaption: Marked;
  readonly fromClient: Marked;
  readonly fromServer: Marked;
  /** How many requests, or responses, end in a segment. */
  readonly frames: (frames: number, fromClient: boolean) => Marked;
  /** A segment without data. */
  readonly acknowledgement: Marked;
  /** How many segments with data the kernel has counted in the first choice. */
  readonly counters: (sent: string, received: string) => Marked;
  readonly before: string;
  readonly after: string;

  readonly naiveHeading: Marked;
  /** What the naive reader does. */
  readonly naive: (readSize: number, count: number) => Marked;
  /** Columns: way, run, reads, seen, lost, garbled, came. */
  readonly naiveHead: readonly Marked[];
  readonly naiveCaption: (count: number) => Marked;
  readonly writes: Readonly<Record<Writes, Marked>>;
  /** What the naive reader has lost when it did not wait. */
  readonly naiveLost: (
    count: number,
    seen: Span,
    runsWithLoss: number,
    runs: number,
  ) => Marked;
  /** What it has lost when it did. */
  readonly naiveWaiting: (lost: number, runs: number) => Marked;

  /** What is claimed, of so many requests a choice and so many choices. */
  readonly claims: Readonly<
    Record<RequestsClaim, (count: number, rounds: number) => Marked>
  >;
}
