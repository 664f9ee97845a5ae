import { freePort } from "../free_port.ts";
import { pause } from "../pause.ts";
import type { Programs, RunningServer } from "../programs.ts";
import type { Findings } from "../soak/findings.ts";

/**
 * Short times, so that they are over all the time; yet not so short that a busy
 * machine alone makes clients miss them.
 */
const FLAGS: Readonly<Record<string, number>> = {
  "ping-interval": 1,
  "ping-timeout": 2,
  "delivery-timeout": 2,
  "drain-timeout": 1,
};

/** Whoever cannot join NATS, for it is not there, tries again after this time. */
const RETRY_MS = 200;
/** How long that may go on: NATS is never away for so long. */
const START_MS = 30_000;

/** What a program prints that has failed otherwise than it knows how to say. */
const FAILED = /^(?:error: )?Uncaught.*|^ {4}at .*|.*panicked.*/m;

/** One of several servers that act as one: a process that comes and goes. */
export class Node implements AsyncDisposable {
  /** Its name. */
  readonly name: string;
  /** The port that it listens on, every time. */
  readonly port: number = freePort();
  /** Whether it is there, and nothing is being done to it. */
  well = false;
  readonly #programs: Programs;
  readonly #nats: string;
  readonly #wrong: Findings;
  #program: RunningServer | undefined;

  /** Makes one, which does not run yet, for the NATS at this address. */
  constructor(
    name: string,
    { programs, nats, wrong }: {
      readonly programs: Programs;
      readonly nats: string;
      readonly wrong: Findings;
    },
  ) {
    this.name = name;
    this.#programs = programs;
    this.#nats = nats;
    this.#wrong = wrong;
  }

  /** Starts it, as often as it takes: it cannot join while NATS is not there. */
  async start(): Promise<void> {
    const untilMs = performance.now() + START_MS;
    const flags = Object.entries(FLAGS)
      .flatMap(([name, value]) => [`--${name}`, `${value}`]);
    for (;;) {
      try {
        this.#program = await this.#programs.startServer(
          ...["--cluster", this.#nats, "--name", this.name],
          ...["--port", `${this.port}`, ...flags],
        );
        this.well = true;
        return;
      } catch (error) {
        const { message } = error as Error;
        if (!/NATS/.test(message) || performance.now() > untilMs) {
          this.#wrong.add(`${this.name} does not start: ${message}`);
          return;
        }
        await pause(RETRY_MS);
      }
    }
  }

  /** Kills it. */
  async kill(): Promise<void> {
    this.well = false;
    this.#program!.kill("SIGKILL");
    await this.#end();
  }

  /** Tells it to end, which it has to do well. */
  async quit(): Promise<void> {
    if (this.#program === undefined) return;
    this.well = false;
    this.#program.kill("SIGTERM");
    const code = await this.#end();
    if (code === 0) return;
    this.#wrong.add(`${this.name} was told to end, and ended with ${code}`);
  }

  /** Stops it in what it is doing; its connections stay. */
  freeze(): void {
    this.well = false;
    this.#program!.kill("SIGSTOP");
  }

  /** Lets it go on. */
  thaw(): void {
    this.#program!.kill("SIGCONT");
    this.well = true;
  }

  /** Ends it, whatever it is doing. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.well = false;
    await this.#program?.[Symbol.asyncDispose]();
  }

  /** Waits until it has ended, and returns its exit code. */
  async #end(): Promise<number> {
    const program = this.#program!;
    const { code, stderr } = await program.end();
    const [failed] = FAILED.exec(stderr) ?? [];
    if (failed !== undefined) this.#wrong.add(`${this.name} said: ${failed}`);
    await program[Symbol.asyncDispose]();
    this.#program = undefined;
    return code;
  }
}
