import { assert, assertEquals, assertFalse } from "@std/assert";
import { freePort } from "../../tools/free_port.ts";
import type { Programs, RunningServer } from "../../tools/programs.ts";
import { LiveTerminal, type Seen } from "./live_terminal.ts";
import { scenario } from "./scenario.ts";
import { TERMINAL_MISSING } from "./terminal.ts";

const options = { ignore: TERMINAL_MISSING };

/** Opens the menu in a terminal, and connects it. */
async function connect(
  programs: Programs,
  server: RunningServer,
  ...flags: string[]
): Promise<LiveTerminal> {
  const where = `127.0.0.1:${server.port}`;
  const terminal = new LiveTerminal(
    programs.command("client", "--server", where, "--lang", "en", ...flags),
  );
  try {
    await terminal.sees("the menu", hasChoice(1));
    await terminal.press("1", "Enter", "Enter");
    await terminal.seesLine(/^Connected to /);
    return terminal;
  } catch (error) {
    await terminal[Symbol.asyncDispose]();
    throw error;
  }
}

/** Whether the menu stands there, with the pointer on this choice. */
function hasChoice(number: number): (seen: Seen) => boolean {
  return ({ lines }) =>
    lines.some((line) => line.startsWith(`❯ ${number}  `)) &&
    lines.at(-1)!.includes("Ctrl-D");
}

const WAITING = /^Waiting for 127\.0\.0\.1:\d+$/;

/** Waits until the menu offers to wait, and chooses that. */
async function wait(terminal: LiveTerminal): Promise<void> {
  await terminal.seesLine(/9 {2}wait for the server and connect again$/);
  await terminal.press("9");
  await terminal.seesLine(WAITING);
  await terminal.seesLine(/^❯ 1 {2}stop waiting$/);
  await terminal.seesLine(/^Trying again in \d+\.\d s$/);
}

scenario(
  "live: the menu waits for the server, and is connected again",
  async (programs) => {
    const port = freePort();
    await using first = await programs.startServer("--port", `${port}`);
    await using terminal = await connect(programs, first);
    first.kill("SIGKILL");
    await wait(terminal);
    await using second = await programs.startServer("--port", `${port}`);
    const { lines } = await terminal.sees(
      "the menu of somebody who is connected",
      ({ lines }) =>
        lines.some((line) => /^Connected to .* as number 1 /.test(line)) &&
        lines.at(-1)!.includes("Ctrl-D"),
    );
    assert(lines.includes("Connected as number 1"));
    assertFalse(lines.some((line) => WAITING.test(line)));
    assertFalse(lines.some((line) => /^\W*9 /.test(line)));
    await terminal.press("4");
    await terminal.seesLine(/^Server name: /);
    await terminal.press("7");
    assertEquals(await terminal.exitCode(), 0);
    await second.stderr.find(/left \(goodbye/);
  },
  options,
);

scenario("live: one can stop waiting", async (programs) => {
  await using server = await programs.startServer(
    ...["--port", `${freePort()}`],
  );
  await using terminal = await connect(programs, server);
  server.kill("SIGKILL");
  await wait(terminal);
  await terminal.press("Enter");
  const { lines } = await terminal.sees(
    "the menu of somebody who is not connected",
    ({ lines }) =>
      lines.some((line) => line.startsWith("Not connected")) &&
      lines.some((line) => line.includes("9  wait for the server")),
  );
  assert(lines.includes("› stop waiting"));
  await terminal.press("7");
  assertEquals(await terminal.exitCode(), 0);
}, options);

scenario("live: Ctrl-C and Ctrl-D end a menu that waits", async (programs) => {
  for (const [key, code] of [["C-c", 130], ["C-d", 0]] as const) {
    await using server = await programs.startServer(
      ...["--port", `${freePort()}`],
    );
    await using terminal = await connect(programs, server);
    server.kill("SIGKILL");
    await wait(terminal);
    await terminal.press(key);
    assertEquals(await terminal.exitCode(), code);
  }
}, options);

scenario("live: on plain lines, too", async (programs) => {
  const port = freePort();
  await using first = await programs.startServer("--port", `${port}`);
  await using terminal = new LiveTerminal(
    programs.command("client", "--server", `127.0.0.1:${port}`, "--plain"),
  );
  await terminal.seesLine(/^parley>$/);
  await terminal.press("1", "Enter", "Enter", "Enter");
  await terminal.seesLine(/^ {2}2 -> disconnect$/);
  first.kill("SIGKILL");
  await terminal.seesLine(/^ {2}9 -> wait for the server and connect again$/);
  await terminal.press("9", "Enter");
  await terminal.seesLine(/^ {2}1 -> stop waiting$/);
  await terminal.seesLine(/^Trying again in/);
  await using _second = await programs.startServer("--port", `${port}`);
  // The line that says so is followed by the prompt that it has interrupted; what
  // is typed there already would be shown above the menu.
  await terminal.sees(
    "the menu of somebody who is connected, and its prompt",
    ({ lines }) => {
      const connected = lines.indexOf("Connected as number 1");
      return connected !== -1 && lines.at(-1) === "parley>" &&
        lines.indexOf("  8 -> measure: many requests at once", connected) !==
          -1;
    },
  );
  await terminal.press("4", "Enter");
  await terminal.seesLine(/^Server name: /);
  await terminal.press("C-d");
  assertEquals(await terminal.exitCode(), 0);
}, options);
