import type { Capture } from "../capture/capture.ts";
import { UsageError } from "./flags.ts";

/** The flag that has a program write down what it sends and receives. */
export const CAPTURE_FLAG = {
  kind: "text",
  value: "FILE",
  help: "write what is sent and received to FILE (pcapng), for Wireshark",
} as const;

/**
 * Opens the file that `--capture` names, if it names one. `program` is named in
 * it; `onTrouble` is told when no more can be written.
 *
 * @throws {UsageError} If it cannot be written.
 */
export async function openCapture(
  path: string | undefined,
  program: string,
  onTrouble: (what: string) => void,
): Promise<Capture | undefined> {
  if (path === undefined) return undefined;
  // Loaded only here: hardly any program captures, and all start the sooner.
  const { Capture } = await import("../capture/capture.ts");
  try {
    return await Capture.open(path, {
      program,
      onTrouble: (what) => onTrouble(`--capture ${path}: ${what}`),
    });
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "there is no such directory"
      : error instanceof Error
      ? error.message
      : String(error);
    throw new UsageError(`Cannot write --capture ${path}: ${why}`);
  }
}
