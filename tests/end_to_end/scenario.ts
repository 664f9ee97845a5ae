import { executables } from "../executables.ts";
import { Programs } from "../../tools/programs.ts";

const WAYS = [
  Programs.fromSources(),
  Programs.fromExecutables(await executables()),
];

/**
 * Registers a test for each way to start the real programs: from the sources,
 * and as the executables.
 */
export function scenario(
  name: string,
  play: (programs: Programs) => Promise<void>,
  options: { ignore?: boolean } = {},
): void {
  for (const programs of WAYS) {
    Deno.test({
      ...options,
      name: `${name} (${programs.name})`,
      fn: () => play(programs),
    });
  }
}
