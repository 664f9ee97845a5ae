import type { Deliveries } from "./deliveries.ts";
import type { ServerEvent } from "./events.ts";
import type { ServerLimits } from "./limits.ts";
import type { Roster } from "./roster.ts";

/** What a server's sessions and handlers share. */
export interface ServerContext {
  /** The server's name, as clients are told it. */
  readonly name: string;
  /** How much it takes on. */
  readonly limits: ServerLimits;
  /** Who is connected. */
  readonly roster: Roster;
  /** How a text gets to another client. */
  readonly deliveries: Deliveries;
  /** Whether every request is reported. */
  readonly trace: boolean;
  /** Tells whoever watches the server. */
  readonly report: (event: ServerEvent) => void;
}
