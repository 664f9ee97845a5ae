import {
  authenticate,
  Command,
  decodePayload,
  empty,
  encodeFrame,
  type Encoder,
  type Frame,
  FrameDecoder,
  FrameType,
  hello,
} from "../../protocol/mod.ts";

/** What is read at once, in bytes. */
const READ_SIZE = 16 * 1024;
const MAX_PAYLOAD = 1024 * 1024;

/** The server has closed, or says goodbye, before what was waited for came. */
export class TurnedAway extends Error {
  override readonly name = "TurnedAway";
}

/**
 * A connection to the server that is nothing but a socket: it sends whatever
 * bytes it likes, and reads only when it is told to.
 */
export class Stranger implements Disposable {
  readonly #conn: Deno.TcpConn;
  readonly #decoder = new FrameDecoder({ maxPayload: MAX_PAYLOAD });
  readonly #buffer = new Uint8Array(READ_SIZE);
  readonly #frames: Frame[] = [];
  readonly #timer: ReturnType<typeof setTimeout>;
  #timeIsOver = false;

  private constructor(conn: Deno.TcpConn, patienceMs: number) {
    this.#conn = conn;
    this.#timer = setTimeout(() => {
      this.#timeIsOver = true;
      this.#close();
    }, patienceMs);
  }

  /** Connects, and reads nothing. It closes after `patienceMs` at the latest. */
  static async connect(port: number, patienceMs = 15_000): Promise<Stranger> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    return new Stranger(conn, patienceMs);
  }

  /** Whether the server took too long over something. */
  get timeIsOver(): boolean {
    return this.#timeIsOver;
  }

  /** Gives the token, and returns the number once it is let in. */
  async enter(token: Uint8Array): Promise<number> {
    const greeting = await this.#expect(Command.hello);
    const { id } = decodePayload(greeting, hello);
    await this.ask(Command.authenticate, 1, authenticate, token);
    const { status } = await this.#expect(Command.authenticate);
    if (status !== 0) throw new TurnedAway(`got status ${status}`);
    return id;
  }

  /** Sends a request. */
  ask(command: number, id: number): Promise<void>;
  /** Sends a request with a payload. */
  ask<T>(
    command: number,
    id: number,
    encoder: Encoder<T>,
    value: T,
  ): Promise<void>;
  ask(
    command: number,
    id: number,
    encoder: Encoder<unknown> = empty as Encoder<unknown>,
    value?: unknown,
  ): Promise<void> {
    const header = { type: FrameType.request, command, status: 0, id };
    return this.write(encodeFrame(header, encoder, value));
  }

  /** Sends all of these bytes. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      at += await this.#conn.write(bytes.subarray(at));
    }
  }

  /** The next frame; nothing if the server has closed in good order. */
  async next(): Promise<Frame | undefined> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame !== undefined) return frame;
      const count = await this.#conn.read(this.#buffer);
      if (count === null) return undefined;
      this.#decoder.push(this.#buffer.subarray(0, count), (frame) => {
        this.#frames.push({ ...frame, payload: frame.payload.slice() });
      });
    }
  }

  /** Reads until the server closes; returns how many bytes that were. */
  async drain(): Promise<number> {
    let size = 0;
    for (;;) {
      const count = await this.#conn.read(this.#buffer);
      if (count === null) return size;
      size += count;
    }
  }

  /** Sends no more, but still reads. */
  closeWrite(): Promise<void> {
    return this.#conn.closeWrite();
  }

  /** Closes; with something unread TCP resets the connection. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#close();
  }

  #close(): void {
    try {
      this.#conn.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  async #expect(command: number): Promise<Frame> {
    const frame = await this.next();
    if (frame?.command === command) return frame;
    const what = frame === undefined ? "the end" : `command ${frame.command}`;
    throw new TurnedAway(`expected command ${command}, got ${what}`);
  }
}

/** Whether something is only what happens to a connection that is closed. */
export function isClosed(error: unknown): boolean {
  return error instanceof TurnedAway ||
    error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted ||
    error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.NotConnected ||
    error instanceof Deno.errors.BadResource ||
    error instanceof Deno.errors.Interrupted ||
    error instanceof Deno.errors.UnexpectedEof;
}
