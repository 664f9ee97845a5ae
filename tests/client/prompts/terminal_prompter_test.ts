import { assertEquals, assertRejects } from "@std/assert";
import { EndOfInput } from "../../../client/prompts/prompter.ts";
import { TerminalPrompter } from "../../../client/prompts/terminal_prompter.ts";
import { textsFor } from "../../../client/texts/mod.ts";
import { Interrupted } from "../../../terminal/mod.ts";
import { EmulatedScreen } from "./emulated_screen.ts";
import { FakeTypist } from "./fake_typist.ts";

const texts = await textsFor("en");
const { signal } = new AbortController();

const LEFT = "\x1b[D";
const RIGHT = "\x1b[C";
const UP = "\x1b[A";
const DOWN = "\x1b[B";
const BACKSPACE = "\x7f";

const CHOICES = [
  { value: "connect", label: "connect", unavailable: "you are connected" },
  { value: "time", label: "time" },
  { value: "send", label: "send" },
];

/** Somebody at a terminal that is drawn on. */
class Person implements Disposable {
  readonly screen: EmulatedScreen;
  readonly typist = new FakeTypist();
  readonly prompter: TerminalPrompter;

  constructor(columns = 60, rows = 20) {
    this.screen = new EmulatedScreen(columns, rows, "each code point");
    this.prompter = new TerminalPrompter({
      texts,
      colour: true,
      input: this.typist,
      write: (text) => this.screen.write(text),
      size: () => this.screen,
    });
  }

  type(...texts: string[]): void {
    this.typist.type(texts.join(""));
  }

  /** Resolves when there is a line like this. */
  async sees(pattern: RegExp): Promise<void> {
    await this.screen.until(({ lines }) =>
      lines.some((line) => pattern.test(line))
    );
  }

  [Symbol.dispose](): void {
    this.prompter[Symbol.dispose]();
    this.typist.end();
  }
}

Deno.test("choose: what is possible, by arrows", async () => {
  using person = new Person();
  const chosen = person.prompter.choose("Menu", CHOICES, signal);
  await person.sees(/^❯ 2 {2}time$/);
  assertEquals(person.screen.lines, [
    "Menu",
    "  1  connect (you are connected)",
    "❯ 2  time",
    "  3  send",
    texts.menuHint,
  ]);
  assertEquals(person.screen.cursorShown, false);
  person.type(DOWN);
  await person.sees(/^❯ 3 {2}send$/);
  person.type(DOWN);
  await person.sees(/^❯ 2 {2}time$/);
  person.type(UP, "\r");
  assertEquals(await chosen, "send");
  await person.screen.until(({ lines }) => lines.length === 1);
  assertEquals(person.screen.lines, ["› send"]);
  assertEquals(person.screen.cursorShown, true);
});

Deno.test("choose: by number", async () => {
  using person = new Person();
  const chosen = person.prompter.choose("Menu", CHOICES, signal);
  person.type("1");
  await person.sees(/^1 is not possible now: you are connected$/);
  person.type("9", "x", "3");
  assertEquals(await chosen, "send");

  // The next time what was chosen last is marked.
  const next = person.prompter.choose("Menu", CHOICES, signal);
  await person.sees(/^❯ 3 {2}send$/);
  person.type("\r");
  assertEquals(await next, "send");
});

Deno.test("what is typed ahead is not lost", async () => {
  using person = new Person();
  person.type("3", "hello\r", "2");
  assertEquals(
    await person.prompter.choose("Menu", CHOICES, signal),
    "send",
  );
  assertEquals(await person.prompter.ask({ text: "Text" }, signal), "hello");
  assertEquals(
    await person.prompter.choose("Menu", CHOICES, signal),
    "time",
  );
});

Deno.test("ask: editing goes by what is seen", async () => {
  using person = new Person();
  const edits: [string, string][] = [
    ["hello\r", "hello"],
    ["  spaces stay  \r", "  spaces stay  "],
    [`你好😀${BACKSPACE}吗\r`, "你好吗"],
    [`a👨‍👩‍👧b${LEFT}${LEFT}x${RIGHT}y\r`, "ax👨‍👩‍👧yb"],
    [`e\u0301${BACKSPACE}f\r`, "f"],
    [`😀😀${LEFT}\x1b[3~!\r`, "😀!"],
    ["one two\x17three\r", "one three"],
    ["one\x15two\r", "two"],
    ["bc\x01a\x05d\r", "abcd"],
    ["one two\x1bbx\x1bfy\r", "one xtwoy"],
    ["tab\there\r", "tab here"],
    ["😀😀😀😀😀😀\x01x\x05y\r", "x😀😀😀😀😀😀y"],
  ];
  for (const [keys, expected] of edits) {
    person.type(keys);
    const answer = await person.prompter.ask({ text: "Text" }, signal);
    assertEquals(answer, expected);
  }
});

Deno.test("ask: the standard answer, and what is wrong", async () => {
  using person = new Person();
  const answer = person.prompter.ask({
    text: "Port",
    standard: "2203",
    check: (port) => /^\d+$/.test(port) ? undefined : `not a port: ${port}`,
  }, signal);
  await person.sees(/^Port \(2203\) ›$/);
  // While it is typed, when it is given, and not any more.
  person.type("x");
  await person.sees(/^not a port: x$/);
  person.type("\r");
  await person.sees(/^✘ not a port: x$/);
  assertEquals(person.screen.lines.length, 2);
  person.type(BACKSPACE);
  await person.screen.until(({ lines }) => lines.length === 1);
  person.type("\r");
  assertEquals(await answer, "2203");
  await person.sees(/^Port › 2203$/);
});

const SUGGESTIONS = [
  { answer: "3", label: "3  127.0.0.1:5001" },
  { answer: "12", label: "12  127.0.0.1:5002" },
];
const WHOM = {
  text: "To number",
  check: (id: string) => /^\d+$/.test(id) ? undefined : `not a number: ${id}`,
};

Deno.test("pick: from the list, by search, by number, another", async () => {
  using person = new Person();
  const pick = () => person.prompter.pick(WHOM, SUGGESTIONS, signal);

  const first = pick();
  await person.sees(/^❯ 3 {2}127/);
  person.type(DOWN, "\r");
  assertEquals(await first, "12");

  const found = pick();
  person.type(":5002");
  await person.sees(/^❯ 12 {2}127/);
  person.type("\r");
  assertEquals(await found, "12");

  // 1 is not in the list, but a number that can be meant.
  person.type("1\r");
  assertEquals(await pick(), "1");
  // Whoever moves to what was found means that; beyond it is what was typed.
  person.type("1", DOWN, "\r");
  assertEquals(await pick(), "3");
  person.type("1", DOWN, DOWN, "\r");
  assertEquals(await pick(), "1");

  const nothing = pick();
  person.type("zz\r");
  await person.sees(/^not a number: zz$/);
  person.type(BACKSPACE, BACKSPACE, UP, "\r", "77\r");
  assertEquals(await nothing, "77");

  assertEquals(
    await Promise.all([
      person.prompter.pick(WHOM, [], signal),
      Promise.resolve(person.type("5\r")),
    ]),
    ["5", undefined],
  );
  const all = person.screen.written;
  assertEquals(/No matches|No option|No selectable/.test(all), false);
});

Deno.test("lines come above what is half typed", async () => {
  using person = new Person(30);
  const answer = person.prompter.ask({ text: "Text" }, signal);
  person.type(`a long 你好 text that wraps 😀 ok${LEFT}${LEFT}`);
  await person.sees(/ok$/);
  const typed = person.screen.lines;
  const { beforeCursor } = person.screen;
  for (let i = 1; i <= 10; i++) person.prompter.show(`message ${i}`);
  await person.sees(/^message 10$/);
  assertEquals(person.screen.lines, [
    ...Array.from({ length: 10 }, (_, i) => `message ${i + 1}`),
    ...typed,
  ]);
  assertEquals(person.screen.beforeCursor, beforeCursor);
  person.type("!\r");
  assertEquals(await answer, "a long 你好 text that wraps 😀 !ok");
});

Deno.test("Ctrl-C ends every prompt, and those that come", async () => {
  for (const ask of prompts()) {
    using person = new Person();
    const answer = ask(person.prompter);
    person.type("1x");
    person.type("\x03");
    await assertRejects(() => answer, Interrupted);
    await assertRejects(() => ask(person.prompter), Interrupted);
    assertEquals(person.prompter.interrupted.aborted, true);
    assertEquals(person.typist.modes, [true, false]);
  }
});

Deno.test("Ctrl-D ends the input, but not behind something typed", async () => {
  for (const ask of prompts()) {
    using person = new Person();
    person.type("\x04");
    await assertRejects(() => ask(person.prompter), EndOfInput);
  }
  using person = new Person();
  person.type(`ab${LEFT}\x04\x04\r`);
  assertEquals(await person.prompter.ask({ text: "Text" }, signal), "a");
});

Deno.test("the end of the input ends every prompt", async () => {
  for (const ask of prompts()) {
    using person = new Person();
    person.type("x");
    person.typist.end();
    await assertRejects(() => ask(person.prompter), EndOfInput);
  }
});

Deno.test("a prompt is withdrawn; a text that was typed stays above", async () => {
  let kept = 0;
  for (const ask of prompts()) {
    using person = new Person();
    const withdrawn = new AbortController();
    const answer = ask(person.prompter, withdrawn.signal);
    person.type("1x");
    await person.screen.change;
    withdrawn.abort(new Error("the connection is lost"));
    person.prompter.show("Disconnected");
    await assertRejects(() => answer, Error, "the connection is lost");
    const next = person.prompter.ask({ text: "Next" }, signal);
    await person.sees(/^Next ›$/);
    const { lines } = person.screen;
    if (lines.includes("Not sent: 1x")) kept++;
    assertEquals(
      lines.filter((line) => line !== "Not sent: 1x").slice(-2),
      ["Disconnected", "Next ›"],
    );
    person.type("ok\r");
    assertEquals(await next, "ok");
    await assertRejects(() => ask(person.prompter, withdrawn.signal));
  }
  assertEquals(kept, 1);
});

Deno.test("what is typed on after a text was broken off chooses nothing", async () => {
  using person = new Person();
  const withdrawn = new AbortController();
  const answer = person.prompter.ask({ text: "Text" }, withdrawn.signal);
  person.type("meet at");
  await person.sees(/^Text › meet at$/);
  withdrawn.abort(new Error("the connection is lost"));
  await assertRejects(() => answer, Error, "the connection is lost");
  let chosen: string | undefined;
  const choosing = person.prompter.choose("Menu", CHOICES, signal)
    .then((value) => chosen = value);
  person.type(" 7");
  await person.sees(/^press Enter to go on$/);
  person.type("\r");
  await person.screen.until(({ lines }) =>
    !lines.includes("press Enter to go on")
  );
  assertEquals(chosen, undefined);
  person.type("2");
  await choosing;
  assertEquals(chosen, "time");
});

Deno.test("progress is one line until all is done", async () => {
  using person = new Person(50);
  for (let done = 0; done < 100; done += 10) {
    person.prompter.progress("Measuring", done, 100);
  }
  await person.sees(/^Measuring ━+─+ 90\/100$/);
  person.prompter.show("a line");
  await person.sees(/^a line$/);
  assertEquals(person.screen.lines.length, 2);
  person.prompter.progress("Measuring", 100, 100);
  await person.screen.until(({ lines }) => lines.length === 1);
});

Deno.test("narrow: everything is there, whatever the width", async () => {
  using person = new Person(20);
  const chosen = person.prompter.choose("Menu", CHOICES, signal);
  await person.sees(/^❯ 2 {2}time$/);
  assertEquals(person.screen.lines.slice(0, 5), [
    "Menu",
    "  1  connect (you a",
    "re connected)",
    "❯ 2  time",
    "  3  send",
  ]);
  person.prompter.show("a message that is longer than that");
  await person.sees(/^nger than that$/);
  assertEquals(person.screen.lines.slice(0, 3), [
    "a message that is lo",
    "nger than that",
    "Menu",
  ]);
  person.type("2");
  assertEquals(await chosen, "time");
});

Deno.test("the terminal is as it was at the end", async () => {
  const person = new Person();
  {
    using _ = person;
    const chosen = person.prompter.choose("Menu", CHOICES, signal);
    await person.sees(/^❯ 2/);
    person.prompter.show("a line");
    person.type("\x04");
    await assertRejects(() => chosen, EndOfInput);
  }
  assertEquals(person.screen.lines, ["a line"]);
  assertEquals(person.screen.beforeCursor, "");
  assertEquals(person.screen.cursorShown, true);
  assertEquals(person.typist.modes, [true, false]);
});

/** Each kind of prompt. */
function prompts(): ((
  prompter: TerminalPrompter,
  withdrawn?: AbortSignal,
) => Promise<string>)[] {
  return [
    (prompter, it = signal) => prompter.choose("Menu", CHOICES, it),
    (prompter, it = signal) => prompter.ask({ text: "Text" }, it),
    (prompter, it = signal) => prompter.pick(WHOM, SUGGESTIONS, it),
  ];
}
