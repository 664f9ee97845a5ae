import type { Measured } from "../requests/measuring_menu.ts";

/** What was seen of one client of a crowd. */
export interface CrowdClient {
  /** Its number. */
  readonly id: number;
  /** What each of its choices has shown. */
  readonly measured: readonly Measured[];
  /** What was on its screen. */
  readonly screen: string;
  /** How many answers to it are in the server's log. */
  readonly logged: number;
  /** When it was told to begin, in ms after the first was. */
  readonly begunMs: number;
  /** When its last result was on its screen, in ms after the same. */
  readonly doneMs: number;
}

/** Answers to one client, one behind the other in the server's log. */
export interface Served {
  /** The client's number. */
  readonly id: number;
  /** How many answers. */
  readonly answers: number;
  /** The line of the first. */
  readonly line: string;
}

/** All clients once, at the same moment. */
export interface CrowdRound {
  /** How often each client has made the choice, one time behind the other. */
  readonly choices: number;
  readonly clients: readonly CrowdClient[];
  /** Whom the server has answered, in its order. */
  readonly served: readonly Served[];
}

/** What was seen of several clients at the same moment. */
export interface CrowdObservation {
  /** How many requests a choice sends. */
  readonly count: number;
  /** The server's command line, as one types it. */
  readonly command: string;
  readonly rounds: readonly CrowdRound[];
}
