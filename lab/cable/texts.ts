import type { Marked } from "../document/document.ts";
import type { CableClaim } from "./judge.ts";
import type { CableObservation, Moment } from "./observation.ts";

/** What is told about a cable that was pulled, in one language. */
export interface CableTexts {
  /** How it was set up. */
  readonly setup: (observation: CableObservation) => Marked;
  /** What was shortened, and how it is run in full. */
  readonly shortened: (observation: CableObservation) => Marked;
  /** The two machines. */
  readonly serverMachine: string;
  readonly clientMachine: string;

  readonly withoutHeading: Marked;
  /** What was done without heartbeats, step by step. */
  readonly withoutSteps: (observation: CableObservation) => readonly Marked[];
  /** Columns: how long the cable was out, what had happened, four states. */
  readonly statesHead: readonly Marked[];
  readonly statesCaption: Marked;
  readonly moments: Readonly<Record<Moment, string>>;
  /** On which machine sockets were looked at, and what had happened. */
  readonly lookAt: (machine: string, moment: string) => string;
  /** A cell of the table for when the cable is in. */
  readonly cableIn: string;
  /** What the sockets' states mean. */
  readonly states: (observation: CableObservation) => Marked;
  /** What was on the wire at each machine. */
  readonly wire: (
    observation: CableObservation,
    files: { readonly server: string; readonly clients: string },
  ) => Marked;
  /** What the list and the send showed. */
  readonly whileOut: Marked;
  readonly pluggedHeading: Marked;
  /** What came of plugging the cable in. */
  readonly plugged: (observation: CableObservation) => Marked;
  /** What became of the message. */
  readonly late: (observation: CableObservation) => Marked;

  readonly withHeading: Marked;
  /** What was done with heartbeats. */
  readonly withSetup: (observation: CableObservation) => Marked;
  readonly serverLog: string;
  readonly clientScreen: string;
  /** What came of it. */
  readonly withOutcome: (observation: CableObservation) => Marked;

  readonly questionsHeading: Marked;
  /** The lab's questions, answered. */
  readonly answers: (
    observation: CableObservation,
  ) => readonly { readonly question: Marked; readonly answer: Marked }[];

  /** What is claimed. */
  readonly claims: (
    observation: CableObservation,
  ) => Readonly<Record<CableClaim, Marked>>;
}
