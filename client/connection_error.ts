import { formatEndpoint } from "../protocol/mod.ts";

/** What is special about a {@linkcode ConnectionError}. */
export interface ConnectionErrorOptions extends ErrorOptions {
  /** See {@linkcode ConnectionError.permanent}. Default: false. */
  readonly permanent?: boolean;
}

/**
 * There is no connection, or none any more. The message says what happened and,
 * where something can be done, what.
 */
export class ConnectionError extends Error {
  /** The name of the class. */
  override readonly name = "ConnectionError";
  /**
   * Whether to try again would end the same way: a certificate that is not
   * trusted, a token that is wanted, bytes that are not the protocol. A server
   * that is not there may come.
   */
  readonly permanent: boolean;

  /** Makes the error. */
  constructor(message: string, options: ConnectionErrorOptions = {}) {
    super(message, options);
    this.permanent = options.permanent ?? false;
  }
}

/**
 * Says why there is no connection, given what was thrown, and what to do; `hint`
 * is another sentence about that.
 */
export function connectError(
  cause: unknown,
  hostname: string,
  port: number,
  hint = "",
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
  const permanent = cause instanceof ConnectionError && cause.permanent;
  const message = `Cannot connect to ${where}: ${reason}`;
  return new ConnectionError(hint === "" ? message : `${message}. ${hint}`, {
    cause,
    permanent,
  });
}
