// Not in deno.json: Deno would fetch it before any task runs, also where nobody
// wants a cluster.
// deno-lint-ignore-file no-import-prefix
import {
  type Authenticator,
  AuthorizationError,
  connect,
  credsAuthenticator,
  type Msg,
  type NatsConnection,
  type NodeConnectionOptions,
  RequestError,
  TimeoutError,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
} from "npm:@nats-io/transport-node@3.4.0";
import {
  jetstream,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstreamManager,
} from "npm:@nats-io/jetstream@3.4.0";
import { ClusterError } from "../server/cluster.ts";
import type { Bus, BusMessage, BusTrouble } from "./bus.ts";
import { ignoreStraySocketErrors } from "./stray_errors.ts";

/** How long a first connection may take, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;
/**
 * How long to wait between two attempts to connect again, in milliseconds, and at
 * most how much longer. Both together are less than a node that joins gives the
 * others to be heard: if NATS has lost its count, their numbers are not for it.
 */
const RECONNECT_MS = 100;
const RECONNECT_JITTER_MS = 50;
/** NATS is asked so often whether it is there, in milliseconds. */
const PING_INTERVAL_MS = 1_000;
/** It is gone when so many of these questions have no answer. */
const PINGS_OUT = 2;
/** How long the counting may take, in milliseconds. */
const COUNT_TIMEOUT_MS = 2_000;

/** How long NATS may take to take what was published last, in milliseconds. */
const DRAIN_TIMEOUT_MS = 1_000;

/** The status of a message that says: nobody subscribes. */
const NO_RESPONDERS = 503;

/** JetStream's error: there is a stream of that name, and it is another. */
const STREAM_NAME_IN_USE = 10058;

/** Which NATS, and who may use it. */
export interface NatsOptions {
  /** The servers, each as `HOST:PORT` or `nats://HOST:PORT`. */
  readonly servers: readonly string[];
  /** The cluster's name; its subjects and its stream have it. */
  readonly cluster: string;
  /**
   * The content of a file of credentials: as NATS's tools write it, or
   * `USER:PASSWORD`, or a token.
   */
  readonly credentials?: Uint8Array;
  /** Encrypts, and trusts this certificate, in PEM, besides those of the system. */
  readonly caCert?: string;
}

/**
 * Joins the nodes by NATS. Counting is JetStream's: the number of a message in a
 * stream, which no other message ever has, not after a restart either.
 *
 * @throws {ClusterError} If there is no NATS, or none with JetStream; the message
 * says what to do.
 */
export async function natsBus(options: NatsOptions): Promise<Bus> {
  ignoreStraySocketErrors();
  const connection = await open(options);
  try {
    const manager = await jetstreamManager(connection);
    const counter = new Counter(connection, manager, options.cluster);
    await counter.begin();
    return new NatsBus(connection, counter);
  } catch (error) {
    await connection.close();
    const where = options.servers.join(", ");
    throw new ClusterError(
      isTimeout(error)
        ? `NATS at ${where} took the connection and answers nothing; is it ` +
          "stopped, or busy?"
        : `NATS at ${where} does not count for us: ${reasonOf(error)}; ` +
          "the cluster's numbers need JetStream (nats-server -js)",
    );
  }
}

async function open(
  { servers, credentials, caCert }: NatsOptions,
): Promise<NatsConnection> {
  const connectOptions: NodeConnectionOptions = {
    servers: [...servers],
    name: "parley-server",
    timeout: CONNECT_TIMEOUT_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    reconnectJitterTLS: RECONNECT_JITTER_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: PINGS_OUT,
    // Who may come in can change, and change back; until then it is tried.
    ignoreAuthErrorAbort: true,
    ...(credentials && { authenticator: authenticatorOf(credentials) }),
    ...(caCert !== undefined && { tls: { ca: caCert } }),
  };
  try {
    return await connect(connectOptions);
  } catch (error) {
    const where = servers.join(", ");
    throw new ClusterError(
      error instanceof AuthorizationError
        ? `NATS at ${where} does not let us in: ${reasonOf(error)}; ` +
          "--cluster-credentials names a file that says who we are"
        : `Cannot reach NATS at ${where}: ${reasonOf(error)}; is nats-server ` +
          "running there?",
    );
  }
}

function authenticatorOf(credentials: Uint8Array): Authenticator {
  const text = new TextDecoder().decode(credentials).trim();
  if (text.startsWith("-----BEGIN ")) return credsAuthenticator(credentials);
  const [, user, password] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  return user === undefined
    ? tokenAuthenticator(text)
    : usernamePasswordAuthenticator(user, password);
}

function reasonOf(error: unknown): string {
  if (isTimeout(error)) return "it does not answer in time";
  return error instanceof Error ? error.message : String(error);
}

function isTimeout(error: unknown): boolean {
  return error instanceof TimeoutError ||
    error instanceof Error && error.cause instanceof TimeoutError;
}

/** Counts for all nodes of a cluster: by the number of a message in a stream. */
class Counter {
  readonly #jetStream: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #stream: string;
  readonly #subject: string;

  constructor(
    connection: NatsConnection,
    manager: JetStreamManager,
    cluster: string,
  ) {
    this.#jetStream = jetstream(connection);
    this.#manager = manager;
    this.#stream = `parley-${cluster}`;
    this.#subject = `parley.${cluster}.count`;
  }

  /** Makes the stream, unless it is there: another node may have, or a person. */
  async begin(): Promise<void> {
    const name = this.#stream;
    try {
      await this.#manager.streams.add({
        name,
        subjects: [this.#subject],
        // What counts is the number of the last one.
        max_msgs: 1,
      });
    } catch (error) {
      const isAnother = error instanceof JetStreamApiError &&
        error.code === STREAM_NAME_IN_USE;
      if (!isAnother) throw error;
      const { config } = await this.#manager.streams.info(name);
      if (config.subjects?.includes(this.#subject)) return;
      throw new Error(
        `the stream ${name} was made without the subject ${this.#subject}`,
      );
    }
  }

  /** The next number; above `above`, even if the stream is a new one. */
  async next(above: number): Promise<number> {
    for (;;) {
      const number = await this.#next();
      if (number > above) return number;
      // Has the next message have this number, if it would have a smaller one.
      await this.#manager.streams.purge(this.#stream, { seq: above + 1 });
    }
  }

  async #next(): Promise<number> {
    const options = { timeout: COUNT_TIMEOUT_MS };
    const publish = () =>
      this.#jetStream.publish(this.#subject, undefined, options);
    try {
      return (await publish()).seq;
    } catch (error) {
      // If nobody takes it there is no stream any more: NATS has lost it.
      const { cause } = error as Error;
      if (!(cause instanceof RequestError && cause.isNoResponders())) {
        throw error;
      }
      await this.begin();
      return (await publish()).seq;
    }
  }
}

class NatsBus implements Bus {
  connected = true;
  connection = 1;
  readonly ownAddress: string | undefined;
  readonly maxPayload: number;
  onChange: (connected: boolean, why: string) => void = () => {};
  onTrouble: (trouble: BusTrouble) => void = () => {};
  readonly #connection: NatsConnection;
  readonly #counter: Counter;
  #closing = false;

  constructor(connection: NatsConnection, counter: Counter) {
    this.#connection = connection;
    this.#counter = counter;
    const { client_ip: ownAddress, max_payload } = connection.info!;
    this.ownAddress = ownAddress;
    this.maxPayload = max_payload;
    this.#watch();
  }

  subscribe(subject: string, onMessage: (message: BusMessage) => void): void {
    this.#connection.subscribe(subject, {
      callback: (error, message) => {
        // An error is one of the connection's, and told of there.
        if (error !== null) return;
        try {
          onMessage(busMessage(message));
        } catch (error) {
          const what = `a message under ${message.subject} is of no node: ` +
            reasonOf(error);
          this.onTrouble({ kind: "nonsense", what });
        }
      },
    });
  }

  publish(subject: string, bytes: Uint8Array, replyTo?: string): void {
    if (!this.connected) return;
    const options = replyTo === undefined ? undefined : { reply: replyTo };
    try {
      this.#connection.publish(subject, bytes, options);
    } catch (error) {
      const what = `NATS does not take ${bytes.length} bytes under ` +
        `${subject}: ${reasonOf(error)}`;
      this.onTrouble({ kind: "refused", what });
    }
  }

  async request(
    subject: string,
    bytes: Uint8Array,
    timeoutMs: number,
  ): Promise<Uint8Array> {
    const options = { timeout: timeoutMs };
    const message = await this.#connection.request(subject, bytes, options);
    return message.data;
  }

  async next(above: number): Promise<number> {
    if (!this.connected) throw new Error("NATS cannot be reached");
    try {
      return await this.#counter.next(above);
    } catch (error) {
      if (!isTimeout(error)) throw error;
      throw new Error("NATS does not answer in time", { cause: error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    // What was published last is to get there, if NATS takes it.
    const drained = this.connected
      ? this.#connection.drain().catch(() => {})
      : undefined;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, DRAIN_TIMEOUT_MS);
    await Promise.race([drained, late]);
    clearTimeout(timer);
    await this.#connection.close();
  }

  async #watch(): Promise<void> {
    for await (const status of this.#connection.status()) {
      if (this.#closing) return;
      if (status.type === "disconnect" && this.connected) {
        this.connected = false;
        this.onChange(false, `the connection to ${status.server} was lost`);
      } else if (status.type === "reconnect" && !this.connected) {
        this.connected = true;
        this.connection++;
        this.onChange(true, `connected to ${status.server}`);
      } else if (status.type === "error" && this.connected) {
        const what = `NATS says: ${reasonOf(status.error)}`;
        this.onTrouble({ kind: "refused", what });
      }
    }
  }
}

function busMessage(message: Msg): BusMessage {
  return {
    subject: message.subject,
    bytes: message.data,
    noResponders: message.headers?.code === NO_RESPONDERS,
    respond: (bytes) => {
      message.respond(bytes);
    },
  };
}
