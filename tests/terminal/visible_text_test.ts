import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "../fast_check.ts";
import { visibleText } from "../../terminal/mod.ts";
import { hostileText, TERMINAL_CONTROL } from "./hostile_text.ts";

Deno.test("control characters become their pictures", () => {
  assertEquals(visibleText("\u0000\t\r\n\u001b\u007f"), "␀␉␍␊␛␡");
});

Deno.test("what has no picture becomes its code point", () => {
  assertEquals(visibleText("\u009b"), "<U+009B>");
  assertEquals(visibleText("a\u202eb\u2069"), "a<U+202E>b<U+2069>");
  assertEquals(visibleText("\u2028\u200b\ufeff"), "<U+2028><U+200B><U+FEFF>");
  assertEquals(visibleText("\u00ad"), "<U+00AD>");
});

Deno.test("letters, marks, emoji and ordinary spaces stay as they are", () => {
  for (
    const text of [
      "",
      "plain ASCII, with ~!@#$%^&*()_+|",
      "你好 世界",
      "e\u0301 é ñ",
      "👨‍👩‍👧‍👦 👋🏽 🏳️‍🌈",
      "می‌خواهم שלום",
      "no\u00a0break",
    ]
  ) {
    assertEquals(visibleText(text), text);
  }
});

Deno.test("whatever the text is, nothing is left that a terminal could obey", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      assertFalse(TERMINAL_CONTROL.test(visibleText(text)));
    }),
    { numRuns: 300 },
  );
});

Deno.test("what was made visible stays so", () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const visible = visibleText(text);
      assertEquals(visibleText(visible), visible);
    }),
    { numRuns: 100 },
  );
});

Deno.test("every control character of Unicode is made visible", () => {
  for (let code = 0; code < 0x10000; code++) {
    const character = String.fromCharCode(code);
    if (!TERMINAL_CONTROL.test(character)) continue;
    assert(
      visibleText(character) !== character,
      `U+${code.toString(16)} is shown as it is`,
    );
  }
});
