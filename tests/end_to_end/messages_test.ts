import {
  assert,
  assertEquals,
  assertGreater,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { Client } from "../../client/mod.ts";
import { parseLines } from "../../tools/programs.ts";
import { Program } from "../../tools/program.ts";
import { bothWays, scenario } from "./scenario.ts";
import { until } from "./until.ts";

const windows = Deno.build.os === "windows";

bothWays(
  "send delivers a text with its sender's number, address and port",
  async (programs) => {
    await using server = await programs.startServer();
    await using listener = await programs.startListener(server.port);
    const text = 'hello, 你好 👋 \\n "quoted"';

    const { code, values } = await programs.askJson(
      server.port,
      ...["send", `${listener.id}`, text],
    );
    assertEquals(code, 0);
    const { ms, ...rest } = values[0]!;
    assertEquals(rest, { delivered: true, id: listener.id });
    assert(typeof ms === "number");
    assertGreater(ms, 0);

    // The server has seen the same address and port.
    const [, port] = await server.stderr.find(
      /#2 127\.0\.0\.1:(\d+) connected/,
    );
    const [line] = await listener.stdout.find(/^.*\n/);
    assertEquals(JSON.parse(line), {
      from: 2,
      address: "127.0.0.1",
      port: Number(port),
      text,
    });

    const plain = await programs.ask(server.port, "send", "1", "again");
    assertEquals(plain.code, 0);
    assertMatch(plain.stdout, /^Delivered to 1 in [\d.]+ ms\n$/);
    await listener.stdout.find(/"from":3,.*"text":"again"/);
  },
);

bothWays(
  "send says why a text was not delivered, and exits with 1",
  async (programs) => {
    await using server = await programs.startServer();
    // Confirms, but nobody handles its messages: number 1.
    await using deaf = await Client.connect({ port: server.port });
    assertEquals(deaf.id, 1);
    await using hasty = await programs.startServer(
      ...["--delivery-timeout", "0.2"],
    );
    // Takes whatever comes, and confirms nothing: number 1 there.
    using mute = await Deno.connect({ port: hasty.port });
    const hearing = mute.readable.pipeTo(new WritableStream()).catch(() => {});
    await hasty.stderr.find(/#1 .*connected/);

    const refusals = [
      [server, "99", "unknown-number", "No client has number 99"],
      [server, "0", "unknown-number", "No client has number 0"],
      [hasty, "1", "not-confirmed", "Client 1 did not confirm within 0.2 s"],
      [
        server,
        "1",
        "receiver-refused",
        /^Client 1 did not take it: .*not listen/,
      ],
      // The sender's own number: four clients came before it.
      [server, "5", "own-number", "5 is your own number"],
    ] as const;
    for (const [{ port }, to, reason, sentence] of refusals) {
      const { code, values } = await programs.askJson(port, "send", to, "x");
      const { why, ...rest } = values[0]!;
      assertEquals({ code, rest, lines: values.length }, {
        code: 1,
        rest: { delivered: false, id: Number(to), reason },
        lines: 1,
      });
      if (typeof sentence === "string") assertEquals(why, sentence);
      else assertMatch(String(why), sentence);
    }
    assertEquals(await programs.ask(server.port, "send", "99", "x"), {
      code: 1,
      stdout: "Not delivered to 99: No client has number 99\n",
      stderr: "",
    });
    // So has the receiver that leaves while its confirmation is awaited.
    await deaf.disconnect();
    const gone = await programs.ask(server.port, "send", "1", "x");
    assertEquals(gone.code, 1);
    assertStringIncludes(gone.stdout, "No client has number 1");

    mute[Symbol.dispose]();
    await hearing;
  },
);

scenario(
  "send refuses a text that is too long for the server",
  async (programs) => {
    await using server = await programs.startServer("--max-text", "10");
    await using _listener = await programs.startListener(server.port);
    const fits = await programs.ask(server.port, "send", "1", "0123456789");
    assertEquals(fits.code, 0);
    // Eleven bytes, though fewer letters.
    const { code, values } = await programs.askJson(
      server.port,
      ...["send", "1", "你好你a1"],
    );
    assertEquals(code, 1);
    assertEquals(values[0]!.reason, "text-too-long");
  },
);

scenario("a text that begins with a dash goes behind --", async (programs) => {
  await using server = await programs.startServer();
  await using listener = await programs.startListener(server.port);
  const sent = await programs.ask(
    server.port,
    ...["send", "1", "--", "--json"],
  );
  assertEquals(sent.code, 0);
  await listener.stdout.find(/"text":"--json"/);
});

bothWays(
  "listen --count leaves with 0 after so many messages",
  async (programs) => {
    await using server = await programs.startServer();
    await using listener = await programs.startListener(
      server.port,
      ...["--count", "3"],
    );
    const sent = await Promise.all(
      ["a", "b", "c"].map((text) =>
        programs.ask(server.port, "send", `${listener.id}`, text)
      ),
    );
    assertEquals(sent.map(({ code }) => code), [0, 0, 0]);

    const { code, stdout, stderr } = await listener.end();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    const [self, ...messages] = parseLines(stdout);
    assertEquals(self, { self: 1 });
    assertEquals(messages.map(({ text }) => text).toSorted(), ["a", "b", "c"]);
    await server.stderr.find(/#1 .*left \(goodbye/);
  },
);

bothWays("listen prints messages for people", async (programs) => {
  await using server = await programs.startServer();
  await using listener = programs.start(
    "client",
    ...["--server", `127.0.0.1:${server.port}`, "listen", "--count", "1"],
  );
  await listener.stdout.find(/^Listening as number 1\n/);
  await programs.ask(server.port, "send", "1", "hi");
  assertMatch(
    (await listener.end()).stdout,
    /\n\d\d:\d\d:\d\d +2 +127\.0\.0\.1:\d+ +hi\n$/,
  );
});

scenario(
  "messages from one sender arrive in order, each once",
  async (programs) => {
    await using server = await programs.startServer();
    await using listener = await programs.startListener(
      server.port,
      ...["--count", "500"],
    );
    await using sender = await Client.connect({ port: server.port });
    const texts = Array.from({ length: 500 }, (_, i) => `text ${i}`);
    const deliveries = await Promise.all(
      texts.map((text) => sender.send(listener.id, text)),
    );
    assert(deliveries.every(({ delivered }) => delivered));
    const { stdout } = await listener.end();
    const [, ...messages] = parseLines(stdout);
    assertEquals(messages.map(({ text }) => text), texts);
  },
);

scenario("what a terminal would obey is printed visibly", async (programs) => {
  await using server = await programs.startServer();
  const where = `127.0.0.1:${server.port}`;
  await using plain = programs.start(
    "client",
    ...["--server", where, "listen", "--count", "1"],
  );
  await plain.stdout.find(/number 1\n/);
  await using json = await programs.startListener(server.port, "--count", "1");
  const hostile = "a\x1b[2J\x1b]0;title\x07\r\nFrom 9 (me): b\x9bc\u202ed";

  for (const id of ["1", "2"]) {
    const sent = await programs.ask(server.port, "send", id, hostile);
    assertEquals(sent.code, 0);
  }
  const seen = (await plain.end()).stdout;
  assertMatch(
    seen,
    / {2}a␛\[2J␛\]0;title␇␍␊From 9 \(me\): b<U\+009B>c<U\+202E>d\n$/,
  );
  assertEquals(seen.split("\n").length, 3);

  const { stdout } = await json.end();
  assertEquals(parseLines(stdout).at(-1)!.text, hostile);
  assertEquals(stdout.includes("\x1b"), false);
});

scenario(
  "listen says that the server has shut down, and exits with 3",
  async (programs) => {
    await using server = await programs.startServer();
    await using listener = await programs.startListener(server.port);
    server.kill("SIGTERM");
    const { code, stderr } = await listener.end();
    assertEquals(code, 3);
    assertMatch(
      stderr,
      /^parley-client: Disconnected: .*SIGTERM received.*\n$/,
    );
    assertEquals((await server.end()).code, 0);
  },
  { ignore: windows },
);

scenario(
  "listen says that the server is lost, and exits with 3",
  async (programs) => {
    await using server = await programs.startServer();
    await using listener = await programs.startListener(server.port);
    server.kill("SIGKILL");
    const { code, stderr } = await listener.end();
    assertEquals(code, 3);
    assertMatch(stderr, /^parley-client: Disconnected: .+\n$/);
  },
);

for (const [signal, exitCode] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  scenario(`listen says goodbye on ${signal}`, async (programs) => {
    await using server = await programs.startServer();
    await using listener = await programs.startListener(server.port);
    listener.kill(signal);
    const { code, stderr } = await listener.end();
    assertEquals({ code, stderr }, { code: exitCode, stderr: "" });
    await server.stderr.find(/#1 .*left \(goodbye/);
  }, { ignore: windows });
}

scenario(
  "a message that cannot be printed is not delivered",
  async (programs) => {
    await using server = await programs.startServer();
    await using sender = await Client.connect({ port: server.port });
    const file = await Deno.makeTempFile();
    try {
      // A file that cannot grow beyond a block is a disk that gets full.
      const where = `127.0.0.1:${server.port}`;
      await using listener = new Program([
        "sh",
        "-c",
        'trap "" XFSZ; ulimit -f 1; file=$1; shift; exec "$@" >"$file"',
        "sh",
        file,
        ...programs.command("client", "--server", where, "listen"),
      ]);
      await server.stderr.find(/#2 .*connected/);
      // It is connected a moment before it listens.
      await until("a listener", async () => {
        const { delivered } = await sender.send(2, "short");
        return delivered;
      });

      const long = await programs.ask(
        server.port,
        ...["send", "2", "x".repeat(3000)],
      );
      assertEquals(long.code, 1);
      assertMatch(
        long.stdout,
        /^Not delivered to 2: Client 2 did not take it: Cannot write .+\n$/,
      );
      const { code, stderr } = await listener.end();
      assertEquals(code, 1);
      assertMatch(
        stderr,
        /^parley-client: Cannot write to standard output: .+\n$/,
      );
      await server.stderr.find(/#2 .*left/);
    } finally {
      await Deno.remove(file);
    }
  },
  { ignore: windows },
);

scenario("a full disk is told in a sentence", async (programs) => {
  await using server = await programs.startServer();
  const where = `127.0.0.1:${server.port}`;
  const commands = [
    programs.command("client", "--server", where, "listen"),
    programs.command("client", "--server", where, "time"),
    programs.command("client", "--help"),
    programs.command("client"),
    programs.command("server", "--port", "0"),
  ];
  for (const command of commands) {
    await using program = new Program(
      ["sh", "-c", 'exec "$@" >/dev/full', "sh", ...command],
    );
    const { code, stderr } = await program.end();
    assertEquals(code, 1);
    assertMatch(
      stderr,
      /^parley-(client|server): Cannot write to standard output: .+$/m,
    );
  }
  assertEquals((await programs.ask(server.port, "name")).code, 0);
}, { ignore: Deno.build.os !== "linux" });
