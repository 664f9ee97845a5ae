import { formatEndpoint } from "../protocol/mod.ts";
import { visibleText } from "../terminal/mod.ts";
import { occupant } from "./occupant.ts";

/** A server cannot listen where it was told to. The message says what to do. */
export class BindError extends Error {
  /** The name of the class. */
  override readonly name = "BindError";
}

/** Says what went wrong when `Deno.listen` threw `error`, and what to do. */
export async function bindError(
  error: unknown,
  hostname: string,
  port: number,
): Promise<BindError> {
  return new BindError(await explain(error, hostname, port), { cause: error });
}

/** Says what is wrong with a certificate or its key. */
export function certificateError(error: unknown): BindError {
  return new BindError(
    `The certificate or its key cannot be used: ${messageOf(error)}. ` +
      "Check --tls-cert and --tls-key",
    { cause: error },
  );
}

async function explain(
  error: unknown,
  hostname: string,
  port: number,
): Promise<string> {
  const where = formatEndpoint(hostname, port);
  if (error instanceof Deno.errors.AddrInUse) {
    const name = await occupant(hostname, port);
    const by = name === undefined
      ? "by a program that does not say hello as a Parley server"
      : `by the Parley server "${visibleText(name)}"`;
    return `${where} is taken, ${by}. End that one, or choose another port ` +
      "with --port (0 picks a free one)";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return `Not allowed to listen on ${where}: ports below 1024 are the ` +
      "administrator's. Choose a higher one with --port";
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return `${hostname} is not an address of this machine. Use --host ` +
      "127.0.0.1 for this machine only, or --host 0.0.0.0 to open it to others";
  }
  return `Cannot listen on ${where}: ${messageOf(error)}. ` +
    "Check --host and --port";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
