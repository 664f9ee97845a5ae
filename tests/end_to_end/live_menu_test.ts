import {
  assert,
  assertEquals,
  assertFalse,
  assertStringIncludes,
} from "@std/assert";
import { Client } from "../../client/mod.ts";
import type { Programs, RunningServer } from "../../tools/programs.ts";
import { LiveTerminal, type Seen } from "./live_terminal.ts";
import { scenario } from "./scenario.ts";
import { TERMINAL_MISSING } from "./terminal.ts";

const options = { ignore: TERMINAL_MISSING };

const BACKSPACE = "BSpace";

interface Setting {
  /** The width of the terminal. */
  columns?: number;
  /** Environment variables, as `env` takes them. */
  env?: string[];
  /** Flags for the client. */
  flags?: string[];
  /** What is to be seen before anything is typed; otherwise a drawn menu. */
  first?: (seen: Seen) => boolean;
}

/** Opens the menu in a terminal. */
async function open(
  programs: Programs,
  server: RunningServer,
  { columns = 100, env = [], flags = [], first = hasMenu }: Setting = {},
): Promise<LiveTerminal> {
  // The shell tells whether the terminal is as it was.
  const command = [
    "env",
    "-u",
    "NO_COLOR",
    "LANG=C.UTF-8",
    ...env,
    ...programs.command(
      "client",
      "--server",
      `127.0.0.1:${server.port}`,
      ...flags,
    ),
  ];
  const terminal = new LiveTerminal(
    [
      "sh",
      "-c",
      'before=$(stty -g); "$@"; code=$?; ' +
      '[ "$(stty -g)" = "$before" ] && echo restored; exit $code',
      "sh",
      ...command,
    ],
    { columns },
  );
  return await ready(terminal, async () => {
    await terminal.sees("a menu", first);
  });
}

/** Opens the menu, and connects it to the server. */
async function connect(
  programs: Programs,
  server: RunningServer,
  setting?: Setting,
): Promise<LiveTerminal> {
  const terminal = await open(programs, server, setting);
  return await ready(terminal, async () => {
    await terminal.press("1", "Enter", "Enter");
    await terminal.sees("a menu", (seen) => hasMenu(seen) && !isNew(seen));
  });
}

/** Returns the terminal when it is ready, or closes it. */
async function ready(
  terminal: LiveTerminal,
  wait: () => Promise<void>,
): Promise<LiveTerminal> {
  try {
    await wait();
    return terminal;
  } catch (error) {
    await terminal[Symbol.asyncDispose]();
    throw error;
  }
}

/** Whether there is a whole menu, down to its hint. */
function hasMenu({ lines }: Seen): boolean {
  return lines.some((line) => /^❯ \d {2}/.test(line)) &&
    lines.join("").includes("Ctrl-D");
}

function isNew({ lines }: Seen): boolean {
  return lines.some((line) => /^(Not connected|未连接)/.test(line));
}

/** Connects somebody who writes to the menu, which is number 1. */
async function somebody(server: RunningServer): Promise<Client> {
  return await Client.connect({ hostname: "127.0.0.1", port: server.port });
}

scenario("live: arrows and numbers choose", async (programs) => {
  await using server = await programs.startServer("--name", "lab");
  await using terminal = await open(programs, server);
  await terminal.press("2");
  await terminal.seesLine(/^2 is not possible now: connect first$/);
  // From the first that is possible to the last, and round to the first.
  await terminal.press("Down");
  await terminal.seesLine(/^❯ 7/);
  await terminal.press("Down");
  await terminal.seesLine(/^❯ 1/);
  await terminal.press("Enter");
  await terminal.seesLine(/^Server address \(127\.0\.0\.1\) ›$/);
  await terminal.press("Enter", "Enter");
  await terminal.seesLine(/^Connected to lab /);
  await terminal.press("3");
  await terminal.seesLine(/^Server time: \d{4}-/);
  await terminal.press("4");
  await terminal.seesLine(/^Server name: lab$/);
  await terminal.press("7");
  assertEquals(await terminal.exitCode(), 0);
  await terminal.seesLine(/^restored$/);
  await server.stderr.find(/left \(goodbye/);
}, options);

scenario("live: a half-typed line survives ten messages", async (programs) => {
  for (const columns of [100, 40]) {
    await using server = await programs.startServer();
    await using terminal = await connect(programs, server, { columns });
    await using bob = await somebody(server);
    await terminal.press("6");
    await terminal.seesLine(/^To number ›$/);
    await terminal.press("2", "Enter");
    await terminal.seesLine(/^Text ›$/);

    const text = "half-typed 你好 😀 and so long that it wraps, on one of both";
    await terminal.write(text);
    await terminal.press("Left", "Left", "Left", "Left");
    const before = await terminal.sees(
      "the whole text, and the cursor in it",
      (seen) => seen.beforeCursor.endsWith("one of "),
    );
    const at = before.lines.findIndex((line) => line.startsWith("Text ›"));
    const prompt = before.lines.slice(at);
    assertEquals(
      prompt.join("").replaceAll(" ", ""),
      `Text›${text}`.replaceAll(" ", ""),
    );

    for (let i = 1; i <= 10; i++) await bob.send(1, `message ${i} of 10`);
    const after = await terminal.sees(
      "all messages, and the text below them",
      ({ lines, beforeCursor }) =>
        lines.join("").includes("message 10 of 10") &&
        lines.at(-1) === prompt.at(-1) && beforeCursor === before.beforeCursor,
    );
    const start = after.lines.findIndex((line) => line.startsWith("Text ›"));
    assertEquals(after.lines.slice(start), prompt);
    assertEquals(
      after.lines.slice(0, start).join("").match(/message \d+ of 10/g),
      Array.from({ length: 10 }, (_, i) => `message ${i + 1} of 10`),
    );

    const { promise: received, resolve } = Promise.withResolvers<string>();
    bob.receive((message) => resolve(message.text));
    await terminal.write("!");
    await terminal.press("Enter");
    assertEquals(await received, text.replace(/both$/, "!both"));
    await terminal.seesLine(/^Delivered to 2 in [\d.]+ ms$/);
  }
}, options);

scenario("live: what is typed is edited as it is seen", async (programs) => {
  await using server = await programs.startServer();
  await using terminal = await connect(programs, server, { columns: 40 });
  await using bob = await somebody(server);
  const texts: string[] = [];
  bob.receive((message) => void texts.push(message.text));
  await terminal.press("6", "2", "Enter");
  await terminal.seesLine(/^Text ›$/);

  await terminal.write("中文😀😀👋字");
  await terminal.sees(
    "the cursor behind it",
    ({ beforeCursor }) => beforeCursor === "Text › 中文😀😀👋字",
  );
  await terminal.press("Left", BACKSPACE, "Left", "Left");
  await terminal.sees(
    "the cursor in it",
    ({ beforeCursor, lines }) =>
      beforeCursor === "Text › 中文" &&
      lines.at(-1) === "Text › 中文😀😀字",
  );
  await terminal.press("DC", "End", "x", "Home", "y");
  await terminal.sees(
    "the cursor at the beginning",
    ({ beforeCursor, lines }) =>
      beforeCursor === "Text › y" && lines.at(-1) === "Text › y中文😀字x",
  );
  await terminal.press("Enter");
  await terminal.seesLine(/^Delivered to 2/);
  assertEquals(texts, ["y中文😀字x"]);
}, options);

scenario("live: a burst of 1,000 messages", async (programs) => {
  await using server = await programs.startServer();
  await using terminal = await connect(programs, server);
  await using bob = await somebody(server);
  const sent = await Promise.all(
    Array.from({ length: 1000 }, (_, i) => bob.send(1, `message ${i}.`)),
  );
  assert(sent.every(({ delivered }) => delivered));
  const { lines } = await terminal.sees(
    "the last message, and the menu below it",
    (seen) =>
      hasMenu(seen) && seen.lines.some((line) => line.endsWith("message 999.")),
  );
  const shown = lines.flatMap((line) =>
    /message (\d+)\.$/.exec(line)?.[1] ?? []
  )
    .map(Number);
  // tmux keeps 2,000 lines.
  assertEquals(shown, Array.from({ length: 1000 }, (_, i) => i));
  assertEquals(
    lines.filter((line) => line.startsWith("Connected to")).length,
    1,
  );
  await terminal.press("4");
  await terminal.seesLine(/^Server name:/);
}, options);

scenario("live: Ctrl-C and Ctrl-D in every prompt", async (programs) => {
  await using server = await programs.startServer();
  const places: string[][] = [[], ["2"], ["6"], ["6", "1", "Enter"]];
  for (const [key, code] of [["C-c", 130], ["C-d", 0]] as const) {
    for (const keys of places) {
      await using terminal = await connect(programs, server);
      await using _bob = await somebody(server);
      if (keys.length > 0) await terminal.press(...keys);
      if (keys.length > 1) await terminal.seesLine(/^Text ›$/);
      else if (keys[0] === "6") await terminal.seesLine(/^To number ›$/);
      else if (keys[0] === "2") {
        await terminal.sees("the menu", isNew);
        await terminal.press("1");
        await terminal.seesLine(/^Server address .* ›$/);
      }
      await terminal.press(key);
      assertEquals(await terminal.exitCode(), code);
      const { lines } = await terminal.seesLine(/^restored$/);
      assertFalse(lines.some((line) => /^(Text|To number) ›$|^❯/.test(line)));
      await server.stderr.find(/left \(goodbye/);
    }
  }
}, options);

scenario("live: the server is killed while in send", async (programs) => {
  await using server = await programs.startServer();
  await using terminal = await connect(programs, server);
  await using _bob = await somebody(server);
  await terminal.press("6", "2", "Enter");
  await terminal.seesLine(/^Text ›$/);
  await terminal.write("half a te");
  await terminal.seesLine(/half a te$/);
  server.kill("SIGKILL");
  const { lines } = await terminal.sees(
    "the menu of somebody who is not connected",
    (seen) => isNew(seen) && hasMenu(seen),
  );
  // What was typed is not lost, and what comes of it yet chooses nothing.
  const menu = lines.findIndex((line) => line.startsWith("Not connected"));
  const above = lines.slice(menu - 2, menu).sort();
  assertStringIncludes(above[0]!, "Disconnected: ");
  assertEquals(above[1], "Not sent: half a te");
  await terminal.press("7");
  await terminal.seesLine(/^press Enter to go on$/);
  await terminal.press("Enter");
  await terminal.sees(
    "no more advice",
    (seen) => !seen.lines.some((line) => line.startsWith("press Enter")),
  );
  await terminal.press("7");
  assertEquals(await terminal.exitCode(), 0);
}, options);

scenario("live: another width while a text is typed", async (programs) => {
  await using server = await programs.startServer();
  await using terminal = await connect(programs, server);
  await using bob = await somebody(server);
  await terminal.press("6", "2", "Enter");
  await terminal.seesLine(/^Text ›$/);
  const text = "a text that is as long as it takes to be more than a row soon";
  await terminal.write(text);
  await terminal.seesLine(/row soon$/);
  const line = `Text › ${text}`;
  for (const columns of [40, 25, 90]) {
    await terminal.resize(columns, 30);
    const rows = line.match(new RegExp(`.{1,${columns - 1}}`, "g"))!;
    const isDrawn = ({ lines }: Seen) =>
      lines.slice(-rows.length).join("\n") ===
        rows.map((row) => row.trimEnd()).join("\n");
    const { lines } = await terminal.sees(`${columns} columns`, isDrawn);
    assertEquals(lines.filter((line) => line.startsWith("Text ›")).length, 1);
  }
  await bob.send(1, "hello");
  await terminal.sees(
    "the message above the text",
    ({ lines }) => lines.at(-2)!.endsWith("hello") && lines.at(-1) === line,
  );
}, options);

scenario("live: NO_COLOR has no colours", async (programs) => {
  const colour = /\\033\[[\d;]+m/;
  await using server = await programs.startServer();
  for (
    const [env, expected] of [[["NO_COLOR=1"], false], [[], true]] as const
  ) {
    await using terminal = await open(programs, server, { env: [...env] });
    await terminal.press("1", "Enter", "Enter", "5", "7");
    await terminal.exitCode();
    assertEquals(colour.test(terminal.stdout.text), expected);
  }
}, options);

scenario("live: plain lines where they are wanted", async (programs) => {
  await using server = await programs.startServer("--name", "lab");
  const first = ({ lines }: Seen) => lines.at(-1) === "parley>";
  for (const setting of [{ flags: ["--plain"] }, { env: ["TERM=dumb"] }]) {
    await using terminal = await open(programs, server, { ...setting, first });
    await terminal.press("1", "Enter", "Enter", "Enter");
    await terminal.sees(
      "the menu of somebody who is connected, and its prompt",
      ({ lines }) =>
        lines.includes("  2 -> disconnect") && lines.at(-1) === "parley>",
    );
    await terminal.press("4", "Enter");
    await terminal.seesLine(/^Server name: lab$/);
    await terminal.press("C-d");
    assertEquals(await terminal.exitCode(), 0);
    // What draws hides the cursor while it does.
    assertFalse(terminal.stdout.text.includes("\\033[?25l"));
  }
}, options);

scenario("live: the menu in Chinese", async (programs) => {
  await using server = await programs.startServer();
  await using terminal = await connect(programs, server, {
    columns: 40,
    flags: ["--lang", "zh"],
  });
  const { lines } = await terminal.sees("a menu", hasMenu);
  const menu = lines.slice(lines.findIndex((line) => /^❯ /.test(line)) - 2);
  assert(menu.filter((line) => /[\u4e00-\u9fff]/.test(line)).length >= 8);
  await terminal.press("7");
  assertEquals(await terminal.exitCode(), 0);
}, options);

scenario("live: a message is shown, not obeyed", async (programs) => {
  await using server = await programs.startServer();
  await using terminal = await connect(programs, server);
  await using bob = await somebody(server);
  const before = await terminal.sees("the menu", hasMenu);
  await bob.send(1, "clear\x1b[2J\x1b[H the screen\r\nand\u202emore");
  const beginning = (line: string) => line.slice(0, 20);
  await terminal.sees(
    "the message, and all that was there before",
    ({ lines }) =>
      lines.some((line) => line.includes("clear␛[2J␛[H the screen␍␊and")) &&
      before.lines.map(beginning).every((line) =>
        lines.map(beginning).includes(line)
      ),
  );
}, options);
