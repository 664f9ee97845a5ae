/**
 * Shows on the real programs that several servers act as one: three of them,
 * joined by NATS, with a client at each. A list has all clients, a message
 * reaches whoever is at another server; then a server is killed, and NATS is
 * stopped and started again. What each program shows is printed with its name in
 * front, as it comes.
 *
 * It takes `nats-server`. Every line that this promises has to come: the exit
 * code is 0 if all did, and 1 with a sentence if one did not, or if there is no
 * NATS.
 *
 * @module
 */

import { NatsServer, whyNoNats } from "./nats.ts";
import { Programs, type RunningServer } from "./programs.ts";
import { type Colour, expect, heading, paint, Screen } from "./screen.ts";

/** How soon the clients of a server that was killed are off all lists. */
const GONE_WITHIN_MS = 5_000;
/** How soon all is as before once NATS is back. */
const HEALED_WITHIN_MS = 5_000;
/** How soon a list has who came; more than that is for a slow machine. */
const LISTED_WITHIN_MS = 2_000;

/** A line about NATS, which shows nothing itself. */
function nats(text: string): void {
  console.log(`${paint("white", "NATS     │")} ${text}`);
}

/** Whether a list that is shown has a number. */
function lists(shown: string, number: string): boolean {
  return new RegExp(`^${number} +127\\.`, "m").test(shown);
}

async function demo(): Promise<void> {
  const programs = Programs.fromSources();

  heading("NATS starts, with JetStream");
  await using broker = await NatsServer.start();
  nats(paint("dim", `$ nats-server --jetstream --port ${broker.port}`));
  nats(`ready at ${broker.url}`);

  await using stack = new AsyncDisposableStack();
  const startServer = async (name: string) => {
    heading(`Server ${name} joins`);
    const flags = ["--cluster", broker.url, "--name", name];
    const program = stack.use(await programs.startServer(...flags));
    const line = ["parley-server --port 0", ...flags].join(" ");
    const server = new Screen(program, name, "yellow", line);
    server.print(program.stdout.text);
    await server.logs(new RegExp(`${name} listens on`));
    return { program, server };
  };
  const connect = async (
    name: string,
    colour: Colour,
    { program, server }: { program: RunningServer; server: Screen },
  ) => {
    const client = stack.use(programs.start("client"));
    const screen = new Screen(client, name, colour, "parley-client");
    await screen.prompts(/Not connected/);
    const [, number] = await screen.choose(
      ["1", "127.0.0.1", `${program.port}`],
      /Connected to .* as number (\d+)/,
    );
    await server.logs(new RegExp(`#${number} .* connected`));
    return { screen, client, number: number! };
  };

  const labA = await startServer("lab-a");
  const labB = await startServer("lab-b");
  const labC = await startServer("lab-c");
  heading("A client connects to each (1)");
  const a = await connect("client A", "cyan", labA);
  const b = await connect("client B", "magenta", labB);
  const c = await connect("client C", "blue", labC);
  const numbers = [a, b, c].map(({ number }) => number);
  expect(new Set(numbers).size === 3, "each client has a number of its own");

  heading("A lists the clients (5): those of all three servers");
  await a.screen.chooseUntil(
    ["5"],
    LISTED_WITHIN_MS,
    (shown) => numbers.every((number) => lists(shown, number)),
  );

  heading("A is told of the servers (nodes)");
  const words = ["--server", `127.0.0.1:${labA.program.port}`, "nodes"];
  await using asking = programs.start("client", ...words);
  const line = ["parley-client", ...words].join(" ");
  const nodes = new Screen(asking, "client", "white", line);
  for (const name of ["lab-a", "lab-b", "lab-c"]) {
    await nodes.shows(new RegExp(name));
  }
  await nodes.ends();

  heading(
    "A, at lab-a, sends a message to C, at lab-c (6): C has confirmed it",
  );
  await a.screen.choose(
    ["6", c.number, "Hello, C!"],
    new RegExp(`Delivered to ${c.number} in [\\d.]+ ms\n`),
  );
  await c.screen.prompts(new RegExp(`From ${a.number} .*: Hello, C!\n`));

  heading("C answers (6)");
  await c.screen.choose(
    ["6", a.number, "你好, A! 👋"],
    new RegExp(`Delivered to ${a.number} in [\\d.]+ ms\n`),
  );
  await a.screen.prompts(new RegExp(`From ${c.number} .*: 你好, A! 👋\n`));

  heading("lab-c is killed: within 5 s its client is off A's list (5)");
  labC.program.kill("SIGKILL");
  labC.server.print(paint("dim", "(killed)"));
  await c.screen.prompts(/Not connected/);
  await a.screen.chooseUntil(
    ["5"],
    GONE_WITHIN_MS,
    (shown) =>
      !lists(shown, c.number) && lists(shown, b.number) &&
      shown.includes("lab-c"),
  );

  heading("A sends a message to C (6): not delivered");
  await a.screen.choose(
    ["6", c.number, "Are you there?"],
    new RegExp(`Not delivered to ${c.number}: .*\n`),
  );

  heading("Client D connects to lab-a (1)");
  const d = await connect("client D", "green", labA);

  heading("NATS is stopped: each server goes on with its own clients");
  await broker.stop();
  nats("stopped");
  await labA.server.logs(/trouble: NATS is gone/);
  await labB.server.logs(/trouble: NATS is gone/);
  await a.screen.choose(
    ["6", d.number, "Just the two of us"],
    new RegExp(`Delivered to ${d.number} in [\\d.]+ ms\n`),
  );
  await d.screen.prompts(
    new RegExp(`From ${a.number} .*: Just the two of us\n`),
  );
  await a.screen.choose(
    ["6", b.number, "B?"],
    new RegExp(`Not delivered to ${b.number}: .*\n`),
  );

  heading("NATS is back, and all heals by itself");
  await broker.startAgain();
  nats(`ready at ${broker.url}`);
  await labA.server.logs(/NATS is back/);
  await labB.server.logs(/NATS is back/);
  await a.screen.chooseUntil(
    ["6", b.number, "B!"],
    HEALED_WITHIN_MS,
    (shown) => shown.includes(`Delivered to ${b.number} in `),
  );
  await b.screen.prompts(new RegExp(`From ${a.number} .*: B!\n`));

  heading("All quit");
  for (const { client, screen } of [a, b, c, d]) {
    await client.type("7\n");
    await screen.ends();
  }
  for (const { program, server } of [labA, labB]) {
    program.kill("SIGINT");
    await server.logs(/shutting down: .*SIGINT/);
    await server.ends();
  }
}

const why = Deno.build.os === "windows"
  ? "it takes signals, which Windows does not have"
  : whyNoNats();
if (why !== undefined) {
  console.error(`The demo of a cluster cannot run here: ${why}.`);
  Deno.exit(1);
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
  "Three servers acted as one: a list with all clients, messages delivered\n" +
    "from one to the other, a server killed and noticed, NATS stopped and back.",
);
