import {
  assert,
  assertEquals,
  assertFalse,
  assertMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import { Client } from "../../client/mod.ts";
import { runMenu } from "../../client/menu.ts";
import { en } from "../../client/texts/en.ts";
import { zh } from "../../client/texts/zh.ts";
import { Command, Status } from "../../protocol/mod.ts";
import { freePort } from "../../tools/free_port.ts";
import { FakeTime } from "../link/fake_time.ts";
import { type GreetedPeer, RawPeer } from "../server/raw_peer.ts";
import { watchedServer } from "../server/watched_server.ts";
import { FakeTerminal } from "./prompts/fake_terminal.ts";
import { answerList, NODES } from "./nodes_answers.ts";
import { goodbyeFrame, partWith, RawServer } from "./raw_server.ts";
import { ScriptedPrompter, type Step } from "./prompts/scripted_prompter.ts";

/** Connects where the menu offers to. */
const CONNECT: Step[] = [{ choose: "connect" }, { answer: "" }, { answer: "" }];

Deno.test("every function, from connect to quit", async () => {
  using _time = new FakeTime(performance.now());
  await using server = await watchedServer({ name: "lab" });
  using receiver = await RawPeer.connect(server.port);
  const script: Step[] = [
    ...CONNECT,
    { choose: "time" },
    { choose: "name" },
    { choose: "list" },
    { choose: "send" },
    { answer: `${receiver.id}` },
    { answer: "hello world" },
    { choose: "disconnect" },
    { choose: "quit" },
  ];

  const { prompter, menu } = start(server.port, script);
  await confirmNext(receiver, "hello world");
  await menu;

  const { lines } = prompter;
  const { port } = server;
  const listed = [
    /^number +address +since$/,
    /^1 +127\.0\.0\.1:\d+ .*\d$/,
    /^2 +127\.0\.0\.1:.*\(you\)$/,
  ];
  const expected = [
    /^Connected$/,
    /^Server time: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d \(.+\)$/,
    /^Server name: lab$/,
    ...listed,
    /^Delivered to 1 in \d+\.\d ms$/,
    /^Disconnected$/,
  ];
  assertEquals(lines.length, expected.length);
  for (const [i, line] of lines.entries()) assertMatch(line, expected[i]!);
  assertEquals(prompter.suggestions.map(({ length }) => length), [1]);
  assertMatch(prompter.suggestions[0]![0]!, listed[1]!);
  assertEquals(prompter.titles, [
    "Not connected",
    ...Array(5).fill(
      `Connected to lab (127.0.0.1:${port}) as number 2 for 0 s`,
    ),
    "Not connected",
  ]);
  assertEquals(prompter.questions, [
    "Server address [127.0.0.1]",
    `Server port [${port}]`,
    "To number",
    "Text",
  ]);
  assertEquals((await server.events.nth("left", 1)).how, "goodbye");
});

Deno.test("while not connected only connect and quit can be chosen; then all but connect", async () => {
  await using server = await watchedServer();
  const { prompter, menu } = start(server.port, [...CONNECT, {
    choose: "quit",
  }]);
  await menu;
  assertEquals(prompter.possible, [
    ["connect to a server", "quit"],
    [
      "disconnect",
      "get the server's time",
      "get the server's name",
      "list the clients",
      "send a message",
      "quit",
      "measure: many requests at once",
    ],
  ]);
});

Deno.test("quit while connected says goodbye first", async () => {
  await using server = await watchedServer();
  const { menu, prompter } = start(server.port, [...CONNECT, {
    choose: "quit",
  }]);
  await menu;
  assertEquals((await server.events.nth("left", 1)).how, "goodbye");
  assertEquals(prompter.lines, ["Connected", "Disconnected"]);
});

Deno.test("the end of input is quit: goodbye, and no error", async () => {
  await using server = await watchedServer();
  const inMenu = start(server.port, CONNECT);
  await inMenu.menu;
  assertEquals((await server.events.nth("left", 1)).how, "goodbye");

  const inQuestion = start(server.port, [...CONNECT, { choose: "send" }]);
  await inQuestion.menu;
  assertEquals((await server.events.nth("left", 2)).how, "goodbye");

  await start(server.port, []).menu;
  await start(server.port, [{ choose: "connect" }]).menu;
  assertEquals(server.events.of("connected").length, 2);
});

Deno.test("one can disconnect and connect again, with a new number", async () => {
  using _time = new FakeTime(performance.now());
  await using server = await watchedServer();
  const { menu, prompter } = start(server.port, [
    ...CONNECT,
    { choose: "disconnect" },
    ...CONNECT,
    { choose: "name" },
    { choose: "quit" },
  ]);
  await menu;
  assertMatch(prompter.titles.at(-1)!, /as number 2 for 0 s$/);
});

Deno.test("nobody listens there: says so, and the menu goes on", async () => {
  // Where nobody listens, ever.
  const port = 1;
  const { menu, prompter } = start(port, [...CONNECT, { choose: "quit" }]);
  await menu;
  assertEquals(prompter.lines.length, 1);
  assertStringIncludes(
    prompter.lines[0]!,
    `No server listens on 127.0.0.1:${port}`,
  );
  assertEquals(prompter.titles, ["Not connected", "Not connected"]);
});

Deno.test("a port or number that cannot be one is asked for again", async () => {
  await using server = await watchedServer();
  using receiver = await RawPeer.connect(server.port);
  const { menu, prompter } = start(server.port, [
    { choose: "connect" },
    { answer: "" },
    ...["0", "65536", "x", "-1", "8e1"].map((answer) => ({ answer })),
    { answer: "" },
    { choose: "send" },
    ...["", "x\u001b", "-1", "1.5", "4294967296"].map((answer) => ({ answer })),
    { answer: "1" },
    { answer: "hi" },
    { choose: "quit" },
  ]);
  await confirmNext(receiver, "hi");
  await menu;
  assertEquals(prompter.complaints.length, 10);
  for (const complaint of prompter.complaints) {
    assertFalse(complaint.includes("\u001b"));
  }
});

Deno.test("an address that cannot be one is asked for again", async () => {
  const wrong = ["1.2.3", "256.1.1.1", "::g", "a b", "a..b", "x\u001b", "-.-:"];
  const { menu, prompter } = start(2203, [
    { choose: "connect" },
    ...wrong.map((answer) => ({ answer })),
    { answer: "::1" },
  ]);
  await menu;
  assertEquals(prompter.complaints.length, wrong.length);
  assertStringIncludes(prompter.complaints[5]!, 'host name, got "x␛"');
  assertEquals(prompter.questions.length, 2);
});

Deno.test("a message that is not delivered says why, made harmless", async () => {
  await using server = await watchedServer();
  using receiver = await RawPeer.connect(server.port);
  const { menu, prompter } = start(server.port, [
    ...CONNECT,
    { choose: "send" },
    { answer: "99" },
    { answer: "hi" },
    { choose: "send" },
    { answer: "2" },
    { answer: "hi" },
    { choose: "send" },
    { answer: "1" },
    { answer: "hi" },
    { choose: "quit" },
  ]);
  const message = await receiver.message();
  await receiver.refuse(message, Status.notHandled, "no\u001b[2J");
  await menu;
  const told = prompter.lines.filter((line) => line.startsWith("Not deliv"));
  assertEquals(told, [
    "Not delivered to 99: No client has number 99",
    "Not delivered to 2: 2 is your own number",
    "Not delivered to 1: Client 1 did not take it: no␛[2J",
  ]);
});

Deno.test("a refusal is shown, made harmless, and the menu goes on", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  const { menu, prompter } = start(server.port, [
    ...CONNECT,
    { choose: "time" },
    { choose: "quit" },
  ]);
  using peer = await accepted;
  await peer.refuse(await peer.next(), Status.serverError, "not\u001b now");
  await partWith(peer);
  await menu;
  assertEquals(prompter.lines, ["Connected", "not␛ now", "Disconnected"]);
});

Deno.test("a list that lacks a node is shown, and then what it lacks", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  const { menu, prompter } = start(server.port, [
    ...CONNECT,
    { choose: "list" },
    { choose: "send" },
    { answer: "1001" },
    { answer: "hi" },
    { choose: "quit" },
  ]);
  using peer = await accepted;
  const clients = [7, 1001].map((id) => (
    { id, address: "192.0.2.9", port: 9, connectedMs: 0 }
  ));
  const pages = [{ more: true, clients }];
  const missing = "lab-3\u001b does not answer";
  await answerList(peer, pages, missing, NODES);
  await answerList(peer, pages, missing);
  const send = await peer.next();
  await peer.refuse(send, Status.unreachable, "lab-2 cannot be reached");
  await partWith(peer);
  await menu;
  assertEquals(
    prompter.lines.map((line) => line.replace(/\d\d:.*:\d\d/, "T")),
    [
      "Connected",
      "number  address      node    since",
      "7       192.0.2.9:9  lab-1   T  (you)",
      "1001    192.0.2.9:9  lab-2␛  T",
      "lab-3␛ does not answer",
      "Not delivered to 1001: lab-2 cannot be reached",
      "Disconnected",
    ],
  );
  assertEquals(prompter.suggestions.map(({ length }) => length), [1]);
});

Deno.test("of several servers the first is offered, and the next stands in for it", async () => {
  using first = new RawServer();
  using second = new RawServer();
  const { menu, prompter } = start([first.port, second.port], [
    ...CONNECT,
    "sit there",
    { choose: "reconnect" },
    "sit there",
    { choose: "quit" },
  ]);
  (await first.accept()).close();
  await lose(prompter, second);
  // It is waited for the one that was lost, then for the others.
  (await second.accept()).close();
  await partWith(await first.greet({ id: 2, name: "first" }));
  await menu;
  const [one, two] = [first, second].map(({ port }) => `127.0.0.1:${port}`);
  assertEquals(prompter.questions[1], `Server port [${first.port}]`);
  assertEquals(prompter.titles, [
    "Not connected",
    `Connected to raw (${two}) as number 7 for 0 s`,
    "Not connected",
    `Waiting for ${two}, ${one}`,
    `Connected to first (${one}) as number 2 for 0 s`,
  ]);
});

Deno.test("a server that is none of these is tried alone", async () => {
  using first = new RawServer();
  // Where nobody listens, ever.
  const port = 1;
  const { menu, prompter } = start([first.port, first.port], [
    { choose: "connect" },
    { answer: "" },
    { answer: `${port}` },
    { choose: "quit" },
  ]);
  await menu;
  assertEquals(prompter.lines, [
    `No server listens on 127.0.0.1:${port}. Is parley-server running there, ` +
    "and on this port?",
  ]);
});

Deno.test("a message is shown at once, whatever is being asked, and confirmed", async () => {
  await using server = await watchedServer();
  await using sender = await Client.connect({ port: server.port });
  const { menu, prompter, stop } = start(server.port, [
    ...CONNECT,
    "sit there",
  ]);
  await prompter.sitting;

  const delivery = await sender.send(2, "hello\u001b[2J\nFrom 9: forged");

  assert(delivery.delivered);
  assertMatch(
    prompter.lines.at(-1)!,
    /^\d\d:\d\d:\d\d {2}From 1 \(127\.0\.0\.1:\d+\): hello␛\[2J␊From 9: forged$/,
  );
  stop();
  await assertRejects(() => menu);
});

Deno.test("the server leaves while one chooses: said at once, and not connected any more", async () => {
  const server = await watchedServer();
  const { menu, prompter } = start(server.port, [
    ...CONNECT,
    "sit there",
    { choose: "quit" },
  ]);
  await prompter.sitting;
  await server.shutdown("the lab\u001b closes");
  await menu;
  assertEquals(prompter.lines[0], "Connected");
  assertMatch(prompter.lines[1]!, /^Disconnected: .*the lab␛ closes/);
  assertEquals(prompter.lines.length, 2);
  assertEquals(prompter.titles.at(-1), "Not connected");
});

Deno.test("the connection is lost in the middle of a send: back to the menu", async () => {
  const server = await watchedServer();
  const { menu, prompter } = start(server.port, [
    ...CONNECT,
    { choose: "send" },
    { answer: "1" },
    "sit there",
    { choose: "quit" },
  ]);
  await prompter.sitting;
  await server.shutdown();
  await menu;
  assertEquals(prompter.titles.at(-1), "Not connected");
  assertMatch(prompter.lines.at(-1)!, /^Disconnected: /);
});

Deno.test("the connection is lost while an answer is awaited: said, and back to the menu", async () => {
  using server = new RawServer();
  const accepted = server.greet();
  const { menu, prompter } = start(server.port, [
    ...CONNECT,
    { choose: "time" },
    "sit there",
    { choose: "quit" },
  ]);
  using peer = await accepted;
  await peer.next();
  peer.close();
  await menu;
  assertEquals(
    prompter.lines.at(-1),
    "Disconnected: the server closed the connection",
  );
  assertEquals(prompter.titles.at(-1), "Not connected");
});

const RECONNECT = "wait for the server and connect again";

Deno.test("a connection that was lost can be waited for; the other choices stay", async () => {
  using server = new RawServer();
  const { menu, prompter } = start(server.port, [
    ...CONNECT,
    "sit there",
    { choose: "reconnect" },
    "sit there",
    { choose: "quit" },
  ]);
  await lose(prompter, server);
  // It is there, but not yet for long enough to say hello.
  (await server.accept()).close();
  await partWith(await server.greet({ id: 2, name: "again" }));
  await menu;

  const where = `127.0.0.1:${server.port}`;
  const [before, after] = [prompter.possible[0]!, prompter.possible[2]!];
  assertEquals(after, [...before, RECONNECT]);
  assertEquals(prompter.possible[3], ["stop waiting"]);
  assertEquals(prompter.titles, [
    "Not connected",
    `Connected to raw (${where}) as number 7 for 0 s`,
    "Not connected",
    `Waiting for ${where}`,
    `Connected to again (${where}) as number 2 for 0 s`,
  ]);
  assertFalse(prompter.possible[4]!.includes(RECONNECT));
  const [connected, disconnected, why, again, ...rest] = prompter.lines;
  assertEquals(connected, "Connected");
  assertEquals(disconnected, "Disconnected: the server closed the connection");
  assertStringIncludes(why!, "the server closed the connection");
  assertMatch(again!, /^Trying again in 0\.[2-5] s$/);
  assertEquals(rest, ["Connected as number 2", "Disconnected"]);
});

Deno.test("it can be waited for whenever it was not this side that left", async () => {
  using server = new RawServer();
  const offered = async (serve: (peer: RawPeer) => Promise<void>) => {
    const { menu, prompter } = start(server.port, [...CONNECT, "sit there"]);
    const peer = await server.greet();
    await prompter.sitting;
    await serve(peer);
    await menu;
    return prompter.possible.at(-1)!.includes(RECONNECT);
  };
  const goodbye = async (peer: RawPeer) => {
    await peer.write(goodbyeFrame("closing"));
    await peer.ended();
    peer.close();
  };
  const garbage = async (peer: RawPeer) => {
    await peer.write(new TextEncoder().encode("Hello there, how are you?"));
    await peer.gone();
    peer.close();
  };
  assert(await offered(goodbye));
  assertFalse(await offered(garbage));

  const serving = server.greet().then(partWith);
  const script: Step[] = [...CONNECT, { choose: "disconnect" }];
  const { menu, prompter } = start(server.port, script);
  await menu;
  await serving;
  assertFalse(prompter.possible.at(-1)!.includes(RECONNECT));
});

Deno.test("one can stop waiting, begin anew, and connect elsewhere", async () => {
  await using other = await watchedServer();
  const server = new RawServer({ port: freePort() });
  const { menu, prompter } = start(server.port, [
    ...CONNECT,
    "sit there",
    { choose: "reconnect" },
    { choose: "stop" },
    { choose: "reconnect" },
    { choose: "stop" },
    { choose: "connect" },
    { answer: "" },
    { answer: `${other.port}` },
    { choose: "disconnect" },
    { choose: "quit" },
  ]);
  await lose(prompter, server);
  server[Symbol.dispose]();
  await menu;
  const { titles, lines, questions } = prompter;
  assertEquals(titles.slice(2, 7).map((title) => title.split(" ")[0]), [
    "Not",
    "Waiting",
    "Not",
    "Waiting",
    "Not",
  ]);
  assertStringIncludes(titles[7]!, "Connected to lab");
  assertFalse(prompter.possible[8]!.includes(RECONNECT));
  // Stopping is not told of as an error.
  assertEquals(
    lines.filter((line) => !/^(No server listens|Trying again)/.test(line)),
    [
      "Connected",
      "Disconnected: the server closed the connection",
      "Connected",
      "Disconnected",
    ],
  );
  assertStringIncludes(questions.at(-1)!, `[${server.port}]`);
});

Deno.test("waiting ends with what would be the same the next time, and the menu goes on", async () => {
  using server = new RawServer();
  const { menu, prompter } = start(server.port, [
    ...CONNECT,
    "sit there",
    { choose: "reconnect" },
    "sit there",
    { choose: "quit" },
  ]);
  await lose(prompter, server);
  await partWith(await server.greet({ tokenWanted: true }));
  await menu;
  assertStringIncludes(prompter.lines.at(-1)!, "the server wants a token");
  assertEquals(prompter.titles.at(-1), "Not connected");
});

Deno.test("input that ends while one waits ends the menu", async () => {
  const server = new RawServer({ port: freePort() });
  const { menu, prompter } = start(server.port, [
    ...CONNECT,
    "sit there",
    { choose: "reconnect" },
  ]);
  await lose(prompter, server);
  server[Symbol.dispose]();
  await menu;
  assertStringIncludes(prompter.titles.at(-1)!, "Waiting for");
});

Deno.test("aborting while one waits ends the menu with the reason", async () => {
  const server = new RawServer({ port: freePort() });
  const { menu, prompter, stop } = start(server.port, [
    ...CONNECT,
    "sit there",
    { choose: "reconnect" },
    "sit there",
  ]);
  await lose(prompter, server);
  server[Symbol.dispose]();
  await prompter.until("Trying again");
  const ending = assertRejects(() => menu);
  const reason = new Error("Ctrl-C");
  stop(reason);
  assertStrictEquals(await ending, reason);
});

Deno.test("the menu's connections have the token that it was given", async () => {
  await using server = await watchedServer({ token: "open sesame" });
  const prompter = new ScriptedPrompter([...CONNECT, { choose: "name" }]);
  const connection = { timeoutMs: 5000, token: "open sesame" };
  await runMenu(prompter, { ...options(server.port), connection });
  assertEquals(prompter.lines[1], "Server name: lab");
});

Deno.test("a token that is not the server's is said, and the menu goes on", async () => {
  await using server = await watchedServer({ token: "open sesame" });
  const prompter = new ScriptedPrompter([...CONNECT, { choose: "quit" }]);
  const connection = { timeoutMs: 5000, token: "sesame" };
  await runMenu(prompter, { ...options(server.port), connection });
  assertStringIncludes(prompter.lines[0]!, "--token-file");
});

Deno.test("aborting ends the menu with a goodbye, and rejects with the reason", async () => {
  await using server = await watchedServer();
  const { menu, prompter, stop } = start(server.port, [
    ...CONNECT,
    "sit there",
  ]);
  await prompter.sitting;
  const reason = new Error("Ctrl-C");
  stop(reason);
  assertStrictEquals(await assertRejects(() => menu), reason);
  assertEquals((await server.events.nth("left", 1)).how, "goodbye");
});

Deno.test("aborting does not wait for an answer that does not come", async () => {
  using server = new RawServer();
  using _time = new FakeTime();
  const accepted = server.greet();
  const { menu, stop } = start(server.port, [...CONNECT, { choose: "time" }]);
  using peer = await accepted;
  assertEquals((await peer.next()).command, Command.time);
  const reason = new Error("Ctrl-C");
  stop(reason);
  const ending = assertRejects(() => menu);
  await partWith(peer);
  assertStrictEquals(await ending, reason);
});

Deno.test("a screen that fails while the connection ends fails the menu", async () => {
  const server = await watchedServer();
  const { menu, prompter } = start(server.port, [...CONNECT, "sit there"]);
  const ending = assertRejects(() => menu);
  await prompter.sitting;
  const failure = new Error("no space left");
  prompter.show = () => {
    throw failure;
  };
  await server.shutdown();
  assertStrictEquals(await ending, failure);
});

Deno.test("aborting while connecting ends the menu", async () => {
  using server = new RawServer();
  const { menu, stop } = start(server.port, CONNECT);
  using peer = await server.accept();
  const ending = assertRejects(() => menu);
  const reason = new Error("Ctrl-C");
  stop(reason);
  await peer.gone();
  peer.close();
  assertStrictEquals(await ending, reason);
});

Deno.test("measure sends many requests at once and shows how far they came", async () => {
  await using server = await watchedServer();
  const { menu, prompter } = start(server.port, [
    ...CONNECT,
    { choose: "measure" },
    { answer: "0" },
    { answer: "1000" },
    { choose: "quit" },
  ]);
  await menu;
  assertEquals(prompter.questions.at(-1), "How many requests [100]");
  assertEquals(prompter.complaints, [
    'Expected a number from 1 to 1000000, got "0"',
  ]);
  assertMatch(
    prompter.lines[1]!,
    /^1000 of 1000 answers came, in \d+ reads and [\d.]+ ms \([\d,]+ a second\)$/,
  );
  assertEquals(prompter.progressions.length, 100);
  assertEquals(prompter.progressions.at(-1), [1000, 1000]);
});

Deno.test("the menu speaks Chinese where it is told to", async () => {
  await using server = await watchedServer({ name: "lab" });
  const prompter = new ScriptedPrompter([...CONNECT, { choose: "name" }]);
  await runMenu(prompter, { ...options(server.port), texts: zh });
  assertStringIncludes(prompter.titles[1]!, "已连接到 lab");
  assertEquals(prompter.possible[0], ["连接服务器", "退出"]);
  assertEquals(prompter.lines, ["连接成功", "服务器名字：lab", "已断开"]);
});

Deno.test("a server's name is made harmless in the title", async () => {
  await using server = await watchedServer({ name: "lab\u001b[2J" });
  const { menu, prompter } = start(server.port, CONNECT);
  await menu;
  assertStringIncludes(prompter.titles[1]!, "Connected to lab␛[2J (");
});

Deno.test("a whole visit can be piped in", async () => {
  await using server = await watchedServer({ name: "lab" });
  using terminal = new FakeTerminal({ echo: true });
  terminal.type(`1\n127.0.0.1\n${server.port}\n4\n6\n9\nhi\n2\n4\n7\n`);
  terminal.end();
  await runMenu(terminal.prompter, options(2203));

  const { shown } = terminal;
  const steps = [
    "parley> 1\n",
    "Server address [127.0.0.1]: 127.0.0.1\n",
    `Server port [2203]: ${server.port}\n`,
    "Connected\n",
    "parley> 4\nServer name: lab\n",
    "parley> 6\n",
    "To number: 9\nText: hi\n",
    "Not delivered to 9: No client has number 9\n",
    "parley> 2\nDisconnected\n",
    "parley> 4\n4 is not possible now: connect first\n",
    "parley> 7\n",
  ];
  let at = 0;
  for (const step of steps) {
    const found = shown.indexOf(step, at);
    assert(found >= 0, `Expected ${JSON.stringify(step)} in:\n${shown}`);
    at = found + step.length;
  }
});

function options(
  port: number | readonly [number, ...number[]],
  signal = new AbortController().signal,
) {
  const at = (port: number) => ({ hostname: "127.0.0.1", port });
  const [first, ...others] = typeof port === "number" ? [port] as const : port;
  const servers = [at(first), ...others.map(at)] as const;
  return { servers, connection: { timeoutMs: 5000 }, texts: en, signal };
}

/** Runs the menu as the script says. */
function start(
  port: number | readonly [number, ...number[]],
  script: Step[],
) {
  const controller = new AbortController();
  const prompter = new ScriptedPrompter(script);
  const menu = runMenu(prompter, options(port, controller.signal));
  const stop = (reason?: Error) => controller.abort(reason);
  return { prompter, menu, stop };
}

/** Greets the menu, and is gone when somebody sits in front of it. */
async function lose(
  prompter: ScriptedPrompter,
  server: RawServer,
): Promise<void> {
  using peer = await server.greet();
  await prompter.sitting;
  peer.close();
}

async function confirmNext(
  receiver: GreetedPeer,
  expected: string,
): Promise<void> {
  const message = await receiver.message();
  assertEquals(message.text, expected);
  await receiver.confirm(message);
}
