import { TextLineStream } from "@std/streams/text-line-stream";
import { Interrupt, type Interrupted } from "./interrupt.ts";

/**
 * Resolves when a program that runs until it is told otherwise is asked to
 * quit, to how: by a signal, or by `q` and Enter where standard input is a
 * terminal.
 */
export async function quitRequest(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  using interrupt = new Interrupt();
  interrupt.signal.addEventListener("abort", () => {
    const reason: Interrupted = interrupt.signal.reason;
    resolve(reason.message);
  });
  // A terminal that gives nothing (any more) is no reason to quit.
  if (Deno.stdin.isTerminal()) waitForQ().then(resolve, () => {});
  return await promise;
}

/** Resolves when `q` was typed; never, if input ends before. */
async function waitForQ(): Promise<string> {
  const lines = Deno.stdin.readable
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const line of lines) {
    if (line.trim().toLowerCase() === "q") return "q was typed";
  }
  return await new Promise<never>(() => {});
}
