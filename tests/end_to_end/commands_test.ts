import {
  assert,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLessOrEqual,
  assertMatch,
} from "@std/assert";
import { bothWays } from "./scenario.ts";

bothWays("time prints the server's time", async (programs) => {
  await using server = await programs.startServer();
  const before = Date.now();
  const json = await programs.askJson(server.port, "time");
  const plain = await programs.ask(server.port, "time");
  const after = Date.now();

  assertEquals(json.code, 0);
  assertEquals(json.values.length, 1);
  const { unixMs, iso, zone, ...rest } = json.values[0]!;
  assertEquals(rest, {});
  assert(typeof unixMs === "number" && typeof iso === "string");
  assertGreaterOrEqual(unixMs, before);
  assertLessOrEqual(unixMs, after);
  assertEquals(Date.parse(iso), unixMs);
  assertMatch(iso, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/);
  assertEquals(zone, Intl.DateTimeFormat().resolvedOptions().timeZone);

  assertEquals({ ...plain, stdout: "" }, { code: 0, stdout: "", stderr: "" });
  assertMatch(
    plain.stdout,
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d \(\S+\)\n$/,
  );
});

bothWays(
  "name prints the machine's name, or the one given",
  async (programs) => {
    await using machine = await programs.startServer();
    await using lab = await programs.startServer("--name", "lab 2");
    assertEquals(await programs.ask(machine.port, "name"), {
      code: 0,
      stdout: `${Deno.hostname()}\n`,
      stderr: "",
    });
    assertEquals(await programs.ask(lab.port, "name"), {
      code: 0,
      stdout: "lab 2\n",
      stderr: "",
    });
    assertEquals(await programs.askJson(lab.port, "name"), {
      code: 0,
      values: [{ name: "lab 2" }],
    });
  },
);

bothWays("list prints who is connected", async (programs) => {
  await using server = await programs.startServer();
  const before = Date.now();
  await using listener = await programs.startListener(server.port);
  const [, port] = await server.stderr.find(/#1 127\.0\.0\.1:(\d+) connected/);

  const { code, values } = await programs.askJson(server.port, "list");
  assertEquals(code, 0);
  const [first, second, ...others] = values;
  assertEquals(others, []);
  assertEquals({ ...first, connectedMs: 0 }, {
    id: listener.id,
    address: "127.0.0.1",
    port: Number(port),
    connectedMs: 0,
    self: false,
  });
  assertGreaterOrEqual(first!.connectedMs as number, before);
  assertLessOrEqual(first!.connectedMs as number, Date.now());
  assertEquals(second!.self, true);
  assertEquals(second!.id, 2);

  const plain = await programs.ask(server.port, "list");
  assertEquals(plain.code, 0);
  assertMatch(
    plain.stdout,
    new RegExp(
      "^number +address +since\n" +
        `1 +127\\.0\\.0\\.1:${port} +\\d\\d:\\d\\d:\\d\\d\n` +
        "3 +127\\.0\\.0\\.1:\\d+ +\\d\\d:\\d\\d:\\d\\d +\\(you\\)\n$",
    ),
  );
});

bothWays("nodes prints a server on its own", async (programs) => {
  await using server = await programs.startServer("--name", "lab 2");
  const { code, values } = await programs.askJson(server.port, "nodes");
  assertEquals(code, 0);
  assertEquals(values.length, 1);
  const { sinceMs, numbers, ...node } = values[0]!;
  assertLessOrEqual(sinceMs as number, Date.now());
  assert(Array.isArray(numbers));
  assertEquals(node, {
    ...{ name: "lab 2", address: `127.0.0.1:${server.port}`, clients: 1 },
    ...{ messagesPerSecond: 0, roundTripMs: 0, self: true, missing: false },
  });

  const plain = await programs.ask(server.port, "nodes");
  assertEquals(plain.code, 0);
  assertMatch(
    plain.stdout,
    /^node +address +clients .*\nlab 2 +127\.0\.0\.1:\d+ +1 .*\(this one\).*\n$/,
  );
});

bothWays("burst prints how many answers came", async (programs) => {
  await using server = await programs.startServer();
  for (const command of ["time", "name"]) {
    const { code, values } = await programs.askJson(
      server.port,
      ...["burst", "--count", "1000", "--command", command],
    );
    assertEquals(code, 0);
    const { sent, received, reads, ms, ...rest } = values[0]!;
    assertEquals({ sent, received, rest }, {
      sent: 1000,
      received: 1000,
      rest: {},
    });
    // TCP joins what is sent; a read is not an answer.
    assertGreater(reads as number, 0);
    assertLessOrEqual(reads as number, 1000);
    assertGreater(ms as number, 0);
  }

  const plain = await programs.ask(server.port, "burst");
  assertEquals(plain.code, 0);
  assertMatch(
    plain.stdout,
    /^100 of 100 answers came, in \d+ reads and [\d.]+ ms \([\d,]+ a second\)\n$/,
  );
});

bothWays("an IPv6 server is reached by its address", async (programs) => {
  await using server = await programs.startServer("--host", "::1");
  assertEquals(server.stdout.text, `Listening on [::1]:${server.port}\n`);
  const args = ["--server", `[::1]:${server.port}`, "--json", "list"];
  const { code, stdout } = await programs.client(args);
  assertEquals(code, 0);
  assertEquals(JSON.parse(stdout).address, "::1");
});
