import { Programs } from "../../tools/programs.ts";

const programs = Programs.fromSources();

/** What a test of a fault needs. */
export interface FaultOptions {
  /** What it looks at, or does, is there on Linux only: `/proc`, namespaces. */
  readonly linuxOnly?: boolean;
}

/**
 * Registers a test in which real programs, started from the sources, meet with
 * a fault. Most faults are signals, which Windows does not have.
 */
export function fault(
  name: string,
  play: (programs: Programs) => Promise<void>,
  { linuxOnly = false }: FaultOptions = {},
): void {
  const { os } = Deno.build;
  const ignore = linuxOnly ? os !== "linux" : os === "windows";
  Deno.test({ name, ignore, fn: () => play(programs) });
}
