import { type CapturedSegment, readCapture } from "../capture/read_capture.ts";
import { TcpFlag } from "../capture/tcp_packet.ts";
import type { Endpoint } from "../link/mod.ts";
import type { Obstacle } from "./experiment.ts";

/** How long `dumpcap` may take to begin, in milliseconds. */
const START_TIMEOUT_MS = 10_000;

/**
 * The kernel keeps what it has captured until a block is full, or for the 250 ms
 * that `dumpcap` asks for; when `dumpcap` ends, what is still there is lost. When
 * nothing has come for twice this time, nothing is there. It is waited for in
 * steps: where a whole machine stands still, one of them is all that is lost.
 */
const HANDED_OVER_MS = 500;
const STEPS = 10;

/** A stream of packets that never ends is not waited for longer than this. */
const QUIET_TIMEOUT_MS = 10_000;

/** Whatever happens to who started it, it ends by itself, after this time. */
const LONGEST_S = 3_600;

/** The kernel's room for what `dumpcap` has not taken yet, in MiB. */
const BUFFER_MIB = 16;

/** Whether segments are all that was sent. */
type Whole = (segments: readonly CapturedSegment[]) => boolean;

/** All that capture. */
const capturing = new Set<Deno.ChildProcess>();

/** Ends all captures, as they are: for a tool that is told to end at once. */
export function endWires(): void {
  for (const child of capturing) child.kill("SIGKILL");
}

/** What is captured, and where to. */
export interface WireOptions {
  /** The network interface: `lo` is this machine's talk with itself. */
  readonly interface: string;
  /** Only TCP segments from or to this port. */
  readonly port: number;
  /** The file (pcapng) that the capture will be in. */
  readonly file: string;
  /**
   * A command line to put before that of `dumpcap`, which must become `dumpcap`:
   * `["ip", "netns", "exec", "lab"]` listens on another network.
   *
   * @default {[]}
   */
  readonly starter?: readonly string[];
}

/**
 * Captures what is really on the wire, by `dumpcap` of Wireshark. Linux, and
 * only root may do it; {@linkcode whyNoWire} says whether it can be done.
 *
 * @example Usage
 * ```ts ignore
 * await using wire = await Wire.listen({
 *   interface: "lo",
 *   port: 2203,
 *   file: "visit.pcapng",
 * });
 * await visit();
 * const segments = await wire.stop();
 * console.log(segments.filter(({ payload }) => payload.length > 0).length);
 * ```
 */
export class Wire implements AsyncDisposable {
  /** The command line that captures, as one types it. */
  readonly command: string;
  /** The file that the capture will be in. */
  readonly file: string;
  readonly #child: Deno.ChildProcess;
  /** The capture as far as it has come. */
  readonly #chunks: Uint8Array[] = [];
  /** Resolves when no more of it comes. */
  readonly #ended: Promise<void>;
  /** What `dumpcap` says. */
  #said = "";
  #saidAll: Promise<void> = Promise.resolve();
  #onChunk: () => void = () => {};
  #stopped: Promise<CapturedSegment[]> | undefined;

  private constructor({ starter = [], ...options }: WireOptions) {
    const filter = `tcp port ${options.port}`;
    const common = ["dumpcap", "-q", "-p", "-i", options.interface];
    const words = [...starter, ...common];
    this.command = [...words, "-f", `'${filter}'`, "-w", options.file]
      .join(" ");
    this.file = options.file;
    // It writes to a pipe, so that one sees what comes, and it does not matter
    // which files it may write: it gives up most of root's rights.
    const [program, ...args] = [
      ...[...words, "-B", `${BUFFER_MIB}`],
      ...["-a", `duration:${LONGEST_S}`, "-f", filter, "-w", "-"],
    ];
    this.#child = new Deno.Command(program!, {
      args,
      env: { LC_ALL: "C" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    capturing.add(this.#child);
    this.#child.status.then(() => capturing.delete(this.#child));
    this.#ended = this.#read();
  }

  /**
   * Begins to capture. When this resolves, the kernel does: whatever is sent
   * from now on will be in it.
   *
   * @throws {Error} With what `dumpcap` says, if it cannot.
   */
  static async listen(options: WireOptions): Promise<Wire> {
    const wire = new Wire(options);
    try {
      await wire.#begun();
      return wire;
    } catch (error) {
      await wire.#end("SIGKILL");
      throw error;
    }
  }

  /**
   * Waits until all that is on its way is captured, ends the capture, writes the
   * file, and returns what is in it: all segments, in their order. Whoever knows
   * what has to be in it says so by `until`: it is waited for, ten seconds at
   * most.
   *
   * @throws {Error} If `dumpcap` has failed meanwhile, or lost packets.
   */
  stop(until: Whole = () => true): Promise<CapturedSegment[]> {
    return this.#stopped ??= this.#stop(until);
  }

  /** Ends the capture; the file is written only by {@linkcode Wire.stop}. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stopped === undefined) await this.#end("SIGKILL");
    else await Promise.allSettled([this.#stopped]);
  }

  async #stop(until: Whole): Promise<CapturedSegment[]> {
    const untilMs = performance.now() + QUIET_TIMEOUT_MS;
    do await this.#quiet(); while (
      !await this.#holds(until) && performance.now() < untilMs
    );
    const { success } = await this.#end("SIGINT");
    if (!success) throw this.#failed();
    const [, lost = 0] = /received\/dropped on interface .*: \d+\/(\d+)/
      .exec(this.#said) ?? [];
    if (Number(lost) > 0) throw this.#failed();
    const bytes = await this.#captured();
    await Deno.writeFile(this.file, bytes);
    return readCapture(bytes);
  }

  /** Waits until `dumpcap` says that it captures; until then nothing is. */
  async #begun(): Promise<void> {
    const begun = Promise.withResolvers<void>();
    const timer = setTimeout(
      () => begun.reject(this.#failed()),
      START_TIMEOUT_MS,
    );
    // Its filter is in force when it names the file, and when it writes to it.
    this.#onChunk = begun.resolve;
    this.#saidAll = this.#listen(() => {
      if (this.#said.includes("File: ")) begun.resolve();
    });
    this.#saidAll.then(() => begun.reject(this.#failed()));
    await begun.promise.finally(() => clearTimeout(timer));
  }

  /** Waits until nothing has come for a while. */
  async #quiet(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    let steps = 0;
    const timer = setInterval(() => {
      if (++steps === STEPS) resolve();
    }, HANDED_OVER_MS / STEPS);
    const deadline = setTimeout(resolve, QUIET_TIMEOUT_MS);
    this.#onChunk = () => steps = 0;
    await Promise.race([promise, this.#ended]);
    this.#onChunk = () => {};
    clearInterval(timer);
    clearTimeout(deadline);
  }

  /** Whether what has come so far is all that is waited for. */
  async #holds(until: Whole): Promise<boolean> {
    try {
      return until(readCapture(await this.#captured()));
    } catch {
      // The end of it is still on its way.
      return false;
    }
  }

  /** What has come so far. */
  async #captured(): Promise<Uint8Array<ArrayBuffer>> {
    return await new Blob(this.#chunks as BlobPart[]).bytes();
  }

  async #end(signal: Deno.Signal): Promise<Deno.CommandStatus> {
    try {
      this.#child.kill(signal);
    } catch {
      // It has ended by itself.
    }
    const [status] = await Promise.all([
      this.#child.status,
      this.#ended,
      this.#saidAll,
    ]);
    return status;
  }

  async #read(): Promise<void> {
    for await (const chunk of this.#child.stdout) {
      this.#chunks.push(chunk);
      this.#onChunk();
    }
  }

  async #listen(onText: () => void): Promise<void> {
    const text = this.#child.stderr.pipeThrough(new TextDecoderStream());
    for await (const piece of text) {
      this.#said += piece;
      onText();
    }
  }

  #failed(): Error {
    return new Error(`${this.command}: ${this.#said.trim()}`);
  }
}

/** Whether both sides of each connection have sent their last. */
export function allEnded(segments: readonly CapturedSegment[]): boolean {
  const way = (from: Endpoint, to: Endpoint) =>
    `${from.address} ${from.port} ${to.address} ${to.port}`;
  const ended = new Set<string>();
  for (const { from, to, flags } of segments) {
    if (flags & (TcpFlag.fin | TcpFlag.rst)) ended.add(way(from, to));
    if (flags & TcpFlag.rst) ended.add(way(to, from));
  }
  return segments.length > 0 &&
    segments.every(({ from, to }) =>
      ended.has(way(from, to)) && ended.has(way(to, from))
    );
}

/** Why the wire cannot be listened to on this machine, if it cannot. */
export async function whyNoWire(): Promise<Obstacle | undefined> {
  if (Deno.build.os !== "linux") return { kind: "not-linux" };
  if (Deno.uid() !== 0) return { kind: "not-root" };
  try {
    // No packet has port 0.
    const options = { interface: "lo", port: 0, file: "" };
    await using _wire = await Wire.listen(options);
    return undefined;
  } catch (error) {
    return error instanceof Deno.errors.NotFound
      ? { kind: "missing", program: "dumpcap", package: "wireshark-common" }
      : { kind: "refused", message: (error as Error).message };
  }
}
