/**
 * Simulates what the nodes of a cluster tell each other of their clients:
 * `deno run bench/simulate.ts [flags]`; see docs/scale.md. With `--check` it
 * needs `--allow-all`, and a NATS server.
 *
 * @module
 */

import { listPageCapacity } from "../protocol/mod.ts";
import { DEFAULT_LIMITS, maxPayload } from "../server/limits.ts";
import {
  describeFlags,
  parseFlags,
  runProgram,
  UsageError,
  writeLine,
} from "../terminal/mod.ts";
import type { Plan } from "./simulation/plan.ts";
import { type Amount, simulate } from "./simulation/traffic.ts";
import { trafficTable } from "./simulation/traffic_table.ts";
import { watchCluster } from "./simulation/watch_cluster.ts";

/** How many nodes there are, in each line of the table. */
const NODES = [3, 10, 30, 100];

const FLAGS = {
  clients: {
    kind: "number",
    value: "N",
    min: 1,
    max: 30_000,
    default: 10_000,
    help: "how many clients each node has",
  },
  comings: {
    kind: "number",
    value: "N",
    fraction: true,
    min: 0.1,
    max: 1_000,
    default: 10,
    help: "how many come to each node in a second; as many leave it",
  },
  pages: {
    kind: "number",
    value: "N",
    fraction: true,
    min: 0,
    max: 10_000,
    default: 10,
    help: "how many pages of the list each node is asked for in a second",
  },
  hours: {
    kind: "number",
    value: "HOURS",
    fraction: true,
    min: 0,
    max: 10_000,
    default: 0,
    help: "for how long clients have come and left before",
  },
  seconds: {
    kind: "number",
    value: "SECONDS",
    min: 1,
    max: 600,
    default: 20,
    help: "how long is simulated",
  },
  seed: {
    kind: "text",
    value: "TEXT",
    default: "1",
    help: "the same seed gives the same figures",
  },
  check: {
    kind: "switch",
    help: "simulate three nodes with 200 clients each, run them, and compare",
  },
  help: { kind: "switch", help: "show this and leave" },
} as const;

const HELP =
  `Simulates what the nodes of a cluster tell each other of their clients

Usage: deno run bench/simulate.ts [flags]

${describeFlags(FLAGS)}`;

async function main(): Promise<number> {
  const { flags, words } = parseFlags(Deno.args, FLAGS);
  if (flags.help) {
    writeLine(HELP);
    return 0;
  }
  if (words.length > 0) {
    throw new UsageError(`Expected flags only, got "${words[0]}"; see --help`);
  }
  const { clients, comings, pages, hours, seconds, seed } = flags;
  const pageSize = listPageCapacity(maxPayload(DEFAULT_LIMITS));
  const rest = { clients, comings, pages, pageSize, hours, seconds, seed };
  if (flags.check) {
    await check({
      ...rest,
      nodes: 3,
      clients: 200,
      hours: 0,
      address: "127.0.0.1",
    });
    return 0;
  }
  const plans = NODES.map((nodes): Plan => ({ ...rest, nodes }));
  const rows = plans.map((plan) => [plan, simulate(plan)] as const);
  for (const line of trafficTable(rows)) writeLine(line);
  return 0;
}

/** Prints what is simulated beside what a real cluster publishes. */
async function check(plan: Plan): Promise<void> {
  const simulated = simulate(plan);
  const seen = await watchCluster(plan);
  for (const what of ["states", "changes"] as const) {
    writeLine(
      `${what} of a node, a second: simulated ${told(simulated[what])}, ` +
        `seen ${told(seen[what])}`,
    );
  }
  writeLine(
    `clients that came or left, a second: simulated ` +
      `${simulated.changesHeard.toFixed(1)}, seen ` +
      `${seen.changesHeard.toFixed(1)}`,
  );
}

function told({ messages, bytes }: Amount): string {
  return `${messages.toFixed(2)} messages of ${
    (bytes / messages).toFixed(0)
  } bytes`;
}

await runProgram("simulate", main, () => undefined);
