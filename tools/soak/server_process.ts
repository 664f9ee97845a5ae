import { visibleText } from "../../terminal/mod.ts";
import type { Programs } from "../programs.ts";
import { Findings } from "./findings.ts";
import { eachLine } from "./lines.ts";
import { pause } from "../pause.ts";

/** How long the server may take to start, or a look at it, in milliseconds. */
const PATIENCE_MS = 20_000;

/** The server did not start. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** What a process costs at one moment. */
export interface Look {
  /** Its resident memory, in bytes. */
  readonly rssBytes: number;
  /** How many file descriptors it has open. */
  readonly fds: number;
  /** The processor's time that it has used so far, in milliseconds. */
  readonly cpuMs: number;
  /** How long it had work, and other programs had the processor, likewise. */
  readonly waitedMs: number;
}

/** What the server's log said. */
export interface Log {
  /** How many lines there were. */
  lines: number;
  /** How many clients were let in. */
  connected: number;
  /** How many connections ended how, whether let in or not. */
  readonly ended: Record<string, number>;
  /** What it had trouble with. */
  readonly trouble: Findings;
  /** Lines that are not what they should be: whole, JSON, harmless to print. */
  readonly unsound: Findings;
}

/** The one server that has to bear it all, as a process of its own. */
export class ServerProcess implements AsyncDisposable {
  /** The port it listens on. */
  readonly port: number;
  /** What its log said so far. */
  readonly log: Log;
  /** Resolves when it has ended, and all that it has written is read. */
  readonly ended: Promise<Deno.CommandStatus>;
  readonly #child: Deno.ChildProcess;
  readonly #looker: Looker;
  #running = true;

  private constructor(
    child: Deno.ChildProcess,
    log: Log,
    port: number,
    ended: Promise<Deno.CommandStatus>,
  ) {
    this.#child = child;
    this.log = log;
    this.port = port;
    this.ended = ended;
    this.#looker = new Looker(child.pid);
    ended.then(() => this.#running = false);
  }

  /**
   * Starts it on a free port.
   *
   * @throws {StartError} With what it said, if it does not listen in time.
   */
  static async start(
    programs: Programs,
    flags: readonly string[],
  ): Promise<ServerProcess> {
    const [path, ...args] = programs.command(
      "server",
      ...["--port", "0", "--log", "json", ...flags],
    );
    const child = new Deno.Command(path!, {
      args,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      // Ctrl-C is for the soak: the server is told to end in its own time.
      detached: true,
    }).spawn();
    const log: Log = {
      lines: 0,
      connected: 0,
      ended: {},
      trouble: new Findings(),
      unsound: new Findings(),
    };
    const listening = Promise.withResolvers<number>();
    const ended = Promise.all([
      child.status,
      eachLine(child.stdout, (line) => {
        const [, port] = /^Listening on .*:(\d+)$/.exec(line) ?? [];
        if (port !== undefined) listening.resolve(Number(port));
        else log.unsound.add(`On standard output: ${visibleText(line)}`);
      }),
      eachLine(child.stderr, (line) => enter(line, log)),
    ]).then(([status]) => status);
    const port = await Promise.race([
      listening.promise,
      ended.then(() => undefined),
      pause(PATIENCE_MS).then(() => undefined),
    ]);
    if (port !== undefined) return new ServerProcess(child, log, port, ended);
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await ended;
    throw new StartError(
      `The server does not listen, but said: ${log.unsound.first.join("; ")}`,
    );
  }

  /** Whether it runs. */
  get running(): boolean {
    return this.#running;
  }

  /** What it costs now; nothing if it has ended. */
  async look(): Promise<Look | undefined> {
    return await this.#looker.look(this.#child.pid);
  }

  /** The same of this program itself. */
  async lookAtOneself(): Promise<Look | undefined> {
    return await this.#looker.look(Deno.pid);
  }

  /** Tells it to end. */
  quit(): void {
    if (this.#running) this.#child.kill("SIGTERM");
  }

  /** Ends it at once. */
  kill(): void {
    if (this.#running) this.#child.kill("SIGKILL");
  }

  /** Ends it at once, if it runs still. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.ended;
    await this.#looker[Symbol.asyncDispose]();
  }
}

function enter(line: string, log: Log): void {
  log.lines++;
  if (visibleText(line) !== line) {
    log.unsound.add(`Not harmless: ${visibleText(line)}`);
  }
  let event: { event?: string; how?: string; what?: string };
  try {
    event = JSON.parse(line);
  } catch {
    log.unsound.add(`Not JSON: ${visibleText(line)}`);
    return;
  }
  if (event.event === "connected") log.connected++;
  if (event.event === "trouble") log.trouble.add(visibleText(`${event.what}`));
  if (event.how !== undefined) {
    log.ended[event.how] = (log.ended[event.how] ?? 0) + 1;
  }
}

/**
 * Looks at processes. Deno itself may read `/proc` only with all permissions, so
 * a shell does it, without starting anything. When the soak is gone, however
 * that came, it kills the server.
 */
const LOOKER = `
trap '' INT
while read -r pid; do
  rss=; cpu=; waited=
  while read -r key value rest; do
    if [ "$key" = VmRSS: ]; then rss=$value; fi
  done 2>/dev/null </proc/$pid/status
  read -r cpu 2>/dev/null </proc/$pid/stat
  read -r key waited rest 2>/dev/null </proc/$pid/schedstat
  set -- /proc/$pid/fd/*
  echo "$rss $# \${waited:-0} \${cpu##*) }"
done
kill -KILL "$server" 2>/dev/null
`;

/** The kernel's clock ticks a second; Linux shows 100 of them to everybody. */
const TICKS_PER_SECOND = 100;
/** Where `utime` and `stime` stand in `/proc/PID/stat`, behind the name. */
const UTIME_FIELD = 11;
const STIME_FIELD = 12;

class Looker implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #reading: Promise<void>;
  readonly #waiting: ((line: string) => void)[] = [];
  #closed = false;

  constructor(serverPid: number) {
    this.#child = new Deno.Command("sh", {
      args: ["-c", `server=${serverPid}\n${LOOKER}`],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#reading = eachLine(
      this.#child.stdout,
      (line) => this.#waiting.shift()?.(line),
    );
  }

  async look(pid: number): Promise<Look | undefined> {
    if (this.#closed) return undefined;
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#waiting.push(resolve);
    await this.#input.write(new TextEncoder().encode(`${pid}\n`));
    const [kibibytes, fds, waitedNs, ...stat] = (await promise).split(" ");
    if (kibibytes === "") return undefined;
    const ticks = Number(stat[UTIME_FIELD]) + Number(stat[STIME_FIELD]);
    return {
      rssBytes: Number(kibibytes) * 1024,
      fds: Number(fds),
      cpuMs: ticks / TICKS_PER_SECOND * 1000,
      waitedMs: Number(waitedNs) / 1_000_000,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#input.close();
    await this.#reading;
    await this.#child.status;
  }
}
