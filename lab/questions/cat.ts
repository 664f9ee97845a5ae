/** A command line, and what it printed. */
export interface Printed {
  readonly command: string;
  readonly output: string;
}

/**
 * Prints files of the kernel's, such as those in `/proc/sys`. Deno itself reads
 * them only with every permission that there is.
 *
 * @throws {Error} With what `cat` says, if there is no such file.
 */
export async function cat(...paths: string[]): Promise<Printed> {
  const { success, stdout, stderr } = await new Deno.Command("cat", {
    args: paths,
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(text.decode(stderr).trim());
  const output = text.decode(stdout).trimEnd();
  return { command: ["cat", ...paths].join(" "), output };
}
