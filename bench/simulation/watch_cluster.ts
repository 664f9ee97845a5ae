import { decodeNews, Subjects } from "../../cluster/news.ts";
import { NatsServer } from "../../tools/nats.ts";
import { pause } from "../../tools/pause.ts";
import { Programs, type RunningServer } from "../../tools/programs.ts";
import { Random } from "../../tools/soak/random.ts";
import type { Plan } from "./plan.ts";
import type { Amount } from "./traffic.ts";

/** How long a cluster may take to settle, in milliseconds. */
const SETTLE_MS = 1_500;
/** The cluster's name, as servers have it without a flag. */
const CLUSTER = "parley";

/** What was seen of a real cluster: of one node in a second, on average. */
export interface Seen {
  /** States that it published. */
  readonly states: Amount;
  /** Comings and goings that it published. */
  readonly changes: Amount;
  /** How many comings and goings these told of, of all nodes together. */
  readonly changesHeard: number;
}

/**
 * Starts the nodes of a plan and NATS, has clients come and leave as it says, and
 * counts what is published on NATS. Of the plan, all is taken but the pages and
 * the hours.
 */
export async function watchCluster(plan: Plan): Promise<Seen> {
  await using nats = await NatsServer.start();
  const nodes: RunningServer[] = [];
  try {
    for (let i = 1; i <= plan.nodes; i++) {
      nodes.push(await startNode(nats, `node-${i}`));
    }
    return await watch(nats, nodes, plan);
  } finally {
    for (const node of nodes) await node[Symbol.asyncDispose]();
  }
}

function startNode(nats: NatsServer, name: string): Promise<RunningServer> {
  return Programs.fromSources().startServer(
    ...["--cluster", nats.url, "--cluster-name", CLUSTER, "--name", name],
    // Clients that answer nothing are to stay.
    ...["--ping-interval", "0"],
  );
}

async function watch(
  nats: NatsServer,
  nodes: readonly RunningServer[],
  plan: Plan,
): Promise<Seen> {
  const crowds = nodes.map(({ port }, i) =>
    new Crowd(port, new Random(`${plan.seed}/crowd ${i}`))
  );
  for (const crowd of crowds) await crowd.fill(plan.clients);
  // Named like this it is fetched when it runs, not when anything is checked.
  const NATS = "npm:@nats-io/transport-node@3.4.0";
  const { connect } = await import(NATS);
  const connection = await connect({ port: nats.port });
  const moving = crowds.map((crowd) =>
    crowd.move(plan.comings, SETTLE_MS + plan.seconds * 1000)
  );
  await pause(SETTLE_MS);
  const seen = { states: [0, 0], changes: [0, 0] };
  let told = 0;
  connection.subscribe(new Subjects(CLUSTER).news, {
    callback(_error: Error | null, { data }: { data: Uint8Array }) {
      const news = decodeNews(data);
      if (news.kind !== "state" && news.kind !== "changes") return;
      const sums = news.kind === "state" ? seen.states : seen.changes;
      sums[0]! += 1;
      sums[1]! += data.length;
      if (news.kind === "changes") {
        told += news.joined.length + news.left.length;
      }
    },
  });
  await Promise.all(moving);
  await connection.close();
  for (const crowd of crowds) crowd.close();
  const amount = ([messages, bytes]: number[]): Amount => ({
    messages: messages! / nodes.length / plan.seconds,
    bytes: bytes! / nodes.length / plan.seconds,
  });
  return {
    states: amount(seen.states),
    changes: amount(seen.changes),
    changesHeard: told / plan.seconds,
  };
}

/** Clients of one node that come and leave. */
class Crowd {
  readonly #port: number;
  readonly #random: Random;
  readonly #connections: Deno.Conn[] = [];

  constructor(port: number, random: Random) {
    this.#port = port;
    this.#random = random;
  }

  async fill(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.#come();
  }

  /** Has so many come, and as many leave, a second. */
  async move(rate: number, durationMs: number): Promise<void> {
    const startMs = performance.now();
    for (let dueMs = 0;;) {
      dueMs += this.#random.interval(1000 / (2 * rate));
      if (dueMs > durationMs) break;
      const waitMs = startMs + dueMs - performance.now();
      if (waitMs > 0) await pause(waitMs);
      if (this.#random.below(2) === 0) await this.#come();
      else this.#leave();
    }
    await pause(Math.max(0, startMs + durationMs - performance.now()));
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  async #come(): Promise<void> {
    const connection = await Deno.connect({
      hostname: "127.0.0.1",
      port: this.#port,
    });
    this.#connections.push(connection);
  }

  #leave(): void {
    const { length } = this.#connections;
    if (length === 0) return;
    const at = this.#random.below(length);
    const [connection] = this.#connections.splice(at, 1);
    connection!.close();
  }
}
