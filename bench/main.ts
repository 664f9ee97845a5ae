/**
 * The benchmark: `deno task bench [flags]`. Drives Parley and, where they are
 * installed, other brokers with the same work in turn, several rounds, and
 * prints medians, ratios and the server's CPU time for each confirmed message.
 *
 * @module
 */

import {
  describeFlags,
  parseFlags,
  runProgram,
  UsageError,
  writeLine,
} from "../terminal/mod.ts";
import type { Result } from "./job.ts";
import { brokers, parleyPeer, type Peer } from "./peers.ts";
import { type Measured, median, summarize } from "./summary.ts";
import { type Duration, isInstalled, runOnce } from "./run.ts";
import { table } from "./table.ts";
import { crowd, latencyWork, type Work, works } from "./works.ts";

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
    help: "relay, many-to-one, time, visits, list, scale, crowd, latency",
  },
  json: {
    kind: "text",
    value: "FILE",
    help: "write everything that was measured to this file, too",
  },
  help: { kind: "switch", help: "show this and leave" },
} as const;

const HELP = `Measures Parley beside other brokers

Usage: deno task bench [flags]

${describeFlags(FLAGS)}

The brokers are measured where they are installed; those that are not are named,
with how to get them. Nothing else should run on the machine meanwhile.`;

async function main(): Promise<number> {
  const { flags, words } = parseFlags(Deno.args, FLAGS);
  if (flags.help) {
    writeLine(HELP);
    return 0;
  }
  if (words.length > 0) {
    throw new UsageError(`Expected flags only, got "${words[0]}"; see --help`);
  }
  const wanted = flags.only?.split(",");
  const isWanted = ({ group }: Work) => wanted?.includes(group) ?? true;
  const present = [parleyPeer, ...await installed()];
  const duration = { warmUpMs: 1_000, measureMs: flags.seconds * 1000 };
  const all = await measureAll(
    [...works, crowd].filter(isWanted),
    present,
    flags.rounds,
    duration,
  );
  const rate = halfLoad(all);
  if (rate !== undefined && isWanted(latencyWork(rate))) {
    const works = [latencyWork(rate)];
    all.push(...await measureAll(works, present, flags.rounds, duration));
  }
  for (const line of table(all)) writeLine(line);
  if (flags.json !== undefined) {
    await Deno.writeTextFile(flags.json, JSON.stringify(all, null, 2) + "\n");
  }
  return 0;
}

/** The brokers that are installed; says how to get the others. */
async function installed(): Promise<Peer[]> {
  const present: Peer[] = [];
  for (const peer of brokers) {
    if (await isInstalled(peer)) present.push(peer);
    else console.error(`Not measured: ${peer.name} (${peer.install})`);
  }
  return present;
}

/** Measures everything, each round all of it, so that noise falls on all. */
async function measureAll(
  works: readonly Work[],
  present: readonly Peer[],
  rounds: number,
  duration: Duration,
): Promise<Measured[]> {
  const results = new Map<Work, Map<Peer, Result[]>>();
  for (const work of works) {
    const peers = work.peers
      .filter((peer) => present.includes(peer) || !brokers.includes(peer));
    results.set(work, new Map(peers.map((peer) => [peer, []])));
  }
  for (let round = 1; round <= rounds; round++) {
    for (const [work, byPeer] of results) {
      for (const [peer, list] of byPeer) {
        console.error(`${round}/${rounds}  ${work.name}  ${peer.name}`);
        list.push(await runOnce(work, peer, duration));
      }
    }
  }
  return [...results].map(([work, byPeer]) => summarize(work, byPeer));
}

/**
 * Half of what the slower of Parley and the broker that is nearest to it relays
 * at most: a load that both can bear, the same for both.
 */
function halfLoad(all: readonly Measured[]): number | undefined {
  const full = all.find(({ name }) => name === "relay 64 B, 32 unconfirmed");
  const rates = full?.peers
    .filter(({ confirmed }) => confirmed.startsWith("the receiver"))
    .map(({ rounds }) => median(rounds.map(({ perSecond }) => perSecond)));
  return rates && Math.min(...rates) / 2;
}

await runProgram("bench", main, () => undefined);
