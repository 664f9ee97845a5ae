import { HEADER_SIZE } from "../protocol/mod.ts";
import { PACKAGE_FLAGS } from "../tools/packages.ts";
import { permissionFlags } from "../tools/task.ts";
import type { WireName } from "./job.ts";

/**
 * The command line that starts a program on a port of this machine. `before` are
 * the ports of those that were started before it.
 */
export type CommandLine = (
  port: number,
  directory: string,
  before: readonly number[],
) => Promise<string[]>;

/** A kind of server that is measured. */
export interface Peer {
  /** Its name in tables. */
  readonly name: string;
  /** What "confirmed" means there. */
  readonly confirmed: string;
  /** Whether that is what the receiver itself has confirmed. */
  readonly byReceiver: boolean;
  /** The protocol that it speaks, if it relays messages. */
  readonly wire?: WireName;
  /** What it needs: started before it, in this order. */
  readonly before?: readonly CommandLine[];
  /** How it is started; senders connect to it. */
  readonly command: CommandLine;
  /** How to get it. */
  readonly install: string;
}

const DENO = Deno.execPath();

/** The size of the answer to *time*, in bytes. */
export const TIME_ANSWER_SIZE = HEADER_SIZE + 10 +
  new TextEncoder().encode(
    Intl.DateTimeFormat().resolvedOptions().timeZone,
  ).length;

/** Parley's own server, as its task starts it, with all limits on. */
export const parleyPeer: Peer = {
  name: "parley",
  confirmed: "the receiver confirmed",
  byReceiver: true,
  wire: "parley",
  command: (port) => parleyServer(port),
  install: "",
};

/** Where Debian and Ubuntu have NATS. */
const NATS_INSTALL = "apt-get install nats-server";

/** NATS with JetStream, as the nodes of a cluster need it. */
const natsWithJetStream: CommandLine = (port, directory) =>
  Promise.resolve([
    "nats-server",
    ...["-a", "127.0.0.1", "-p", String(port), "-js", "-sd", directory],
  ]);

/** A node that joins by the NATS that was started first. */
const node: CommandLine = (port, _directory, [nats]) =>
  parleyServer(
    port,
    ...["--cluster", `nats://127.0.0.1:${nats}`, "--name", `node-${port}`],
  );

/** Two of Parley's servers that act as one: receivers are at the first. */
export const clusterPeer: Peer = {
  name: "parley, two nodes",
  confirmed: "the receiver confirmed",
  byReceiver: true,
  wire: "parley",
  before: [natsWithJetStream, node],
  command: node,
  install: NATS_INSTALL,
};

/** The ceiling for a cluster: NATS's own request and reply, by its library. */
export const natsRequestPeer: Peer = {
  name: "bare NATS",
  confirmed: "the responder answered",
  byReceiver: true,
  before: [natsWithJetStream],
  command: (port, _directory, [nats]) =>
    Promise.resolve([
      DENO,
      "run",
      "--no-prompt",
      "--allow-net",
      import.meta.resolve("./nats_responder.ts"),
      String(nats),
      String(port),
    ]),
  install: NATS_INSTALL,
};

/** The ceiling: a server that answers every 16 bytes with a fixed answer. */
export const echoPeer: Peer = {
  name: "bare Deno",
  confirmed: "answered, nothing looked at",
  byReceiver: false,
  command: (port) =>
    Promise.resolve([
      DENO,
      "run",
      "--no-prompt",
      "--allow-net",
      import.meta.resolve("./echo.ts"),
      String(port),
      String(TIME_ANSWER_SIZE),
    ]),
  install: "",
};

/** The brokers that it is compared with, where they are installed. */
export const brokers: readonly Peer[] = [
  {
    name: "nats-server",
    confirmed: "the receiver answered",
    byReceiver: true,
    wire: "nats",
    command: (port) =>
      Promise.resolve(["nats-server", "-a", "127.0.0.1", "-p", String(port)]),
    install: NATS_INSTALL,
  },
  {
    name: "mosquitto",
    confirmed: "the broker took it (QoS 1)",
    byReceiver: false,
    wire: "mqtt",
    command: async (port, directory) => {
      const path = `${directory}/mosquitto.conf`;
      await Deno.writeTextFile(
        path,
        [
          `listener ${port} 127.0.0.1`,
          "allow_anonymous true",
          // Its default of 20 would be the limit that is measured.
          "max_inflight_messages 0",
          "max_queued_messages 0",
          "set_tcp_nodelay true",
          "",
        ].join("\n"),
      );
      return ["mosquitto", "-c", path];
    },
    install: "apt-get install mosquitto",
  },
  {
    name: "aedes",
    confirmed: "the broker took it (QoS 1)",
    byReceiver: false,
    wire: "mqtt",
    command: (port) =>
      Promise.resolve([
        DENO,
        "run",
        "--no-prompt",
        "--allow-all",
        import.meta.resolve("./aedes.ts"),
        String(port),
      ]),
    install: "nothing to do: Deno gets it from npm",
  },
  {
    name: "redis-server",
    confirmed: "the server queued it (PUBLISH)",
    byReceiver: false,
    wire: "redis",
    command: (port) =>
      Promise.resolve([
        "redis-server",
        ...["--bind", "127.0.0.1", "--port", String(port)],
        ...["--save", "", "--appendonly", "no"],
        ...["--client-output-buffer-limit", "pubsub 0 0 0"],
      ]),
    install: "apt-get install redis-server",
  },
];

/** Parley's server, as its task starts it. */
function parleyServer(port: number, ...flags: string[]): Promise<string[]> {
  return Promise.resolve([
    DENO,
    "run",
    ...PACKAGE_FLAGS,
    ...permissionFlags("server"),
    import.meta.resolve("../server.ts"),
    "--port",
    String(port),
    ...flags,
  ]);
}
