import type { LedgerSummary } from "../ledger.ts";
import type { Findings } from "./findings.ts";
import type { MemorySample } from "./memory.ts";
import type { ProbeResult } from "./probe.ts";
import type { Log } from "./server_process.ts";

/** A look at the server, and at the machine's business. */
export interface Sample extends MemorySample {
  /**
   * How long the server and the soak had work until now, and other programs had
   * the processors, in milliseconds.
   */
  readonly waitedMs: number;
}

/** How many file descriptors the server has open, and for how many clients. */
export interface Occupancy {
  /** The descriptors. */
  readonly fds: number;
  /** The clients that are connected. */
  readonly clients: number;
}

/** The end of the server. */
export interface ServerEnd {
  /** Its exit code. */
  readonly code: number;
  /** Whether it was told to end; else it ended by itself. */
  readonly told: boolean;
  /** How long it took after it was told, in milliseconds. */
  readonly tookMs: number;
}

/** All that a soak has seen: what the verdicts are drawn from. */
export interface Observations {
  /** How long the server was disturbed, in milliseconds. */
  readonly elapsedMs: number;
  /** The sums of the ledgers. */
  readonly summary: LedgerSummary;
  /** Where the ledgers do not agree. */
  readonly ledgerFaults: readonly string[];
  /** Messages that somebody got and should not have, or got damaged. */
  readonly messages: Findings;
  /** Clients that behaved, and were dropped or not answered. */
  readonly dropped: Findings;
  /** Whatever else the server owed somebody and did not give. */
  readonly wrong: Findings;
  /** What a steady probe found; the times count from the beginning. */
  readonly probe: ProbeResult;
  /** Looks at the server, one a second. */
  readonly samples: readonly Sample[];
  /** Before the disturbance. */
  readonly before: Occupancy;
  /** Behind it; not there if the server was not there any more. */
  readonly after: Occupancy | undefined;
  /** How the server's list differs from those who are connected, likewise. */
  readonly list: {
    readonly missing: readonly number[];
    readonly extra: readonly number[];
  } | undefined;
  /** The server's log. */
  readonly log: Log;
  /** How the server ended; not there if it did not. */
  readonly end: ServerEnd | undefined;
  /** What was done to the server, and what came of it. */
  readonly done: Readonly<Record<string, number>>;
}
