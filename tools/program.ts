import { Output, PATIENCE_MS } from "./output.ts";

/** How a program ended. */
export interface Finished {
  /** Its exit code. */
  readonly code: number;
  /** All that it wrote to standard output. */
  readonly stdout: string;
  /** All that it wrote to standard error. */
  readonly stderr: string;
}

/** What a program is started with besides its command line. */
export interface ProgramOptions {
  /** Environment variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Whether it is in a session of its own: Ctrl-C on this terminal does not reach
   * it.
   *
   * @default {false}
   */
  readonly detached?: boolean;
}

/** All programs that run. */
const running = new Set<Program>();

/**
 * Ends all programs that still run, whatever they are doing: for a tool that is
 * itself told to end at once.
 */
export function endPrograms(): void {
  for (const program of running) program.kill("SIGKILL");
}

/**
 * A program that runs as a process of its own. Whoever disposes of it ends it,
 * if it has not ended by itself.
 */
export class Program implements AsyncDisposable {
  /** What it writes to standard output. */
  readonly stdout: Output;
  /** What it writes to standard error. */
  readonly stderr: Output;
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  #running = true;

  /** Starts the program that the first of `command` names. */
  constructor(
    command: readonly string[],
    { env = {}, detached = false }: ProgramOptions = {},
  ) {
    const [path, ...args] = command;
    this.#child = new Deno.Command(path!, {
      args,
      env: { ...env },
      detached,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    running.add(this);
    this.#child.status.then(() => {
      this.#running = false;
      running.delete(this);
    });
    this.#input = this.#child.stdin.getWriter();
    this.stdout = new Output(this.#child.stdout);
    this.stderr = new Output(this.#child.stderr);
  }

  /** Writes to its standard input. */
  async type(text: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(text));
  }

  /** Ends its standard input. */
  async closeInput(): Promise<void> {
    await this.#input.close();
  }

  /** The number that its process has. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Whether it has not ended yet. */
  get running(): boolean {
    return this.#running;
  }

  /** Resolves when it has ended, to how: with an exit code, or by a signal. */
  get status(): Promise<Deno.CommandStatus> {
    return this.#child.status;
  }

  /** Sends it a signal. */
  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  /**
   * Waits for its end.
   *
   * @throws {Error} If it does not end in time, or has shown people the inside of
   * a program instead of a sentence.
   */
  async end(): Promise<Finished> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      const seconds = PATIENCE_MS / 1000;
      const said = JSON.stringify([this.stdout.text, this.stderr.text]);
      reject(new Error(`Did not end within ${seconds} s, but said ${said}`));
    }, PATIENCE_MS);
    try {
      const [{ code }] = await Promise.race([
        late,
        Promise.all([
          this.#child.status,
          this.stdout.rest(),
          this.stderr.rest(),
        ]),
      ]);
      const { text } = this.stderr;
      if (/^ +at |at file:|^error: /m.test(text)) {
        throw new Error(`Expected sentences for people, got: ${text}`);
      }
      return { code, stdout: this.stdout.text, stderr: text };
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends it, whatever it is doing. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#input.close();
    } catch {
      // It was closed before, or nobody reads it any more.
    }
    if (this.#running) this.kill("SIGKILL");
    await this.end();
  }
}
