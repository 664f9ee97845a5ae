import { Input, Select } from "@cliffy/prompt";
import { assertEquals, assertRejects } from "@std/assert";

const LEFT = "\x1b[D";
const UP = "\x1b[A";
const DOWN = "\x1b[B";
const DELETE = "\x1b[3~";
const BACKSPACE = "\x7f";

/** Somebody who presses these keys, one read each, and what is drawn for it. */
function press(...keys: string[]) {
  const drawn: string[] = [];
  const reader = {
    read(buffer: Uint8Array): Promise<number | null> {
      const key = keys.shift();
      if (key === undefined) return Promise.reject(new Error("No more keys"));
      return Promise.resolve(new TextEncoder().encodeInto(key, buffer).written);
    },
    setRaw() {},
    isTerminal: () => true,
  };
  const writer = {
    writeSync(bytes: Uint8Array): number {
      const text = new TextDecoder().decode(bytes);
      // deno-lint-ignore no-control-regex -- colours begin with ESC
      drawn.push(text.replace(/\x1b\[[\d;]*m/g, ""));
      return bytes.length;
    },
  };
  return { drawn, ends: { reader, writer, prefix: "" } };
}

/** What is written besides text. */
// deno-lint-ignore no-control-regex -- begins with ESC
const COMMANDS = /^(?:\x1b\[\??\d*[A-Za-z])+$/;

function texts(drawn: string[]): string[] {
  return drawn.filter((text) => !COMMANDS.test(text));
}

Deno.test("Input is drawn for each key, and once more when answered", async () => {
  const { drawn, ends } = press("a", "b", LEFT, "c", "\r");
  const answer = await Input.prompt({ ...ends, message: "Text" });
  assertEquals(answer, "acb");
  assertEquals(texts(drawn), [
    "Text › ",
    "Text › a",
    "Text › ab",
    "Text › ab",
    "Text › acb",
    "Text › acb\n",
  ]);
  const columns = drawn.flatMap((text) => {
    // deno-lint-ignore no-control-regex -- where the cursor is put
    return /^\x1b\[(\d+)G$/.exec(text)?.[1] ?? [];
  });
  assertEquals(columns.map(Number), [8, 9, 10, 9, 10]);
  assertEquals(drawn.at(-1), "\x1b[?25h");
});

Deno.test("a read of 0 bytes draws anew, with what was typed", async () => {
  const { drawn, ends } = press("a", "", "b", "\r");
  assertEquals(await Input.prompt({ ...ends, message: "Text" }), "ab");
  assertEquals(texts(drawn), [
    "Text › ",
    "Text › a",
    "Text › a",
    "Text › ab",
    "Text › ab\n",
  ]);
});

Deno.test("Input edits UTF-16 units", async () => {
  const { ends } = press(
    "😀",
    `${LEFT}${LEFT}`,
    "x",
    DELETE + DELETE,
    "y",
    BACKSPACE,
    "\r",
  );
  assertEquals(await Input.prompt({ ...ends, message: "Text" }), "x");
});

Deno.test("Input trims, unless told what to do", async () => {
  const options = { message: "Text" };
  const one = press(" ", "a", " ", "\r");
  assertEquals(await Input.prompt({ ...one.ends, ...options }), "a");
  const other = press(" ", "a", "\r");
  const transform = (answer: string) => answer;
  assertEquals(
    await Input.prompt({ ...other.ends, ...options, transform }),
    " a",
  );
});

Deno.test("Input has a default, and says what is wrong", async () => {
  const { drawn, ends } = press("x", "\r", BACKSPACE, "\r");
  const answer = await Input.prompt({
    ...ends,
    message: "Port",
    default: "1",
    validate: (port) => port !== "x" || "Not that",
  });
  assertEquals(answer, "1");
  assertEquals(texts(drawn), [
    "Port (1) › ",
    "Port (1) › x",
    "Port (1) › x\n✘ Not that",
    "Port (1) › ",
    "Port (1) › 1\n",
  ]);
});

const OPTIONS = [
  { value: 1, name: "one", disabled: true },
  { value: 2, name: "two" },
  { value: 3, name: "three" },
];

Deno.test("Select goes round, past what is disabled", async () => {
  const { drawn, ends } = press(DOWN, DOWN, UP, "\r");
  const value = await Select.prompt<number>({
    ...ends,
    message: "Which",
    options: OPTIONS,
  });
  assertEquals(value, 3);
  assertEquals(texts(drawn), [
    "Which\n  one\n❯ two\n  three",
    "Which\n  one\n  two\n❯ three",
    "Which\n  one\n❯ two\n  three",
    "Which\n  one\n  two\n❯ three",
    "Which › three\n",
  ]);
  assertEquals(drawn.includes("\x1b[?25l"), true);
});

Deno.test("Select begins at its default, and shows so many rows", async () => {
  const { drawn, ends } = press(UP, UP, "\r");
  const value = await Select.prompt<number>({
    ...ends,
    message: "Which",
    default: 3,
    hideDefault: true,
    maxRows: 2,
    options: OPTIONS.map(({ value, name }) => ({ value, name })),
  });
  assertEquals(value, 1);
  assertEquals(texts(drawn).slice(0, 3), [
    "Which\n  two\n❯ three",
    "Which\n❯ two\n  three",
    "Which\n❯ one\n  two",
  ]);
});

Deno.test("Select finds what is typed, the best first", async () => {
  const { drawn, ends } = press(
    "t",
    "h",
    BACKSPACE,
    DOWN,
    DOWN,
    DOWN,
    UP,
    "\r",
  );
  const value = await Select.prompt<string>({
    ...ends,
    message: "Which",
    search: true,
    searchMode: "substring",
    searchLabel: "›",
    options: [
      { value: "1", name: "at one" },
      { value: "2", name: "two" },
      { value: "3", name: "three" },
    ],
  });
  assertEquals(value, "1");
  assertEquals(
    texts(drawn),
    [
      "Which › \n❯ at one\n  two\n  three",
      "Which › t\n❯ two\n  three\n  at one",
      "Which › th\n❯ three",
      "Which › t\n❯ two\n  three\n  at one",
      "Which › t\n  two\n❯ three\n  at one",
      "Which › t\n  two\n  three\n❯ at one",
      // Beside the list is what is searched for.
      "Which › t\n  two\n  three\n  at one",
      "Which › t\n  two\n  three\n❯ at one",
      "Which › at one\n",
    ],
  );
});

Deno.test("a read that fails ends the prompt, and shows the cursor", async () => {
  for (
    const prompt of [
      (ends: ReturnType<typeof press>["ends"]) =>
        Input.prompt({ ...ends, message: "Text" }),
      (ends: ReturnType<typeof press>["ends"]) =>
        Select.prompt<number>({ ...ends, message: "Which", options: OPTIONS }),
    ]
  ) {
    const { drawn, ends } = press();
    await assertRejects(() => prompt(ends), Error, "No more keys");
    assertEquals(drawn.at(-1), "\x1b[?25h");
  }
});
