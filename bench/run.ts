import { freePort } from "../tools/free_port.ts";
import { pause } from "../tools/pause.ts";
import { PACKAGE_FLAGS } from "../tools/packages.ts";
import type { Result } from "./job.ts";
import type { CommandLine, Peer } from "./peers.ts";
import type { Work } from "./works.ts";

/** How long a server may take to listen, in milliseconds. */
const PATIENCE_MS = 15_000;

/** How long to measure. */
export interface Duration {
  /** Before it counts, in milliseconds. */
  readonly warmUpMs: number;
  /** While it counts, in milliseconds. */
  readonly measureMs: number;
}

/** Whether a peer's programs are there. */
export async function isInstalled(peer: Peer): Promise<boolean> {
  const directory = await Deno.makeTempDir();
  try {
    for (const command of commandLines(peer)) {
      const [program] = await command(1, directory, [1]);
      const { success } = await new Deno.Command("sh", {
        args: ["-c", `command -v "$0"`, program!],
        stdout: "null",
      }).output();
      if (!success) return false;
    }
    return true;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/**
 * Starts a fresh server and what it needs, has the generator do one work with
 * it, and ends them.
 */
export async function runOnce(
  work: Work,
  peer: Peer,
  duration: Duration,
): Promise<Result> {
  const directory = await Deno.makeTempDir({ prefix: "parley-bench-" });
  const before: number[] = [];
  const programs: Deno.ChildProcess[] = [];
  try {
    for (const command of commandLines(peer)) {
      const port = freePort();
      const words = await command(port, directory, before);
      programs.push(start(words, directory));
      await listening(port);
      before.push(port);
    }
    const port = before.pop()!;
    const pids = programs.map(({ pid }) => pid);
    const job = { ...work.load(peer), port, before, pids, ...duration };
    return await generate(JSON.stringify(job));
  } finally {
    for (const program of programs.reverse()) {
      program.kill("SIGKILL");
      await program.status;
    }
    await Deno.remove(directory, { recursive: true });
  }
}

/** How all of a peer's programs are started, in this order. */
function commandLines(peer: Peer): CommandLine[] {
  return [...peer.before ?? [], peer.command];
}

/** Starts a program with as many file descriptors as the system lets it have. */
function start(
  command: readonly string[],
  cwd: string,
): Deno.ChildProcess {
  return new Deno.Command("sh", {
    args: ["-c", 'ulimit -n "$(ulimit -Hn)"; exec "$0" "$@"', ...command],
    cwd,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

async function generate(job: string): Promise<Result> {
  const command = [
    Deno.execPath(),
    "run",
    ...PACKAGE_FLAGS,
    "--no-prompt",
    "--allow-net",
    "--allow-run=cat",
    import.meta.resolve("./generator.ts"),
    job,
  ];
  const { success, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", 'ulimit -n "$(ulimit -Hn)"; exec "$0" "$@"', ...command],
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`The generator failed: ${text.decode(stderr)}`);
  return JSON.parse(text.decode(stdout));
}

/** Resolves when somebody accepts connections on a port. */
async function listening(port: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(20);
    }
  }
}
