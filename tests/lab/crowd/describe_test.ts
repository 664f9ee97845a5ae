import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describeCrowd } from "../../../lab/crowd/describe.ts";
import type { CrowdObservation } from "../../../lab/crowd/observation.ts";
import type { Language } from "../../../lab/language.ts";
import { plainText } from "../plain_text.ts";
import { client, OBSERVED, ONE_BY_ONE, ROUND } from "./observed.ts";

function text(
  language: Language,
  difference: Partial<CrowdObservation> = {},
): string {
  return plainText(describeCrowd({ ...OBSERVED, ...difference }, language));
}

Deno.test("what was seen is told in both languages", () => {
  for (const language of ["en", "zh"] satisfies Language[]) {
    const told = text(language);
    for (
      const piece of [
        "(screen of 1)",
        "(screen of 3)",
        "parley-server --port 2203 --log json",
        "(the log's line of 3)\n[… 31 …]\n(the log's line of 1)\n[… 99 …]",
        "#3 × 32, #1 × 100, #3 × 68, #2 × 100",
        "#4 | 0.4 | 44.0 | ",
        " | 6 | 200",
      ]
    ) assertStringIncludes(told, piece);
    assert(!told.includes("undefined") && !told.includes("NaN"), told);
    assert(!told.includes("(screen of 4)"), "one round's screens are enough");
  }
  const en = text("en");
  assertStringIncludes(en, "told to begin after 0.3 ms");
  assertStringIncludes(en, "done only after 41.0 ms");
  assertStringIncludes(en, "3 changes from one client to another, where 2");
  assertStringIncludes(en, "this time it was done with each");
  const zh = text("zh");
  assertStringIncludes(zh, "第 0.3 毫秒开始");
  assertStringIncludes(zh, "第 41.0 毫秒才完成");
  assertStringIncludes(zh, "切换了 3 次，而逐个服务只需切换 2 次");
});

Deno.test("those that were not at work at once are not said to have been", () => {
  const late = { ...client(3, 1), begunMs: 50 };
  const clients = [client(1, 1), client(2, 1), late];
  const rounds = [{ ...ROUND, clients }];
  assertStringIncludes(text("en", { rounds }), "not all at work at once");
  assertStringIncludes(text("zh", { rounds }), "没有全部同时工作");
  assertStringIncludes(text("en", { rounds }), "✗ All clients had begun");
});

Deno.test("a long log is shortened", () => {
  const served = Array.from({ length: 10 }, (_, i) => ({
    id: i % 3,
    answers: 1,
    line: `(turn ${i})`,
  }));
  const told = text("en", { rounds: [{ ...ROUND, served }, ONE_BY_ONE] });
  assertStringIncludes(told, "(turn 4)\n(turn 5)\n[… 4 …]");
  assertEquals(told.includes("(turn 6)"), false);
});
