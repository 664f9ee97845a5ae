import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Language } from "../../../lab/language.ts";
import { describeQuestions } from "../../../lab/questions/describe.ts";
import { judgeQuestions } from "../../../lab/questions/judge.ts";
import type { QuestionsObservation } from "../../../lab/questions/observation.ts";
import { plainText } from "../plain_text.ts";
import { OBSERVED } from "./observed.ts";

const LANGUAGES: Language[] = ["en", "zh"];

function text(
  language: Language,
  difference: Partial<QuestionsObservation> = {},
): string {
  return plainText(describeQuestions({ ...OBSERVED, ...difference }, language));
}

Deno.test("six questions are answered in both languages, with evidence", () => {
  for (const language of LANGUAGES) {
    const blocks = describeQuestions(OBSERVED, language);
    assertEquals(blocks.filter(({ kind }) => kind === "answer").length, 6);
    const told = plainText(blocks);
    for (
      const piece of [
        // 1
        "(the log of the connects)",
        "cat range",
        "32768",
        "60999",
        "**3 ",
        "40000",
        "40004",
        // 2
        "LISTEN 1 511",
        "0.4 ",
        "18",
        // 3
        "100 | 1,600 | 18 | 38,912 | 2",
        "100 | 1,600 | 35 | 35,840 | 3",
        "1 | 1,000,000 | 23 | 65,483 | 16",
        "(what was counted)",
        "65,536",
        // 4
        "1 | `127.0.0.1:6001` | `127.0.0.1:2203`",
        "2 | `127.0.0.1:6002` | `127.0.0.1:2203`",
        "(the list)",
        // 5
        "`127.0.0.1:7001` | `127.0.0.1:2204` | 60.1 | 60.6",
        "`127.0.0.1:2205` | `127.0.0.1:7002` | 60.3 | 60.8",
        "Listening on 127.0.0.1:2205",
        // 6
        "(the log of the silent one)",
        "(its help)",
        "1.11",
        "7200",
        "ESTAB 16 0",
      ]
    ) assertStringIncludes(told, piece);
    assert(!told.includes("undefined") && !told.includes("NaN"), told);
  }
  assertStringIncludes(text("en"), "60.6 s and 60.8 s");
  assertStringIncludes(text("en"), "2 h 11 min");
  assertStringIncludes(text("en"), "15 min 25 s");
  assertStringIncludes(text("zh"), "60.6 秒和 60.8 秒");
  assertStringIncludes(text("zh"), "2 小时 11 分");
  assertStringIncludes(text("zh"), "15 分 25 秒");
});

Deno.test("every finding has a sentence, and says whether it holds", () => {
  for (const language of LANGUAGES) {
    const findings = describeQuestions(OBSERVED, language)
      .flatMap((block) => block.kind === "findings" ? block.findings : []);
    assertEquals(findings.length, judgeQuestions(OBSERVED).length);
    assert(findings.every(({ claim, holds }) => claim.length > 4 && holds));
  }
});

Deno.test("what is not as claimed is not answered as if it were", () => {
  const { closed } = OBSERVED.timeWait;
  const differences: Partial<QuestionsObservation>[] = [
    { localPort: { ...OBSERVED.localPort, ports: [1, 1] } },
    { beforeAccept: { ...OBSERVED.beforeAccept, read: 1 } },
    {
      segments: {
        ...OBSERVED.segments,
        sendings: OBSERVED.segments.sendings.map((each) => ({
          ...each,
          segments: each.writes,
        })),
      },
    },
    { tellingApart: { ...OBSERVED.tellingApart, listed: {} } },
    {
      timeWait: {
        ...OBSERVED.timeWait,
        closed: closed.map(({ goneMs: _, ...never }) => never),
      },
    },
    { silentClient: { ...OBSERVED.silentClient, how: "lost" } },
  ];
  for (const difference of differences) {
    const en = text("en", difference);
    assertStringIncludes(en, "not what was expected");
    assertStringIncludes(en, "✗ ");
    assertStringIncludes(text("zh", difference), "与预期不同");
    assert(!en.includes("undefined") && !en.includes("NaN"), en);
  }
});
