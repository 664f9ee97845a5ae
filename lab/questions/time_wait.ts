import type { Lab } from "../experiment.ts";
import { type Sockets, sockets } from "../sockets.ts";
import { TimeWaitWatch, type TimeWaitWatched } from "./time_wait_watch.ts";

/** Which side has closed first. */
export type First = "client" | "server";

/** What was left of a connection that was closed in order. */
export interface ClosedSeen extends TimeWaitWatched {
  /** Who has closed first. */
  readonly first: First;
  readonly serverPort: number;
  readonly clientPort: number;
  /** The sockets of both sides, right after both programs had closed. */
  readonly left: Sockets;
}

/** What comes of closing first. */
export interface TimeWaitSeen {
  readonly closed: readonly ClosedSeen[];
  /** A server that was started on the port that is in TIME-WAIT. */
  readonly restart: {
    /** Its command line, as one types it. */
    readonly command: string;
    /** What it has said. */
    readonly output: string;
    /** Whether it listens. */
    readonly listens: boolean;
    /** The sockets on its port. */
    readonly seen: Sockets;
  };
}

/**
 * Closes connections of the real server, once from each side, and watches what is
 * left of them. That takes a minute: {@linkcode TimeWaiting.seen} resolves
 * when it is over.
 */
export class TimeWaiting implements AsyncDisposable {
  readonly #stack: AsyncDisposableStack;
  /** Resolves when nothing is left. */
  readonly seen: Promise<TimeWaitSeen>;

  private constructor(
    stack: AsyncDisposableStack,
    seen: Promise<TimeWaitSeen>,
  ) {
    this.#stack = stack;
    this.seen = seen;
    // Whoever awaits it learns of a failure; nobody may.
    seen.catch(() => {});
  }

  /** Closes both connections, and begins to watch. */
  static async begin(lab: Lab): Promise<TimeWaiting> {
    await using stack = new AsyncDisposableStack();
    const client = await clientFirst(lab);
    stack.use(client.watch);
    const server = await serverFirst(lab);
    stack.use(server.watch);
    const restart = await startAgain(lab, server.serverPort);
    const seen = async () => ({
      closed: [await watched(client), await watched(server)],
      restart,
    });
    return new TimeWaiting(stack.move(), seen());
  }

  /** Watches no more. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

/** A connection that was closed, and what is left of it. */
interface Closed {
  readonly first: First;
  readonly serverPort: number;
  readonly clientPort: number;
  readonly watch: TimeWaitWatch;
}

async function watched({ watch, ...closed }: Closed): Promise<ClosedSeen> {
  return { ...closed, left: watch.first, ...await watch.watched };
}

const CONNECTED = /#1 \S+:(\d+) connected.*\n/;

/** A client that asks for the name, says goodbye, and leaves. */
async function clientFirst({ programs }: Lab): Promise<Closed> {
  await using server = await programs.startServer();
  const serverPort = server.port;
  await programs.ask(serverPort, "name");
  const [, port] = await server.stderr.find(CONNECTED);
  const clientPort = Number(port);
  const watch = await TimeWaitWatch.begin(clientPort, serverPort);
  return { first: "client", serverPort, clientPort, watch };
}

/**
 * A server that is shut down, and a client that closes only when the server has:
 * Parley's own closes as soon as it reads the goodbye, and may be the first.
 */
async function serverFirst({ programs }: Lab): Promise<Closed> {
  await using server = await programs.startServer();
  const serverPort = server.port;
  let clientPort: number;
  {
    using client = await Deno.connect({
      hostname: "127.0.0.1",
      port: serverPort,
    });
    clientPort = client.localAddr.port;
    await server.stderr.find(CONNECTED);
    server.kill("SIGINT");
    const buffer = new Uint8Array(1024);
    while (await client.read(buffer) !== null);
  }
  await server.end();
  const watch = await TimeWaitWatch.begin(serverPort, clientPort);
  return { first: "server", serverPort, clientPort, watch };
}

/** Starts a server on a port, and looks whether it listens. */
async function startAgain(
  { programs }: Lab,
  port: number,
): Promise<TimeWaitSeen["restart"]> {
  await using server = programs.start("server", "--port", `${port}`);
  const listening = server.stdout.find(/^Listening on .*\n/);
  const listens = await Promise.race([
    listening.then(() => true, () => false),
    server.status.then(() => false),
  ]);
  const seen = await sockets({ port });
  if (listens) server.kill("SIGINT");
  const { stdout, stderr } = await server.end();
  return {
    command: `parley-server --port ${port}`,
    output: (stdout + (listens ? "" : stderr)).trimEnd(),
    listens,
    seen,
  };
}
