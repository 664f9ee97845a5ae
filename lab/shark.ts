/** A command of Wireshark's, and what it printed. */
export interface SharkOutput {
  /** The command line, as one types it. */
  readonly command: string;
  /** What it has printed. */
  readonly output: string;
}

/** Parley's dissector. */
const DISSECTOR = new URL("../protocol/parley.lua", import.meta.url);

/**
 * What Wireshark, by its `tshark`, shows of a capture with Parley's dissector:
 * a line a packet.
 *
 * @returns Nothing where it is not installed.
 * @throws {Error} With what it says, if it cannot read the file.
 */
export async function shark(path: string): Promise<SharkOutput | undefined> {
  const args = ["-r", path, "-X", `lua_script:${DISSECTOR.pathname}`];
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command("tshark", {
      args,
      env: { LC_ALL: "C.UTF-8" },
      stdin: "null",
    }).output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  const text = new TextDecoder();
  if (!output.success) throw new Error(text.decode(output.stderr).trim());
  const file = path.slice(path.lastIndexOf("/") + 1);
  return {
    command: `tshark -r ${file} -X lua_script:protocol/parley.lua`,
    output: text.decode(output.stdout).trimEnd(),
  };
}
