import { Client, ConnectionError } from "../../client/mod.ts";
import { Subjects } from "../../cluster/news.ts";
import type { NatsServer } from "../nats.ts";
import { pause } from "../pause.ts";
import type { Findings } from "../soak/findings.ts";
import { Random } from "../soak/random.ts";
import type { Tally } from "../soak/tally.ts";
import type { Node } from "./nodes.ts";

/** How long it is from one trouble to the next, on average. */
const INTERVAL_MS = 1_500;
/** How long a node, or NATS, is away or stands still at the most. */
const LONGEST_MS = 8_000;
/** How long nodes may take to know of each other; they start meanwhile, too. */
const JOIN_MS = 40_000;
/** How often they are asked. */
const LOOK_MS = 50;
/** How many bytes of nonsense are published at the most. */
const NONSENSE_SIZE = 2_000;
/** What the cluster is called that has been given no name. */
const CLUSTER_NAME = "parley";
/** The numbers of nodes that nonsense is for: those that started first. */
const LAST_NODE = 16;

/** What is troubled. */
export interface TroublesOptions {
  /** The servers: all are well. */
  readonly nodes: readonly Node[];
  /** What joins them. */
  readonly nats: NatsServer;
  /** What all chance comes from. */
  readonly seed: string;
  /** Counts what was done. */
  readonly tally: Tally;
  /** What should not have been. */
  readonly wrong: Findings;
}

/** What there is to be done to a node, and how often beside the others. */
const TO_NODES = [
  { share: 3, thing: "node killed" },
  { share: 2, thing: "node told to end" },
  { share: 3, thing: "node frozen" },
] as const;

/** The same for NATS, and what others do there. */
const TO_NATS = [
  { share: 2, thing: "NATS killed" },
  { share: 1, thing: "NATS stopped" },
  { share: 3, thing: "NATS frozen" },
  { share: 1, thing: "NATS's store lost" },
  { share: 2, thing: "nonsense published" },
] as const;

/**
 * All that can go wrong with several servers and with what joins them, again and
 * again: to nodes and to NATS at the same time. One node at least is always well,
 * and in the end all is as it was.
 */
export class Troubles {
  readonly #options: TroublesOptions;
  readonly #over = new AbortController();
  readonly #running: Promise<unknown>;
  /** Held by whatever must not meet with a trouble of the other kind. */
  #turn: Promise<void> = Promise.resolve();

  /** Begins. */
  constructor(options: TroublesOptions) {
    this.#options = options;
    this.#running = Promise.all([
      ...options.nodes.slice(1).map((_, i) => this.#troubleNodes(i)),
      this.#troubleNats(),
    ]);
  }

  /** Begins no more; resolves when all is as it was. */
  async end(): Promise<void> {
    this.#over.abort();
    await this.#running;
  }

  /** One node after the other, by chance. As many of these as nodes less one. */
  async #troubleNodes(which: number): Promise<void> {
    const { nodes, seed, tally } = this.#options;
    const { signal } = this.#over;
    const random = new Random(`${seed}/nodes ${which}`);
    for (;;) {
      await pause(random.interval(2 * INTERVAL_MS), signal);
      if (signal.aborted) return;
      await this.#turn;
      const well = nodes.filter((node) => node.well);
      if (well.length < 2) continue;
      const node = random.pick(well);
      const trouble = random.pickWeighted(TO_NODES);
      tally.add(trouble);
      const awayMs = random.below(LONGEST_MS);
      if (trouble === "node frozen") {
        node.freeze();
        await pause(awayMs, signal);
        node.thaw();
        continue;
      }
      await (trouble === "node killed" ? node.kill() : node.quit());
      await pause(awayMs, signal);
      await node.start();
    }
  }

  async #troubleNats(): Promise<void> {
    const { nats, seed, tally } = this.#options;
    const { signal } = this.#over;
    const random = new Random(`${seed}/NATS`);
    for (;;) {
      await pause(random.interval(2 * INTERVAL_MS), signal);
      if (signal.aborted) return;
      const trouble = random.pickWeighted(TO_NATS);
      tally.add(trouble);
      const awayMs = random.below(LONGEST_MS);
      switch (trouble) {
        case "NATS frozen":
          nats.freeze();
          await pause(awayMs, signal);
          nats.thaw();
          break;
        case "nonsense published":
          await talkNonsense(nats, random);
          break;
        case "NATS's store lost":
          await this.#loseStore(awayMs);
          break;
        default:
          await (trouble === "NATS killed" ? nats.kill() : nats.stop());
          await pause(awayMs, signal);
          await nats.startAgain();
      }
    }
  }

  /**
   * Has NATS lose its store, while all nodes are well and stay so until each has
   * heard of all: what numbers were given is then known from the nodes alone.
   */
  async #loseStore(awayMs: number): Promise<void> {
    const { nats } = this.#options;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    await this.#allThere();
    await nats.kill();
    await nats.loseStore();
    await pause(awayMs, this.#over.signal);
    await nats.startAgain();
    await this.#allThere();
    resolve();
  }

  /** Waits until nothing is done to any node, and each knows of all. */
  async #allThere(): Promise<void> {
    const { nodes, wrong } = this.#options;
    const untilMs = performance.now() + JOIN_MS;
    while (!nodes.every(({ well }) => well) || !await allKnown(nodes)) {
      if (performance.now() > untilMs) {
        return wrong.add("The nodes do not come together");
      }
      await pause(LOOK_MS);
    }
  }
}

/** Whether each node knows of all, and reaches them. */
export async function allKnown(nodes: readonly Node[]): Promise<boolean> {
  const known = await Promise.all(nodes.map(async ({ port }) => {
    try {
      await using client = await Client.connect({ port });
      return (await client.nodes())
        .map(({ name, missing }) => missing ? `${name} is missing` : name)
        .sort().join();
    } catch (error) {
      if (error instanceof ConnectionError) return undefined;
      throw error;
    }
  }));
  const all = nodes.map(({ name }) => name).sort().join();
  return known.every((names) => names === all);
}

/** Publishes what no node has sent, where nodes listen. */
async function talkNonsense(nats: NatsServer, random: Random): Promise<void> {
  const bytes = random.bytes(random.below(NONSENSE_SIZE));
  const subjects = new Subjects(CLUSTER_NAME);
  const node = random.between(1, LAST_NODE);
  const subject = random.pick([
    subjects.news,
    subjects.batches(node),
    subjects.clients(node),
    subjects.ping(node),
    subjects.untaken(node, random.between(1, LAST_NODE)),
  ]);
  try {
    using conn = await Deno.connect({ hostname: nats.host, port: nats.port });
    const head = `CONNECT {"verbose":false}\r\nPUB ${subject} ${bytes.length}`;
    const parts = [`${head}\r\n`, bytes, "\r\nPING\r\n"];
    const whole = await new Blob(parts).bytes();
    for (let at = 0; at < whole.length;) {
      at += await conn.write(whole.subarray(at));
    }
    // When it answers that, it has handed out what came before.
    const said = conn.readable.pipeThrough(new TextDecoderStream());
    for await (const text of said) {
      if (text.includes("PONG")) break;
    }
  } catch {
    // NATS has its own troubles.
  }
}
