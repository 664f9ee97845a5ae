import { version } from "../../terminal/version.ts";

/** What a report was made with. */
export interface Surroundings {
  /** When it was begun. */
  readonly startedMs: number;
  readonly parley: string;
  readonly deno: string;
  /** The system, as `uname` names it. */
  readonly system: string;
  readonly processors: number;
  /** What Wireshark's `tshark` says of itself, where it is installed. */
  readonly wireshark?: string;
  readonly root: boolean;
  readonly full: boolean;
}

/** Looks at the machine. */
export async function surroundings(full: boolean): Promise<Surroundings> {
  const wireshark = await firstLine("tshark", "--version");
  const { os, arch } = Deno.build;
  return {
    startedMs: Date.now(),
    parley: version,
    deno: Deno.version.deno,
    system: await firstLine("uname", "-srm") ?? `${os} ${arch}`,
    processors: navigator.hardwareConcurrency,
    ...(wireshark !== undefined && { wireshark: wireshark.replace(/\.$/, "") }),
    root: os !== "windows" && Deno.uid() === 0,
    full,
  };
}

/** The first line that a program prints; nothing where it is not installed. */
async function firstLine(
  program: string,
  ...args: string[]
): Promise<string | undefined> {
  try {
    const { stdout } = await new Deno.Command(program, {
      args,
      stderr: "null",
    }).output();
    return new TextDecoder().decode(stdout).split("\n")[0];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
