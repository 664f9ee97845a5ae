/**
 * The lab, done by one command: `deno task lab [flags]`. Runs every function and
 * every experiment of the lab with the real programs, and writes a report with
 * what was seen, to be handed in.
 *
 * Exit codes: 0 if all that was run is as it is claimed to be; 1 if something is
 * not, or the report cannot be written; 2 for wrong usage; 130 when interrupted.
 * What cannot be run here (it takes root, or a program that is not installed) is
 * told in its place, and is no failure.
 *
 * @module
 */

import {
  describeFlags,
  Interrupt,
  OutputError,
  parseFlags,
  runProgram,
  UsageError,
  writeLine,
} from "../terminal/mod.ts";
import { removeCables } from "../tools/cable.ts";
import { endPrograms } from "../tools/program.ts";
import { Programs } from "../tools/programs.ts";
import { cable } from "./cable/cable.ts";
import { crowd } from "./crowd/crowd.ts";
import type { Experiment, Lab } from "./experiment.ts";
import { functions } from "./functions/functions.ts";
import type { Language } from "./language.ts";
import { Progress } from "./progress.ts";
import { questions } from "./questions/questions.ts";
import { makeReport } from "./report/make_report.ts";
import { surroundings } from "./report/surroundings.ts";
import { writeReport } from "./report/write_report.ts";
import { requests } from "./requests/requests.ts";
import { allHold, type Result, runExperiment } from "./run_experiments.ts";
import { endWires } from "./wire.ts";

/** The experiments, in the order of the report. */
const EXPERIMENTS = [functions, cable, requests, crowd, questions];

const NAMES = EXPERIMENTS.map(({ name }) => name);

const FLAGS = {
  lang: {
    kind: "choice",
    choices: ["auto", "en", "zh"],
    default: "auto",
    help: "the report's language; auto is the system's",
  },
  full: {
    kind: "switch",
    help: "take all the time that is shortened otherwise: about 15 minutes",
  },
  only: {
    kind: "text",
    value: "NAME,…",
    help: `only some of it: ${NAMES.join(", ")}`,
  },
  output: {
    kind: "text",
    value: "DIR",
    default: "lab-report",
    help: "where the report goes",
  },
  help: { kind: "switch", help: "show this and leave" },
} as const;

const HELP = `Runs the lab, and writes a report to be handed in

Usage: deno task lab [flags]

${describeFlags(FLAGS)}

DIR/report.html is one file that opens from disk and can be printed; report.md
is the same as Markdown, captures/ has the captures, observations.json all that
was measured. As root it pulls a cable between two networks of its own, and
captures what is on the wire; otherwise the report says what is missing.`;

async function main(): Promise<number> {
  const { flags, words } = parseFlags(Deno.args, FLAGS);
  if (flags.help) {
    writeLine(HELP);
    return 0;
  }
  if (words.length > 0) {
    throw new UsageError(`Expected flags only, got "${words[0]}"; see --help`);
  }
  const chosen = choose(flags.only);
  const language = languageOf(flags.lang);
  const { output: directory, full } = flags;
  const captures = `${directory}/captures`;
  await makeDirectory(captures);

  using interrupt = new Interrupt();
  interrupt.signal.addEventListener("abort", () => {
    endPrograms();
    endWires();
    removeCables();
    Deno.exit(interrupt.signal.reason.exitCode);
  });
  const made = await surroundings(full);
  const progress = new Progress(Deno.stdout.isTerminal());
  const lab: Lab = {
    programs: Programs.fromSources(),
    language,
    captures,
    full,
  };
  const results: Result[] = [];
  for (const experiment of chosen) {
    const title = experiment.titles[language];
    let result: Result;
    {
      using _running = progress.running(title);
      result = await runExperiment(experiment, lab);
    }
    progress.done(title, result);
    results.push(result);
  }

  await openToAll(captures);
  const report = makeReport(results, made, language);
  const { html } = await writeReport(report, directory);
  await Deno.writeTextFile(
    `${directory}/observations.json`,
    JSON.stringify({ made, results: results.map(plain) }, null, 2) + "\n",
  );
  writeLine(`The report is in ${html}`);
  return allHold(results) ? 0 : 1;
}

/** The experiments that `--only` names; all of them without it. */
function choose(only: string | undefined): readonly Experiment<unknown>[] {
  const wanted = only?.split(",") ?? NAMES;
  const unknown = wanted.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `Expected names of ${NAMES.join(", ")} after --only, got "${unknown}"`,
    );
  }
  return EXPERIMENTS.filter(({ name }) => wanted.includes(name));
}

/** The report's language, given what `--lang` says. */
function languageOf(flag: string): Language {
  const language = flag === "auto" ? navigator.language : flag;
  return language.startsWith("zh") ? "zh" : "en";
}

/** Makes the directory of a new report; what an older one left there goes. */
async function makeDirectory(captures: string): Promise<void> {
  try {
    await Deno.mkdir(captures, { recursive: true });
  } catch (error) {
    throw new UsageError(
      `Cannot write to ${captures}: ${(error as Error).message}`,
    );
  }
}

/**
 * Lets everybody read the captures: there is nothing in them to hide, and who
 * hands them in may not be the root who made them.
 */
async function openToAll(captures: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  for await (const { name } of Deno.readDir(captures)) {
    await Deno.chmod(`${captures}/${name}`, 0o644);
  }
}

/** A result as JSON can hold it. */
function plain({ experiment, outcome, ms }: Result) {
  return { experiment: experiment.name, ms: Math.round(ms), ...outcome };
}

if (import.meta.main) {
  await runProgram(
    "lab",
    main,
    (error) => error instanceof OutputError ? 1 : undefined,
  );
}
