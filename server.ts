/**
 * The server: `parley-server [flags]`. See README.md.
 *
 * @module
 */

import { formatEndpoint, MAX_TEXT } from "./protocol/mod.ts";
import {
  BindError,
  createLog,
  DEFAULT_LIMITS,
  LogWriter,
  serve,
} from "./server/mod.ts";
import {
  describeFlags,
  OutputError,
  parseFlags,
  quitRequest,
  runProgram,
  UsageError,
  version,
  writeLine,
} from "./terminal/mod.ts";

const FLAGS = {
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
  "max-text": {
    kind: "number",
    value: "BYTES",
    min: 1,
    max: MAX_TEXT,
    default: DEFAULT_LIMITS.maxText,
    help: "longest text that can be sent",
  },
  "max-queue": {
    kind: "number",
    value: "BYTES",
    min: 1024,
    max: 1024 * 1024 * 1024,
    default: DEFAULT_LIMITS.maxQueue,
    help: "how much may wait for a client that does not read",
  },
  "delivery-timeout": {
    kind: "number",
    value: "SECONDS",
    fraction: true,
    min: 0.1,
    max: 3600,
    default: DEFAULT_LIMITS.deliveryTimeoutMs / 1000,
    help: "how long a receiver may take to confirm a message",
  },
  help: { kind: "switch", help: "show this and leave" },
  version: { kind: "switch", help: "show the version and leave" },
} as const;

const HELP = `parley-server ${version}: a relay for Parley's clients

Usage: parley-server [flags]

${describeFlags(FLAGS)}

Once ready it prints "Listening on HOST:PORT". It ends, after telling every
client, on SIGINT (Ctrl-C), on SIGTERM, or when q and Enter are typed.

Exit codes: 0 done; 2 wrong usage; 3 cannot listen there.`;

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
  await using server = await serve({
    hostname: flags.host,
    port: flags.port,
    ...(flags.name !== undefined && { name: flags.name }),
    maxText: flags["max-text"],
    maxQueue: flags["max-queue"],
    deliveryTimeoutMs: flags["delivery-timeout"] * 1000,
    trace: flags.verbose,
    onEvent: createLog({
      format: flags.log === "json" ? "json" : "pretty",
      colour: Deno.stderr.isTerminal() && !Deno.noColor,
      write: (line) => log.write(line),
    }),
  });
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

await runProgram("parley-server", main, (error) => {
  if (error instanceof BindError) return 3;
  if (error instanceof RangeError) return 2;
  return error instanceof OutputError ? 1 : undefined;
});
