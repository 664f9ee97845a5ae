import { UsageError } from "./flags.ts";
import { Interrupted } from "./interrupt.ts";
import { visibleText } from "./visible_text.ts";

/**
 * Runs a program and exits with the code that `main` returns.
 *
 * An error for which `exitCodeOf` knows a code is told in one line; so is
 * wrong usage, with 2. A program that was interrupted exits as one. Anything
 * else is a bug, and is thrown.
 */
export async function runProgram(
  name: string,
  main: () => Promise<number>,
  exitCodeOf: (error: unknown) => number | undefined,
): Promise<never> {
  try {
    return Deno.exit(await main());
  } catch (error) {
    if (error instanceof Interrupted) return Deno.exit(error.exitCode);
    const code = error instanceof UsageError ? 2 : exitCodeOf(error);
    if (code === undefined) throw error;
    console.error(`${name}: ${visibleText((error as Error).message)}`);
    return Deno.exit(code);
  }
}
