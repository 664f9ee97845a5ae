import {
  assert,
  assertEquals,
  assertFalse,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { Client } from "../../client/mod.ts";
import { PACKAGE_FLAGS } from "../../tools/packages.ts";
import { parseLines } from "../../tools/programs.ts";
import { permissionFlags } from "../../tools/task.ts";
import { scenario } from "./scenario.ts";

const windows = Deno.build.os === "windows";

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  scenario(`${signal}: all clients are told, exit 0`, async (programs) => {
    await using server = await programs.startServer();
    await using listener = await programs.startListener(server.port);
    await using another = await programs.startListener(server.port);
    await using client = await Client.connect({ port: server.port });

    server.kill(signal);
    const { code, stdout, stderr } = await server.end();
    assertEquals(code, 0);
    assertEquals(stdout, `Listening on 127.0.0.1:${server.port}\n`);
    assertMatch(stderr, new RegExp(`shutting down: ${signal} received`));
    assertMatch(stderr, /closed\n$/);
    assertEquals(stderr.match(/left \(shutdown/g)?.length, 3);

    const { how, why } = await client.closed;
    assertEquals(how, "goodbye");
    assertStringIncludes(why, `${signal} received`);
    for (const each of [listener, another]) {
      const { code, stderr } = await each.end();
      assertEquals(code, 3);
      assertEquals(stderr, `parley-client: Disconnected: ${why}\n`);
    }
  }, { ignore: windows });
}

scenario("the time is told in the server's zone", async (programs) => {
  const elsewhere = programs.startedBy("env", "TZ=Asia/Tokyo");
  await using server = await elsewhere.startServer();
  const before = Date.now();
  const { stdout } = await programs.ask(server.port, "--json", "time");
  const [{ unixMs, iso, zone }] = parseLines(stdout) as [
    { unixMs: number; iso: string; zone: string },
  ];
  assert(before <= unixMs && unixMs <= Date.now());
  assertEquals([Date.parse(iso), zone], [unixMs, "Asia/Tokyo"]);
  assertMatch(iso, /\+09:00$/);
}, { ignore: windows });

scenario(
  "a message under way when the server shuts down is not delivered",
  async (programs) => {
    await using server = await programs.startServer(
      ...["--drain-timeout", "0.1"],
    );
    using mute = await Deno.connect({ port: server.port });
    const hearing = mute.readable.pipeTo(new WritableStream()).catch(() => {});
    await server.stderr.find(/#1 .*connected/);
    await using sender = programs.start(
      "client",
      ...["--server", `127.0.0.1:${server.port}`, "send", "1", "hi"],
    );
    // The server confirms the ping behind it, so the text is on its way.
    await server.stderr.find(/#2 .*connected/);
    server.kill("SIGTERM");
    const { code, stdout, stderr } = await sender.end();
    // Told so by the answer, or, if it came too late for one, by the goodbye.
    if (code === 1) {
      assertMatch(
        stdout,
        /^Not delivered to 1: .*shutting down\n$/,
      );
    } else assertMatch(stderr, /^parley-client: .*SIGTERM received.*\n$/);
    assertEquals((await server.end()).code, 0);
    await hearing;
  },
  { ignore: windows },
);

scenario("the log shows who came, who left and why", async (programs) => {
  await using server = await programs.startServer("--name", "lab");
  await server.stderr.find(
    new RegExp(
      `^\\d\\d:\\d\\d:\\d\\d {2}lab listens on 127\\.0\\.0\\.1:${server.port}\\b.*--host 0\\.0\\.0\\.0`,
    ),
  );
  await programs.ask(server.port, "time");
  const [, port] = await server.stderr.find(
    /\d\d:\d\d:\d\d {2}#1 127\.0\.0\.1:(\d+) connected \(1 connected\)\n/,
  );
  await server.stderr.find(
    new RegExp(
      `\\d\\d:\\d\\d:\\d\\d {2}#1 127\\.0\\.0\\.1:${port} left \\(goodbye: leaving\\) after [\\d.]+ s \\(0 connected\\)\n`,
    ),
  );
  {
    using _silent = await Deno.connect({ port: server.port });
    await server.stderr.find(/#2 .*connected \(1 connected\)\n/);
  }
  await server.stderr.find(/#2 .*left \((closed|lost): .+\n/);
  // Requests are for --verbose.
  assertFalse(/time →/.test(server.stderr.text));
});

scenario("--verbose shows each request and its answer", async (programs) => {
  await using server = await programs.startServer(
    ...["--verbose", "--name", "lab"],
  );
  await using listener = await programs.startListener(server.port);
  for (
    const words of [
      ["time"],
      ["name"],
      ["list"],
      ["send", `${listener.id}`, "four"],
      ["send", "99", "x"],
    ]
  ) {
    await programs.ask(server.port, ...words);
  }
  const who = "#\\d+ 127\\.0\\.0\\.1:\\d+";
  const answers = [
    "time → \\d{4}-\\d\\d-\\d\\dT.*Z",
    "name → lab",
    "list after 0 → 2 clients",
    "send 4 bytes to 1 → delivered",
    "send 1 bytes? to 99 → unknown-number: No client has number 99",
  ];
  for (const answer of answers) {
    await server.stderr.find(new RegExp(`  ${who} ${answer}\n`));
  }
});

scenario("--log json writes an object a line", async (programs) => {
  await using server = await programs.startServer(
    ...["--log", "json", "--verbose", "--name", "a \x1b[31mred\nlab"],
  );
  await programs.ask(server.port, "time");
  await programs.ask(server.port, "send", "99", "x");
  {
    using peer = await Deno.connect({ port: server.port });
    await peer.write(new TextEncoder().encode("\x1b[2J\n{}"));
    await peer.closeWrite();
    await server.stderr.find(/"how":"fault"/);
  }
  if (windows) server.kill("SIGKILL");
  else server.kill("SIGTERM");
  const { stderr } = await server.end();
  assertFalse(stderr.includes("\x1b"));

  const events = parseLines(stderr);
  for (const { time, event } of events) {
    assertEquals(new Date(String(time)).toISOString(), time);
    assertEquals(typeof event, "string");
  }
  const [listening, ...others] = events.map(({ time: _, ...event }) => event);
  assertEquals(listening, {
    event: "listening",
    name: "a \x1b[31mred\nlab",
    address: "127.0.0.1",
    port: server.port,
    tls: false,
    tokenWanted: false,
  });
  const answered = others.filter(({ event }) => event === "answered");
  assertEquals(answered.map(({ command, status }) => [command, status]), [
    ["time", "ok"],
    ["send", "unknown-number"],
  ]);
  const left = others.filter(({ event }) => event === "left");
  assertEquals(left.map(({ id, how }) => [id, how]), [
    [1, "goodbye"],
    [2, "goodbye"],
    [3, "fault"],
  ]);
  if (windows) return;
  assertEquals(others.slice(-2).map(({ event }) => event), [
    "shutting-down",
    "closed",
  ]);
});

scenario(
  "a server in a pipe does not take its input for orders",
  async (programs) => {
    await using server = await programs.startServer();
    await server.type("q\n");
    await server.closeInput();
    assertEquals((await programs.ask(server.port, "name")).code, 0);
  },
);

Deno.test("the server can neither read nor write files any more when it listens", async () => {
  const file = await Deno.makeTempFile();
  const look = `data:text/typescript,${
    encodeURIComponent(`
      Deno.listen = () => {
        for (const use of [Deno.readTextFileSync, Deno.truncateSync]) {
          try {
            use(${JSON.stringify(file)});
            console.error("it can");
          } catch (error) {
            console.error(error.name);
          }
        }
        Deno.exit(0);
      };
    `)
  }`;
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", ...permissionFlags("server"), ...PACKAGE_FLAGS],
      ...["--preload", look, import.meta.resolve("../../server.ts")],
    ],
    env: { NO_COLOR: "1" },
  }).output();
  await Deno.remove(file);
  assertEquals(new TextDecoder().decode(stderr), "NotCapable\nNotCapable\n");
});
