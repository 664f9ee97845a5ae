import { PATIENCE_MS } from "../../tools/output.ts";
import { pause } from "../../tools/pause.ts";

/** How long to wait before it is asked again, in milliseconds: others work, too. */
const PAUSE_MS = 5;

/**
 * Asks a server again and again until it answers what is waited for. For what
 * no program prints.
 *
 * @throws {Error} If it does not in time.
 */
export async function until(
  what: string,
  holds: () => Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) {
      throw new Error(`Expected ${what} within ${PATIENCE_MS / 1000} s`);
    }
    await pause(PAUSE_MS);
  }
}
