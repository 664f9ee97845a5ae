/**
 * The client: `parley-client [flags] [COMMAND]`. See README.md.
 *
 * @module
 */

import { findOneShot, oneShots } from "./client/commands/mod.ts";
import type { CommandLine } from "./client/completions.ts";
import { connectInTurn } from "./client/connect_in_turn.ts";
import type { MenuOptions } from "./client/menu.ts";
import {
  Client,
  ConnectionError,
  DEFAULT_TIMES,
  RefusedError,
} from "./client/mod.ts";
import { parseServers } from "./client/parse_servers.ts";
import type {
  Reconnection,
  ReconnectionOptions,
} from "./client/reconnection.ts";
import { textsFor } from "./client/texts/mod.ts";
import {
  CAPTURE_FLAG,
  describeFlags,
  type FlagValues,
  forgetFiles,
  Interrupt,
  openCapture,
  OutputError,
  parseFlags,
  readPem,
  readToken,
  runProgram,
  secondsFlag,
  UsageError,
  version,
  Warnings,
  writeLine,
} from "./terminal/mod.ts";

const STANDARD_SERVER = "127.0.0.1:2203";

const CONNECTION_FLAGS = {
  server: {
    kind: "text",
    value: "HOST:PORT,…",
    help: "the server, or several that are tried in this order; otherwise " +
      `${STANDARD_SERVER}, in the menu the last one`,
  },
  "token-file": {
    kind: "text",
    value: "FILE",
    help: "a file with the token, for a server that wants one",
  },
  tls: { kind: "switch", help: "encrypt; the server has to do so, too" },
  "tls-ca": {
    kind: "text",
    value: "FILE",
    help: "encrypt, and trust the certificate in this file (PEM), too",
  },
  timeout: secondsFlag(
    DEFAULT_TIMES.timeoutMs,
    "how long the server may take to answer",
  ),
  "ping-interval": {
    ...secondsFlag(
      DEFAULT_TIMES.pingIntervalMs,
      "how long it may be quiet until it is asked; 0 never asks",
    ),
    min: 0,
  },
  "ping-timeout": secondsFlag(
    DEFAULT_TIMES.pingTimeoutMs,
    "how long it may be quiet after that",
  ),
  capture: CAPTURE_FLAG,
} as const;

const COMMAND_FLAGS = {
  json: { kind: "switch", help: "print one JSON object a line" },
  count: {
    kind: "number",
    value: "N",
    min: 1,
    max: 1_000_000,
    help: "burst: how many requests (default 100); listen: how many messages",
  },
  command: {
    kind: "choice",
    choices: ["time", "name"],
    default: "time",
    help: "burst: what to ask for",
  },
  reconnect: {
    kind: "switch",
    help: "listen: wait for the server, and connect again when it was lost",
  },
} as const;

const OTHER_FLAGS = {
  lang: {
    kind: "choice",
    choices: ["auto", "en", "zh"],
    default: "auto",
    help: "the language; auto is the system's",
  },
  plain: { kind: "switch", help: "the menu on plain lines, nothing drawn" },
  help: { kind: "switch", help: "show this and leave" },
  version: { kind: "switch", help: "show the version and leave" },
} as const;

const FLAGS = { ...CONNECTION_FLAGS, ...COMMAND_FLAGS, ...OTHER_FLAGS };

const COMMAND_LINE: CommandLine = {
  program: "parley-client",
  commands: {
    ...Object.fromEntries(oneShots),
    completions: {
      words: ["SHELL"],
      help: "print what makes bash, zsh or fish complete all this",
    },
  },
  flags: FLAGS,
};

const HELP = `parley-client ${version}: talks to a Parley server

Usage: parley-client [flags]            the menu
       parley-client [flags] COMMAND    one thing, and leave

Commands:
${describeCommands()}

Flags for the commands:
${describeFlags(COMMAND_FLAGS)}

Flags for the connection:
${describeFlags(CONNECTION_FLAGS)}

Other flags:
${describeFlags(OTHER_FLAGS)}

Exit codes: 0 done; 1 the server or the other client said no; 2 wrong usage;
3 no connection, or it was lost; 130 interrupted (Ctrl-C).`;

async function main(): Promise<number> {
  const { flags, words: [name, ...words] } = parseFlags(Deno.args, FLAGS);
  if (flags.help || flags.version) {
    writeLine(flags.help ? HELP : `parley-client ${version}`);
    return 0;
  }
  if (flags.reconnect && name !== "listen") {
    throw new UsageError(
      "--reconnect goes with listen; the menu offers to connect again by " +
        "itself when the connection was lost",
    );
  }
  const servers = parseServers(flags.server ?? STANDARD_SERVER);
  const texts = await textsFor(
    flags.lang === "auto" ? navigator.language : flags.lang,
  );

  // What only one of the commands needs is loaded only there: the others start
  // the sooner.
  if (name === "completions" && words.length === 1) {
    const { completions } = await import("./client/completions.ts");
    writeLine(completions(words[0]!, COMMAND_LINE));
    return 0;
  }
  const settings = readConnection(flags);
  const warnings = new Warnings("parley-client");
  await using tap = await openCapture(
    flags.capture,
    `parley-client ${version}`,
    (what) => warnings.add(what),
  );
  // From here on there are no files for it, whatever comes over the network.
  forgetFiles();
  const connection = { ...settings, ...(tap && { tap }) };
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  if (name === undefined) {
    const { startMenu } = await import("./client/start_menu.ts");
    const { plain } = flags;
    const offerLast = flags.server === undefined;
    // What is drawn would be disturbed by them.
    using _held = warnings.hold();
    await startMenu({ servers, connection, texts, signal, offerLast, plain });
    return 0;
  }
  const oneShot = findOneShot(name, words);
  const connect = async (signal: AbortSignal) => {
    const { client } = await connectInTurn(
      servers,
      (server) => Client.connect({ ...connection, ...server, signal }),
    );
    return client;
  };
  const reconnection = flags.reconnect
    ? await makeReconnection({ connect, texts, say: console.error })
    : undefined;
  await using client = await (reconnection?.connect(signal) ?? connect(signal));
  return await oneShot.run({
    client,
    words,
    texts,
    screen: Deno.stdout.isTerminal(),
    colour: !Deno.noColor,
    json: flags.json,
    count: flags.count,
    command: flags.command === "name" ? "name" : "time",
    ...(reconnection && {
      reconnect: (closing) => reconnection.reconnect(closing, signal),
    }),
    signal,
    write: writeLine,
  });
}

/** How to connect, as the flags say; the files that they name are read. */
function readConnection(
  flags: FlagValues<typeof CONNECTION_FLAGS>,
): MenuOptions["connection"] {
  const { "token-file": tokenFile, "tls-ca": ca } = flags;
  return {
    timeoutMs: flags.timeout * 1000,
    pingIntervalMs: flags["ping-interval"] * 1000,
    pingTimeoutMs: flags["ping-timeout"] * 1000,
    ...(tokenFile !== undefined && { token: readToken(tokenFile) }),
    tls: ca === undefined
      ? flags.tls
      : { caCerts: [readPem("tls-ca", ca, "CERTIFICATE")] },
  };
}

async function makeReconnection(
  options: ReconnectionOptions,
): Promise<Reconnection> {
  const { Reconnection } = await import("./client/reconnection.ts");
  return new Reconnection(options);
}

function describeCommands(): string {
  return Object.entries(COMMAND_LINE.commands).map(([name, { words, help }]) =>
    `  ${[name, ...words].join(" ").padEnd(19)}${help}`
  ).join("\n");
}

await runProgram("parley-client", main, (error) => {
  if (error instanceof ConnectionError) return 3;
  if (error instanceof RefusedError || error instanceof OutputError) return 1;
});
