import { UsageError } from "./flags.ts";

/** A failure that a program explains in one sentence and an exit code. */
export interface ExpectedFailure {
  /** The class of the error. */
  // deno-lint-ignore no-explicit-any -- any class of errors will do
  readonly type: new (...args: any[]) => Error;
  /** What the program exits with. */
  readonly exitCode: number;
}

/**
 * Runs a program and exits with the code that it returns. An error that is
 * expected becomes one sentence on standard error and its exit code; wrong
 * usage is always expected, with 2.
 */
export async function runProgram(
  name: string,
  main: () => Promise<number>,
  expected: readonly ExpectedFailure[],
): Promise<never> {
  try {
    Deno.exit(await main());
  } catch (error) {
    const failure = [{ type: UsageError, exitCode: 2 }, ...expected]
      .find(({ type }) => error instanceof type);
    if (failure === undefined) throw error;
    console.error(`${name}: ${(error as Error).message}`);
    Deno.exit(failure.exitCode);
  }
}
