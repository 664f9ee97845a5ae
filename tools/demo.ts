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

import { Programs } from "./programs.ts";
import { heading, Screen } from "./screen.ts";

/** How many requests the third client sends at once. */
const REQUESTS = 100;

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
