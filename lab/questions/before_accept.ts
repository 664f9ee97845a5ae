import type { Sockets } from "../sockets.ts";
import { lookUntil } from "./look_until.ts";

/** What becomes of a connect before the server accepts. */
export interface BeforeAcceptSeen {
  /** The port that is listened on. */
  readonly port: number;
  /** The client's port. */
  readonly clientPort: number;
  /** How long connect took, in milliseconds. */
  readonly connectMs: number;
  /** How many bytes the client has sent before accept was called. */
  readonly sent: number;
  /** The sockets after that, still before accept was called. */
  readonly before: Sockets;
  /** How many bytes there were to read as soon as it was accepted. */
  readonly read: number;
  /** The port of the client that was accepted. */
  readonly acceptedPort: number;
  /** The sockets when it was accepted and read. */
  readonly after: Sockets;
}

const TEXT = "sent before accept";

/** Connects to a socket that listens and does not accept; later it does. */
export async function observeBeforeAccept(): Promise<BeforeAcceptSeen> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const startMs = performance.now();
  using client = await Deno.connect({ hostname: "127.0.0.1", port });
  const connectMs = performance.now() - startMs;
  const sent = await client.write(new TextEncoder().encode(TEXT));
  const before = await lookUntil(
    { port },
    (rows) =>
      rows.some(({ local, recvQ }) => local.port === port && recvQ === sent),
  );

  using accepted = await listener.accept();
  const read = await accepted.read(new Uint8Array(1024)) ?? 0;
  const after = await lookUntil(
    { port },
    (rows) => rows.every(({ recvQ }) => recvQ === 0),
  );
  return {
    port,
    clientPort: client.localAddr.port,
    connectMs,
    sent,
    before,
    read,
    acceptedPort: accepted.remoteAddr.port,
    after,
  };
}
