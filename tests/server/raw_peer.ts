/**
 * One end of a connection that speaks bytes and frames, so that a server or a
 * client is tested against what the protocol says and not against its own other
 * half.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import {
  Command,
  decodePayload,
  empty,
  encodedPayload,
  encodeFrame,
  type Encoder,
  type Frame,
  frames,
  FrameType,
  type Goodbye,
  goodbye,
  type Hello,
  hello,
  message,
  name,
  refusal,
  type RelayedMessage,
  send,
  type Status,
} from "../../protocol/mod.ts";
import { within } from "./within.ts";

/** A test that waits so long for a frame waits in vain, in milliseconds. */
const PATIENCE_MS = 10_000;

/** The header's fields, as far as they are not what they mostly are. */
export interface RawHeader {
  type?: FrameType;
  command: number;
  status?: number;
  id?: number;
}

/** What identifies the question that an answer belongs to. */
type Asked = Pick<Frame, "command" | "id">;

const encoder = new TextEncoder();

/** Makes a frame; a request with id 1 and no payload unless told otherwise. */
export function frameOf(header: RawHeader): Uint8Array<ArrayBuffer>;
export function frameOf<T>(
  header: RawHeader,
  layout: Encoder<T>,
  value: T,
): Uint8Array<ArrayBuffer>;
export function frameOf(
  header: RawHeader,
  layout: Encoder<unknown> = empty as Encoder<unknown>,
  value?: unknown,
): Uint8Array<ArrayBuffer> {
  const { type = FrameType.request, command, status = 0, id = 1 } = header;
  return encodeFrame({ type, command, status, id }, layout, value);
}

/** The payload of *send*. */
export function sendPayload(to: number, text: string | Uint8Array): {
  to: number;
  text: Uint8Array;
} {
  return { to, text: typeof text === "string" ? encoder.encode(text) : text };
}

/** A request to pass a text on. */
export function sendFrame(
  to: number,
  id = 1,
  text: string | Uint8Array = "hi",
): Uint8Array<ArrayBuffer> {
  const header = { command: Command.send, id };
  return frameOf(header, send, sendPayload(to, text));
}

/** A request to be let in with this token. */
export function tokenFrame(
  token: string | Uint8Array,
  id = 1,
): Uint8Array<ArrayBuffer> {
  const bytes = typeof token === "string" ? encoder.encode(token) : token;
  return frameOf({ command: Command.authenticate, id }, encodedPayload, bytes);
}

/** One end of a connection. Nothing is read before it is asked for. */
export class RawPeer<Conn extends Deno.Conn<Deno.NetAddr> = Deno.TcpConn>
  implements Disposable {
  readonly conn: Conn;
  readonly #frames: AsyncGenerator<Frame, void, void>;

  constructor(conn: Conn) {
    this.conn = conn;
    const bytes = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const buffer = new Uint8Array(16 * 1024);
        const count = await conn.read(buffer);
        if (count === null) controller.close();
        else controller.enqueue(buffer.subarray(0, count));
      },
    }, { highWaterMark: 0 });
    this.#frames = frames(bytes, { maxPayload: 1 << 24 });
  }

  /** Connects to a server and reads nothing, not even its hello. */
  static async connectOnly(
    port: number,
    hostname = "127.0.0.1",
  ): Promise<RawPeer> {
    return new RawPeer(await Deno.connect({ hostname, port }));
  }

  /** Connects to a server and reads its hello. */
  static async connect(port: number, hostname?: string): Promise<GreetedPeer> {
    return await greeted(await RawPeer.connectOnly(port, hostname));
  }

  /** Connects to a server that speaks TLS, and reads its hello. */
  static async connectTls(
    port: number,
    cert: string,
  ): Promise<GreetedPeer<Deno.TlsConn>> {
    const hostname = "127.0.0.1";
    const options = { hostname, port, caCerts: [cert] };
    return await greeted(new RawPeer(await Deno.connectTls(options)));
  }

  /** Connects to a server, reads its hello, and is let in with the token. */
  static async letIn(port: number, token: string): Promise<GreetedPeer> {
    const peer = await RawPeer.connect(port);
    await peer.write(tokenFrame(token));
    const { command, status } = await peer.next();
    assertEquals([command, status], [Command.authenticate, 0]);
    return peer;
  }

  /** Writes all of these, in one piece. */
  async write(...parts: readonly Uint8Array[]): Promise<void> {
    let rest = joined(parts);
    while (rest.length > 0) {
      rest = rest.subarray(await this.conn.write(rest));
    }
  }

  /** The next frame. */
  async next(): Promise<Frame> {
    const { done, value } = await within(PATIENCE_MS, this.#frames.next());
    if (done) throw new Error("The connection was closed, and no frame came");
    return value;
  }

  /** The next `count` frames. */
  async take(count: number): Promise<Frame[]> {
    const taken: Frame[] = [];
    while (taken.length < count) taken.push(await this.next());
    return taken;
  }

  /** All frames until the other side closes. */
  rest(): Promise<Frame[]> {
    return within(PATIENCE_MS, Array.fromAsync(this.#frames));
  }

  /** Fails if anything but the end of the connection comes. */
  async ended(): Promise<void> {
    assertEquals(await this.rest(), []);
  }

  /** Waits until the other side has closed, or broken, the connection. */
  async gone(): Promise<void> {
    try {
      await this.rest();
    } catch (error) {
      if (
        !(error instanceof Deno.errors.ConnectionReset) &&
        !(error instanceof Deno.errors.UnexpectedEof)
      ) throw error;
    }
  }

  /** Writes a request without a payload and reads the next frame. */
  ask(command: number, id?: number): Promise<Frame>;
  /** Writes a request and reads the next frame. */
  ask<T>(
    command: number,
    id: number,
    layout: Encoder<T>,
    value: T,
  ): Promise<Frame>;
  async ask(
    command: number,
    id = 1,
    layout: Encoder<unknown> = empty as Encoder<unknown>,
    value?: unknown,
  ): Promise<Frame> {
    await this.write(frameOf({ command, id }, layout, value));
    return await this.next();
  }

  /**
   * Resolves when the server has handled everything written so far: it answers
   * requests for its name in the order in which they come.
   */
  async sync(): Promise<void> {
    const answer = await this.ask(Command.name, 0xfeed);
    assertEquals([answer.command, answer.id], [Command.name, 0xfeed]);
    decodePayload(answer, name);
  }

  /** Reads the next frame, which has to be a message. */
  async message(): Promise<Frame & { content: RelayedMessage; text: string }> {
    const frame = await this.next();
    assertEquals(
      [frame.type, frame.command, frame.status],
      [FrameType.indication, Command.message, 0],
    );
    const content = decodePayload(frame, message);
    const text = new TextDecoder().decode(content.text);
    return { ...frame, content, text };
  }

  /** Answers with nothing but a yes. */
  confirm({ command, id }: Asked): Promise<void> {
    return this.write(frameOf({ type: FrameType.response, command, id }));
  }

  /** Answers with a no and a sentence. */
  refuse({ command, id }: Asked, status: Status, why: string): Promise<void> {
    const header = { type: FrameType.response, command, status, id };
    return this.write(frameOf(header, refusal, why));
  }

  /** Closes both directions at once. */
  close(): void {
    try {
      this.conn.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** A client that has been told its number. */
export type GreetedPeer<
  Conn extends Deno.Conn<Deno.NetAddr> = Deno.TcpConn,
> = RawPeer<Conn> & { id: number; hello: Hello };

async function greeted<Conn extends Deno.Conn<Deno.NetAddr>>(
  peer: RawPeer<Conn>,
): Promise<GreetedPeer<Conn>> {
  const greeting = decodePayload(await peer.next(), hello);
  return Object.assign(peer, { id: greeting.id, hello: greeting });
}

/** What an answer was: its status and its sentence. */
export function refusalOf(frame: Frame): { status: number; why: string } {
  assertEquals(frame.type, FrameType.response);
  return { status: frame.status, why: decodePayload(frame, refusal) };
}

/** What a goodbye of the server says. */
export function goodbyeOf(frame: Frame): Goodbye {
  const { type, command, status, id } = frame;
  assertEquals({ type, command, status, id }, {
    type: FrameType.indication,
    command: Command.goodbye,
    status: 0,
    id: 0,
  });
  return decodePayload(frame, goodbye);
}

/** All of these, one behind the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
