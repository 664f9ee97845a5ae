/**
 * The bytes under a {@linkcode Link}: what a `Deno.TcpConn` and a
 * `Deno.TlsConn` have in common, so that either will do, and a pair of pipes in
 * a test.
 */
export interface Transport {
  /** Reads into `buffer`; resolves to the number of bytes, or null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Writes some of `bytes`; resolves to how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** Tells the peer that nothing more comes. */
  closeWrite(): Promise<void>;
  /** Closes both directions at once. */
  close(): void;
}
