/**
 * The client: `parley-client [flags] [COMMAND]`. See README.md.
 *
 * @module
 */

import { findOneShot, oneShots } from "./client/commands/mod.ts";
import { type CommandLine, completions } from "./client/completions.ts";
import { runMenu } from "./client/menu.ts";
import { Client, ConnectionError, RefusedError } from "./client/mod.ts";
import { parseServer } from "./client/parse_server.ts";
import { PlainPrompter } from "./client/prompts/plain_prompter.ts";
import type { Prompter } from "./client/prompts/prompter.ts";
import { lastServer } from "./client/settings.ts";
import { type Texts, textsFor } from "./client/texts/mod.ts";
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

const STANDARD_SERVER = "127.0.0.1:2203";

const FLAGS = {
  server: {
    kind: "text",
    value: "HOST:PORT",
    help: `the server; otherwise ${STANDARD_SERVER}, in the menu the last one`,
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

Flags:
${describeFlags(FLAGS)}

Exit codes: 0 done; 1 the server or the other client said no; 2 wrong usage;
3 no connection, or it was lost; 130 interrupted (Ctrl-C).`;

async function main(): Promise<number> {
  const { flags, words: [name, ...words] } = parseFlags(Deno.args, FLAGS);
  if (flags.help || flags.version) {
    writeLine(flags.help ? HELP : `parley-client ${version}`);
    return 0;
  }
  const server = parseServer(flags.server ?? STANDARD_SERVER);
  const timeoutMs = flags.timeout * 1000;
  const texts = textsFor(
    flags.lang === "auto" ? navigator.language : flags.lang,
  );

  if (name === "completions" && words.length === 1) {
    writeLine(completions(words[0]!, COMMAND_LINE));
    return 0;
  }
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  if (name === undefined) {
    const first = flags.server === undefined ? lastServer() : undefined;
    const options = { server: first ?? server, timeoutMs, texts, signal };
    using prompter = await choosePrompter(flags.plain, texts);
    await runMenu(prompter, options);
    return 0;
  }
  const oneShot = findOneShot(name, words);
  await using client = await Client.connect({ ...server, timeoutMs, signal });
  return await oneShot.run({
    client,
    words,
    texts,
    screen: Deno.stdout.isTerminal(),
    colour: !Deno.noColor,
    json: flags.json,
    count: flags.count,
    command: flags.command === "name" ? "name" : "time",
    signal,
    write: writeLine,
  });
}

/** Prompts are drawn where there is a terminal that can; else plain lines. */
async function choosePrompter(plain: boolean, texts: Texts): Promise<Prompter> {
  const drawn = !plain && Deno.stdin.isTerminal() &&
    Deno.stdout.isTerminal() && Deno.env.get("TERM") !== "dumb";
  if (!drawn) {
    return new PlainPrompter({
      input: Deno.stdin.readable,
      write: writeText,
      echo: !Deno.stdin.isTerminal(),
      texts,
    });
  }
  // Loaded only here, as nothing else needs what draws.
  const { TerminalPrompter } = await import(
    "./client/prompts/terminal_prompter.ts"
  );
  return new TerminalPrompter({ texts });
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
