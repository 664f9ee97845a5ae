import { pause } from "../tools/pause.ts";
import { PACKAGE_FLAGS } from "../tools/packages.ts";
import type { Result } from "./job.ts";
import type { Peer } from "./peers.ts";
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

/** Whether a peer's program is there. */
export async function isInstalled(peer: Peer): Promise<boolean> {
  const directory = await Deno.makeTempDir();
  try {
    const [program] = await peer.command(1, directory);
    const { success } = await new Deno.Command("sh", {
      args: ["-c", `command -v "$0"`, program!],
      stdout: "null",
    }).output();
    return success;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Starts a fresh server, has the generator do one work with it, and ends it. */
export async function runOnce(
  work: Work,
  peer: Peer,
  duration: Duration,
): Promise<Result> {
  const directory = await Deno.makeTempDir({ prefix: "parley-bench-" });
  const port = freePort();
  const command = await peer.command(port, directory);
  const server = start(command, directory);
  try {
    await listening(port);
    const job = { ...work.load(peer), port, pid: server.pid, ...duration };
    return await generate(JSON.stringify(job));
  } finally {
    server.kill("SIGKILL");
    await server.status;
    await Deno.remove(directory, { recursive: true });
  }
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

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
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
