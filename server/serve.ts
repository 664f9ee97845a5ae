import { MAX_TEXT } from "../protocol/mod.ts";
import { bindError } from "./bind_error.ts";
import { LocalDeliveries } from "./deliveries.ts";
import type { ServerEvent } from "./events.ts";
import { DEFAULT_LIMITS, type ServerLimits } from "./limits.ts";
import { LocalRoster } from "./roster.ts";
import type { ServerContext } from "./server_context.ts";
import { type Leave, Session } from "./session.ts";

/** The longest name that a server may have, in bytes of UTF-8. */
const MAX_NAME_SIZE = 255;

/** How long to wait after `accept` failed before trying again. */
const ACCEPT_RETRY_MS = 100;

/** What a server can be told. */
export interface ServeOptions extends Partial<ServerLimits> {
  /**
   * The IP address or host name to listen on. `0.0.0.0` or `::` opens the
   * server to other machines.
   *
   * @default {"127.0.0.1"}
   */
  readonly hostname?: string;
  /**
   * The TCP port; 0 picks a free one.
   *
   * @default {2203}
   */
  readonly port?: number;
  /**
   * The server's name, as clients are told it.
   *
   * @default {Deno.hostname()}
   */
  readonly name?: string;
  /** Called with everything that happens, in order. It must not throw. */
  readonly onEvent?: (event: ServerEvent) => void;
  /**
   * Whether every request and its answer is an event too.
   *
   * @default {false}
   */
  readonly trace?: boolean;
}

/** A server that runs. */
export interface Server extends AsyncDisposable {
  /** The address it listens on. */
  readonly address: string;
  /** The port it listens on. */
  readonly port: number;
  /** Resolves when the server is closed. */
  readonly finished: Promise<void>;
  /**
   * Ends what is under way, tells every client `why`, and closes. Resolves when
   * all is closed, about a second later at the most.
   */
  shutdown(why?: string): Promise<void>;
}

/**
 * Starts a server. It runs until {@linkcode Server.shutdown}.
 *
 * @throws {BindError} If it cannot listen there; the message says what to do.
 * @throws {RangeError} If the name has more than 255 bytes, or longer texts are
 * allowed than a client takes.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Client } from "../client/mod.ts";
 *
 * await using server = await serve({ port: 0, name: "lab" });
 * await using client = await Client.connect({ port: server.port });
 * assertEquals(await client.name(), "lab");
 * ```
 */
export async function serve(options: ServeOptions = {}): Promise<Server> {
  const { hostname = "127.0.0.1", port = 2203, trace = false } = options;
  const limits: ServerLimits = { ...DEFAULT_LIMITS, ...options };
  if (limits.maxText > MAX_TEXT) {
    throw new RangeError(
      `Expected a longest text of at most ${MAX_TEXT} bytes, got ${limits.maxText}`,
    );
  }
  const name = checkName(options.name ?? Deno.hostname());
  const report = options.onEvent ?? (() => {});

  const listener = await listen(hostname, port);
  const roster = new LocalRoster();
  const deliveries = new LocalDeliveries(roster, limits);
  const context: ServerContext = {
    name,
    limits,
    roster,
    deliveries,
    trace,
    report,
  };
  const sessions = new Set<Session>();
  const running = new Set<Promise<void>>();
  const finished = Promise.withResolvers<void>();
  const closing = new AbortController();

  const onLeave = (session: Session, leave: Leave) => {
    roster.remove(session);
    const { id, address, port, connectedMs } = session;
    const connectedForMs = Date.now() - connectedMs;
    const clients = roster.size;
    report({
      event: "left",
      id,
      address,
      port,
      ...leave,
      connectedForMs,
      clients,
    });
  };

  const host = async (conn: Deno.TcpConn) => {
    conn.setNoDelay();
    const { hostname, port } = conn.remoteAddr;
    const id = await context.roster.claim();
    const session = new Session(
      { id, transport: conn, address: hostname, port, onLeave },
      context,
    );
    sessions.add(session);
    session.greet();
    roster.add(session);
    const { address } = session;
    report({ event: "connected", id, address, port, clients: roster.size });
    if (closing.signal.aborted) session.dismiss(closing.signal.reason);
    await session.run();
    sessions.delete(session);
  };

  const acceptAll = async () => {
    while (!closing.signal.aborted) {
      let conn: Deno.TcpConn;
      try {
        conn = await listener.accept();
      } catch (error) {
        if (closing.signal.aborted) return;
        report({ event: "trouble", what: `cannot accept a client: ${error}` });
        await pause(ACCEPT_RETRY_MS, closing.signal);
        continue;
      }
      const hosted = host(conn)
        .catch((error) => {
          report({ event: "trouble", what: `a client was dropped: ${error}` });
          conn[Symbol.dispose]();
        })
        .finally(() => running.delete(hosted));
      running.add(hosted);
    }
  };

  const close = async (why: string) => {
    closing.abort(why);
    listener.close();
    report({ event: "shutting-down", why, clients: roster.size });
    deliveries.close();
    await accepting;
    for (const session of sessions) session.dismiss(why);
    while (running.size > 0) await Promise.all(running);
    deliveries[Symbol.dispose]();
    report({ event: "closed" });
    finished.resolve();
  };

  const accepting = acceptAll();
  const { hostname: address, port: actualPort } = listener.addr;
  report({ event: "listening", name, address, port: actualPort });
  const server: Server = {
    address,
    port: actualPort,
    finished: finished.promise,
    shutdown(why = "it was told to") {
      if (!closing.signal.aborted) close(why);
      return finished.promise;
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return server;
}

function checkName(name: string): string {
  const size = new TextEncoder().encode(name).length;
  if (size <= MAX_NAME_SIZE) return name;
  throw new RangeError(
    `Expected a name of at most ${MAX_NAME_SIZE} bytes, got one of ${size}`,
  );
}

async function listen(
  hostname: string,
  port: number,
): Promise<Deno.TcpListener> {
  try {
    return Deno.listen({ hostname, port });
  } catch (error) {
    throw await bindError(error, hostname, port);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
