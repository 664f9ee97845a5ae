import type { Programs } from "../programs.ts";
import type { Crowd } from "./crowd.ts";
import type { Findings } from "./findings.ts";
import { eachLine } from "./lines.ts";
import { pause } from "../pause.ts";
import type { Addressee, Post } from "./post.ts";
import { Random } from "./random.ts";
import type { Tally } from "./tally.ts";

/** How long one is frozen: a blink, as long as the server bears, or longer. */
const FREEZES_MS = [300, 1_500, 5_000];
/** How long one may take to end once it is told to, in milliseconds. */
const PATIENCE_MS = 10_000;
/** How long it takes from one to the next, at least: to start one costs much. */
const INTERVAL_MS = 1_000;
/** How long it takes at most until it is known that all were told to end. */
const NEWS_MS = 500;
/** So many letters are under way to one that is frozen or killed. */
const LETTERS = 40;

/** Parley's exit code when the connection is refused or lost. */
const NO_CONNECTION = 3;

/** What listeners need. */
export interface ListenersOptions {
  /** The programs to start. */
  readonly programs: Programs;
  /** The server's port. */
  readonly port: number;
  /** The file that holds the server's token. */
  readonly tokenFile: string;
  /** How many there are at a time. */
  readonly size: number;
  /** What all chance comes from. */
  readonly seed: string;
  /** Who writes to them. */
  readonly crowd: Crowd;
  /** Where letters are entered. */
  readonly post: Post;
  /** Counts what is done to them. */
  readonly tally: Tally;
  /** What was wrong about how they ended. */
  readonly wrong: Findings;
  /** Aborted when all that runs here may have been told to end. */
  readonly interrupted: AbortSignal;
}

/**
 * Processes of `parley-client --json listen` that are frozen and killed while
 * letters are under way to them. What they got is what they have printed.
 */
export class Listeners {
  readonly #options: ListenersOptions;
  readonly #over = new AbortController();
  readonly #lives: Promise<void>;

  /** Starts them; each that ends makes room for another. */
  constructor(options: ListenersOptions) {
    this.#options = options;
    this.#lives = Promise.all(
      Array.from({ length: options.size }, (_, i) => this.#succession(i)),
    ).then(() => {});
  }

  /** Kills them all; resolves when all that they have printed is read. */
  async end(): Promise<void> {
    this.#over.abort();
    await this.#lives;
  }

  async #succession(i: number): Promise<void> {
    const random = new Random(`${this.#options.seed}/listener ${i}`);
    const { signal } = this.#over;
    for (let turn = 1; !signal.aborted; turn++) {
      await pause(INTERVAL_MS, signal);
      const listener = new Listener(`l${i}.${turn}`, this.#options);
      if (await listener.listens) {
        await this.#torment(listener, random);
      }
      await listener.end();
    }
  }

  async #torment(listener: Listener, random: Random): Promise<void> {
    const { tally, crowd } = this.#options;
    const { signal } = this.#over;
    const self = listener.addressee!;
    for (let freezes = random.below(3); freezes > 0; freezes--) {
      await pause(random.between(500, 3_000), signal);
      crowd.pelt(random, self, random.below(LETTERS), 200);
      if (!listener.signal("SIGSTOP")) return;
      tally.add("freeze");
      await pause(random.pick(FREEZES_MS), signal);
      listener.signal("SIGCONT");
      // Dropped meanwhile, it ends now by itself.
    }
    await pause(random.between(500, 3_000), signal);
    crowd.pelt(random, self, LETTERS, random.pick([100, 2_000]));
    await pause(random.below(20), signal);
    const how = random.pick(
      ["SIGKILL", "SIGKILL", "SIGTERM", "SIGINT"] as const,
    );
    if (listener.signal(how)) tally.add(how === "SIGKILL" ? "kill" : "quit");
  }
}

/** One process. */
class Listener {
  /** Whether it has said its number. */
  readonly listens: Promise<boolean>;
  readonly #name: string;
  readonly #options: ListenersOptions;
  readonly #child: Deno.ChildProcess;
  readonly #ended: Promise<Deno.CommandStatus>;
  readonly #said = Promise.withResolvers<boolean>();
  #running = true;
  #errors = "";
  #sent: Deno.Signal | undefined;
  addressee: Addressee | undefined;

  constructor(name: string, options: ListenersOptions) {
    const { programs, port, tokenFile } = options;
    this.#name = name;
    this.#options = options;
    const [path, ...args] = programs.command(
      "client",
      ...["--server", `127.0.0.1:${port}`, "--token-file", tokenFile],
      ...["--json", "listen"],
    );
    this.#child = new Deno.Command(path!, {
      args,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.listens = this.#said.promise;
    this.#ended = this.#run();
  }

  /** Sends it a signal; says whether it was there to get it. */
  signal(signal: Deno.Signal): boolean {
    if (!this.#running) return false;
    if (signal !== "SIGSTOP" && signal !== "SIGCONT") this.#sent = signal;
    this.#child.kill(signal);
    return true;
  }

  /** Resolves when it has ended and all that it has printed is entered. */
  async end(): Promise<void> {
    const done = new AbortController();
    pause(PATIENCE_MS, done.signal).then(() => {
      if (done.signal.aborted) return;
      this.#options.wrong.add(`${this.#name} did not end after ${this.#sent}`);
      this.signal("SIGKILL");
    });
    const { code, signal } = await this.#ended;
    done.abort();
    if (this.addressee !== undefined) {
      this.#options.post.leave(this.addressee);
    }
    const { tally, wrong, interrupted } = this.#options;
    if (/^ +at |^error: /m.test(this.#errors)) {
      wrong.add(`${this.#name} said ${JSON.stringify(this.#errors)}`);
    } else if (code === NO_CONNECTION) {
      tally.add("listener-dropped");
    } else if (signal !== this.#sent && code !== exitCodeOf(this.#sent)) {
      // Ctrl-C is for all that run at a terminal; the soak hears of it soon.
      await pause(NEWS_MS, interrupted);
      if (interrupted.aborted) return;
      const said = JSON.stringify(this.#errors);
      wrong.add(`${this.#name} ended with exit code ${code}: ${said}`);
    }
  }

  async #run(): Promise<Deno.CommandStatus> {
    const [status] = await Promise.all([
      this.#child.status.then((status) => {
        this.#running = false;
        return status;
      }),
      eachLine(this.#child.stdout, (line) => this.#take(line)),
      eachLine(this.#child.stderr, (line) => this.#errors += `${line}\n`),
    ]);
    this.#said.resolve(false);
    return status;
  }

  #take(line: string): void {
    const { post } = this.#options;
    let value: { self?: number; from?: number; text?: string };
    try {
      value = JSON.parse(line);
    } catch {
      // It was killed in the middle of this line, so it has not confirmed it.
      return;
    }
    if (value.self !== undefined) {
      this.addressee = {
        name: this.#name,
        number: value.self,
        prompt: false,
      };
      post.join(this.addressee);
      this.#said.resolve(true);
    } else if (value.from !== undefined && value.text !== undefined) {
      post.take(this.#name, value.from, value.text);
    }
  }
}

/** What Parley's programs exit with when they are told to end by a signal. */
function exitCodeOf(signal: Deno.Signal | undefined): number | undefined {
  return signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : undefined;
}
