import { assertEquals, assertMatch, assertStrictEquals } from "@std/assert";
import { en } from "../../client/texts/en.ts";
import { textsFor } from "../../client/texts/mod.ts";
import { zh } from "../../client/texts/zh.ts";

Deno.test("the language of the system chooses the texts", async () => {
  for (const language of ["zh", "zh-CN", "zh-Hant-TW"]) {
    assertStrictEquals(await textsFor(language), zh);
  }
  for (const language of ["en", "en-GB", "en-US-u-va-posix", "de-DE", ""]) {
    assertStrictEquals(await textsFor(language), en);
  }
});

Deno.test("every text of every language takes up what it is given", () => {
  for (const texts of [en, zh]) {
    for (const [name, text] of Object.entries(texts)) {
      if (typeof text !== "function") continue;
      if (name === "duration" || name === "disconnected") continue;
      // Numbers that no text has of its own.
      const values = Array.from({ length: text.length }, (_, i) => 701 + i);
      const shown = text(...values);
      for (const value of values) {
        assertMatch(shown, new RegExp(`${value}`), name);
      }
    }
  }
});

Deno.test("a duration is told in the largest units that matter", () => {
  const tell = (seconds: number) => [
    en.duration(seconds),
    zh.duration(seconds),
  ];
  assertEquals(tell(0), ["0 s", "0 秒"]);
  assertEquals(tell(59), ["59 s", "59 秒"]);
  assertEquals(tell(60), ["1 min", "1 分钟"]);
  assertEquals(tell(3 * 3600 + 5 * 60 + 7), ["3 h 5 min", "3 小时 5 分钟"]);
});
