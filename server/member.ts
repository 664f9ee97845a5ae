import type { Link } from "../link/mod.ts";
import type { ListedClient } from "../protocol/mod.ts";

/** A client that is connected, as the roster and the deliveries know it. */
export interface Member extends ListedClient {
  /** What stands in front of each text that it sends: `encodeOrigin` made it. */
  readonly origin: Uint8Array;
  /** Its connection. */
  readonly link: Link;
}
