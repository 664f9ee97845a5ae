import { formatEndpoint } from "../protocol/mod.ts";

/**
 * There is no connection, or none any more. The message says what happened and,
 * where something can be done, what.
 */
export class ConnectionError extends Error {
  /** The name of the class. */
  override readonly name = "ConnectionError";
}

/** Says why there is no connection, given what was thrown, and what to do. */
export function connectError(
  cause: unknown,
  hostname: string,
  port: number,
): ConnectionError {
  const where = formatEndpoint(hostname, port);
  if (cause instanceof Deno.errors.ConnectionRefused) {
    return new ConnectionError(
      `No server listens on ${where}. Is parley-server running there, and on ` +
        "this port?",
      { cause },
    );
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ConnectionError(`Cannot connect to ${where}: ${reason}`, {
    cause,
  });
}
