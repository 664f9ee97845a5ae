import type { Experiment, Finding, Lab, Obstacle } from "./experiment.ts";

/** What became of an experiment. */
export type Outcome<Observation> =
  /** It was run. */
  | {
    readonly kind: "observed";
    readonly observation: Observation;
    readonly findings: readonly Finding[];
  }
  /** It cannot be run on this machine. */
  | { readonly kind: "not-run"; readonly obstacle: Obstacle }
  /** It broke off. */
  | { readonly kind: "failed"; readonly message: string };

/** An experiment, and what became of it. */
export interface Result<Observation = unknown> {
  readonly experiment: Experiment<Observation>;
  readonly outcome: Outcome<Observation>;
  /** How long it took, in milliseconds. */
  readonly ms: number;
}

/**
 * Runs an experiment. Whatever is in its way becomes its outcome: the others go
 * on.
 */
export async function runExperiment<Observation>(
  experiment: Experiment<Observation>,
  lab: Lab,
): Promise<Result<Observation>> {
  const startMs = performance.now();
  const outcome = await outcomeOf(experiment, lab);
  return { experiment, outcome, ms: performance.now() - startMs };
}

async function outcomeOf<Observation>(
  experiment: Experiment<Observation>,
  lab: Lab,
): Promise<Outcome<Observation>> {
  try {
    const obstacle = await experiment.obstacle();
    if (obstacle !== undefined) return { kind: "not-run", obstacle };
    const observation = await experiment.observe(lab);
    const findings = experiment.judge(observation);
    return { kind: "observed", observation, findings };
  } catch (error) {
    // Ending the programs may fail as well; what failed first is the reason.
    const reason = error instanceof SuppressedError ? error.suppressed : error;
    const message = reason instanceof Error ? reason.message : String(reason);
    return { kind: "failed", message };
  }
}

/** Whether all that was run was found to be as it is claimed to be. */
export function allHold(results: readonly Result[]): boolean {
  return results.every(({ outcome }) =>
    outcome.kind === "not-run" ||
    outcome.kind === "observed" && outcome.findings.every(({ holds }) => holds)
  );
}
