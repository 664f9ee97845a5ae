import type { TappedConnection } from "../link/mod.ts";
import { MAX_SEGMENT, TcpFlag, type TcpSegment } from "./tcp_packet.ts";

const NOTHING: Uint8Array = new Uint8Array(0);

/** Whose turn it is: this program's end, or the peer's. */
type Side = "local" | "remote";

/** Takes a packet of a conversation, and which way it went. */
export type OnSegment = (direction: "in" | "out", segment: TcpSegment) => void;

/**
 * The TCP packets that might have carried a connection: what was written and
 * read becomes segments, one for each write and each read (more where one is too
 * long), with a handshake before them and FINs behind them. Each side's first
 * byte has number 1, and a segment acknowledges all that came before it.
 *
 * The kernel may have cut the bytes otherwise: that it does not tell.
 */
export class Conversation {
  readonly #connection: TappedConnection;
  readonly #onSegment: OnSegment;
  /** The number of each side's next byte. */
  readonly #next = { local: 0, remote: 0 };
  readonly #ended = { local: false, remote: false };

  /** Opens it: the handshake is handed to `onSegment` at once. */
  constructor(connection: TappedConnection, onSegment: OnSegment) {
    this.#connection = connection;
    this.#onSegment = onSegment;
    const opener = connection.openedBy;
    const other = opener === "local" ? "remote" : "local";
    this.#emit(opener, TcpFlag.syn);
    this.#next[opener]++;
    this.#emit(other, TcpFlag.syn | TcpFlag.ack);
    this.#next[other]++;
    this.#emit(opener, TcpFlag.ack);
  }

  /** Bytes that this program has sent. */
  sent(bytes: Uint8Array): void {
    this.#carry("local", bytes);
  }

  /** Bytes that it has received. */
  received(bytes: Uint8Array): void {
    this.#carry("remote", bytes);
  }

  /** A side sends nothing more. */
  ended(side: Side): void {
    this.#end(side, TcpFlag.fin | TcpFlag.ack);
  }

  /** The peer has broken the connection off. */
  reset(): void {
    this.#end("remote", TcpFlag.rst | TcpFlag.ack);
    this.#ended.local = true;
  }

  #end(side: Side, flags: number): void {
    if (this.#ended[side]) return;
    this.#ended[side] = true;
    this.#emit(side, flags);
    this.#next[side]++;
  }

  #carry(side: Side, bytes: Uint8Array): void {
    if (this.#ended[side]) return;
    for (let at = 0; at < bytes.length; at += MAX_SEGMENT) {
      const payload = bytes.subarray(at, at + MAX_SEGMENT);
      this.#emit(side, TcpFlag.psh | TcpFlag.ack, payload);
      this.#next[side] = (this.#next[side] + payload.length) % 2 ** 32;
    }
  }

  #emit(side: Side, flags: number, payload = NOTHING): void {
    const { local, remote } = this.#connection;
    const own = side === "local";
    const other = own ? "remote" : "local";
    this.#onSegment(own ? "out" : "in", {
      from: own ? local : remote,
      to: own ? remote : local,
      sequence: this.#next[side],
      acknowledged: (flags & TcpFlag.ack) === 0 ? 0 : this.#next[other],
      flags,
      payload,
    });
  }
}
