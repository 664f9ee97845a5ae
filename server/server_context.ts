import type { ExpiryQueue, TimerWheel } from "../link/mod.ts";
import type { Admission } from "./admission.ts";
import type { Deliveries } from "./deliveries.ts";
import type { ServerEvent } from "./events.ts";
import type { ServerLimits } from "./limits.ts";
import type { NodeEntry } from "../protocol/mod.ts";
import type { MessageMeter } from "./message_meter.ts";
import type { Roster } from "./roster.ts";
import type { TokenCheck } from "./token_check.ts";

/** What a server's sessions and handlers share. */
export interface ServerContext {
  /** The server's name, as clients are told it. */
  readonly name: string;
  /** How much it takes on. */
  readonly limits: ServerLimits;
  /** Who may come in. */
  readonly admission: Admission;
  /** Knows the right token, if one is wanted. */
  readonly checkToken: TokenCheck | undefined;
  /** Who is connected. */
  readonly roster: Roster;
  /** How a text gets to another client. */
  readonly deliveries: Deliveries;
  /** How many texts clients have sent. */
  readonly sent: MessageMeter;
  /** The servers that act as one, this one first. */
  readonly nodes: () => readonly NodeEntry[] | Promise<readonly NodeEntry[]>;
  /** The clock of all connections. */
  readonly wheel: TimerWheel;
  /** Where those wait who have not been let in yet. */
  readonly logins: ExpiryQueue;
  /** Aborted when the server takes no new work. */
  readonly closing: AbortSignal;
  /** Whether every request is reported. */
  readonly trace: boolean;
  /** Tells whoever watches the server. */
  readonly report: (event: ServerEvent) => void;
}
