import { assertEquals, assertStringIncludes } from "@std/assert";
import { graphemesOf } from "../../../client/prompts/layout.ts";
import { Screen } from "../../../client/prompts/screen.ts";
import { EmulatedScreen, type WidthModel } from "./emulated_screen.ts";

const encoder = new TextEncoder();

/** Writes as a prompt of Cliffy's does. */
function draw(screen: Screen, content: string, caret: number): void {
  for (
    const text of ["\x1b[G\x1b[0J", content, "\x1b[3A", `\x1b[${caret + 1}G`]
  ) {
    screen.writeSync(encoder.encode(text));
  }
}

function open(columns = 40, rows = 10, model: WidthModel = "each code point") {
  const terminal = new EmulatedScreen(columns, rows, model);
  const screen = new Screen({
    write: (text) => terminal.write(text),
    size: () => terminal,
  });
  return { terminal, screen };
}

for (const model of ["each code point", "each sign"] as const) {
  Deno.test(`the cursor stands where it should, widths by ${model}`, () => {
    const { terminal, screen } = open(20, 10, model);
    using _ = screen;
    const text = "问? 你好👨‍👩‍👧 wide 中文 e\u0301 🇨🇳 text 👋🏽 that wraps";
    for (let caret = 0; caret <= text.length; caret++) {
      draw(screen, `\x1b[4m${text}\x1b[24m\n  below`, caret);
      screen.flush();
      const rows = terminal.lines;
      assertEquals(rows.at(-1), "  below");
      const drawn = rows.slice(0, -1);
      const squeeze = (text: string) => text.replaceAll(" ", "");
      const before = drawn.slice(0, terminal.cursorLine).join("") +
        terminal.beforeCursor;
      // In the middle of a sign there is no place for a cursor.
      const signs = graphemesOf(text);
      let start = 0;
      while (start + (signs[0]?.length ?? Infinity) <= caret) {
        start += signs.shift()!.length;
      }
      assertEquals(squeeze(before), squeeze(text.slice(0, start)));
      assertEquals(squeeze(drawn.join("")), squeeze(text));
    }
  });
}

Deno.test("lines come above a prompt that wraps, which stays as it is", () => {
  const { terminal, screen } = open(20, 10);
  using _ = screen;
  draw(screen, "Text › a long answer that goes on and on\nhint", 30);
  screen.flush();
  const before = terminal.lines;
  const { beforeCursor } = terminal;
  for (let i = 1; i <= 5; i++) {
    screen.print(`message ${i} is also longer than a row`);
    screen.flush();
  }
  assertEquals(terminal.lines.slice(-before.length), before);
  assertEquals(terminal.beforeCursor, beforeCursor);
  assertEquals(
    terminal.lines.slice(0, 4),
    ["message 1 is also lo", "nger than a row", "message 2 is also lo"].concat(
      "nger than a row",
    ),
  );
});

Deno.test("a burst is drawn at once", async () => {
  const { terminal, screen } = open();
  using _ = screen;
  draw(screen, "Text › abc", 10);
  for (let i = 1; i <= 1000; i++) screen.print(`message ${i}`);
  await terminal.change;
  assertEquals(terminal.writes, 1);
  assertEquals(terminal.lines.length, 1001);
  assertEquals(terminal.lines.slice(-2), ["message 1000", "Text › abc"]);
  assertEquals(terminal.beforeCursor, "Text › abc");
});

Deno.test("what is typed is shown, never obeyed", () => {
  const { terminal, screen } = open();
  using _ = screen;
  draw(screen, "\x1b[1mText\x1b[22m › a\x9b2J\u202eb\x1b[2Jc", 7);
  screen.flush();
  assertEquals(terminal.lines, ["Text › a<U+009B>2J<U+202E>b␛[2Jc"]);
  assertEquals(terminal.beforeCursor, "Text › ");
});

Deno.test("of a prompt higher than the terminal the cursor's part is seen", () => {
  const { terminal, screen } = open(10, 4);
  using _ = screen;
  const text = "0123456789".repeat(10);
  draw(screen, `${text}\nhint`, 100);
  screen.flush();
  assertEquals(terminal.lines.length, 4);
  screen.print("message");
  screen.flush();
  assertEquals(terminal.lines.length, 5);
  assertEquals(terminal.lines[0], "message");
});

Deno.test("a note stands below the prompt, and goes", () => {
  const { terminal, screen } = open();
  using _ = screen;
  draw(screen, "Port › 99999", 12);
  screen.below = ["too large"];
  screen.flush();
  assertEquals(terminal.lines, ["Port › 99999", "too large"]);
  screen.below = [];
  screen.flush();
  assertEquals(terminal.lines, ["Port › 99999"]);
});

Deno.test("nothing is written when nothing has changed", () => {
  const { terminal, screen } = open();
  using _ = screen;
  draw(screen, "Text › abc", 10);
  screen.flush();
  draw(screen, "Text › abc", 10);
  screen.flush();
  assertEquals(terminal.writes, 1);
});

Deno.test("the end leaves the lines, the cursor, and no prompt", () => {
  const { terminal, screen } = open();
  {
    using _ = screen;
    screen.print("a line");
    draw(screen, "\x1b[1mMenu\x1b[22m\n❯ one\n  two", 0);
    screen.writeSync(encoder.encode("\x1b[?25l"));
    screen.flush();
    assertEquals(terminal.cursorShown, false);
  }
  assertEquals(terminal.lines, ["a line"]);
  assertEquals(terminal.beforeCursor, "");
  assertEquals(terminal.cursorShown, true);
  assertStringIncludes(terminal.written, "a line\r\n");
});
