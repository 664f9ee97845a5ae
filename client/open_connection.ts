import {
  closeTransport,
  type Tap,
  tapped,
  type Transport,
} from "../link/mod.ts";
import { ConnectionError } from "./connection_error.ts";
import { tlsError } from "./tls_error.ts";

/** How to encrypt a connection. */
export interface TlsOptions {
  /**
   * Certificates in PEM that are trusted besides those that Deno trusts by
   * itself: the server's own, or that of whoever has signed it.
   */
  readonly caCerts?: readonly string[];
}

/** Where to connect to. */
export interface OpenConnectionOptions {
  /** An IP address or a host name; TLS looks for it in the certificate. */
  readonly hostname: string;
  /** The TCP port. */
  readonly port: number;
  /** How to encrypt; not there for a connection without TLS. */
  readonly tls: TlsOptions | undefined;
  /** Looks at the bytes inside, if something does. */
  readonly tap?: Tap | undefined;
  /** Gives up when aborted. */
  readonly signal: AbortSignal;
}

/**
 * Opens a TCP connection and, where that is wanted, shakes hands for TLS on it.
 *
 * @throws {ConnectionError} If there is no TLS; the message says what to do.
 */
export async function openConnection(
  { hostname, port, tls, tap, signal }: OpenConnectionOptions,
): Promise<Transport> {
  const caCerts = [...tls?.caCerts ?? []];
  if (!caCerts.every((text) => text.includes("-----BEGIN CERTIFICATE-----"))) {
    throw new ConnectionError(
      "Expected certificates in PEM, got a text that has none",
      { permanent: true },
    );
  }
  const conn = await Deno.connect({ hostname, port, signal });
  conn.setNoDelay();
  conn.setKeepAlive();
  // To begin TLS takes the connection over, and its addresses with it.
  const { localAddr, remoteAddr } = conn;
  const ends = { localAddr, remoteAddr };
  if (tls === undefined) return tapped(conn, ends, "local", tap);
  try {
    const encrypted = await encrypt(conn, { hostname, caCerts }, signal);
    return tapped(encrypted, ends, "local", tap);
  } catch (error) {
    // To begin TLS takes over the connection: it may be closed already.
    closeTransport(conn);
    signal.throwIfAborted();
    throw tlsError(error, hostname);
  }
}

async function encrypt(
  conn: Deno.TcpConn,
  options: Deno.StartTlsOptions,
  signal: AbortSignal,
): Promise<Deno.TlsConn> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  const encrypted = await Deno.startTls(conn, options);
  signal.addEventListener("abort", abort);
  try {
    signal.throwIfAborted();
    await Promise.race([encrypted.handshake(), aborted]);
    return encrypted;
  } catch (error) {
    // Deno keeps the socket of a handshake that was not answered until the other
    // side closes it; nothing can be done about that from here.
    closeTransport(encrypted);
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
