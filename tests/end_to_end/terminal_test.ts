import { assertEquals, assertMatch } from "@std/assert";
import { bothWays } from "./scenario.ts";
import { Terminal, TERMINAL_MISSING } from "./terminal.ts";

if (TERMINAL_MISSING) {
  console.warn("Not tried on a terminal: there is no tmux on this machine.");
}
const options = { ignore: TERMINAL_MISSING };

/** What begins a colour, as tmux's control mode writes it. */
const COLOUR = /\\033\[\d+m/;

bothWays("q and Enter end a server on a terminal", async (programs) => {
  await using terminal = new Terminal(
    programs.command("server", "--port", "0"),
  );
  const [, port] = await terminal.stdout.find(/Listening on 127.0.0.1:(\d+)/);
  await using listener = await programs.startListener(Number(port));
  await terminal.press("x", "Enter");
  assertEquals((await programs.ask(Number(port), "name")).code, 0);

  await terminal.press("q", "Enter");
  assertEquals(await terminal.exitCode(), 0);
  assertMatch(
    (await listener.end()).stderr,
    /^parley-client: Disconnected: .*q was typed.*\n$/,
  );
}, options);

bothWays("Ctrl-C ends a server on a terminal", async (programs) => {
  await using terminal = new Terminal(
    programs.command("server", "--port", "0"),
  );
  const [, port] = await terminal.stdout.find(/Listening on 127.0.0.1:(\d+)/);
  await using listener = await programs.startListener(Number(port));
  await terminal.press("C-c");
  assertEquals(await terminal.exitCode(), 0);
  assertEquals((await listener.end()).code, 3);
}, options);

bothWays(
  "a server whose terminal gives it nothing to read goes on",
  async (programs) => {
    const command = programs.command("server", "--port", "0").join(" ");
    await using terminal = new Terminal(
      ["bash", "-c", `trap '' TTIN; set -m; ${command} & wait`],
    );
    const [, port] = await terminal.stdout.find(/Listening on 127.0.0.1:(\d+)/);
    for (let i = 0; i < 3; i++) {
      assertEquals((await programs.ask(Number(port), "name")).code, 0);
    }
    assertEquals(/rror/.test(terminal.stdout.text), false);
  },
  options,
);

bothWays("Ctrl-C in the menu on a terminal is a goodbye", async (programs) => {
  await using server = await programs.startServer();
  await using terminal = new Terminal(
    programs.command("client", "--server", `127.0.0.1:${server.port}`),
  );
  await terminal.stdout.find(/quit/);
  await terminal.press("C-c");
  assertEquals(await terminal.exitCode(), 130);
}, options);

bothWays(
  "the log has colours on a terminal, but not with NO_COLOR",
  async (programs) => {
    for (const noColour of [false, true]) {
      const command = programs.command("server", "--port", "0", "--verbose");
      await using terminal = new Terminal([
        "env",
        ...(noColour ? ["NO_COLOR=1"] : ["-u", "NO_COLOR"]),
        ...command,
      ]);
      const [, port] = await terminal.stdout.find(
        /Listening on 127.0.0.1:(\d+)/,
      );
      await programs.ask(Number(port), "time");
      await terminal.stdout.find(/left \(goodbye/);
      assertEquals(COLOUR.test(terminal.stdout.text), !noColour);
    }
  },
  options,
);
