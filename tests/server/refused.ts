import { pause } from "../../tools/pause.ts";
import { within } from "./within.ts";

/** A test that waits so long for something waits in vain, in milliseconds. */
const PATIENCE_MS = 10_000;

/**
 * Waits until nobody listens on a port of this machine any more. That may be a
 * moment after the listener was closed: a program that a test beside this one
 * starts has all that is open here, until it is itself.
 */
export async function refused(port: number): Promise<void> {
  const controller = new AbortController();
  try {
    await within(PATIENCE_MS, ask(port, controller.signal));
  } finally {
    controller.abort();
  }
}

async function ask(port: number, signal: AbortSignal): Promise<void> {
  const { ConnectionRefused, ConnectionReset, NotConnected } = Deno.errors;
  while (!signal.aborted) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    } catch (error) {
      if (error instanceof ConnectionRefused) return;
      const goes = error instanceof ConnectionReset ||
        error instanceof NotConnected;
      if (!goes) throw error;
    }
    await pause(1);
  }
}
