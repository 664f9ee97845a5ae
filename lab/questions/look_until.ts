import {
  type Socket,
  type Sockets,
  sockets,
  type SocketsQuery,
} from "../sockets.ts";

/** How long sockets may take to become as expected, in milliseconds. */
const PATIENCE_MS = 2_000;

/**
 * Looks at sockets again and again until they are as expected, and returns what
 * was seen last: if they do not become so, that is a result, too.
 */
export async function lookUntil(
  query: SocketsQuery,
  holds: (rows: readonly Socket[]) => boolean,
): Promise<Sockets> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const seen = await sockets(query);
    if (holds(seen.sockets) || performance.now() > deadlineMs) return seen;
  }
}
