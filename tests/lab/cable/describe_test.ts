import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describeCable } from "../../../lab/cable/describe.ts";
import type { CableObservation } from "../../../lab/cable/observation.ts";
import { madeUp } from "./made_up.ts";

function textOf(observation: CableObservation, language: "en" | "zh"): string {
  return JSON.stringify(describeCable(observation, language));
}

for (const language of ["en", "zh"] as const) {
  Deno.test(`the figures that were measured are told (${language})`, () => {
    const seen = madeUp();
    const text = textOf(seen, language);
    for (
      const figure of [
        "15.1 s", // how long the cable was out
        "11.8 s", // how late the message came
        "2.1 s", // when it was found out
        "2 s", // what was promised
        "FIN-WAIT-1",
        "not-confirmed",
        "receiver-gone",
        "cable-server.pcapng",
        "0.0, 0.2, 0.4, 0.9, 1.7, 3.3, 6.8, 13.4 s", // when it was sent again
        "53", // the reset
        "**0**", // FINs
      ]
    ) {
      assertStringIncludes(text, figure);
    }
    const table = describeCable(seen, language)
      .find(({ kind }) => kind === "table");
    assert(table?.kind === "table");
    assertEquals(table.rows.length, seen.without.looks.length);
  });

  Deno.test(`what went otherwise is told otherwise (${language})`, () => {
    const seen = madeUp();
    const { late: _, ...never } = seen.without;
    const changed = {
      ...seen,
      full: true,
      without: { ...never, listAnew: { ...never.listAnew, others: [2] } },
    };
    const [before, after] = [seen, changed].map((one) => {
      const blocks = describeCable(one, language);
      return new Set(blocks.map((block) => JSON.stringify(block)));
    });
    // How long it was, the list, the message, an answer, and a claim.
    assertEquals(before!.difference(after!).size, 5);
    assert(!textOf(changed, language).includes("11.8 s"));
  });

  Deno.test(`without a capture the place says why (${language})`, () => {
    const seen = madeUp();
    const wire = { kind: "not-root" } as const;
    const blocks = describeCable(
      { ...seen, without: { ...seen.without, wire } },
      language,
    );
    const missing = blocks.filter(({ kind }) => kind === "not-run");
    assertEquals(missing.length, 1);
    assertStringIncludes(JSON.stringify(missing), "deno task lab --lang");
  });
}
