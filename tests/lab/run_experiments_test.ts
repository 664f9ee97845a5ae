import { assertEquals } from "@std/assert";
import type { Experiment, Finding, Lab } from "../../lab/experiment.ts";
import { allHold, runExperiment } from "../../lab/run_experiments.ts";
import { Programs } from "../../tools/programs.ts";

const lab: Lab = {
  programs: Programs.fromSources(),
  language: "en",
  captures: "",
  full: false,
};

/** An experiment that sees a number, and claims that it is 7. */
function experiment(
  parts: Partial<Experiment<number>> = {},
): Experiment<number> {
  return {
    name: "seven",
    titles: { en: "Seven", zh: "七" },
    obstacle: () => Promise.resolve(undefined),
    observe: () => Promise.resolve(7),
    judge: (seen): Finding[] => [{ claim: "is-seven", holds: seen === 7 }],
    describe: () => [],
    ...parts,
  };
}

Deno.test("what was seen is kept with its findings", async () => {
  const result = await runExperiment(experiment(), lab);
  assertEquals(result.outcome, {
    kind: "observed",
    observation: 7,
    findings: [{ claim: "is-seven", holds: true }],
  });
  assertEquals(allHold([result]), true);
});

Deno.test("a claim that does not hold is no error, and is told", async () => {
  const observe = () => Promise.resolve(8);
  const result = await runExperiment(experiment({ observe }), lab);
  assertEquals(result.outcome.kind, "observed");
  assertEquals(
    allHold([await runExperiment(experiment(), lab), result]),
    false,
  );
});

Deno.test("what cannot be run is not tried, and nothing fails by it", async () => {
  let tried = false;
  const result = await runExperiment(
    experiment({
      obstacle: () => Promise.resolve({ kind: "not-root" }),
      observe: () => {
        tried = true;
        return Promise.resolve(7);
      },
    }),
    lab,
  );
  assertEquals(result.outcome, {
    kind: "not-run",
    obstacle: { kind: "not-root" },
  });
  assertEquals(tried, false);
  assertEquals(allHold([result]), true);
});

Deno.test("an experiment that breaks off does not break the others", async () => {
  const observe = () => Promise.reject(new Error("no such port"));
  const result = await runExperiment(experiment({ observe }), lab);
  assertEquals(result.outcome, { kind: "failed", message: "no such port" });
  assertEquals(allHold([result]), false);
});

Deno.test("what failed first is the reason, not what failed while ending it", async () => {
  const observe = async () => {
    await using _stack = {
      [Symbol.asyncDispose]: () => Promise.reject(new Error("second")),
    };
    await Promise.reject(new Error("first"));
    return 7;
  };
  const { outcome } = await runExperiment(experiment({ observe }), lab);
  assertEquals(outcome, { kind: "failed", message: "first" });
});
