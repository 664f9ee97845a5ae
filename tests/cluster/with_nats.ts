import { whyNoNats } from "../../tools/nats.ts";
import { Programs } from "../../tools/programs.ts";

const programs = Programs.fromSources();
const { os } = Deno.build;
/** Nodes are ended by signals, which Windows does not have. */
const why = os === "windows" ? "it takes signals" : whyNoNats();
if (why !== undefined) console.error(`No NATS server can run here: ${why}`);

/** What a test needs besides NATS. */
export interface WithNatsOptions {
  /** Why it cannot run here, if it cannot; printed once. */
  readonly why?: string | undefined;
}

/**
 * Registers a test in which real programs, started from the sources, are joined
 * by a real NATS server. Where there is none the test is ignored, and the reason
 * is printed.
 */
export function withNats(
  name: string,
  play: (programs: Programs) => Promise<void>,
  { why: whyNot }: WithNatsOptions = {},
): void {
  if (whyNot !== undefined && why === undefined) {
    console.error(`"${name}" cannot run here: ${whyNot}`);
  }
  const ignore = why !== undefined || whyNot !== undefined;
  Deno.test({ name, ignore, fn: () => play(programs) });
}
