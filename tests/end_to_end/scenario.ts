import { executables } from "../executables.ts";
import { Programs } from "../../tools/programs.ts";

const SOURCES = Programs.fromSources();
const EXECUTABLES = Programs.fromExecutables(await executables());

/** What is to be played with the real programs. */
type Play = (programs: Programs) => Promise<void>;

/** How a scenario is played. */
export interface ScenarioOptions {
  /** Not at all. */
  readonly ignore?: boolean;
}

/** Registers a test of the real programs, as people have them: the executables. */
export function scenario(
  name: string,
  play: Play,
  options: ScenarioOptions = {},
): void {
  register(EXECUTABLES, name, play, options);
}

/**
 * The same, and another test of the programs as they start from the sources: for
 * what depends on how they are started, as permissions do.
 */
export function bothWays(
  name: string,
  play: Play,
  options: ScenarioOptions = {},
): void {
  for (const programs of [SOURCES, EXECUTABLES]) {
    register(programs, name, play, options);
  }
}

function register(
  programs: Programs,
  name: string,
  play: Play,
  { ignore = false }: ScenarioOptions,
): void {
  Deno.test({
    ignore,
    name: `${name} (${programs.name})`,
    fn: () => play(programs),
  });
}
