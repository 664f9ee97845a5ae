import { assertEquals } from "@std/assert";
import { Warnings } from "../../terminal/mod.ts";

Deno.test("a warning is written at once, harmless, in the program's name", () => {
  const lines: string[] = [];
  new Warnings("parley", (line) => lines.push(line)).add("a\x1b[2Jb");
  assertEquals(lines, ["parley: a␛[2Jb"]);
});

Deno.test("while they are held none is written, and none is lost", () => {
  const lines: string[] = [];
  const warnings = new Warnings("parley", (line) => lines.push(line));
  {
    using _held = warnings.hold();
    warnings.add("one");
    warnings.add("two");
    assertEquals(lines, []);
  }
  warnings.add("three");
  assertEquals(lines, ["parley: one", "parley: two", "parley: three"]);
});
