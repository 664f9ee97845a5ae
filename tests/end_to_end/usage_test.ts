import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { freePort } from "../../tools/free_port.ts";
import { scenario } from "./scenario.ts";
import { until } from "./until.ts";

scenario(
  "a wrong command line exits with 2 and says what would be right",
  async (programs) => {
    const client: [string[], string][] = [
      [["--sevrer", "x:1", "time"], "--server"],
      [["--jsn", "time"], "--json"],
      [["--frobnicate"], "--help"],
      [["tmie"], "time"],
      [["lits"], "list"],
      [["frobnicate"], "--help"],
      [["--server", "nonsense", "time"], "HOST:PORT"],
      [["--server", "127.0.0.1:0", "time"], "HOST:PORT"],
      [["--server", "127.0.0.1:65536", "time"], "HOST:PORT"],
      [["--server"], "--server HOST:PORT"],
      [["--server", "127.0.0.1:1,", "time"], 'got ""'],
      [["burst", "--count", "0"], "from 1 to"],
      [["burst", "--count", "ten"], '"ten"'],
      [["burst", "--command", "list"], "time or name"],
      [["time", "now"], '"time"'],
      [["send", "1"], '"send ID TEXT"'],
      [["send", "1", "two", "words"], "quote"],
      [["send", "bob", "hi"], "list shows the numbers"],
      [["send", "4294967296", "hi"], "list shows the numbers"],
      [["--timeout", "0", "time"], "from 0.1 to"],
    ];
    const server: [string[], string][] = [
      [["--prot", "1"], "--port"],
      [["--hots", "::1"], "--host"],
      [["--port", "65536"], "from 0 to 65535"],
      [["--port", "-1"], "-1"],
      [["--port", "http"], '"http"'],
      [["--log", "xml"], "pretty or json"],
      [["--max-text", "1.5"], "a whole number"],
      [["now"], '"now"'],
    ];
    const check = async (
      program: "client" | "server",
      lines: [string[], string][],
    ) => {
      for (const [args, said] of lines) {
        const { code, stdout, stderr } = program === "client"
          ? await programs.client(args)
          : await programs.server(...args);
        const line = `${program} ${args.join(" ")}`;
        assertEquals({ code, stdout }, { code: 2, stdout: "" }, line);
        assertMatch(stderr, new RegExp(`^parley-${program}: [^\n]+\n$`), line);
        assertStringIncludes(stderr, said, line);
      }
    };
    await check("client", client);
    await check("server", server);
  },
);

scenario("--help and --version", async (programs) => {
  const { version } = config;
  assertEquals(await programs.server("--version"), {
    code: 0,
    stdout: `parley-server ${version}\n`,
    stderr: "",
  });
  assertEquals(await programs.client(["--version"]), {
    code: 0,
    stdout: `parley-client ${version}\n`,
    stderr: "",
  });

  const server = await programs.server("--help");
  assertEquals({ ...server, stdout: "" }, { code: 0, stdout: "", stderr: "" });
  for (const flag of ["host", "port", "name", "log", "verbose"]) {
    assertStringIncludes(server.stdout, `\n  --${flag}`);
  }
  assertStringIncludes(server.stdout, "(default 2203)");

  const client = await programs.client(["time", "--help"]);
  assertEquals({ ...client, stdout: "" }, { code: 0, stdout: "", stderr: "" });
  for (
    const word of ["time", "name", "list", "send ID TEXT", "listen", "burst"]
  ) {
    assertStringIncludes(client.stdout, `\n  ${word} `);
  }
  for (const flag of ["server", "json", "count", "command"]) {
    assertStringIncludes(client.stdout, `\n  --${flag}`);
  }
});

scenario(
  "a port that is taken: who has it, what to do, exit 3",
  async (programs) => {
    await using server = await programs.startServer("--name", "first");
    using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const refusal = async (port: number) => {
      const { code, stdout, stderr } = await programs.server(
        ...["--port", `${port}`],
      );
      assertEquals({ code, stdout }, { code: 3, stdout: "" });
      assertMatch(stderr, /^parley-server: [^\n]+\n$/);
      assertStringIncludes(stderr, `127.0.0.1:${port}`);
      assertStringIncludes(stderr, "--port");
      return stderr;
    };
    // It is given half a second to say who it is.
    await until(
      "the first server's name",
      async () =>
        (await refusal(server.port)).includes('the Parley server "first"'),
    );
    assertStringIncludes(
      await refusal(other.addr.port),
      "does not say hello as a Parley server",
    );
    assertEquals((await programs.ask(server.port, "name")).stdout, "first\n");
  },
);

scenario(
  "an address of another machine: what to do, exit 3",
  async (programs) => {
    // 192.0.2.0/24 is for documentation: nobody has it.
    const { code, stdout, stderr } = await programs.server(
      ...["--host", "192.0.2.1", "--port", "0"],
    );
    assertEquals({ code, stdout }, { code: 3, stdout: "" });
    assertMatch(stderr, /^parley-server: 192\.0\.2\.1 [^\n]+--host[^\n]+\n$/);
  },
);

scenario("no server there: every command exits with 3", async (programs) => {
  const port = freePort();
  const commands = [
    ["time"],
    ["name", "--json"],
    ["list"],
    ["send", "1", "hi"],
    ["listen"],
    ["burst", "--json"],
  ];
  for (const words of commands) {
    const { code, stdout, stderr } = await programs.ask(port, ...words);
    assertEquals({ code, stdout }, { code: 3, stdout: "" }, words[0]);
    assertMatch(
      stderr,
      new RegExp(`^parley-client: [^\n]*127\\.0\\.0\\.1:${port}[^\n]*\n$`),
    );
    assertStringIncludes(stderr, "Is parley-server running there");
  }
});

scenario(
  "a server that is not Parley's: a sentence, exit 3",
  async (programs) => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    const greetings: [string, Uint8Array | undefined][] = [
      ["does not speak the protocol", bytes("SSH-2.0-OpenSSH_9.2\r\n")],
      ["does not speak the protocol", bytes("\x00".repeat(100))],
      // The header of an indication, and nothing behind it.
      ["does not speak the protocol", Uint8Array.fromHex("5059010300010000")],
      // A message where the hello should be.
      ["hello first", Uint8Array.fromHex("50590103000600000000000100000000")],
      ["closed", bytes("")],
      ["no answer came within 1 s", undefined],
    ];
    for (const [said, greeting] of greetings) {
      using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const { port } = listener.addr;
      const flags = greeting === undefined ? ["--timeout", "1"] : [];
      const answering = programs.ask(port, ...flags, "time");
      using conn = await listener.accept();
      if (greeting !== undefined) {
        await conn.write(greeting);
        await conn.closeWrite();
      }
      const { code, stdout, stderr } = await answering;
      assertEquals({ code, stdout }, { code: 3, stdout: "" }, said);
      assertMatch(stderr, /^parley-client: [^\n]+\n$/);
      assert(stderr.includes(said), `Expected "${said}", got ${stderr}`);
    }
  },
);
