/**
 * Shows the main job on the real programs: a server, and two clients that go
 * through every function of the menu; a third asks 100 times at once. What each
 * of them shows is printed with its name in front, as it comes.
 *
 * Every line that this promises has to come: the exit code is 0 if all did, and 1
 * with a sentence if one did not.
 *
 * @module
 */

import { styleText } from "node:util";
import type { Output } from "./output.ts";
import type { Program } from "./program.ts";
import { Programs } from "./programs.ts";

type Colour = Parameters<typeof styleText>[0];

const WIDTH = 78;
const REQUESTS = 100;
const coloured = Deno.stdout.isTerminal() && !Deno.noColor;

/** The part of the transcript that one program writes. */
class Screen {
  readonly #program: Program;
  readonly #name: string;
  readonly #colour: Colour;
  /** The prompt, until it is known what comes behind it. */
  #unfinished = "";

  constructor(program: Program, name: string, colour: Colour, line: string) {
    this.#program = program;
    this.#name = name;
    this.#colour = colour;
    this.print(paint("dim", `$ ${line}`));
  }

  /** Types lines into a client's menu, and waits until it asks for more. */
  async choose(lines: string[], expected: RegExp): Promise<RegExpExecArray> {
    await this.#program.type(lines.map((line) => `${line}\n`).join(""));
    return await this.prompts(expected);
  }

  /** Waits for what a menu shows by itself, and for the prompt behind it. */
  async prompts(expected: RegExp): Promise<RegExpExecArray> {
    const pattern = new RegExp(`${expected.source}[^]*?parley> `);
    return await this.#find(this.#program.stdout, pattern);
  }

  /** Waits for a line of standard output. */
  async shows(expected: RegExp): Promise<RegExpExecArray> {
    return await this.#find(this.#program.stdout, wholeLine(expected));
  }

  /** Waits for a line of the log. */
  async logs(expected: RegExp): Promise<RegExpExecArray> {
    return await this.#find(this.#program.stderr, wholeLine(expected));
  }

  /** Waits for the end; the rest of what was written comes first. */
  async ends(): Promise<void> {
    const { stdout, stderr } = this.#program;
    this.print(this.#unfinished + await stdout.rest());
    this.print(await stderr.rest());
    const { code } = await this.#program.end();
    this.print(paint("dim", `(exit code ${code})`));
    expect(code === 0, `${this.#name} ends with exit code 0`);
  }

  /** Prints lines as this program's; of as many as all answers, only a few. */
  print(text: string): void {
    const lines = text.split("\n").filter((line) => line !== "");
    if (lines.length >= REQUESTS) {
      const more = paint("dim", `… ${lines.length - 3} more like these …`);
      lines.splice(2, lines.length - 3, more);
    }
    const prefix = paint(this.#colour, `${this.#name.padEnd(8)} │`);
    for (const line of lines) console.log(`${prefix} ${line}`);
  }

  async #find(output: Output, pattern: RegExp): Promise<RegExpExecArray> {
    try {
      const match = await output.find(pattern);
      const end = match.index + match[0].length;
      const text = this.#unfinished + match.input.slice(0, end);
      const lineStart = text.lastIndexOf("\n") + 1;
      this.#unfinished = text.slice(lineStart);
      this.print(text.slice(0, lineStart));
      return match;
    } catch (error) {
      throw new Error(`${this.#name}: ${(error as Error).message}`);
    }
  }
}

function wholeLine(expected: RegExp): RegExp {
  return new RegExp(`${expected.source}.*\n`);
}

function heading(text: string): void {
  const rule = "─".repeat(WIDTH - text.length - 4);
  console.log(`\n${paint("bold", `── ${text} ${rule}`)}`);
}

function paint(colour: Colour, text: string): string {
  return coloured ? styleText(colour, text, { validateStream: false }) : text;
}

/** Fails the demo if what it promises is not so. */
function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`Expected that ${what}`);
}

async function demo(): Promise<void> {
  const programs = Programs.fromSources();

  heading("The server starts");
  await using serverProgram = await programs.startServer(
    ...["--name", "lab", "--verbose"],
  );
  const { port } = serverProgram;
  const server = new Screen(
    serverProgram,
    "server",
    "yellow",
    "parley-server --port 0 --name lab --verbose",
  );
  server.print(serverProgram.stdout.text);
  await server.logs(/lab listens on/);

  heading("Client A connects (1)");
  await using aProgram = programs.start("client");
  const a = new Screen(aProgram, "client A", "cyan", "parley-client");
  await a.prompts(/Not connected/);
  await a.choose(
    ["1", "127.0.0.1", `${port}`],
    /Connected to lab \(.*\) as number 1/,
  );
  const [, aPort] = await server.logs(/#1 127\.0\.0\.1:(\d+) connected/);

  heading("Client B connects (1)");
  await using bProgram = programs.start("client");
  const b = new Screen(bProgram, "client B", "magenta", "parley-client");
  await b.prompts(/Not connected/);
  await b.choose(
    ["1", "127.0.0.1", `${port}`],
    /Connected to lab \(.*\) as number 2/,
  );
  const [, bPort] = await server.logs(/#2 127\.0\.0\.1:(\d+) connected/);

  heading("A gets the server's time (3)");
  await a.choose(["3"], /Server time: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
  await server.logs(/#1 .* time → /);

  heading("A gets the server's name (4)");
  await a.choose(["4"], /Server name: lab\n/);
  await server.logs(/#1 .* name → lab/);

  heading("A lists the clients (5): number, address, port");
  await a.choose(
    ["5"],
    new RegExp(`1 +127.0.0.1:${aPort} .*\n2 +127.0.0.1:${bPort} .*\n`),
  );
  await server.logs(/#1 .* list .*→ 2 clients/);

  heading("A sends a message to B (6): B has confirmed it");
  await a.choose(["6", "2", "Hello, B!"], /Delivered to 2 in [\d.]+ ms\n/);
  await server.logs(/#1 .* send .* to 2 → delivered/);
  await b.prompts(new RegExp(`From 1 \\(127.0.0.1:${aPort}\\): Hello, B!\n`));

  heading("B answers (6)");
  await b.choose(["6", "1", "你好, A! 👋"], /Delivered to 1 in [\d.]+ ms\n/);
  await server.logs(/#2 .* send .* to 1 → delivered/);
  await a.prompts(new RegExp(`From 2 \\(127.0.0.1:${bPort}\\): 你好, A! 👋\n`));

  heading("A sends a message to a number that nobody has (6): refused");
  await a.choose(["6", "99", "Anybody?"], /Not delivered to 99: .*99\n/);
  await server.logs(/#1 .* send .* to 99 → unknown-number/);

  heading(`Client C asks for the time ${REQUESTS} times at once`);
  const words = ["--server", `127.0.0.1:${port}`, "burst"];
  const count = ["--count", `${REQUESTS}`];
  const line = ["parley-client", ...words, ...count].join(" ");
  await using cProgram = programs.start("client", ...words, ...count);
  const c = new Screen(cProgram, "client C", "blue", line);
  await c.shows(new RegExp(`${REQUESTS} of ${REQUESTS} answers came`));
  await c.ends();
  await server.logs(/#3 .* connected/);
  await server.logs(
    new RegExp(`(?:.*#3 .* time → .*\n){${REQUESTS - 1}}.*#3 .* time → `),
  );
  await server.logs(/#3 .* left \(goodbye/);

  heading("A disconnects (2) and quits (7)");
  await a.choose(["2"], /Disconnected\n[^]*Not connected/);
  await server.logs(/#1 .* left \(goodbye/);
  await aProgram.type("7\n");
  await a.ends();

  if (Deno.build.os === "windows") {
    heading("B quits (7)");
    await bProgram.type("7\n");
    await b.ends();
    await server.logs(/#2 .* left \(goodbye/);
    return; // A program cannot send Ctrl-C to another there.
  }

  heading("The server quits (Ctrl-C) in front of B");
  serverProgram.kill("SIGINT");
  await server.logs(/shutting down: .*SIGINT/);
  await server.logs(/#2 .* left \(shutdown/);
  await server.ends();
  await b.prompts(/Disconnected: .*SIGINT.*\n[^]*Not connected/);

  heading("B quits (7)");
  await bProgram.type("7\n");
  await b.ends();
}

try {
  await demo();
} catch (error) {
  // Ending the programs may fail as well; what failed first is the reason.
  const reason = error instanceof SuppressedError ? error.suppressed : error;
  console.error(`\nThe demo has failed. ${(reason as Error).message}`);
  Deno.exit(1);
}
heading("The demo is done");
console.log(
  "Every function did what it promises: connect, time, name, list, two\n" +
    "messages delivered, one refused, " +
    `${REQUESTS} answers to ${REQUESTS} requests, disconnect, quit.`,
);
