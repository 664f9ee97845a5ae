/**
 * The benchmark: `deno task bench [flags]`. Drives Parley and, where they are
 * installed, other brokers with the same work in turn, several rounds, and
 * prints medians, ratios and the server's CPU time for each confirmed message.
 *
 * @module
 */

import { DEFAULT_LIMITS } from "../server/mod.ts";
import {
  describeFlags,
  type FlagValues,
  parseFlags,
  runProgram,
  UsageError,
  writeLine,
} from "../terminal/mod.ts";
import { halfLoad } from "./half_load.ts";
import {
  brokers,
  clusterPeer,
  echoPeer,
  natsRequestPeer,
  parleyPeer,
  type Peer,
} from "./peers.ts";
import { measureRounds } from "./rounds.ts";
import { isInstalled } from "./run.ts";
import { scalePlots } from "./scale_plots.ts";
import { scaleRatios } from "./scale_ratios.ts";
import type { Measured } from "./summary.ts";
import { table } from "./table.ts";
import {
  crowd,
  latencyWork,
  scaleLatencyWorks,
  type Work,
  works,
} from "./works.ts";

/** How often Parley asks a quiet client whether it is there, in seconds. */
const HEARTBEAT_SECONDS = DEFAULT_LIMITS.pingIntervalMs / 1000;

const FLAGS = {
  rounds: {
    kind: "number",
    value: "N",
    min: 1,
    max: 100,
    default: 3,
    help: "how often each is measured, in turn",
  },
  seconds: {
    kind: "number",
    value: "SECONDS",
    fraction: true,
    min: 0.2,
    max: 60,
    default: 2,
    help: "how long each time",
  },
  only: {
    kind: "text",
    value: "GROUP,…",
    help:
      "relay, many-to-one, time, visits, list, scale, cluster, crowd, latency (with relay)",
  },
  json: {
    kind: "text",
    value: "FILE",
    help: "write everything that was measured to this file, too",
  },
  plots: {
    kind: "text",
    value: "DIRECTORY",
    help: "draw group scale into this directory: scale-*.svg",
  },
  from: {
    kind: "text",
    value: "FILE",
    help: "measure nothing; take what --json wrote to this file",
  },
  help: { kind: "switch", help: "show this and leave" },
} as const;

const HELP = `Measures Parley beside other brokers

Usage: deno task bench [flags]

${describeFlags(FLAGS)}

The brokers are measured where they are installed; those that are not are named,
with how to get them. Nothing else should run on the machine meanwhile.

Group scale sees a heartbeat of every quiet client with --seconds ${HEARTBEAT_SECONDS} or more:
  deno task bench --only scale --seconds ${HEARTBEAT_SECONDS} --plots docs/plots`;

async function main(): Promise<number> {
  const { flags, words } = parseFlags(Deno.args, FLAGS);
  if (flags.help) {
    writeLine(HELP);
    return 0;
  }
  if (words.length > 0) {
    throw new UsageError(`Expected flags only, got "${words[0]}"; see --help`);
  }
  const all = flags.from === undefined
    ? await measure(flags)
    : await readMeasured(flags.from);
  for (const line of table(all)) writeLine(line);
  for (const line of scaleRatios(all)) writeLine(`\n${line}`);
  if (flags.json !== undefined) {
    await Deno.writeTextFile(flags.json, JSON.stringify(all, null, 2) + "\n");
  }
  if (flags.plots !== undefined) await writePlots(flags.plots, all);
  return 0;
}

/** Measures the groups that are wanted. */
async function measure(
  { rounds, seconds, only, plots }: FlagValues<typeof FLAGS>,
): Promise<Measured[]> {
  const wanted = only?.split(",");
  const isWanted = (group: string) => wanted?.includes(group) ?? true;
  if (plots !== undefined && !isWanted("scale")) {
    throw new UsageError("--plots draws group scale, which --only leaves out");
  }
  const measureMs = seconds * 1000;
  if (isWanted("scale") && seconds < HEARTBEAT_SECONDS) {
    console.error(
      `In less than --seconds ${HEARTBEAT_SECONDS}, group scale does not see ` +
        "a heartbeat of every client",
    );
  }
  const present = [parleyPeer, echoPeer, ...await installed()];
  const measureAll = (works: readonly Work[]) =>
    measureRounds(
      works.filter(({ group }) => isWanted(group)),
      (peer) => present.includes(peer),
      rounds,
      { warmUpMs: 2_000, measureMs },
    );
  const full = await measureAll([...works, crowd]);
  const rate = halfLoad(
    full.filter(({ name }) => name === "relay 64 B, 32 unconfirmed"),
  );
  const scaleRate = halfLoad(full.filter(({ group }) => group === "scale"));
  const atRates = await measureAll([
    ...rate === undefined ? [] : [latencyWork(rate)],
    ...scaleRate === undefined ? [] : scaleLatencyWorks(scaleRate),
  ]);
  return [...full, ...atRates];
}

/** What is installed besides Deno; says how to get the others. */
async function installed(): Promise<Peer[]> {
  const present: Peer[] = [];
  for (const peer of [...brokers, clusterPeer, natsRequestPeer]) {
    if (await isInstalled(peer)) present.push(peer);
    else console.error(`Not measured: ${peer.name} (${peer.install})`);
  }
  return present;
}

/**
 * Reads what `--json` has written.
 *
 * @throws {UsageError} If it cannot be read, or is not that.
 */
async function readMeasured(path: string): Promise<Measured[]> {
  try {
    const all = JSON.parse(await Deno.readTextFile(path));
    if (!Array.isArray(all)) throw new TypeError("Expected a JSON array");
    return all;
  } catch (error) {
    throw new UsageError(`Cannot take --from ${path}: ${error}`);
  }
}

/**
 * Writes the plots into a directory, which is made if it is not there.
 *
 * @throws {UsageError} If nothing that is drawn was measured.
 */
async function writePlots(
  directory: string,
  all: readonly Measured[],
): Promise<void> {
  const plots = scalePlots(all);
  if (plots.size === 0) {
    throw new UsageError("--plots draws group scale, which was not measured");
  }
  await Deno.mkdir(directory, { recursive: true });
  for (const [file, svg] of plots) {
    await Deno.writeTextFile(`${directory}/${file}`, svg);
  }
}

await runProgram("bench", main, () => undefined);
