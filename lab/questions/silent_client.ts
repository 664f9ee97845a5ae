import type { Lab } from "../experiment.ts";
import type { Socket, Sockets } from "../sockets.ts";
import { cat, type Printed } from "./cat.ts";
import { lookUntil } from "./look_until.ts";

/** What the kernel does by itself about a client that has dropped off. */
export interface KernelSettings {
  /** How long nothing passes until the kernel asks, in seconds. */
  readonly keepaliveTime: number;
  /** How long until it asks again, in seconds. */
  readonly keepaliveInterval: number;
  /** How often it asks. */
  readonly keepaliveProbes: number;
  /** How often it sends again what is not acknowledged. */
  readonly retries: number;
}

/** How a server finds out that a client is not there any more. */
export interface SilentClientSeen {
  readonly settings: KernelSettings;
  /** Where the settings are from. */
  readonly printed: Printed;
  /** What `parley-server --help` says about its own. */
  readonly help: Printed;
  /** The ping interval and timeout that it has by default, in seconds. */
  readonly defaults: { readonly interval: number; readonly timeout: number };
  /** The server's command line, as one types it. */
  readonly command: string;
  /** How long a client may be quiet until it is asked, in milliseconds. */
  readonly pingIntervalMs: number;
  /** How long it may be quiet after that, in milliseconds. */
  readonly pingTimeoutMs: number;
  /** The server's port. */
  readonly port: number;
  /** The sockets while the client was frozen, and a ping waited to be read. */
  readonly frozen: Sockets;
  /** How many bytes of the ping waited at the frozen client. */
  readonly unread: number;
  /** From the freezing until the server's log said that it had left, in ms. */
  readonly foundAfterMs: number;
  /** The server's log, from the client's connect to its end. */
  readonly log: string;
  /** Why it had left, by the log: `silent`. */
  readonly how: string;
}

const SETTINGS = [
  "tcp_keepalive_time",
  "tcp_keepalive_intvl",
  "tcp_keepalive_probes",
  "tcp_retries2",
].map((name) => `/proc/sys/net/ipv4/${name}`);

const PING_S = 0.5;

/** Freezes a real client, and waits until the server has found out. */
export async function observeSilentClient(
  { programs }: Lab,
): Promise<SilentClientSeen> {
  const printed = await cat(...SETTINGS);
  const [time, interval, probes, retries] = printed.output.split("\n")
    .map(Number);
  const { stdout } = await programs.server("--help");
  const help = stdout.match(/^ +--ping-.*$/gm)!.join("\n");
  const defaults = Array.from(
    help.matchAll(/default ([\d.]+)/g),
    ([, seconds]) => Number(seconds),
  );

  const flags = ["--ping-interval", `${PING_S}`, "--ping-timeout", `${PING_S}`];
  await using server = await programs.startServer(...flags);
  const { port } = server;
  await using client = await programs.startListener(port);
  const [connected] = await server.stderr.find(/.*#1 .* connected.*\n/);
  client.kill("SIGSTOP");
  const startMs = performance.now();
  const unreadIn = (rows: readonly Socket[]) =>
    rows.find(({ state, peer }) => state === "ESTAB" && peer.port === port)
      ?.recvQ ?? 0;
  const frozen = await lookUntil({ port }, (rows) => unreadIn(rows) > 0);
  const [left, how] = await server.stderr.find(/.*#1 .* left \(([\w-]+).*\n/);
  const foundAfterMs = performance.now() - startMs;
  return {
    settings: {
      keepaliveTime: time!,
      keepaliveInterval: interval!,
      keepaliveProbes: probes!,
      retries: retries!,
    },
    printed,
    help: { command: "parley-server --help | grep ping", output: help },
    defaults: { interval: defaults[0]!, timeout: defaults[1]! },
    command: ["parley-server", "--port", `${port}`, ...flags].join(" "),
    pingIntervalMs: PING_S * 1000,
    pingTimeoutMs: PING_S * 1000,
    port,
    frozen,
    unread: unreadIn(frozen.sockets),
    foundAfterMs,
    log: (connected + left).trimEnd(),
    how: how!,
  };
}
