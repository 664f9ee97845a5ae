import { TextLineStream } from "@std/streams/text-line-stream";

/**
 * Resolves when a program is asked to quit, to how: by SIGINT or SIGTERM, or by
 * `q` and Enter where standard input is a terminal. A second signal ends the
 * program at once, as signals do.
 */
export async function quitRequest(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const listeners = signals().map((signal) => {
    const listener = () => resolve(`${signal} received`);
    Deno.addSignalListener(signal, listener);
    return () => Deno.removeSignalListener(signal, listener);
  });
  if (Deno.stdin.isTerminal()) waitForQ().then(resolve);
  const how = await promise;
  for (const stop of listeners) stop();
  return how;
}

/** Windows has no SIGTERM; Ctrl-Break is the nearest. */
function signals(): Deno.Signal[] {
  return Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM"];
}

async function waitForQ(): Promise<string> {
  const lines = Deno.stdin.readable
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const line of lines) {
    if (line.trim().toLowerCase() === "q") break;
  }
  return "q was typed";
}
