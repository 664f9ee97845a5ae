/**
 * Soaks the server: `deno task soak [--minutes N] [--seed S] [--json]`. One
 * server process, started from the sources with short times and narrow limits,
 * has two hundred clients that behave, and beside them all that can go wrong, at
 * random: receivers that are frozen and killed, sockets that never read, frames
 * that come byte by byte, garbage, floods, storms of connections, wrong tokens,
 * half-closed and reset connections. In the end it is told to end, under load.
 *
 * Every few seconds a line says how it goes; at the end come the ledgers, memory
 * over time, and a verdict on each promise. With `--json` each line is a JSON
 * object, whose `kind` is `begin`, `progress` or, the last, `result`.
 *
 * Chance comes from the seed, which is printed: with the same seed the same is
 * done in the same order, as far as the machine's timing is the same.
 *
 * Exit codes: 0 if all verdicts hold; 1 if one does not, or the server does not
 * start; 2 for wrong usage. Ctrl-C ends it early, with the verdicts so far. It
 * needs Linux: it reads `/proc` and freezes processes.
 *
 * @module
 */

import { ConnectionError, RefusedError } from "../client/mod.ts";
import {
  Interrupt,
  jsonLine,
  OutputError,
  parseFlags,
  runProgram,
  UsageError,
  writeLine,
} from "../terminal/mod.ts";
import { Report } from "./soak/report.ts";
import { runSoak } from "./soak/run_soak.ts";
import { StartError } from "./soak/server_process.ts";
import { verdicts } from "./soak/verdicts.ts";

const FLAGS = {
  minutes: {
    kind: "number",
    value: "N",
    fraction: true,
    min: 0.05,
    max: 7 * 24 * 60,
    default: 10,
    help: "how long",
  },
  seed: {
    kind: "text",
    value: "S",
    help: "what all chance comes from; otherwise another one each time",
  },
  json: { kind: "switch", help: "print one JSON object a line" },
} as const;

async function main(): Promise<number> {
  const { flags, words } = parseFlags(Deno.args, FLAGS);
  if (words.length > 0) {
    throw new UsageError(`Expected flags only, got "${words[0]}"`);
  }
  if (Deno.build.os !== "linux") {
    throw new UsageError("The soak needs Linux: it reads /proc");
  }
  const { json, minutes } = flags;
  const seed = flags.seed ?? String(Date.now() % 1_000_000);
  const atTerminal = Deno.stdout.isTerminal();
  const report = new Report({
    coloured: atTerminal && !Deno.noColor,
    width: atTerminal ? Deno.consoleSize().columns : Infinity,
  });
  const print = (lines: string[]) => lines.forEach((line) => writeLine(line));

  if (json) writeLine(jsonLine({ kind: "begin", minutes, seed }));
  else print([`--minutes ${minutes} --seed ${seed}`, report.head()]);
  using interrupt = new Interrupt();
  const unheard = new AbortController();
  const seen = await runSoak({
    durationMs: minutes * 60_000,
    seed,
    signal: AbortSignal.any([interrupt.signal, unheard.signal]),
    onProgress: (progress) => {
      try {
        writeLine(
          json
            ? jsonLine({ kind: "progress", ...progress })
            : report.progress(progress),
        );
      } catch (error) {
        unheard.abort(error);
      }
    },
  });
  unheard.signal.throwIfAborted();

  const drawn = verdicts(seen);
  const passed = drawn.every(({ holds }) => holds !== false);
  if (json) {
    writeLine(
      jsonLine({ kind: "result", seed, passed, verdicts: drawn, ...seen }),
    );
  } else {
    print(["", ...report.summary(seen), ""]);
    print(drawn.flatMap((verdict) => report.verdict(verdict)));
    const end = passed ? "All verdicts hold" : "Not all verdicts hold";
    print(["", `${end} (--seed ${seed})`]);
  }
  return passed ? 0 : 1;
}

const EXPECTED = [StartError, ConnectionError, RefusedError, OutputError];

await runProgram(
  "soak",
  main,
  (error) => EXPECTED.some((kind) => error instanceof kind) ? 1 : undefined,
);
