import { assertEquals } from "@std/assert";
import { spans } from "../../../lab/document/spans.ts";
import fc from "../../fast_check.ts";

/** Code as `c`, weight as capitals. */
function marks(text: string): string {
  return spans(text).map(({ text, code, strong }) => {
    const shown = strong ? text.toUpperCase() : text;
    return code ? `{${shown}}` : shown;
  }).join("|");
}

Deno.test("code and weight are told from the rest, also within each other", () => {
  assertEquals(marks("a `b` **c** d"), "a |{b}| |C| d");
  assertEquals(marks("**a `b` c**"), "A |{B}| C");
  assertEquals(marks("`a **b** c`"), "{a **b** c}");
  assertEquals(marks("**a**b**c**"), "A|b|C");
  assertEquals(marks("**a*b**"), "A*B");
  assertEquals(
    marks("中**文**字`码`"),
    "中|文".replace("文", "文") + "|字|{码}",
  );
});

Deno.test("a mark that is not closed, or holds nothing, is text", () => {
  for (
    const text of [
      "`a",
      "**a",
      "a**",
      "``",
      "****",
      "** a **",
      "**a **",
      "2 ** 3 ** 4",
      "*a*",
    ]
  ) assertEquals(marks(text), text);
  // Code is closed first.
  assertEquals(marks("**a `b** c`"), "**a |{b** c}");
});

Deno.test("whatever is marked, all of it is there", () => {
  const pieces = fc.constantFrom("`", "**", "*", "a", "中", " ", "b\n");
  fc.assert(fc.property(fc.array(pieces), (all) => {
    const text = all.join("");
    const shown = spans(text).map(({ text }) => text).join("");
    const plain = (text: string) => text.replace(/[`*\n ]/g, "");
    assertEquals(plain(shown), plain(text));
  }));
});

Deno.test("a text full of marks is read in a moment", () => {
  for (const mark of ["**a", "`", "**`", "** ", "*"]) {
    const startMs = performance.now();
    spans(mark.repeat(5_000));
    const ms = performance.now() - startMs;
    assertEquals(ms < 1000, true, `${mark}: ${ms} ms`);
  }
});
