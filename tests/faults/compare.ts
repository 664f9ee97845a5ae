import { assertEquals } from "@std/assert";
import type { Ledgers, LedgerSummary } from "../../tools/ledger.ts";
import type { Listener } from "../../tools/programs.ts";
import { nameOf } from "./traffic.ts";

/**
 * Ends the receivers that run still, enters what they have printed, and fails
 * if the ledgers do not agree.
 */
export async function compare(
  ledgers: Ledgers,
  receivers: readonly Listener[],
): Promise<LedgerSummary> {
  for (const receiver of receivers) {
    if (receiver.running) receiver.kill("SIGTERM");
    const { stdout } = await receiver.end();
    ledgers.seePrinted(nameOf(receiver.id), stdout);
  }
  assertEquals(ledgers.faults(), []);
  return ledgers.summary();
}
