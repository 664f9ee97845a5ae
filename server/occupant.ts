import {
  Command,
  decodePayload,
  frames,
  FrameType,
  hello,
} from "../protocol/mod.ts";

/** How long whoever has the port may take to say hello, in milliseconds. */
const PATIENCE_MS = 500;

/**
 * Finds out who listens on a port that is taken: the name of the Parley server
 * there, or `undefined` if nobody says hello as one.
 */
export async function occupant(
  hostname: string,
  port: number,
): Promise<string | undefined> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    using conn = await Deno.connect({
      hostname: reachable(hostname),
      port,
      signal,
    });
    const giveUp = () => conn.close();
    signal.addEventListener("abort", giveUp);
    try {
      for await (const frame of frames(conn.readable, { maxPayload: 4096 })) {
        const { type, command } = frame;
        if (type !== FrameType.indication || command !== Command.hello) break;
        return decodePayload(frame, hello).name;
      }
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  } catch {
    // Whatever it is, it is not a Parley server.
  }
  return undefined;
}

/** An address that means all of a machine's is reached on its loopback. */
function reachable(hostname: string): string {
  if (hostname === "0.0.0.0") return "127.0.0.1";
  return hostname === "::" ? "::1" : hostname;
}
