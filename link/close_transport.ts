import type { Transport } from "./transport.ts";

/** Closes a transport that may be closed already. */
export function closeTransport(transport: Transport): void {
  try {
    transport.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
