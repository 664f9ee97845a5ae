import { Duplex } from "node:stream";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { closeTransport, type Transport } from "../link/mod.ts";
import { chunks } from "../link/chunks.ts";

/**
 * How much is written at a time, in bytes: what one TLS record holds. It shows
 * that a slow client goes on reading.
 */
const RECORD_SIZE = 16 * 1024;

/** What a server needs to encrypt its connections. */
export interface ServerTls {
  /** The certificate, or a chain of them, in PEM. */
  readonly cert: string;
  /** The certificate's private key, in PEM. */
  readonly key: string;
}

/** Encrypts a connection that was accepted. */
export type Encrypt = (conn: Deno.TcpConn) => EncryptedConn;

/** A connection on which TLS begins at once. */
export interface EncryptedConn extends Transport {
  /**
   * Resolves when the client has done its part of the handshake; fails if it
   * has done something else, or the connection is closed.
   */
  handshake(): Promise<void>;
}

/**
 * Makes what encrypts a server's connections.
 *
 * `Deno.listenTls` would do the same, but a `Deno.TlsConn` that is closed stays
 * open underneath until its client has finished the handshake, and has read all
 * that it was sent. Whoever does neither would hold it for ever; so these are
 * encrypted here, and closing one closes it.
 *
 * @throws {Error} If the certificate and the key cannot be used.
 */
export function encryption(tls: ServerTls): Encrypt {
  check(tls);
  const { cert, key } = tls;
  const context = createSecureContext({ cert, key });
  return (conn) => new TlsConn(conn, context);
}

/** Listens for a moment, as Deno then looks at the certificate and the key. */
function check(tls: ServerTls): void {
  Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...tls }).close();
}

class TlsConn implements EncryptedConn {
  readonly #conn: Deno.TcpConn;
  readonly #socket: TLSSocket;
  /** What was decrypted and not yet read. */
  #rest: Uint8Array | null = null;
  #secure = false;
  #ended = false;
  #error: Error | undefined;
  #change = Promise.withResolvers<void>();
  /** Whether somebody waits for a change, and so for what comes. */
  #waiting = false;
  #wait = Promise.withResolvers<void>();

  constructor(conn: Deno.TcpConn, secureContext: SecureContext) {
    this.#conn = conn;
    const options = { isServer: true, secureContext, allowHalfOpen: true };
    const wire = duplex(conn, () => this.#waitedFor());
    this.#socket = new TLSSocket(wire, options);
    this.#socket.on("readable", this.#changed);
    this.#socket.on("secure", () => {
      this.#secure = true;
      this.#changed();
    });
    const ended = () => {
      this.#ended = true;
      this.#changed();
    };
    this.#socket.on("end", ended).on("close", ended);
    const failed = (error: Error) => {
      this.#error ??= error;
      this.#changed();
    };
    this.#socket.on("error", failed);
    wire.on("error", failed);
  }

  async handshake(): Promise<void> {
    while (!this.#secure) {
      this.#check();
      if (this.#ended) throw new Error("it closed during the TLS handshake");
      await this.#nextChange();
    }
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    for (;;) {
      const chunk: Uint8Array | null = this.#rest ?? this.#socket.read();
      if (chunk !== null) {
        const count = Math.min(chunk.length, buffer.length);
        buffer.set(chunk.subarray(0, count));
        this.#rest = count < chunk.length ? chunk.subarray(count) : null;
        return count;
      }
      this.#check();
      if (this.#ended) return null;
      await this.#nextChange();
    }
  }

  write(bytes: Uint8Array): Promise<number> {
    const record = bytes.subarray(0, RECORD_SIZE);
    return new Promise((resolve, reject) => {
      this.#socket.write(record, (error) => {
        if (error) reject(error);
        else resolve(record.length);
      });
    });
  }

  closeWrite(): Promise<void> {
    return new Promise((resolve) => this.#socket.end(resolve));
  }

  close(): void {
    this.#socket.destroy();
    closeTransport(this.#conn);
  }

  readonly #changed = (): void => {
    this.#waiting = false;
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  };

  #nextChange(): Promise<void> {
    this.#waiting = true;
    this.#wait.resolve();
    this.#wait = Promise.withResolvers();
    return this.#change.promise;
  }

  /** Resolves as soon as somebody waits for what comes. */
  async #waitedFor(): Promise<void> {
    while (!this.#waiting) await this.#wait.promise;
  }

  #check(): void {
    if (this.#error !== undefined) throw this.#error;
  }
}

/**
 * A connection as the TLS of `node:tls` wants it. That would read on and on,
 * and keep it all: this reads only when `wanted` has resolved.
 */
function duplex(conn: Deno.TcpConn, wanted: () => Promise<void>): Duplex {
  const incoming = chunks(conn).getReader();
  const wire = new Duplex({
    allowHalfOpen: true,
    read() {
      wanted().then(() => incoming.read()).then(
        // The next read fills the same buffer again.
        ({ done, value }) => wire.push(done ? null : value.slice()),
        (error) => wire.destroy(error),
      );
    },
    write(bytes: Uint8Array, _encoding, done) {
      writeAll(conn, bytes).then(() => done(), done);
    },
    final(done) {
      conn.closeWrite().then(() => done(), done);
    },
  });
  return wire;
}

async function writeAll(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  let rest = bytes;
  while (rest.length > 0) rest = rest.subarray(await conn.write(rest));
}
