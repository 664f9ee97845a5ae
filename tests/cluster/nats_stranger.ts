import { within } from "../server/within.ts";
import type { NatsServer } from "../../tools/nats.ts";

/** How long NATS may take to answer, in milliseconds. */
const PATIENCE_MS = 5_000;

/**
 * Somebody on NATS who is no node: speaks its protocol on a plain connection, so
 * that he can say anything.
 */
export class NatsStranger implements Disposable {
  readonly #conn: Deno.TcpConn;

  private constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  /** Connects, without credentials. */
  static async connect(nats: NatsServer): Promise<NatsStranger> {
    const { host: hostname, port } = nats;
    const conn = await Deno.connect({ hostname, port });
    conn.setNoDelay();
    const stranger = new NatsStranger(conn);
    await stranger.#write(`CONNECT {"verbose":false}\r\n`);
    return stranger;
  }

  /**
   * Publishes something under a subject. Resolves when NATS has taken it and
   * handed it out.
   */
  async publish(
    subject: string,
    payload: string | Uint8Array,
    replyTo = "",
  ): Promise<void> {
    const bytes = typeof payload === "string"
      ? new TextEncoder().encode(payload)
      : payload;
    await this.#write(`PUB ${subject} ${replyTo} ${bytes.length}\r\n`);
    await this.#write(bytes);
    await this.#write("\r\nPING\r\n");
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(4096);
    let said = "";
    while (!said.includes("PONG\r\n")) {
      const count = await within(PATIENCE_MS, this.#conn.read(buffer));
      if (count === null) throw new Error(`NATS has closed, after ${said}`);
      said += decoder.decode(buffer.subarray(0, count), { stream: true });
      if (said.includes("-ERR")) throw new Error(said);
    }
  }

  /** Closes. */
  [Symbol.dispose](): void {
    this.#conn.close();
  }

  async #write(data: string | Uint8Array): Promise<void> {
    let bytes = typeof data === "string"
      ? new TextEncoder().encode(data)
      : data;
    while (bytes.length > 0) {
      bytes = bytes.subarray(await this.#conn.write(bytes));
    }
  }
}
