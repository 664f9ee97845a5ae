// Not in deno.json: Deno would fetch it before any task runs, also where nobody
// wants a cluster.
// deno-lint-ignore-file no-import-prefix
import {
  connect,
  credsAuthenticator,
  type Msg,
  type NatsConnection,
  type NodeConnectionOptions,
} from "npm:@nats-io/transport-node@3.4.0";
import {
  jetstream,
  type JetStreamClient,
  type JetStreamManager,
  jetstreamManager,
} from "npm:@nats-io/jetstream@3.4.0";
import { ClusterError } from "../server/cluster.ts";
import type { Bus, BusMessage } from "./bus.ts";

/** How long a first connection may take, in milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;
/** How long to wait between two attempts to connect again, in milliseconds. */
const RECONNECT_MS = 250;
/** NATS is asked so often whether it is there, in milliseconds. */
const PING_INTERVAL_MS = 1_000;
/** It is gone when so many of these questions have no answer. */
const PINGS_OUT = 2;
/** How long the counting may take, in milliseconds. */
const COUNT_TIMEOUT_MS = 2_000;

/** The status of a message that says: nobody subscribes. */
const NO_RESPONDERS = 503;

/** Which NATS, and who may use it. */
export interface NatsOptions {
  /** The servers, each as `HOST:PORT` or `nats://HOST:PORT`. */
  readonly servers: readonly string[];
  /** The cluster's name; its subjects and its stream have it. */
  readonly cluster: string;
  /** The content of a file of credentials, as NATS's tools write it. */
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
  const connection = await open(options);
  try {
    const manager = await jetstreamManager(connection);
    await makeStream(manager, options.cluster);
    return new NatsBus(connection, jetstream(connection), options.cluster);
  } catch (error) {
    await connection.close();
    const where = options.servers.join(", ");
    throw new ClusterError(
      `NATS at ${where} does not count for us: ${reasonOf(error)}; ` +
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
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: PINGS_OUT,
    ...(credentials && { authenticator: credsAuthenticator(credentials) }),
    ...(caCert !== undefined && { tls: { ca: caCert } }),
  };
  try {
    return await connect(connectOptions);
  } catch (error) {
    throw new ClusterError(
      `Cannot reach NATS at ${servers.join(", ")}: ${reasonOf(error)}; is ` +
        "nats-server running there?",
    );
  }
}

/** Makes the stream that counts, unless another node has. */
async function makeStream(
  manager: JetStreamManager,
  cluster: string,
): Promise<void> {
  await manager.streams.add({
    name: `parley-${cluster}`,
    subjects: [countSubject(cluster)],
    // What counts is the number of the last one.
    max_msgs: 1,
  });
}

function countSubject(cluster: string): string {
  return `parley.${cluster}.count`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

class NatsBus implements Bus {
  connected = true;
  onChange: (connected: boolean, why: string) => void = () => {};
  readonly #connection: NatsConnection;
  readonly #jetStream: JetStreamClient;
  readonly #countSubject: string;
  #closing = false;

  constructor(
    connection: NatsConnection,
    jetStream: JetStreamClient,
    cluster: string,
  ) {
    this.#connection = connection;
    this.#jetStream = jetStream;
    this.#countSubject = countSubject(cluster);
    this.#watch();
  }

  get maxPayload(): number {
    return this.#connection.info!.max_payload;
  }

  subscribe(subject: string, onMessage: (message: BusMessage) => void): void {
    this.#connection.subscribe(subject, {
      callback: (error, message) => {
        if (error === null) onMessage(busMessage(message));
      },
    });
  }

  publish(subject: string, bytes: Uint8Array, replyTo?: string): void {
    if (!this.connected) return;
    const options = replyTo === undefined ? undefined : { reply: replyTo };
    this.#connection.publish(subject, bytes, options);
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

  async next(): Promise<number> {
    if (!this.connected) throw new Error("NATS cannot be reached");
    const { seq } = await this.#jetStream.publish(
      this.#countSubject,
      undefined,
      { timeout: COUNT_TIMEOUT_MS },
    );
    return seq;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    if (this.connected) await this.#connection.drain();
    else await this.#connection.close();
  }

  async #watch(): Promise<void> {
    for await (const status of this.#connection.status()) {
      if (this.#closing) return;
      if (status.type === "disconnect" && this.connected) {
        this.connected = false;
        this.onChange(false, `the connection to ${status.server} was lost`);
      } else if (status.type === "reconnect" && !this.connected) {
        this.connected = true;
        this.onChange(true, `connected to ${status.server}`);
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
