/**
 * There is no connection, or none any more. The message says what happened and,
 * where something can be done, what.
 */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}
