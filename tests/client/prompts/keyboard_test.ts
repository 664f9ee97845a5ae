import { assertEquals } from "@std/assert";
import {
  type Key,
  Keyboard,
  parseKeys,
} from "../../../client/prompts/keyboard.ts";
import { FakeTime } from "../../link/fake_time.ts";
import { FakeTypist } from "./fake_typist.ts";

/** Keys as short texts: characters as they are, names in angle brackets. */
function shortly(keys: readonly Key[]): string {
  return keys.map((key) => "name" in key ? `<${key.name}>` : key.character)
    .join("");
}

async function read(keyboard: Keyboard, count: number): Promise<string> {
  const keys: Key[] = [];
  while (keys.length < count) {
    const key = keyboard.take();
    if (key === undefined) await keyboard.more;
    else keys.push(key);
  }
  return shortly(keys);
}

Deno.test("parseKeys knows characters of every plane", () => {
  assertEquals(parseKeys("a你😀").length, 3);
  assertEquals(shortly(parseKeys("a你😀é")), "a你😀é");
});

Deno.test("parseKeys knows cursor keys as all terminals send them", () => {
  assertEquals(
    shortly(parseKeys("\x1b[A\x1bOB\x1b[C\x1b[1;5D\x1b[1;3C\x1bb\x1b\x1b[D")),
    "<up><down><right><wordLeft><wordRight><wordLeft><left>",
  );
  assertEquals(
    shortly(parseKeys("\x1b[H\x1b[4~\x1b[3~\x1b[5~\x1b[6~\x1b[1;2A")),
    "<home><end><delete><pageUp><pageDown><up>",
  );
});

Deno.test("parseKeys knows the control keys of shells", () => {
  assertEquals(
    shortly(parseKeys("\x01\x05\x15\x17\x7f\x08\x04\x1b\x7f")),
    "<home><end><deleteLine><deleteWord><backspace><backspace>" +
      "<endOfInput><deleteWord>",
  );
});

Deno.test("parseKeys takes every line end for one Enter", () => {
  assertEquals(
    shortly(parseKeys("a\r\nb\nc\rd")),
    "a<enter>b<enter>c<enter>d",
  );
});

Deno.test("parseKeys leaves out what means nothing", () => {
  const text = "\x00\x1b[200~a\x1b[201~\x1b[<0;1;2M\x1b[I\x1bx\x1bOP\x1b[15~b";
  assertEquals(shortly(parseKeys(text)), "ab");
});

Deno.test("a key may come in pieces", async () => {
  using _time = new FakeTime();
  const typist = new FakeTypist();
  using keyboard = new Keyboard(typist, () => {});
  keyboard.open();
  const bytes = new TextEncoder().encode("\x1b[1;5D你😀\x1b[A");
  for (const byte of bytes) typist.type(new Uint8Array([byte]));
  typist.end();
  assertEquals(await read(keyboard, 4), "<wordLeft>你😀<up>");
});

Deno.test("Ctrl-C is heard though nobody takes keys", async () => {
  const typist = new FakeTypist();
  const { promise, resolve } = Promise.withResolvers<void>();
  using keyboard = new Keyboard(typist, resolve);
  keyboard.open();
  typist.type("abc\x03def");
  await promise;
  typist.end();
});

Deno.test("raw mode lasts from the opening to the disposal", () => {
  const typist = new FakeTypist();
  {
    using keyboard = new Keyboard(typist, () => {});
    assertEquals(typist.modes, []);
    keyboard.open();
    keyboard.open();
    assertEquals(typist.modes, [true]);
    keyboard[Symbol.dispose]();
  }
  assertEquals(typist.modes, [true, false]);
  typist.end();
});

Deno.test("the end of the input is known when the keys are taken", async () => {
  const typist = new FakeTypist();
  using keyboard = new Keyboard(typist, () => {});
  keyboard.open();
  typist.type("a");
  assertEquals(await read(keyboard, 1), "a");
  typist.end();
  if (!keyboard.ended) await keyboard.more;
  assertEquals([keyboard.ended, keyboard.take()], [true, undefined]);
});
