/**
 * The client: `parley-client [flags] [COMMAND]`. See README.md.
 *
 * @module
 */

import { findOneShot, oneShots } from "./client/commands/mod.ts";
import { runMenu } from "./client/menu.ts";
import { Client, ConnectionError, RefusedError } from "./client/mod.ts";
import { parseServer } from "./client/parse_server.ts";
import { PlainPrompter } from "./client/plain_prompter.ts";
import {
  describeFlags,
  Interrupt,
  OutputError,
  parseFlags,
  runProgram,
  version,
  writeLine,
  writeText,
} from "./terminal/mod.ts";

const FLAGS = {
  server: {
    kind: "text",
    value: "HOST:PORT",
    default: "127.0.0.1:2203",
    help: "the server",
  },
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
  timeout: {
    kind: "number",
    value: "SECONDS",
    fraction: true,
    min: 0.1,
    max: 3600,
    default: 10,
    help: "how long the server may take to answer",
  },
  help: { kind: "switch", help: "show this and leave" },
  version: { kind: "switch", help: "show the version and leave" },
} as const;

const HELP = `parley-client ${version}: talks to a Parley server

Usage: parley-client [flags]            the menu
       parley-client [flags] COMMAND    one thing, and leave

Commands:
${
  [...oneShots].map(([name, { words, help }]) =>
    `  ${[name, ...words].join(" ").padEnd(14)}${help}`
  ).join("\n")
}

Flags:
${describeFlags(FLAGS)}

Exit codes: 0 done; 1 the server or the other client said no; 2 wrong usage;
3 no connection, or it was lost.`;

async function main(): Promise<number> {
  const { flags, words: [name, ...words] } = parseFlags(Deno.args, FLAGS);
  if (flags.help || flags.version) {
    writeLine(flags.help ? HELP : `parley-client ${version}`);
    return 0;
  }
  const server = parseServer(flags.server);
  const timeoutMs = flags.timeout * 1000;
  using interrupt = new Interrupt();
  const { signal } = interrupt;

  if (name === undefined) {
    const prompter = new PlainPrompter({
      input: Deno.stdin.readable,
      write: writeText,
      echo: !Deno.stdin.isTerminal(),
    });
    await runMenu(prompter, { ...server, timeoutMs, signal });
    return 0;
  }

  const oneShot = findOneShot(name, words);
  await using client = await Client.connect({ ...server, timeoutMs, signal });
  return await oneShot.run({
    client,
    words,
    json: flags.json,
    count: flags.count,
    command: flags.command === "name" ? "name" : "time",
    signal,
    write: writeLine,
  });
}

await runProgram("parley-client", main, (error) => {
  if (error instanceof ConnectionError) return 3;
  if (error instanceof RefusedError || error instanceof OutputError) return 1;
});
