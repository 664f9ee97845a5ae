import type { Findings } from "./findings.ts";
import { memoryTrend } from "./memory.ts";
import type { Gap } from "./probe.ts";
import type { Observations, Sample } from "./observations.ts";
import { number } from "./words.ts";

/** The longest that the server may leave a steady probe without an answer. */
const MAX_GAP_MS = 2_000;
/** How long the server may take to end with everybody connected. */
const MAX_END_MS = 8_000;

const ANSWERED = "The server answered throughout";

const MEBIBYTE = 1024 * 1024;
/**
 * By how much the resident memory may grow from one half to the other, see
 * {@linkcode memoryTrend}. Without a leak it was up to 7 MiB more or less in soaks
 * of ten minutes; a leak of 1 KiB for each connection makes 57 MiB of it in ten
 * minutes, and a session that nobody lets go of 50 MiB in three.
 */
const MEMORY_TOLERANCE = 20 * MEBIBYTE;
/**
 * The same in a soak of which less than a minute counts, without the greatest
 * step: halves of ten seconds hold one tooth of the saw, and that was up to 42 MiB
 * high without a leak. A leak is no step; one of 4 MiB a second is seen.
 */
const SHORT_MEMORY_TOLERANCE = 25 * MEBIBYTE;
const SHORT_MS = 60_000;

/** What is promised of the server, and whether it held. */
export interface Verdict {
  /** The promise. */
  readonly promise: string;
  /** Whether it held; not there if it cannot be told. */
  readonly holds: boolean | undefined;
  /** What that is drawn from, in a sentence. */
  readonly because: string;
  /** The faults that were found, the first of them. */
  readonly faults: readonly string[];
}

/** Draws the verdicts. */
export function verdicts(seen: Observations): Verdict[] {
  return [
    ledgersAgree(seen),
    wellServed(seen),
    nothingOwed(seen),
    answeredThroughout(seen),
    flatMemory(seen),
    descriptorsBack(seen),
    exactList(seen),
    soundLog(seen),
    goodEnd(seen),
  ];
}

function ledgersAgree(
  { ledgerFaults, messages, summary }: Observations,
): Verdict {
  const { sent, delivered } = summary;
  const faults = [...ledgerFaults, ...messages.first];
  const count = ledgerFaults.length + messages.count;
  return {
    promise: "The ledgers agree to the last message",
    holds: sent === 0 ? undefined : count === 0,
    because: count > 0 ? `${number(count)} faults` : `${number(sent)} sends: ` +
      `${number(delivered)} delivered, ${number(sent - delivered)} not, ` +
      "each as it was reported",
    faults,
  };
}

function wellServed({ dropped }: Observations): Verdict {
  return {
    promise: "Nobody who behaves was dropped, or left without an answer",
    ...none(dropped, "nobody"),
  };
}

function nothingOwed({ wrong }: Observations): Verdict {
  return {
    promise: "All got what the protocol owes them, and nobody stayed too long",
    ...none(
      wrong,
      "no answer was wrong or missing, nobody outstayed the limits",
    ),
  };
}

function answeredThroughout({ probe, samples }: Observations): Verdict {
  const { answers, slowestMs, gaps, lost } = probe;
  const faults = lost === undefined
    ? []
    : [`The probe lost its connection: ${lost}`];
  if (answers === 0 || gaps.length === 0) {
    return { promise: ANSWERED, holds: false, because: "it did not", faults };
  }
  const longestMs = Math.max(...gaps.map((gap) => gap.ms));
  // Whoever is not given a processor cannot answer.
  const ownMs = Math.max(
    ...gaps.map((gap) => gap.ms - waitedIn(gap, samples)),
  );
  const own = longestMs > MAX_GAP_MS
    ? `, and ${ms(ownMs)} without what other programs had of the processors`
    : "";
  return {
    promise: ANSWERED,
    holds: lost === undefined && ownMs <= MAX_GAP_MS,
    because:
      `${number(answers)} answers to a probe every 100 ms; the slowest ` +
      `took ${ms(slowestMs)}; the longest gap was ${ms(longestMs)}${own} ` +
      `(at most ${ms(MAX_GAP_MS)})`,
    faults,
  };
}

/** How much of a gap the server or the soak waited for a processor. */
function waitedIn(gap: Gap, samples: readonly Sample[]): number {
  const before = samples.findLast(({ atMs }) => atMs <= gap.atMs);
  const after = samples.find(({ atMs }) => atMs >= gap.atMs + gap.ms);
  if (after === undefined) return 0;
  const waitedMs = after.waitedMs - (before?.waitedMs ?? after.waitedMs);
  return Math.min(gap.ms, waitedMs);
}

function flatMemory({ samples }: Observations): Verdict {
  const promise = "Memory is flat";
  const trend = memoryTrend(samples);
  if (trend === undefined) {
    const because = "too short to tell";
    return { promise, holds: undefined, because, faults: [] };
  }
  const { fromMs, firstBytes, secondBytes, stepBytes } = trend;
  const grown = secondBytes - firstBytes;
  const short = samples.at(-1)!.atMs - fromMs < SHORT_MS;
  const tolerance = short ? SHORT_MEMORY_TOLERANCE : MEMORY_TOLERANCE;
  return {
    promise,
    holds: grown - (short ? stepBytes : 0) <= tolerance,
    because:
      `after ${ms(fromMs)} of warm-up, the median of the first half is ` +
      `${mebibytes(firstBytes)}, of the second ${mebibytes(secondBytes)}: ${
        grown < 0 ? "−" : "+"
      }${mebibytes(Math.abs(grown))} (at most +${mebibytes(tolerance)}${
        short ? ` besides the greatest step, ${mebibytes(stepBytes)}` : ""
      })`,
    faults: [],
  };
}

function descriptorsBack({ before, after }: Observations): Verdict {
  const promise = "All file descriptors are back";
  if (after === undefined) {
    const because = "the server was not there to be looked at";
    return { promise, holds: undefined, because, faults: [] };
  }
  const [first, last] = [before, after].map(({ fds, clients }) =>
    fds - clients
  );
  return {
    promise,
    holds: last! <= first!,
    because: `besides one for each client ${first} before, ${last} after`,
    faults: [],
  };
}

function exactList({ list }: Observations): Verdict {
  const promise = "The list has exactly those who are connected";
  if (list === undefined) {
    const because = "the server was not there to be asked";
    return { promise, holds: undefined, because, faults: [] };
  }
  const { missing, extra } = list;
  return {
    promise,
    holds: missing.length === 0 && extra.length === 0,
    because: `${missing.length} missing, ${extra.length} who are gone`,
    faults: [
      ...missing.slice(0, 10).map((id) => `Client ${id} is missing`),
      ...extra.slice(0, 10).map((id) => `Client ${id} is gone, and listed`),
    ],
  };
}

function soundLog({ log }: Observations): Verdict {
  const { lines, trouble, unsound } = log;
  return {
    promise: "The log is whole and harmless, and tells of no trouble",
    holds: trouble.count === 0 && unsound.count === 0,
    because: `${number(lines)} lines, ${number(trouble.count)} of trouble, ` +
      `${number(unsound.count)} not sound`,
    faults: [...trouble.first, ...unsound.first],
  };
}

function goodEnd({ end, summary }: Observations): Verdict {
  const promise = "Told to end under load, the server ends well";
  if (end === undefined) {
    const because = "it did not end, and was killed";
    return { promise, holds: false, because, faults: [] };
  }
  const { code, told, tookMs } = end;
  const open = summary.notDelivered["open"] ?? 0;
  return {
    promise,
    holds: told && code === 0 && tookMs <= MAX_END_MS && open === 0,
    because: told
      ? `exit code ${code} after ${ms(tookMs)}, ${number(open)} sends open`
      : `it ended by itself, with exit code ${code}`,
    faults: [],
  };
}

function none(
  { count, first }: Findings,
  nothing: string,
): Pick<Verdict, "holds" | "because" | "faults"> {
  const because = count === 0 ? nothing : `${number(count)} faults`;
  return { holds: count === 0, because, faults: first };
}

function ms(value: number): string {
  return value < 1000
    ? `${Math.round(value)} ms`
    : `${(value / 1000).toFixed(1)} s`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(1)} MiB`;
}
