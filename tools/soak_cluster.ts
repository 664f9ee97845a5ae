/**
 * Soaks several servers that act as one: `deno task soak:cluster [--minutes N]
 * [--nodes N] [--seed S]`. They are processes of their own, started from the
 * sources and joined by a real NATS server, with two dozen clients that send to
 * each other over all of them; meanwhile, at random, servers are killed, frozen
 * and told to end, NATS is killed, stopped and frozen and loses its store, and
 * others publish nonsense. Whoever loses his server goes on at another.
 *
 * Every few seconds a line says how it goes; at the end come the ledgers, and a
 * verdict on each promise.
 *
 * Chance comes from the seed, which is printed: with the same seed the same is
 * done in the same order, as far as the machine's timing is the same.
 *
 * Exit codes: 0 if all verdicts hold; 1 if one does not, or there is no NATS; 2
 * for wrong usage. Ctrl-C ends it early, with the verdicts so far; again, at once.
 *
 * @module
 */

import {
  Interrupt,
  OutputError,
  parseFlags,
  runProgram,
  UsageError,
  writeLine,
} from "../terminal/mod.ts";
import { whyNoNats } from "./nats.ts";
import { endPrograms } from "./program.ts";
import { Report } from "./soak/report.ts";
import { clock, counts, number } from "./soak/words.ts";
import {
  type Observations,
  type Progress,
  runSoakCluster,
} from "./soak_cluster/run_soak_cluster.ts";
import { verdicts } from "./soak_cluster/verdicts.ts";

const FLAGS = {
  minutes: {
    kind: "number",
    value: "N",
    fraction: true,
    min: 0.05,
    max: 7 * 24 * 60,
    default: 5,
    help: "how long",
  },
  nodes: {
    kind: "number",
    value: "N",
    min: 2,
    max: 16,
    default: 4,
    help: "how many servers",
  },
  seed: {
    kind: "text",
    value: "S",
    help: "what all chance comes from; otherwise another one each time",
  },
} as const;

async function main(): Promise<number> {
  const { flags, words } = parseFlags(Deno.args, FLAGS);
  if (words.length > 0) {
    throw new UsageError(`Expected flags only, got "${words[0]}"`);
  }
  if (Deno.build.os === "windows") {
    throw new UsageError("It needs signals, which Windows does not have");
  }
  const why = whyNoNats();
  if (why !== undefined) {
    console.error(`soak:cluster: ${why}`);
    return 1;
  }
  const { minutes, nodes } = flags;
  const seed = flags.seed ?? String(Date.now() % 1_000_000);
  const atTerminal = Deno.stdout.isTerminal();
  const report = new Report({
    coloured: atTerminal && !Deno.noColor,
    width: atTerminal ? Deno.consoleSize().columns : Infinity,
  });

  writeLine(`--minutes ${minutes} --nodes ${nodes} --seed ${seed}`);
  using interrupt = new Interrupt();
  interrupt.signal.addEventListener("abort", () => {
    // Whoever says it again does not want to wait. Not in this turn: who begins
    // to listen in it hears the first one, too.
    setTimeout(() => Deno.addSignalListener("SIGINT", endAtOnce));
  });
  const unheard = new AbortController();
  const seen = await runSoakCluster({
    size: nodes,
    durationMs: minutes * 60_000,
    seed,
    signal: AbortSignal.any([interrupt.signal, unheard.signal]),
    onProgress: (progress) => {
      try {
        writeLine(progressLine(progress));
      } catch (error) {
        unheard.abort(error);
      }
    },
  });
  unheard.signal.throwIfAborted();

  if (interrupt.signal.aborted) Deno.removeSignalListener("SIGINT", endAtOnce);

  const drawn = verdicts(seen);
  const passed = drawn.every(({ holds }) => holds !== false);
  const end = passed ? "All verdicts hold" : "Not all verdicts hold";
  const lines = [
    "",
    ...summaryLines(seen),
    "",
    ...drawn.flatMap((verdict) => report.verdict(verdict)),
    "",
    `${end} (--seed ${seed})`,
  ];
  lines.forEach((line) => writeLine(line));
  return passed ? 0 : 1;
}

function endAtOnce(): never {
  endPrograms();
  Deno.exit(130);
}

/** How it goes, in a line. */
function progressLine({ atMs, clients, summary, done }: Progress): string {
  const { delivered, notDelivered } = summary;
  return `${clock(atMs).padStart(6)}  ${clients} clients, ` +
    `${number(delivered)} delivered; not: ${
      counts(notDelivered) || "none"
    } | ` +
    counts(done);
}

/** What was seen, in full. */
function summaryLines({ summary, done }: Observations): string[] {
  const { sent, delivered, notDelivered, seen } = summary;
  return [
    `${number(sent)} sends, ${number(delivered)} delivered; ` +
    `receivers saw ${number(seen)} messages`,
    `not delivered: ${counts(notDelivered) || "none"}`,
    `done, and what came of it: ${counts(done)}`,
  ];
}

await runProgram(
  "soak:cluster",
  main,
  (error) => error instanceof OutputError ? 1 : undefined,
);
