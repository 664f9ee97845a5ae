import type { Transport } from "./transport.ts";

/** One end of a TCP connection. */
export interface Endpoint {
  /** Its IP address. */
  readonly address: string;
  /** Its TCP port. */
  readonly port: number;
}

/** Which connection it is whose bytes pass. */
export interface TappedConnection {
  /** This program's end. */
  readonly local: Endpoint;
  /** The peer's. */
  readonly remote: Endpoint;
  /** Who connected: this program, or the peer. */
  readonly openedBy: "local" | "remote";
}

/**
 * Looks at the bytes of connections as they pass, as a network tap does, and
 * changes nothing. With TLS it stands inside: what it sees is not encrypted.
 */
export interface Tap {
  /**
   * A connection is there. Returns what has to be used in place of `transport`,
   * so that what passes is seen.
   */
  tap(transport: Transport, connection: TappedConnection): Transport;
}

/** The ends of a connection, as a `Deno.TcpConn` knows them. */
export interface ConnectionEnds {
  /** This program's. */
  readonly localAddr: { readonly hostname: string; readonly port: number };
  /** The peer's. */
  readonly remoteAddr: { readonly hostname: string; readonly port: number };
}

/**
 * What has to be used in place of `transport`, which is `conn` or was made of it:
 * without a tap that is `transport` itself.
 */
export function tapped(
  transport: Transport,
  { localAddr, remoteAddr }: ConnectionEnds,
  openedBy: TappedConnection["openedBy"],
  tap: Tap | undefined,
): Transport {
  if (tap === undefined) return transport;
  return tap.tap(transport, {
    local: { address: localAddr.hostname, port: localAddr.port },
    remote: { address: remoteAddr.hostname, port: remoteAddr.port },
    openedBy,
  });
}
