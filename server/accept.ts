import type { ServerEvent } from "./events.ts";

/** How long to wait after `accept` failed before trying again, in ms. */
const RETRY_MS = 100;

/** What accepts connections: a `Deno.TcpListener`. */
export interface Acceptor {
  /** Resolves to the next connection. */
  accept(): Promise<Deno.TcpConn>;
}

/**
 * Hands over one connection after the other until `signal` is aborted. When
 * none can be accepted, because the system gives no more file descriptors, that
 * is reported once, tried again until it can, and reported then.
 */
export async function acceptAll(
  acceptor: Acceptor,
  signal: AbortSignal,
  onConn: (conn: Deno.TcpConn) => void,
  report: (event: ServerEvent) => void,
): Promise<void> {
  let failing = false;
  while (!signal.aborted) {
    try {
      const conn = await acceptor.accept();
      if (failing) report(trouble("clients are accepted again"));
      failing = false;
      onConn(conn);
    } catch (error) {
      if (signal.aborted) return;
      if (!failing) report(trouble(explain(error)));
      failing = true;
      await pause(RETRY_MS, signal);
    }
  }
}

function explain(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  const hint = reason.includes("os error 24")
    ? '; "ulimit -n" sets how many files, and so clients, there can be'
    : "";
  return `no more clients can be accepted for now: ${reason}${hint}`;
}

function trouble(what: string): ServerEvent {
  return { event: "trouble", what };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
