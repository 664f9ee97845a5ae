import { type NatsOptions, NatsServer } from "../../tools/nats.ts";
import type { Programs, RunningServer } from "../../tools/programs.ts";

/** How to start the nodes, and what joins them. */
export interface TestClusterOptions {
  /** The nodes' names. */
  readonly names: readonly string[];
  /** Flags for each of them. */
  readonly flags?: readonly string[];
  /** How NATS is started. */
  readonly nats?: NatsOptions;
}

/**
 * A NATS server, and nodes that are joined by it: each a process of its own.
 * Whoever disposes of it ends all of them.
 */
export class TestCluster implements AsyncDisposable {
  /** What joins the nodes. */
  readonly nats: NatsServer;
  readonly #programs: Programs;
  readonly #flags: readonly string[];
  readonly #nodes: RunningServer[] = [];

  private constructor(
    programs: Programs,
    nats: NatsServer,
    flags: readonly string[],
  ) {
    this.#programs = programs;
    this.nats = nats;
    this.#flags = flags;
  }

  /** Starts NATS and then all nodes at once; resolves when all listen. */
  static async start(
    programs: Programs,
    { names, flags = [], nats: natsOptions = {} }: TestClusterOptions,
  ): Promise<TestCluster> {
    const nats = await NatsServer.start(natsOptions);
    const cluster = new TestCluster(programs, nats, flags);
    const starts = await Promise.allSettled(
      names.map((name) => cluster.#start(programs, name)),
    );
    for (const start of starts) {
      if (start.status === "fulfilled") cluster.#nodes.push(start.value);
    }
    const failed = starts.find(({ status }) => status === "rejected");
    if (failed === undefined) return cluster;
    await cluster[Symbol.asyncDispose]();
    throw (failed as PromiseRejectedResult).reason;
  }

  /** The nodes, in the order of their names, and then of their starts. */
  get nodes(): readonly RunningServer[] {
    return this.#nodes;
  }

  /** Starts one more node, and waits until it listens. */
  async add(name: string, ...flags: string[]): Promise<RunningServer> {
    const node = await this.#start(this.#programs, name, ...flags);
    this.#nodes.push(node);
    return node;
  }

  /** The same, started by other words: on another machine, say. */
  async addBy(
    starter: readonly string[],
    name: string,
    ...flags: string[]
  ): Promise<RunningServer> {
    const programs = this.#programs.startedBy(...starter);
    const node = await this.#start(programs, name, ...flags);
    this.#nodes.push(node);
    return node;
  }

  /** Ends all nodes, and NATS. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.#nodes.map((node) => node[Symbol.asyncDispose]()),
    );
    await this.nats[Symbol.asyncDispose]();
  }

  #start(
    programs: Programs,
    name: string,
    ...flags: string[]
  ): Promise<RunningServer> {
    return programs.startServer(
      ...["--cluster", this.nats.url, "--name", name],
      ...this.#flags,
      ...flags,
    );
  }
}
