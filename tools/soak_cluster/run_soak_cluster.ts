import { Client, ConnectionError, RefusedError } from "../../client/mod.ts";
import { Ledgers, type LedgerSummary } from "../ledger.ts";
import { NatsServer } from "../nats.ts";
import { pause } from "../pause.ts";
import { Programs } from "../programs.ts";
import { Findings } from "../soak/findings.ts";
import { Tally } from "../soak/tally.ts";
import { Node } from "./nodes.ts";
import { Talkers } from "./talkers.ts";
import { allKnown, Troubles } from "./troubles.ts";

const PROGRESS_MS = 5_000;
/** How long the nodes have to get over it all, in milliseconds. */
const AFTERMATH_MS = 15_000;
/** How often they are looked at meanwhile. */
const LOOK_MS = 100;

/** How a soak of several servers goes. */
export interface Progress {
  /** How long it has gone on, in milliseconds. */
  readonly atMs: number;
  /** How many talkers are connected. */
  readonly clients: number;
  /** The ledgers' sums. */
  readonly summary: LedgerSummary;
  /** What was done since then, and what came of it. */
  readonly done: Readonly<Record<string, number>>;
}

/** All that a soak of several servers has seen. */
export interface Observations {
  /** The sums of the ledgers. */
  readonly summary: LedgerSummary;
  /** Where the ledgers do not agree. */
  readonly ledgerFaults: readonly string[];
  /** Numbers, messages, and ends of nodes that should not have been. */
  readonly wrong: Findings;
  /**
   * What was still not as it should be when nothing had been done for a while: of
   * the lists, and of who reaches whom.
   */
  readonly unhealed: readonly string[];
  /** How many ways from a node to a talker were tried in the end. */
  readonly tried: number;
  /** What was done, and what came of it. */
  readonly done: Readonly<Record<string, number>>;
}

/** What a soak of several servers can be told. */
export interface SoakClusterOptions {
  /** How many servers there are, two at least. */
  readonly size: number;
  /** How long they are troubled, in milliseconds. */
  readonly durationMs: number;
  /** What all chance comes from. */
  readonly seed: string;
  /** Ends it early when aborted. */
  readonly signal: AbortSignal;
  /** Is told every few seconds how it goes. */
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Starts several servers that are joined by NATS, has clients send to each other
 * over all of them, troubles servers and NATS in every way, and tells what was
 * seen.
 */
export async function runSoakCluster(
  { size, durationMs, seed, signal, onProgress }: SoakClusterOptions,
): Promise<Observations> {
  const programs = Programs.fromSources().detached();
  const wrong = new Findings();
  const tally = new Tally();
  const ledgers = new Ledgers();
  await using nats = await NatsServer.start({ detached: true });
  await using stack = new AsyncDisposableStack();
  const nodes = Array.from(
    { length: size },
    (_, i) =>
      stack.use(
        new Node(`node-${i + 1}`, { programs, nats: nats.url, wrong }),
      ),
  );
  await Promise.all(nodes.map((node) => node.start()));

  const ports = nodes.map(({ port }) => port);
  const startMs = performance.now();
  const talkers = new Talkers({ ports, seed, ledgers, tally, wrong });
  const troubles = new Troubles({ nodes, nats, seed, tally, wrong });
  const timer = setInterval(() => {
    talkers.tidy();
    onProgress({
      atMs: performance.now() - startMs,
      clients: talkers.present.size,
      summary: ledgers.summary(),
      done: tally.takeNew(),
    });
  }, PROGRESS_MS);
  await pause(durationMs, signal);
  await troubles.end();

  // While they still talk, what was cut comes together again.
  await settled(async () => {
    const { present, size } = talkers;
    return present.size === size && await allKnown(nodes);
  });
  talkers.hush();
  const unhealed = await notListed();
  unhealed.push(...await notReached());
  clearInterval(timer);
  await talkers.end();
  await Promise.all(nodes.map((node) => node.quit()));
  return {
    summary: ledgers.summary(),
    ledgerFaults: ledgers.faults(),
    ...{ wrong, unhealed },
    tried: nodes.length * talkers.size,
    done: tally.all,
  };

  /** Waits until it is so, or the time is over. */
  async function settled(holds: () => Promise<boolean>): Promise<void> {
    const untilMs = performance.now() + AFTERMATH_MS;
    while (!await holds() && performance.now() < untilMs) await pause(LOOK_MS);
  }

  /** How the lists differ from those who are connected. */
  async function notListed(): Promise<string[]> {
    let differences: string[] = [];
    await settled(async () => {
      differences = [];
      // One by one: whoever looks is on the lists, too.
      for (const { name, port } of nodes) {
        const found = await visit(name, port, async (client) => {
          const listed = new Set((await client.list()).map(({ id }) => id));
          const there = new Set([client.id, ...talkers.present]);
          return [
            ...[...there.difference(listed)].map((id) => `does not list ${id}`),
            ...[...listed.difference(there)]
              .map((id) => `lists ${id}, who is gone`),
          ];
        });
        differences.push(...found);
      }
      return differences.length === 0;
    });
    return differences;
  }

  /** Who is not reached from where. */
  async function notReached(): Promise<string[]> {
    const ways = await Promise.all(
      nodes.map(({ name, port }) =>
        visit(name, port, async (client) => {
          const from = `probe-of-${name}`;
          talkers.know(from, client.id);
          const sends = talkers.names.map(async ([id, to]) => {
            const outcome = await ledgers.record(
              from,
              to,
              (text) => client.send(id, text),
            );
            return outcome === "delivered" ? [] : [`to ${to}: ${outcome}`];
          });
          return (await Promise.all(sends)).flat();
        })
      ),
    );
    return ways.flat();
  }

  /** What somebody finds who visits a node. */
  async function visit(
    name: string,
    port: number,
    look: (client: Client) => Promise<string[]>,
  ): Promise<string[]> {
    try {
      await using client = await Client.connect({ port });
      return (await look(client)).map((found) => `${name} ${found}`);
    } catch (error) {
      const expected = error instanceof ConnectionError ||
        error instanceof RefusedError;
      if (!expected) throw error;
      return [`${name}: ${error.message}`];
    }
  }
}
