import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { cable } from "../../../lab/cable/cable.ts";
import { functions } from "../../../lab/functions/functions.ts";
import { makeReport } from "../../../lab/report/make_report.ts";
import type { Surroundings } from "../../../lab/report/surroundings.ts";
import type { Result } from "../../../lab/run_experiments.ts";
import { requests } from "../../../lab/requests/requests.ts";
import { madeUp } from "../functions/made_up.ts";
import { plainText } from "../plain_text.ts";

const made: Surroundings = {
  startedMs: Date.UTC(2026, 10, 23, 3, 4),
  parley: "0.1.0",
  deno: "2.9.6",
  system: "Linux 6.1 x86_64",
  processors: 2,
  root: false,
  full: false,
};

const seen = madeUp();
const results: readonly Result[] = [
  {
    experiment: functions,
    outcome: {
      kind: "observed",
      observation: seen,
      findings: functions.judge(seen),
    },
    ms: 700,
  },
  {
    experiment: cable,
    outcome: { kind: "not-run", obstacle: { kind: "not-root" } },
    ms: 1,
  },
  {
    experiment: requests,
    outcome: { kind: "failed", message: "the server did not start" },
    ms: 10_000,
  },
] as readonly Result[];

for (const language of ["en", "zh"] as const) {
  Deno.test(`a report has a chapter for the protocol, each experiment, and how to run it again (${language})`, () => {
    const report = makeReport(results, made, language);
    const chapters = report.blocks.filter((block) =>
      block.kind === "heading" && block.level === 2
    ).map((block) => block.kind === "heading" && block.id);
    assertEquals(chapters, [
      "protocol",
      "functions",
      "cable",
      "requests",
      "again",
    ]);
    const missing = report.blocks.filter(({ kind }) => kind === "not-run");
    const text = plainText(missing);
    assertStringIncludes(text, "sudo env");
    assertStringIncludes(text, "the server did not start");
    // Those two, and that tshark has not looked at the functions.
    assertEquals(missing.length, 3);
  });

  Deno.test(`all numbers of the protocol are in it, with a name (${language})`, () => {
    const { blocks } = makeReport([], made, language);
    const text = plainText(blocks);
    assert(!text.includes("undefined"));
    for (
      const name of language === "en"
        ? ["3 indication", "9 error", "33 "]
        : ["3 指示", "33 "]
    ) {
      assertStringIncludes(text.replaceAll("\u00a0", " "), name);
    }
    assertEquals(blocks.filter(({ kind }) => kind === "picture").length, 5);
  });
}

Deno.test("the facts are of the machine that it was made on", () => {
  const values = (change: Partial<Surroundings>) =>
    makeReport([], { ...made, ...change }, "en").facts
      .map(({ name, value }) => `${name}: ${value}`).join("\n");
  assertStringIncludes(values({}), "Machine: Linux 6.1 x86_64, 2 processors");
  assertStringIncludes(values({}), "Wireshark: not installed");
  assertStringIncludes(values({}), "Run: as an ordinary user, shortened");
  assertStringIncludes(values({ root: true, full: true }), "as root, in full");
  assertStringIncludes(
    values({ wireshark: "TShark 4" }),
    "Wireshark: TShark 4",
  );
  assertStringIncludes(values({}), "Made on: 2026-11-2");
});
