import type { Verdict } from "../soak/verdicts.ts";
import { number } from "../soak/words.ts";
import type { Observations } from "./run_soak_cluster.ts";

/** So many faults are told in words. */
const SHOWN = 20;

/** Draws the verdicts. */
export function verdicts(seen: Observations): Verdict[] {
  return [ledgersAgree(seen), nothingWrong(seen), allHealed(seen)];
}

function ledgersAgree({ summary, ledgerFaults }: Observations): Verdict {
  const { sent, delivered } = summary;
  const { length } = ledgerFaults;
  return {
    promise: "The ledgers agree to the last message",
    holds: delivered === 0 ? undefined : length === 0,
    because: length > 0
      ? `${number(length)} faults`
      : `${number(sent)} sends: ${number(delivered)} delivered, ` +
        `${number(sent - delivered)} not, each as it was reported`,
    faults: ledgerFaults.slice(0, SHOWN),
  };
}

function nothingWrong({ wrong }: Observations): Verdict {
  const { count, first } = wrong;
  return {
    promise: "No number twice, no message from the wrong one, no bad end",
    holds: count === 0,
    because: count === 0 ? "none was seen" : `${number(count)} faults`,
    faults: first,
  };
}

function allHealed({ unhealed, tried }: Observations): Verdict {
  const { length } = unhealed;
  return {
    promise: "In the end all are on all lists, and reached from everywhere",
    holds: tried === 0 ? undefined : length === 0,
    because: length === 0
      ? `${number(tried)} ways were tried`
      : `${number(length)} are not`,
    faults: unhealed.slice(0, SHOWN),
  };
}
