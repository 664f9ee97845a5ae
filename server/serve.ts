import { encodeToken, formatEndpoint, MAX_TEXT } from "../protocol/mod.ts";
import { ExpiryQueue, type Tap, TimerWheel } from "../link/mod.ts";
import { acceptAll } from "./accept.ts";
import { Admission } from "./admission.ts";
import { bindError, certificateError } from "./bind_error.ts";
import { LocalDeliveries } from "./deliveries.ts";
import type { Encrypt, ServerTls } from "./encryption.ts";
import type { Cluster, Join, JoinCluster } from "./cluster.ts";
import type { ServerEvent } from "./events.ts";
import { DEFAULT_LIMITS, type ServerLimits } from "./limits.ts";
import { Reception } from "./reception.ts";
import { LocalRoster } from "./roster.ts";
import { MessageMeter } from "./message_meter.ts";
import type { ServerContext } from "./server_context.ts";
import type { TokenCheck } from "./token_check.ts";

/** The longest name that a server may have, in bytes of UTF-8. */
const MAX_NAME_SIZE = 255;

/** The greatest number that a client can have. */
const MAX_NUMBER = 0xffffffff;

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
  /**
   * The token that clients have to give before anything else of them is
   * answered: bytes, or a text that stands for its UTF-8; 1 to 1,024 bytes.
   *
   * @default {undefined} Anybody is let in.
   */
  readonly token?: string | Uint8Array;
  /**
   * Encrypts all connections.
   *
   * @default {undefined} Nothing is encrypted.
   */
  readonly tls?: ServerTls;
  /** Looks at the bytes of every connection: a {@linkcode Capture}, say. */
  readonly tap?: Tap;
  /**
   * Joins a cluster, so that several servers act as one.
   *
   * @default {undefined} The server is on its own.
   */
  readonly join?: JoinCluster;
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
   * Takes no new work, waits for what is under way, for `drainTimeoutMs` at the
   * most, tells every client `why`, and closes. Resolves when all is closed,
   * about a second after that at the most.
   */
  shutdown(why?: string): Promise<void>;
}

/**
 * Starts a server. It runs until {@linkcode Server.shutdown}.
 *
 * @throws {BindError} If it cannot listen there; the message says what to do.
 * @throws {ClusterError} If it cannot join the cluster that it is to join.
 * @throws {RangeError} If the name has more than 255 bytes, the token none or
 * more than 1,024, longer texts are allowed than a client takes, or clients get
 * no time at all to read or to finish a frame.
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
  checkLimits(limits);
  const name = checkName(options.name ?? Deno.hostname());
  const report = options.onEvent ?? (() => {});
  const checkToken = await makeTokenCheck(options.token);

  const encrypt = await makeEncrypt(options.tls);
  const listener = await listen(hostname, port);
  const closing = new AbortController();
  const finished = Promise.withResolvers<void>();
  const roster = new LocalRoster();
  const localDeliveries = new LocalDeliveries(roster, limits);
  const wheel = new TimerWheel();
  const sent = new MessageMeter(1000 / wheel.tickMs);
  const { hostname: address, port: actualPort } = listener.addr;
  const self = {
    name,
    address: formatEndpoint(address, actualPort),
    sinceMs: Date.now(),
  };
  const messagesPerSecond = () => sent.lastSecond(wheel.now);
  const join = options.join as Join | undefined;
  let cluster: Cluster | undefined;
  try {
    cluster = await join?.({
      ...self,
      roster,
      deliveries: localDeliveries,
      limits,
      messagesPerSecond,
      report,
    });
  } catch (error) {
    listener.close();
    localDeliveries[Symbol.dispose]();
    wheel[Symbol.dispose]();
    throw error;
  }
  const deliveries = cluster?.deliveries ?? localDeliveries;
  const nodes = () =>
    cluster?.nodes() ?? [{
      ...self,
      self: true,
      missing: false,
      clients: roster.size,
      messagesPerSecond: messagesPerSecond(),
      roundTripUs: 0,
      ranges: [{ first: 1, last: MAX_NUMBER }],
    }];
  const context: ServerContext = {
    name,
    limits,
    admission: new Admission(limits),
    checkToken,
    roster: cluster?.roster ?? roster,
    deliveries,
    sent,
    nodes,
    wheel,
    logins: new ExpiryQueue(limits.loginTimeoutMs),
    closing: closing.signal,
    trace,
    report,
  };
  const { tap } = options;
  const reception = new Reception(context, roster, { encrypt, tap });

  const close = async (why: string) => {
    closing.abort(why);
    listener.close();
    cluster?.leave();
    report({ event: "shutting-down", why, clients: roster.size });
    const drainTimer = setTimeout(
      () => deliveries.close(),
      limits.drainTimeoutMs,
    );
    await Promise.all([accepting, deliveries.drain()]);
    clearTimeout(drainTimer);
    await reception.close(why);
    await cluster?.[Symbol.asyncDispose]();
    localDeliveries[Symbol.dispose]();
    context.admission[Symbol.dispose]();
    context.logins[Symbol.dispose]();
    context.wheel[Symbol.dispose]();
    report({ event: "closed" });
    finished.resolve();
  };

  const accepting = acceptAll(
    listener,
    closing.signal,
    (conn) => reception.receive(conn),
    report,
  );
  report({
    event: "listening",
    name,
    address,
    port: actualPort,
    tls: encrypt !== undefined,
    tokenWanted: checkToken !== undefined,
  });
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

function checkLimits(limits: ServerLimits): void {
  if (limits.maxText > MAX_TEXT) {
    throw new RangeError(
      `Expected a longest text of at most ${MAX_TEXT} bytes, got ${limits.maxText}`,
    );
  }
  // The clock that rates are measured by goes on while these are waited for.
  for (const name of ["stallTimeoutMs", "frameTimeoutMs"] as const) {
    if (limits[name] > 0) continue;
    throw new RangeError(
      `Expected ${name} to be more than 0, got ${limits[name]}`,
    );
  }
}

function checkName(name: string): string {
  const size = new TextEncoder().encode(name).length;
  if (size <= MAX_NAME_SIZE) return name;
  throw new RangeError(
    `Expected a name of at most ${MAX_NAME_SIZE} bytes, got one of ${size}`,
  );
}

async function makeTokenCheck(
  token: string | Uint8Array | undefined,
): Promise<TokenCheck | undefined> {
  if (token === undefined) return undefined;
  const bytes = encodeToken(token);
  // Loaded only here: most servers do without, and start the sooner.
  const { tokenCheck } = await import("./token_check.ts");
  return tokenCheck(bytes);
}

async function makeEncrypt(
  tls: ServerTls | undefined,
): Promise<Encrypt | undefined> {
  if (tls === undefined) return undefined;
  // Loaded only here, as the token's check.
  const { encryption } = await import("./encryption.ts");
  try {
    return encryption(tls);
  } catch (error) {
    throw certificateError(error);
  }
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
