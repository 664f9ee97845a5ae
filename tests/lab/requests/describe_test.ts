import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Obstacle } from "../../../lab/experiment.ts";
import type { Language } from "../../../lab/language.ts";
import { describeRequests } from "../../../lab/requests/describe.ts";
import { judgeRequests } from "../../../lab/requests/judge.ts";
import type { RequestsObservation } from "../../../lab/requests/observation.ts";
import { plainText } from "../plain_text.ts";
import { HURRIED, OBSERVED, ROUND } from "./observed.ts";

const LANGUAGES: Language[] = ["en", "zh"];

function text(
  language: Language,
  difference: Partial<RequestsObservation> = {},
): string {
  return plainText(describeRequests({ ...OBSERVED, ...difference }, language));
}

Deno.test("what was seen is told in both languages", () => {
  for (const language of LANGUAGES) {
    const told = text(language);
    for (
      const piece of [
        "(the client's screen)",
        "(the server's log)",
        "dumpcap -i lo -w requests.pcapng",
        "(before)",
        "(after)",
        "1 | 100 | 200 | 1 | 2 | 5 | 3 | 6.9",
        "6 | 0.000 |",
        "1,972",
        "29 × 100",
        "928 + 1,972 | 2 | 98 | 0 | 100",
      ]
    ) assertStringIncludes(told, piece);
    assert(!told.includes("undefined") && !told.includes("NaN"), told);
  }
  assertStringIncludes(text("en"), "**200 of 200** answers came");
  assertStringIncludes(
    text("en"),
    "400 frames went in **6 segments with data**",
  );
  assertStringIncludes(text("en"), "and 4 more segments had no data");
  assertStringIncludes(text("en"), "it saw 1 to 2 of 100 responses");
  assertStringIncludes(text("zh"), "200 个请求收到 **200 个**响应");
  assertStringIncludes(text("zh"), "400 个帧只用了 **6 个带数据的报文段**");
  assertStringIncludes(text("zh"), "另有 4 个不带数据");
  assertStringIncludes(text("zh"), "100 个响应中只看到 1 到 2 个");
});

Deno.test("each finding has a sentence, and says whether it holds", () => {
  for (const language of LANGUAGES) {
    for (const logged of [200, 199]) {
      const block = describeRequests({ ...OBSERVED, logged }, language).at(-1)!;
      assert(block.kind === "findings");
      assertEquals(
        block.findings.map(({ holds }) => holds),
        judgeRequests({ ...OBSERVED, logged }).map(({ holds }) => holds),
      );
      assert(block.findings.every(({ claim }) => claim.length > 5));
    }
  }
});

Deno.test("what could not be captured or counted says why and how", () => {
  const { wire: _, ...counted } = ROUND;
  const { kernel: __, ...neither } = counted;
  const capture: Obstacle = { kind: "not-root" };
  const why = {
    en: "Only root may do this",
    zh: "只有 root 才能这样做",
  };
  for (const language of LANGUAGES) {
    const rounds = [counted, counted];
    assertStringIncludes(text(language, { capture, rounds }), why[language]);
    const told = text(language, {
      counters: { kind: "missing", program: "ss", package: "iproute2" },
      rounds: [neither, neither],
    });
    assertStringIncludes(told, "`sudo apt install iproute2`");
  }
  const byKernel = text("en", { capture, rounds: [counted, counted] });
  assertStringIncludes(byKernel, "1 | 100 | 200 | 1 | 2 | 5 | 3 | 6.9");
  assertStringIncludes(byKernel, "by the kernel's counters");
  const unknown = text("en", {
    capture,
    counters: { kind: "not-linux" },
    rounds: [neither, neither],
  });
  assertStringIncludes(unknown, "1 | 100 | 200 | – | – | – | 3 | 6.9");
  assertStringIncludes(unknown, "Segments could not be counted");
});

Deno.test("a naive reader that lost none by chance is not said to have lost", () => {
  const naive = [OBSERVED.naive[0]!, { ...HURRIED, seen: 100 }];
  assertStringIncludes(text("en", { naive }), "happened to lose none");
  assertStringIncludes(text("zh", { naive }), "碰巧一个也没有丢");
  assertStringIncludes(
    text("en", { naive }),
    "✗ Who takes a read for a packet",
  );
});
