import { type Frame, frames } from "../../protocol/mod.ts";
import { PATIENCE_MS } from "../../tools/output.ts";

/** A client that is nothing but a socket: it sends whatever bytes it likes. */
export class RawPeer implements Disposable {
  readonly #conn: Deno.TcpConn;
  readonly #frames: AsyncGenerator<Frame, void, void>;

  private constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
    this.#frames = frames(conn.readable, { maxPayload: 1024 * 1024 });
  }

  /** Connects to the server on `port`. */
  static async connect(port: number): Promise<RawPeer> {
    const conn = await Deno.connect({ port });
    conn.setNoDelay();
    return new RawPeer(conn);
  }

  /** Sends all of `bytes`. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      at += await this.#conn.write(bytes.subarray(at));
    }
  }

  /** Sends no more, but still reads. */
  closeWrite(): Promise<void> {
    return this.#conn.closeWrite();
  }

  /**
   * The next frame, or nothing if the server has closed.
   *
   * @throws {Error} If neither happens in time: the socket is closed then.
   */
  async next(): Promise<Frame | undefined> {
    const timer = setTimeout(() => this.#conn.close(), PATIENCE_MS);
    try {
      const { value } = await this.#frames.next();
      return value ?? undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** All frames that come until the server closes. */
  async rest(): Promise<Frame[]> {
    const rest: Frame[] = [];
    for (;;) {
      const frame = await this.next();
      if (frame === undefined) return rest;
      rest.push(frame);
    }
  }

  /** Closes, without a goodbye. */
  [Symbol.dispose](): void {
    try {
      this.#conn.close();
    } catch {
      // It is closed once the stream has come to its end.
    }
  }
}
