import { freePort } from "./free_port.ts";
import { Program } from "./program.ts";

/** The program, as Debian names it. */
const NATS_SERVER = "nats-server";

/** How often another port is tried if somebody was quicker. */
const TRIES = 5;

/** How to start a NATS server. */
export interface NatsOptions {
  /**
   * Whether it has JetStream, which keeps streams on the disk.
   *
   * @default {true}
   */
  readonly jetStream?: boolean;
  /** Words that start it in another way, put before its own: a network's. */
  readonly starter?: readonly string[];
  /**
   * The address it listens on.
   *
   * @default {"127.0.0.1"}
   */
  readonly host?: string;
  /** Flags besides: `--auth`, say. */
  readonly flags?: readonly string[];
  /** Whether Ctrl-C on this terminal does not reach it; see `ProgramOptions`. */
  readonly detached?: boolean;
}

/**
 * A real NATS server, on a free port and with a store of its own. Whoever
 * disposes of it ends it and removes the store.
 */
export class NatsServer implements AsyncDisposable {
  /** The address it listens on. */
  readonly host: string;
  /** The port it listens on, also after it was stopped and started again. */
  readonly port: number;
  readonly #store: string;
  readonly #options: NatsOptions;
  #program: Program;

  private constructor(
    port: number,
    store: string,
    program: Program,
    options: NatsOptions,
  ) {
    this.host = hostOf(options);
    this.port = port;
    this.#store = store;
    this.#program = program;
    this.#options = options;
  }

  /** Starts it, and waits until it takes connections. */
  static async start(options: NatsOptions = {}): Promise<NatsServer> {
    const store = await Deno.makeTempDir({ prefix: "parley-nats-" });
    try {
      for (let tries = 1;; tries++) {
        const port = freePort();
        try {
          const program = await startProgram(port, store, options);
          return new NatsServer(port, store, program, options);
        } catch (error) {
          const { message } = error as Error;
          if (tries === TRIES || !/address already in use/.test(message)) {
            throw error;
          }
        }
      }
    } catch (error) {
      await Deno.remove(store, { recursive: true });
      throw error;
    }
  }

  /** Where it is, for whoever connects to it. */
  get url(): string {
    return `nats://${this.host}:${this.port}`;
  }

  /** The number that its process has. */
  get pid(): number {
    return this.#program.pid;
  }

  /** Ends it in good order. Its port and what it has stored are kept for it. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** Kills it. Its port and what it has stored are kept for it. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Starts it again, and waits until it takes connections. */
  async startAgain(): Promise<void> {
    if (this.#program.running) throw new TypeError("It has not been stopped");
    this.#program = await startProgram(this.port, this.#store, this.#options);
  }

  /** Forgets what it has stored, once it was stopped. */
  async loseStore(): Promise<void> {
    if (this.#program.running) throw new TypeError("It has not been stopped");
    await Deno.remove(this.#store, { recursive: true });
    await Deno.mkdir(this.#store);
  }

  /** Resolves when it has said, since it was started last, what `pattern` has. */
  async says(pattern: RegExp): Promise<void> {
    await this.#program.stderr.find(pattern);
  }

  /** Stops it in what it is doing; its connections stay. */
  freeze(): void {
    this.#program.kill("SIGSTOP");
  }

  /** Lets it go on. */
  thaw(): void {
    this.#program.kill("SIGCONT");
  }

  /** Ends it, and removes what it has stored. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
    await Deno.remove(this.#store, { recursive: true });
  }

  async #end(signal: Deno.Signal): Promise<void> {
    this.#program.kill(signal);
    await this.#program.end();
    await this.#program[Symbol.asyncDispose]();
  }
}

/** Why there can be no NATS server on this machine, if there cannot. */
export function whyNoNats(): string | undefined {
  try {
    const { success } = new Deno.Command(NATS_SERVER, {
      args: ["--version"],
      stdout: "null",
      stderr: "null",
    }).outputSync();
    return success ? undefined : `"${NATS_SERVER} --version" fails`;
  } catch (error) {
    return error instanceof Deno.errors.NotFound
      ? `there is no program "${NATS_SERVER}"; ` +
        `Debian and Ubuntu have it: apt install ${NATS_SERVER}`
      : (error as Error).message;
  }
}

function hostOf({ host = "127.0.0.1" }: NatsOptions): string {
  return host;
}

/** Starts the program, and waits until it takes connections. */
async function startProgram(
  port: number,
  store: string,
  options: NatsOptions,
): Promise<Program> {
  const { jetStream = true, starter = [], flags = [], detached = false } =
    options;
  const program = new Program([
    ...starter,
    NATS_SERVER,
    ...["--addr", hostOf(options), "--port", `${port}`],
    ...(jetStream ? ["--jetstream", "--store_dir", store] : []),
    ...flags,
  ], { detached });
  try {
    await program.stderr.find(/Server is ready\n/);
    return program;
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
}
