/** What Node.js calls an error of a socket, as far as it matters here. */
interface SocketError extends Error {
  readonly code?: string;
  readonly syscall?: string;
}

/** What can become of a connection that nobody looks after any more. */
const CODES = ["ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTCONN"];

let ignored = false;

/**
 * Keeps errors of sockets that NATS's library has given up from ending the
 * program: it takes its listeners off them before they are closed, and what
 * happens to one then (NATS closes a connection that it has refused, say) would
 * be an error that nobody has caught. Such an error can come at any time after,
 * so this is for good. Nothing else in Parley uses sockets of Node.js.
 */
export function ignoreStraySocketErrors(): void {
  if (ignored) return;
  ignored = true;
  globalThis.addEventListener("error", (event) => {
    if (isOfNodeSocket(event.error)) event.preventDefault();
  });
}

function isOfNodeSocket(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code = "", syscall = "", stack = "" } = error as SocketError;
  return CODES.includes(code) && ["read", "write"].includes(syscall) &&
    stack.includes("ext:deno_node/");
}
