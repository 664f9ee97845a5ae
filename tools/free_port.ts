/**
 * Ports below the ones that an operating system gives to whoever asks for any:
 * nobody gets one of these by chance while whoever has it is away for a moment.
 */
const FIRST = 10_000;
const COUNT = 20_000;

/**
 * A TCP port on this machine that nobody listens on, for a program that is to
 * come back on the same one. Chosen at random: others choose at the same time.
 *
 * @example Usage
 * ```ts
 * import { freePort } from "./free_port.ts";
 *
 * const port = freePort();
 * using _listener = Deno.listen({ hostname: "127.0.0.1", port });
 * ```
 */
export function freePort(hostname = "127.0.0.1"): number {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    try {
      Deno.listen({ hostname, port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}
