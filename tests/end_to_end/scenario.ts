import { executables } from "../executables.ts";
import { Programs } from "../../tools/programs.ts";

const WAYS = [
  Programs.fromSources(),
  Programs.fromExecutables(await executables()),
];

/** How a scenario is played. */
export interface ScenarioOptions {
  /** Not at all. */
  readonly ignore?: boolean;
  /** As the executables alone, where the sources would show nothing else. */
  readonly executablesOnly?: boolean;
}

/**
 * Registers a test for each way to start the real programs: from the sources,
 * and as the executables.
 */
export function scenario(
  name: string,
  play: (programs: Programs) => Promise<void>,
  { ignore = false, executablesOnly = false }: ScenarioOptions = {},
): void {
  for (const programs of executablesOnly ? WAYS.slice(1) : WAYS) {
    Deno.test({
      ignore,
      name: `${name} (${programs.name})`,
      fn: () => play(programs),
    });
  }
}
