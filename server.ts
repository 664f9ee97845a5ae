/**
 * The server: `parley-server [flags]`. See README.md.
 *
 * @module
 */

import { formatEndpoint, MAX_TEXT } from "./protocol/mod.ts";
import {
  BindError,
  ClusterError,
  createLog,
  DEFAULT_LIMITS,
  type JoinCluster,
  LogWriter,
  serve,
  type ServeOptions,
} from "./server/mod.ts";
import {
  CAPTURE_FLAG,
  describeFlags,
  type FlagValues,
  forgetFiles,
  openCapture,
  OutputError,
  parseFlags,
  quitRequest,
  readPem,
  readSecret,
  readToken,
  runProgram,
  secondsFlag,
  UsageError,
  version,
  writeLine,
} from "./terminal/mod.ts";

const GENERAL = {
  host: {
    kind: "text",
    value: "HOST",
    default: "127.0.0.1",
    help: "address to listen on; 0.0.0.0 or :: opens it to other machines",
  },
  port: {
    kind: "number",
    value: "PORT",
    min: 0,
    max: 65535,
    default: 2203,
    help: "TCP port; 0 picks a free one",
  },
  name: {
    kind: "text",
    value: "NAME",
    help: "what clients are told; otherwise the machine's name",
  },
  log: {
    kind: "choice",
    choices: ["pretty", "json"],
    default: "pretty",
    help: "how the log on standard error is written",
  },
  verbose: { kind: "switch", help: "log every request and its answer" },
  capture: CAPTURE_FLAG,
  help: { kind: "switch", help: "show this and leave" },
  version: { kind: "switch", help: "show the version and leave" },
} as const;

const ADMISSION = {
  "token-file": {
    kind: "text",
    value: "FILE",
    help: "let in only who gives the token in this file",
  },
  "tls-cert": {
    kind: "text",
    value: "FILE",
    help: "encrypt: the certificate, in PEM",
  },
  "tls-key": {
    kind: "text",
    value: "FILE",
    help: "encrypt: its private key, in PEM",
  },
  "login-timeout": secondsFlag(
    DEFAULT_LIMITS.loginTimeoutMs,
    "how long TLS may take, and then the token",
  ),
  lockout: secondsFlag(
    DEFAULT_LIMITS.lockoutMs,
    "how long an address waits after three wrong tokens",
  ),
  "max-clients": number(
    "N",
    1,
    DEFAULT_LIMITS.maxClients,
    "how many may be connected",
  ),
  "max-clients-per-address": number(
    "N",
    1,
    DEFAULT_LIMITS.maxClientsPerAddress,
    "how many of them from one address",
  ),
} as const;

const CLUSTER = {
  cluster: {
    kind: "text",
    value: "NATS,…",
    help:
      "act as one with all servers that are joined by this NATS (nats://HOST:PORT)",
  },
  "cluster-name": {
    kind: "text",
    value: "NAME",
    default: "parley",
    help: "which cluster, where there are several: letters, digits, - and _",
  },
  "cluster-credentials": {
    kind: "text",
    value: "FILE",
    help:
      "credentials for NATS, as its tools write them; or USER:PASSWORD, or a token",
  },
  "cluster-tls-ca": {
    kind: "text",
    value: "FILE",
    help:
      "encrypt towards NATS, and trust the certificate in this file (PEM), too",
  },
} as const;

const PATIENCE = {
  "delivery-timeout": secondsFlag(
    DEFAULT_LIMITS.deliveryTimeoutMs,
    "how long a receiver may take to confirm a message",
  ),
  "ping-interval": {
    ...secondsFlag(
      DEFAULT_LIMITS.pingIntervalMs,
      "how long a client may be quiet until it is asked; 0 never asks",
    ),
    min: 0,
  },
  "ping-timeout": secondsFlag(
    DEFAULT_LIMITS.pingTimeoutMs,
    "how long it may be quiet after that",
  ),
  "stall-timeout": secondsFlag(
    DEFAULT_LIMITS.stallTimeoutMs,
    "how long a client may read nothing of what waits for it",
  ),
  "frame-timeout": secondsFlag(
    DEFAULT_LIMITS.frameTimeoutMs,
    "how long a frame may take to come",
  ),
  "drain-timeout": secondsFlag(
    DEFAULT_LIMITS.drainTimeoutMs,
    "when quitting: how long messages may still be confirmed",
  ),
} as const;

const AMOUNTS = {
  "max-text": {
    kind: "number",
    value: "BYTES",
    min: 1,
    max: MAX_TEXT,
    default: DEFAULT_LIMITS.maxText,
    help: "longest text that can be sent",
  },
  "max-queue": number(
    "BYTES",
    1024,
    DEFAULT_LIMITS.maxQueue,
    "how much may wait for a client that does not read",
  ),
  "max-unconfirmed": number(
    "N",
    1,
    DEFAULT_LIMITS.maxUnconfirmed,
    "messages that may wait for a client's confirmation",
  ),
  "max-unanswered": number(
    "N",
    1,
    DEFAULT_LIMITS.maxUnanswered,
    "requests of a client that may be under way",
  ),
  "max-rate": number(
    "N",
    1,
    DEFAULT_LIMITS.maxRequestsPerSecond,
    "requests a client may make in a second",
  ),
} as const;

const FLAGS = {
  ...GENERAL,
  ...ADMISSION,
  ...CLUSTER,
  ...PATIENCE,
  ...AMOUNTS,
};

const HELP = `parley-server ${version}: a relay for Parley's clients

Usage: parley-server [flags]

${describeFlags(GENERAL)}

Who may come in:
${describeFlags(ADMISSION)}

Several servers as one:
${describeFlags(CLUSTER)}

How long things may take:
${describeFlags(PATIENCE)}

How much a client may ask of the server:
${describeFlags(AMOUNTS)}

Once ready it prints "Listening on HOST:PORT". It ends, after telling every
client, on SIGINT (Ctrl-C), on SIGTERM, or when q and Enter are typed; a second
signal ends it at once.

Exit codes: 0 done; 2 wrong usage; 3 cannot listen there, or join the cluster.`;

async function main(): Promise<number> {
  const { flags, words } = parseFlags(Deno.args, FLAGS);
  if (flags.help || flags.version) {
    writeLine(flags.help ? HELP : `parley-server ${version}`);
    return 0;
  }
  if (words.length > 0) {
    throw new UsageError(`Expected flags only, got "${words[0]}"; see --help`);
  }
  const log = new LogWriter(Deno.stderr);
  const onEvent = createLog({
    format: flags.log === "json" ? "json" : "pretty",
    colour: Deno.stderr.isTerminal() && !Deno.noColor,
    write: (line) => log.write(line),
  });
  const secrets = readSecrets(flags);
  await using tap = await openCapture(
    flags.capture,
    `parley-server ${version}`,
    (what) => onEvent({ event: "trouble", what }),
  );
  const join = await joining(flags);
  // From here on there are no files for it, whatever comes over the network.
  forgetFiles();
  await using server = await serve({
    hostname: flags.host,
    port: flags.port,
    ...(flags.name !== undefined && { name: flags.name }),
    ...secrets,
    ...(tap && { tap }),
    ...(join && { join }),
    maxClients: flags["max-clients"],
    maxClientsPerAddress: flags["max-clients-per-address"],
    loginTimeoutMs: flags["login-timeout"] * 1000,
    lockoutMs: flags.lockout * 1000,
    deliveryTimeoutMs: flags["delivery-timeout"] * 1000,
    pingIntervalMs: flags["ping-interval"] * 1000,
    pingTimeoutMs: flags["ping-timeout"] * 1000,
    stallTimeoutMs: flags["stall-timeout"] * 1000,
    frameTimeoutMs: flags["frame-timeout"] * 1000,
    drainTimeoutMs: flags["drain-timeout"] * 1000,
    maxText: flags["max-text"],
    maxQueue: flags["max-queue"],
    maxUnconfirmed: flags["max-unconfirmed"],
    maxUnanswered: flags["max-unanswered"],
    maxRequestsPerSecond: flags["max-rate"],
    trace: flags.verbose,
    onEvent,
  });
  tap?.start();
  // Before it says that it is ready, so that no signal comes too early.
  const quit = quitRequest();
  writeLine(`Listening on ${formatEndpoint(server.address, server.port)}`);
  if (Deno.stdin.isTerminal() && flags.log === "pretty") {
    log.write("Type q and Enter, or press Ctrl-C, to quit");
  }
  await server.shutdown(await quit);
  await log.flush();
  return 0;
}

/** Reads the files that are for the server only. */
function readSecrets(
  flags: FlagValues<typeof ADMISSION>,
): Pick<ServeOptions, "token" | "tls"> {
  const { "tls-cert": cert, "tls-key": key, "token-file": token } = flags;
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError("--tls-cert and --tls-key are only of use together");
  }
  return {
    ...(token !== undefined && { token: readToken(token) }),
    ...(cert !== undefined && key !== undefined && {
      tls: {
        cert: readPem("tls-cert", cert, "CERTIFICATE"),
        key: readPem("tls-key", key),
      },
    }),
  };
}

/** How to join the cluster that the flags name, if they name one. */
async function joining(
  flags: FlagValues<typeof CLUSTER>,
): Promise<JoinCluster | undefined> {
  const {
    cluster: servers,
    "cluster-name": cluster,
    "cluster-credentials": credentials,
    "cluster-tls-ca": ca,
  } = flags;
  if (servers === undefined) return undefined;
  if (!/^[\w-]+$/.test(cluster)) {
    throw new UsageError(
      `Expected a --cluster-name of letters, digits, - and _, got "${cluster}"`,
    );
  }
  if (servers.includes("@")) {
    throw new UsageError(
      "Expected a --cluster of HOST:PORT,… only: who this server is goes into " +
        "a file, for --cluster-credentials, as others can see a command line",
    );
  }
  // Loaded only here: a server on its own knows nothing of NATS.
  const { joinCluster } = await import("./cluster/join_cluster.ts");
  return joinCluster({
    servers: servers.split(","),
    cluster,
    ...(credentials !== undefined && {
      credentials: readSecret("cluster-credentials", credentials),
    }),
    ...(ca !== undefined && {
      caCert: readPem("cluster-tls-ca", ca, "CERTIFICATE"),
    }),
  });
}

/** A flag for how many there may be of something. */
function number(value: string, min: number, standard: number, help: string) {
  return {
    kind: "number",
    value,
    min,
    max: 1024 * 1024 * 1024,
    default: standard,
    help,
  } as const;
}

await runProgram("parley-server", main, (error) => {
  if (error instanceof BindError || error instanceof ClusterError) return 3;
  if (error instanceof RangeError) return 2;
  return error instanceof OutputError ? 1 : undefined;
});
