/** Standard output does not take any more: a full disk, a closed pipe. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

const encoder = new TextEncoder();

/**
 * Writes a line to standard output. When this returns the line is there, which
 * `console.log` does not promise.
 *
 * @throws {OutputError} If it cannot be written.
 */
export function writeLine(line: string): void {
  writeText(`${line}\n`);
}

/** Writes a text to standard output as it is, in the same way. */
export function writeText(text: string): void {
  let rest = encoder.encode(text);
  try {
    while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OutputError(`Cannot write to standard output: ${reason}`, {
      cause: error,
    });
  }
}
