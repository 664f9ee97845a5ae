import {
  assert,
  assertEquals,
  assertFalse,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { freePort } from "../../tools/free_port.ts";
import type { Program } from "../../tools/program.ts";
import type { Programs } from "../../tools/programs.ts";
import { bothWays, scenario } from "./scenario.ts";

const windows = Deno.build.os === "windows";
const PROMPT = /parley> /;

/** Starts a menu and connects it to the server on `port`. */
async function startMenu(programs: Programs, port: number): Promise<Program> {
  const menu = programs.start("client", "--server", `127.0.0.1:${port}`);
  try {
    await menu.stdout.find(PROMPT);
    await menu.type("1\n\n\n");
    await menu.stdout.find(/Connected\n[^]*parley> /);
    return menu;
  } catch (error) {
    await menu[Symbol.asyncDispose]();
    throw error;
  }
}

bothWays("a whole visit through a pipe", async (programs) => {
  await using server = await programs.startServer("--name", "lab");
  await using listener = await programs.startListener(
    server.port,
    ...["--count", "1"],
  );
  const { code, stdout, stderr } = await programs.client(
    ["--server", "127.0.0.1:2203"],
    `1\n127.0.0.1\n${server.port}\n3\n4\n5\n6\n${listener.id}\nhello\n2\n7\n`,
  );
  assertEquals({ code, stderr }, { code: 0, stderr: "" });

  const where = `127\\.0\\.0\\.1:${server.port}`;
  const client = (id: number) =>
    `${id} +127\\.0\\.0\\.1:\\d+ +\\d\\d:\\d\\d:\\d\\d`;
  const transcript = [
    "\nNot connected\n",
    "  1 -> connect to a server\n",
    "  2  - disconnect \\(connect first\\)\n",
    "  3  - get the server's time \\(connect first\\)\n",
    "  4  - get the server's name \\(connect first\\)\n",
    "  5  - list the clients \\(connect first\\)\n",
    "  6  - send a message \\(connect first\\)\n",
    "  7 -> quit\n",
    "  8  - measure: many requests at once \\(connect first\\)\n",
    "parley> 1\n",
    "Server address \\[127\\.0\\.0\\.1\\]: 127\\.0\\.0\\.1\n",
    `Server port \\[2203\\]: ${server.port}\n`,
    "Connected\n",
    `\nConnected to lab \\(${where}\\) as number 2 for \\d+ s\n`,
    "  1  - connect to a server \\(you are connected\\)\n",
    "  2 -> disconnect\n",
    "  3 -> get the server's time\n",
    "  4 -> get the server's name\n",
    "  5 -> list the clients\n",
    "  6 -> send a message\n",
    "  7 -> quit\n",
    "  8 -> measure: many requests at once\n",
    "parley> 3\n",
    "Server time: \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d [+-]\\d\\d:\\d\\d \\(\\S+\\)\n",
    "parley> 4\n",
    "Server name: lab\n",
    "parley> 5\n",
    "number +address +since\n",
    `${client(1)}\n${client(2)}  \\(you\\)\n`,
    "parley> 6\n",
    `${client(1)}\n`,
    "To number: 1\n",
    "Text: hello\n",
    "Delivered to 1 in [\\d.]+ ms\n",
    "parley> 2\n",
    "Disconnected\n",
    "\nNot connected\n",
    "(?:  \\d .*\n){8}",
    "parley> 7\n",
  ];
  assertMatch(stdout, new RegExp(`^${transcript.join("")}$`));

  const [line] = (await listener.end()).stdout.split("\n").slice(1);
  const { port, ...message } = JSON.parse(line!);
  assertEquals(message, { from: 2, address: "127.0.0.1", text: "hello" });
  assertStringIncludes(server.stderr.text, `#2 127.0.0.1:${port} connected`);
});

scenario("a choice that is not possible is refused", async (programs) => {
  await using server = await programs.startServer();
  const before = await programs.client([], "2\n3\n4\n5\n6\n0\n9\nx\n\n7\n");
  assertEquals(before.code, 0);
  for (const choice of [2, 3, 4, 5, 6]) {
    assertStringIncludes(
      before.stdout,
      `parley> ${choice}\n${choice} is not possible now: connect first\n`,
    );
  }
  for (const answer of ["0", "9", "x"]) {
    assertStringIncludes(
      before.stdout,
      `parley> ${answer}\nExpected a number from 1 to 8, got "${answer}"\n`,
    );
  }

  const connected = await programs.client(
    ["--server", `127.0.0.1:${server.port}`],
    "1\n\n\n1\n7\n",
  );
  assertEquals(connected.code, 0);
  assertStringIncludes(
    connected.stdout,
    "parley> 1\n1 is not possible now: you are connected\n",
  );
});

scenario(
  "a wrong answer is asked for again, a failed connect is said",
  async (programs) => {
    await using server = await programs.startServer();
    const port = freePort();
    const { code, stdout } = await programs.client(
      ["--server", "127.0.0.1:2203"],
      `1\n127.0.0.1\n${port}\n` +
        `1\n127.0.0.1\nhttp\n0\n65536\n${server.port}\n` +
        "6\nbob\n99\nhi\n6\n1\nhi\n7\n",
    );
    assertEquals(code, 0);
    assertStringIncludes(
      stdout,
      `\nNo server listens on 127.0.0.1:${port}. Is parley-server running`,
    );
    for (const answer of ["http", "0", "65536"]) {
      assertStringIncludes(
        stdout,
        `\nExpected a port from 1 to 65535, got "${answer}"\nServer port [2203]: `,
      );
    }
    assertStringIncludes(stdout, 'Expected a client\'s number, got "bob"');
    assertStringIncludes(
      stdout,
      "\nNot delivered to 99: No client has number 99\n",
    );
    assertStringIncludes(
      stdout,
      "\nNot delivered to 1: 1 is your own number\n",
    );
  },
);

scenario("input that ends in mid-visit is a goodbye", async (programs) => {
  await using server = await programs.startServer();
  const where = ["--server", `127.0.0.1:${server.port}`];
  // At the menu, in the middle of a question, in the middle of a line.
  for (const input of ["1\n\n\n", "1\n\n\n6\n99\n", "1\n\n\n3\n6"]) {
    const { code, stdout, stderr } = await programs.client(where, input);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertStringIncludes(stdout, "Connected to ");
    await server.stderr.find(/left \(goodbye/);
  }
  assertFalse(/left \((?!goodbye)/.test(server.stderr.text));
  assertEquals((await programs.client([], "")).code, 0);
});

scenario(
  "two menus: a message is shown at once, with who sent it",
  async (programs) => {
    await using server = await programs.startServer();
    await using alice = await startMenu(programs, server.port);
    await using bob = await startMenu(programs, server.port);
    const [, port] = await server.stderr.find(
      /#1 127\.0\.0\.1:(\d+) connected/,
    );

    await alice.type("6\n2\nhello\n");
    await alice.stdout.find(/Delivered to 2 in [\d.]+ ms\n/);
    // Bob has asked for nothing; the prompt stands below the message again.
    await bob.stdout.find(
      new RegExp(
        `^\n\\d\\d:\\d\\d:\\d\\d  From 1 \\(127\\.0\\.0\\.1:${port}\\): hello\nparley> $`,
      ),
    );

    // In the middle of a question the question stands there again.
    await bob.type("6\n");
    await bob.stdout.find(/To number: $/);
    await alice.type("6\n2\nagain \x1b[2J\n");
    await alice.stdout.find(/Delivered to 2/);
    await bob.stdout.find(/^\n.* From 1 \(.*\): again ␛\[2J\nTo number: $/);
    await bob.type("1\nand you\n");
    await bob.stdout.find(/Delivered to 1/);
    await alice.stdout.find(
      /\n.* From 2 \(127\.0\.0\.1:\d+\): and you\nparley> $/,
    );

    // Whoever has left cannot be reached.
    await bob.type("7\n");
    assertEquals((await bob.end()).code, 0);
    await alice.type("6\n2\ngone\n");
    await alice.stdout.find(/Not delivered to 2: No client has number 2\n/);
    await alice.type("7\n");
    assertEquals((await alice.end()).code, 0);
  },
);

scenario("the menu survives a server that is killed", async (programs) => {
  await using server = await programs.startServer();
  await using menu = await startMenu(programs, server.port);
  await using asking = await startMenu(programs, server.port);
  await asking.type("6\n");
  await asking.stdout.find(/To number: $/);
  server.kill("SIGKILL");

  for (const client of [menu, asking]) {
    await client.stdout.find(
      /^\nDisconnected: .+\n[^]*Not connected\n[^]*parley> $/,
    );
    await client.type("3\n");
    await client.stdout.find(/3 is not possible now: connect first\n/);
  }

  // Another server takes it on.
  await using next = await programs.startServer();
  await menu.type(`1\n\n${next.port}\n3\n7\n`);
  await menu.stdout.find(/Server time: /);
  assertEquals((await menu.end()).code, 0);
  await asking.type("7\n");
  const { code, stderr } = await asking.end();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
});

scenario("the menu says that the server has shut down", async (programs) => {
  await using server = await programs.startServer();
  await using menu = await startMenu(programs, server.port);
  server.kill("SIGTERM");
  await menu.stdout.find(
    /^\nDisconnected: .*SIGTERM received.*\n[^]*Not connected\n[^]*parley> $/,
  );
  assertEquals((await server.end()).code, 0);
  await menu.type("7\n");
  assertEquals((await menu.end()).code, 0);
}, { ignore: windows });

scenario("the menu says goodbye on SIGINT", async (programs) => {
  await using server = await programs.startServer();
  await using menu = await startMenu(programs, server.port);
  menu.kill("SIGINT");
  const { code, stderr } = await menu.end();
  assertEquals({ code, stderr }, { code: 130, stderr: "" });
  await server.stderr.find(/#1 .*left \(goodbye/);
}, { ignore: windows });

scenario("nothing is coloured in a pipe", async (programs) => {
  await using server = await programs.startServer("--verbose");
  const { stdout } = await programs.client(
    ["--server", `127.0.0.1:${server.port}`],
    "1\n\n\n3\n5\n7\n",
  );
  await server.stderr.find(/left/);
  assert(stdout.includes("Server time"));
  assertFalse(stdout.includes("\x1b"));
  assertFalse(server.stderr.text.includes("\x1b"));
});
