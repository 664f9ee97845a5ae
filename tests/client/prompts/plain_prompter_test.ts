import {
  assert,
  assertEquals,
  assertFalse,
  assertMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
} from "@std/assert";
import { type Choice, EndOfInput } from "../../../client/prompts/prompter.ts";
import { FakeTerminal } from "./fake_terminal.ts";

const MENU = `
Colours
  1 -> red
  2  - green (sold out)
  3 -> blue
`;

const colours: Choice<string>[] = [
  { value: "r", label: "red" },
  { value: "g", label: "green", unavailable: "sold out" },
  { value: "b", label: "blue" },
];

const never = new AbortController().signal;

Deno.test("choose shows the menu and a prompt, and gives the chosen one's value", async () => {
  using terminal = new FakeTerminal();
  terminal.type("3\n");
  assertEquals(await choose(terminal), "b");
  assertEquals(terminal.shown, `${MENU}parley> `);
});

Deno.test("a choice that is not possible now is refused, with why, and asked for again", async () => {
  using terminal = new FakeTerminal();
  terminal.type("2\n1\n");
  assertEquals(await choose(terminal), "r");
  assertEquals(
    terminal.shown,
    `${MENU}parley> 2 is not possible now: sold out\nparley> `,
  );
});

Deno.test("what is no choice says which there are, and asks again", async () => {
  for (const junk of ["0", "4", "-1", "1.5", "red", "1 2", "NaN"]) {
    using terminal = new FakeTerminal();
    terminal.type(`${junk}\n1\n`);
    assertEquals(await choose(terminal), "r");
    assertStringIncludes(terminal.shown, `from 1 to 3, got "${junk}"\n`);
  }
});

Deno.test("an empty line shows the menu again", async () => {
  using terminal = new FakeTerminal();
  terminal.type("\n  \n1\n");
  assertEquals(await choose(terminal), "r");
  assertEquals(
    terminal.shown,
    `${MENU}parley> ${MENU}parley> ${MENU}parley> `,
  );
});

Deno.test("the same choices are shown once, whatever the title; others anew", async () => {
  using terminal = new FakeTerminal();
  terminal.type("1\n1\n1\n1\n");
  await choose(terminal);
  await choose(terminal);
  await terminal.prompter.choose("Colours for 3 s", colours, never);
  await terminal.prompter.choose("Others", colours.slice(0, 1), never);
  assertEquals(
    terminal.shown,
    `${MENU}parley> parley> parley> \nOthers\n  1 -> red\nparley> `,
  );
});

Deno.test("spaces around a number do not matter, nor a line that ends as on Windows", async () => {
  using terminal = new FakeTerminal();
  terminal.type("  3 \r\n");
  assertEquals(await choose(terminal), "b");
});

Deno.test("ask gives the line as it is", async () => {
  using terminal = new FakeTerminal();
  terminal.type("  two words \n");
  const answer = await terminal.prompter.ask({ text: "Text" }, never);
  assertEquals(answer, "  two words ");
  assertEquals(terminal.shown, "Text: ");
});

Deno.test("an empty answer is the standard one, where there is one", async () => {
  using terminal = new FakeTerminal();
  const question = { text: "Port", standard: "2203" };
  terminal.type("\n80\n\n");
  assertEquals(await terminal.prompter.ask(question, never), "2203");
  assertEquals(await terminal.prompter.ask(question, never), "80");
  assertEquals(await terminal.prompter.ask({ text: "Text" }, never), "");
  assertEquals(terminal.shown, "Port [2203]: Port [2203]: Text: ");
});

Deno.test("an answer that will not do is complained of, and asked for again", async () => {
  using terminal = new FakeTerminal();
  const check = (answer: string) =>
    answer === "yes" ? undefined : `not "${answer}"`;
  terminal.type("no\nyes\n");
  const question = { text: "Sure?", check };
  assertEquals(await terminal.prompter.ask(question, never), "yes");
  assertEquals(terminal.shown, 'Sure?: not "no"\nSure?: ');
});

Deno.test("a line may come in pieces, and several in one", async () => {
  using terminal = new FakeTerminal();
  const first = terminal.prompter.ask({ text: "Text" }, never);
  for (const byte of new TextEncoder().encode("你\n")) {
    terminal.type(Uint8Array.of(byte));
  }
  assertEquals(await first, "你");
  terminal.type("a\nb\n");
  assertEquals(await terminal.prompter.ask({ text: "Text" }, never), "a");
  assertEquals(await terminal.prompter.ask({ text: "Text" }, never), "b");
});

Deno.test("the end of input rejects with EndOfInput, then and ever after", async () => {
  using terminal = new FakeTerminal();
  terminal.end();
  await assertRejects(() => choose(terminal), EndOfInput);
  await assertRejects(
    () => terminal.prompter.ask({ text: "Text" }, never),
    EndOfInput,
  );
});

Deno.test("a last line without a line feed is a line", async () => {
  using terminal = new FakeTerminal();
  terminal.type("1");
  terminal.end();
  assertEquals(await choose(terminal), "r");
  await assertRejects(() => choose(terminal), EndOfInput);
});

Deno.test("aborting rejects with the reason at once, and takes no line away", async () => {
  using terminal = new FakeTerminal();
  const controller = new AbortController();
  const reason = new Error("the connection is lost");
  const choosing = assertRejects(() =>
    terminal.prompter.choose("Colours", colours, controller.signal)
  );
  await terminal.until("parley> ");
  controller.abort(reason);
  assertStrictEquals(await choosing, reason);

  terminal.type("the next line\n");
  const answer = await terminal.prompter.ask({ text: "Text" }, never);
  assertEquals(answer, "the next line");
});

Deno.test("what is aborted already asks nothing", async () => {
  using terminal = new FakeTerminal();
  const signal = AbortSignal.abort(new Error("no"));
  await assertRejects(() => terminal.prompter.ask({ text: "Text" }, signal));
  assertEquals(terminal.shown, "");
});

Deno.test("show, while nothing is asked, shows a line", () => {
  using terminal = new FakeTerminal();
  terminal.prompter.show("one");
  terminal.prompter.show("two");
  assertEquals(terminal.shown, "one\ntwo\n");
});

Deno.test("show, while something is asked, leaves the prompt below the line", async () => {
  using terminal = new FakeTerminal();
  const asking = terminal.prompter.ask({ text: "Text" }, never);
  terminal.prompter.show("From 2: hello");
  terminal.prompter.show("From 2: again");
  terminal.type("answer\n");
  assertEquals(await asking, "answer");
  assertEquals(
    terminal.shown,
    "Text: \nFrom 2: hello\nText: \nFrom 2: again\nText: ",
  );
  terminal.prompter.show("after");
  assertMatch(terminal.shown, /Text: after\n$/);
});

Deno.test("with echo, each answer stands behind its question, made harmless", async () => {
  using terminal = new FakeTerminal({ echo: true });
  terminal.type("1\n\u001b[2Jx\n");
  await choose(terminal);
  await terminal.prompter.ask({ text: "Text" }, never);
  assertEquals(terminal.shown, `${MENU}parley> 1\nText: ␛[2Jx\n`);
});

Deno.test("what is typed as a choice is never obeyed by the terminal", async () => {
  using terminal = new FakeTerminal();
  terminal.type("\u001b[2J\n1\n");
  await choose(terminal);
  assertFalse(terminal.shown.includes("\u001b"));
  assert(terminal.shown.includes("␛[2J"));
});

function choose({ prompter }: FakeTerminal): Promise<string> {
  return prompter.choose("Colours", colours, never);
}
