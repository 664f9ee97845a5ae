import { visibleText } from "../terminal/mod.ts";
import { type Closing, closingError } from "./closing.ts";
import type { ConnectionError } from "./connection_error.ts";

/** Says how a connection ended, with nothing that a terminal would obey. */
export function disconnectedError(closing: Closing): ConnectionError {
  const why = `Disconnected: ${visibleText(closing.why)}`;
  return closingError({ ...closing, why });
}
