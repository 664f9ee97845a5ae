import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { GoodbyeReason } from "../../protocol/mod.ts";
import { freePort } from "../../tools/free_port.ts";
import { PACKAGE_FLAGS } from "../../tools/packages.ts";
import type { Finished, Program } from "../../tools/program.ts";
import { parseLines, type Programs } from "../../tools/programs.ts";
import { scenario } from "./scenario.ts";
import { goodbyeFrame, partWith, RawServer } from "../client/raw_server.ts";

const windows = Deno.build.os === "windows";

const CERTIFICATE = `${import.meta.dirname}/../tls/cert.pem`;
const KEY = `${import.meta.dirname}/../tls/key.pem`;
const OTHER = `${import.meta.dirname}/../tls/other.pem`;

/** A file with a token, until the test is over. */
function tokenFile(token = "open sesame\n") {
  const path = Deno.makeTempFileSync();
  Deno.writeTextFileSync(path, token);
  return { path, [Symbol.dispose]: () => Deno.removeSync(path) };
}

/** Starts `listen`, with these flags. */
function startListening(
  programs: Programs,
  port: number,
  ...flags: string[]
): Program {
  const server = `127.0.0.1:${port}`;
  return programs.start("client", "--server", server, ...flags, "listen");
}

function assertFailed(
  { code, stdout, stderr }: Finished,
  expected: number,
  ...parts: string[]
): void {
  assertEquals({ code, stdout }, { code: expected, stdout: "" }, stderr);
  assertMatch(stderr, /^parley-client: [^\n]+\n$/);
  for (const part of parts) assertStringIncludes(stderr, part);
}

scenario(
  "a token: the right one lets in, a wrong one is a no, none is no connection",
  async (programs) => {
    using right = tokenFile();
    using wrong = tokenFile("sesame");
    await using server = await programs.startServer(
      ...["--name", "lab", "--token-file", right.path],
    );
    const ask = (...flags: string[]) =>
      programs.ask(server.port, ...flags, "name");
    assertEquals(await ask("--token-file", right.path), {
      code: 0,
      stdout: "lab\n",
      stderr: "",
    });
    assertFailed(await ask("--token-file", wrong.path), 1, "--token-file");
    assertFailed(await ask(), 3, "wants a token", "--token-file");
  },
);

scenario(
  "TLS: the certificate is trusted, or it is said why not",
  async (programs) => {
    await using server = await programs.startServer(
      ...["--name", "lab", "--tls-cert", CERTIFICATE, "--tls-key", KEY],
    );
    const ask = (...flags: string[]) =>
      programs.ask(server.port, ...flags, "name");
    assertEquals((await ask("--tls-ca", CERTIFICATE)).stdout, "lab\n");
    assertEquals((await ask("--tls", "--tls-ca", CERTIFICATE)).stdout, "lab\n");
    assertFailed(await ask("--tls"), 3, "does not trust", "--tls-ca");
    assertFailed(await ask("--tls-ca", OTHER), 3, "does not trust", "--tls-ca");
    assertFailed(
      await ask("--timeout", "1"),
      3,
      "within 1 s",
      "Does the server want --tls?",
    );
  },
);

scenario("TLS at a server without it", async (programs) => {
  await using server = await programs.startServer();
  const flags = ["--tls-ca", CERTIFICATE];
  assertFailed(
    await programs.ask(server.port, ...flags, "time"),
    3,
    "does not speak TLS",
    "leave out --tls",
  );
});

scenario("files that will not do are wrong usage", async (programs) => {
  using empty = tokenFile("\n");
  const lines: [string[], string][] = [
    [["--token-file", "/nowhere/token", "time"], "there is no such file"],
    [["--token-file", empty.path, "time"], "1 to 1024 bytes"],
    [["--tls-ca", "/nowhere/cert.pem", "time"], "there is no such file"],
    [["--tls-ca", KEY, "time"], "BEGIN CERTIFICATE"],
    [["--token-file", "/nowhere/token"], "there is no such file"],
    [["--tls-ca"], "--tls-ca FILE"],
  ];
  for (const [args, said] of lines) {
    assertFailed(await programs.client(args), 2, said);
  }
});

scenario("--reconnect goes with listen only", async (programs) => {
  for (const words of [[], ["time"], ["send", "1", "hi"], ["burst"]]) {
    const args = ["--reconnect", ...words];
    assertFailed(await programs.client(args), 2, "listen", "menu");
  }
});

scenario("a server that is full: its sentence, exit 3", async (programs) => {
  await using server = await programs.startServer("--max-clients", "1");
  await using listener = await programs.startListener(server.port);
  const full = await programs.ask(server.port, "time");
  assertFailed(full, 3, "the server is full");
  assertEquals(listener.id, 1);
});

scenario("a server that falls silent is given up", async (programs) => {
  await using server = await programs.startServer();
  await using listener = await programs.startListener(
    server.port,
    ...["--ping-interval", "0.3", "--ping-timeout", "1"],
  );
  server.kill("SIGSTOP");
  const { code, stderr } = await listener.end();
  assertEquals(code, 3);
  assertStringIncludes(stderr, "the server has been silent for 1.3 s");
}, { ignore: windows });

scenario(
  "listen --reconnect --json goes on with another server on the same port",
  async (programs) => {
    const port = freePort();
    await using first = await programs.startServer("--port", `${port}`);
    const flags = ["--reconnect", "--json", "--count", "3"];
    await using listener = startListening(programs, port, ...flags);
    await listener.stdout.find(/^\{"self":1\}\n/);
    await programs.ask(port, "send", "1", "one");
    first.kill("SIGKILL");
    await listener.stderr.find(/Disconnected: .+\nTrying again in \d\.\d s\n/);

    await using second = await programs.startServer("--port", `${port}`);
    await listener.stderr.find(/Connected as number 1\n/);
    await listener.stdout.find(/\{"self":1\}\n/);
    await programs.ask(second.port, "send", "1", "two");
    await programs.ask(second.port, "send", "1", "three");

    const { code, stdout, stderr } = await listener.end();
    assertEquals(code, 0);
    assertEquals(
      parseLines(stdout).map(({ self, text }) => self ?? text),
      [1, "one", 1, "two", "three"],
    );
    assertMatch(
      stderr,
      /^Connected as number 1\nDisconnected: .+\n(Trying again in .+ s\n|No server listens.+\n)+Connected as number 1\n$/,
    );
  },
);

scenario(
  "of several servers the first that is there is asked",
  async (programs) => {
    await using server = await programs.startServer("--name", "there");
    const dead = [freePort(), freePort()].map((port) => `127.0.0.1:${port}`);
    const ask = (...servers: string[]) =>
      programs.client(["--server", servers.join(","), "name"]);
    assertEquals(await ask(dead[0]!, `127.0.0.1:${server.port}`, dead[1]!), {
      code: 0,
      stdout: "there\n",
      stderr: "",
    });
    assertFailed(
      await ask(...dead),
      3,
      dead[0]!,
      dead[1]!,
      "None of 2 servers",
    );
  },
);

scenario(
  "listen --reconnect goes on with the next server when the first is gone",
  async (programs) => {
    await using first = await programs.startServer(
      ...["--port", `${freePort()}`],
    );
    await using second = await programs.startServer();
    const servers = `127.0.0.1:${first.port},127.0.0.1:${second.port}`;
    const flags = ["--reconnect", "--json", "--count", "1"];
    await using listener = programs.start(
      ...["client", "--server", servers, ...flags, "listen"] as const,
    );
    await listener.stdout.find(/^\{"self":1\}\n/);
    first.kill("SIGKILL");
    await listener.stdout.find(/\{"self":1\}\n/);
    await programs.ask(second.port, "send", "1", "hello");
    const { code, stdout } = await listener.end();
    assertEquals(code, 0);
    assertEquals(parseLines(stdout).at(-1)!.text, "hello");
  },
);

scenario(
  "listen --reconnect waits for a server that is not there yet",
  async (programs) => {
    const port = freePort();
    const flags = ["--reconnect", "--count", "1"];
    await using listener = startListening(programs, port, ...flags);
    await listener.stderr.find(
      /^No server listens on .+\nTrying again in 0\.[2-5] s\n/,
    );
    await using server = await programs.startServer("--port", `${port}`);
    await listener.stdout.find(/^Listening as number 1\n/);
    const sent = await programs.ask(server.port, "send", "1", "hello");
    assertEquals(sent.code, 0);
    const { code, stdout } = await listener.end();
    assertEquals(code, 0);
    assertMatch(stdout, /^Listening as number 1\n.+ {2}hello\n$/);
  },
);

scenario(
  "listen --reconnect comes back to a server that was full",
  async (programs) => {
    using server = new RawServer();
    const flags = ["--reconnect", "--json"];
    await using listener = startListening(programs, server.port, ...flags);
    for (const reason of [GoodbyeReason.serverFull, GoodbyeReason.lockedOut]) {
      const peer = await server.say(goodbyeFrame(`go away: ${reason}`, reason));
      await peer.ended();
      peer.close();
      await listener.stderr.find(/go away: \d\nTrying again in/);
    }
    const peer = await server.greet();
    await listener.stdout.find(/^\{"self":7\}\n/);
    listener.kill("SIGTERM");
    await partWith(peer);
    assertEquals((await listener.end()).code, 143);
  },
  { ignore: windows },
);

scenario("Ctrl-C ends the waiting at once", async (programs) => {
  await using listener = startListening(
    programs,
    freePort(),
    "--reconnect",
  );
  await listener.stderr.find(/Trying again in .+\n(?:[^]*\n){2}/);
  listener.kill("SIGINT");
  assertEquals((await listener.end()).code, 130);
}, { ignore: windows });

scenario(
  "what would be the same again ends listen --reconnect",
  async (programs) => {
    using right = tokenFile();
    using wrong = tokenFile("sesame");
    await using server = await programs.startServer(
      ...["--token-file", right.path],
    );
    const run = async (port: number, ...flags: string[]) => {
      await using listener = startListening(
        programs,
        port,
        ...["--reconnect", ...flags],
      );
      return await listener.end();
    };
    assertFailed(
      await run(server.port, "--token-file", wrong.path),
      1,
      "--token-file",
    );
    assertFailed(await run(server.port), 3, "wants a token");
    assertFailed(
      await run(server.port, "--tls-ca", CERTIFICATE),
      3,
      "leave out --tls",
    );

    using stranger = new RawServer();
    const serving = stranger.say(
      new TextEncoder().encode("SSH-2.0-OpenSSH\r\n"),
    )
      .then(async (peer) => {
        await peer.gone();
        peer.close();
      });
    assertFailed(await run(stranger.port), 3, "does not speak the protocol");
    await serving;
  },
);

scenario(
  "without --reconnect a lost server ends listen, as before",
  async (programs) => {
    await using server = await programs.startServer();
    await using listener = await programs.startListener(server.port);
    server.kill("SIGKILL");
    const { code, stdout, stderr } = await listener.end();
    assertEquals([code, stdout], [3, '{"self":1}\n']);
    assertMatch(stderr, /^parley-client: Disconnected: .+\n$/);
  },
);

scenario("the menu waits for a server that was killed", async (programs) => {
  using token = tokenFile();
  const port = freePort();
  const flags = [
    ...["--port", `${port}`, "--token-file", token.path],
    ...["--tls-cert", CERTIFICATE, "--tls-key", KEY],
  ];
  await using first = await programs.startServer(...flags);
  await using menu = programs.start(
    "client",
    ...["--server", `127.0.0.1:${port}`, "--token-file", token.path],
    ...["--tls-ca", CERTIFICATE],
  );
  await menu.type("1\n\n\n");
  await menu.stdout.find(/Connected to [^]*8 -> measure.*\nparley> $/);
  first.kill("SIGKILL");
  await menu.stdout.find(
    /Disconnected: the server closed the connection\n[^]*9 -> wait for the server and connect again\nparley> $/,
  );
  await menu.type("9\n");
  await menu.stdout.find(
    /Waiting for 127\.0\.0\.1:\d+\n {2}1 -> stop waiting\n[^]*Trying again in/,
  );
  await menu.type("1\n");
  await menu.stdout.find(/Not connected\n[^]*9 -> wait for the server.*\n/);
  await menu.type("9\n");
  await menu.stdout.find(/Trying again in/);

  await using _second = await programs.startServer(...flags);
  await menu.stdout.find(
    /Connected as number 1\n[^]*Connected to .* as number 1 .*\n[^]*parley> $/,
  );
  await menu.type("4\n");
  await menu.stdout.find(/Server name: /);
  await menu.type("7\n");
  const { code, stderr } = await menu.end();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
});

/** Opens the menu, connects it, kills the server, and chooses to wait for it. */
async function waitingMenu(programs: Programs): Promise<Program> {
  const port = freePort();
  await using server = await programs.startServer("--port", `${port}`);
  const menu = programs.start(
    "client",
    ...["--server", `127.0.0.1:${port}`],
  );
  try {
    await menu.type("1\n\n\n");
    await menu.stdout.find(/Connected to [^]*parley> $/);
    server.kill("SIGKILL");
    await menu.stdout.find(/Not connected\n[^]*parley> $/);
    await menu.type("9\n");
    await menu.stdout.find(/Trying again in/);
    return menu;
  } catch (error) {
    await menu[Symbol.asyncDispose]();
    throw error;
  }
}

scenario(
  "input that ends while the menu waits ends the menu",
  async (programs) => {
    await using menu = await waitingMenu(programs);
    await menu.closeInput();
    const { code, stderr } = await menu.end();
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
  },
);

scenario("Ctrl-C ends a menu that waits", async (programs) => {
  await using menu = await waitingMenu(programs);
  menu.kill("SIGINT");
  const { code, stderr } = await menu.end();
  assertEquals({ code, stderr }, { code: 130, stderr: "" });
}, { ignore: windows });

Deno.test("the program can neither read nor write files any more when it connects", async () => {
  using token = tokenFile();
  // What is loaded before the program looks when it connects.
  const look = `data:text/typescript,${
    encodeURIComponent(`
      const { connect } = Deno;
      Deno.connect = (...args) => {
        for (const use of [Deno.readTextFileSync, Deno.truncateSync]) {
          try {
            use(${JSON.stringify(token.path)});
            console.error("it can");
          } catch (error) {
            console.error(error.name);
          }
        }
        return connect(...args);
      };
    `)
  }`;
  using server = new RawServer();
  const flags = [["--token-file", token.path], []];
  for (const secrets of flags) {
    const serving = server.say(goodbyeFrame("enough")).then(async (peer) => {
      await peer.gone();
      peer.close();
    });
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-prompt", "--allow-net", "--allow-read"],
        ...["--allow-write", ...PACKAGE_FLAGS, "--preload", look],
        import.meta.resolve("../../client.ts"),
        ...["--server", `127.0.0.1:${server.port}`, ...secrets, "time"],
      ],
      env: { NO_COLOR: "1" },
    }).output();
    await serving;
    const said = new TextDecoder().decode(stderr);
    assertEquals(code, 3, said);
    assert(said.startsWith("NotCapable\nNotCapable\n"), said);
  }
});
