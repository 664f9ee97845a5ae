import {
  Command,
  FrameType,
  goodbye,
  GoodbyeReason,
  type Hello,
  hello,
} from "../../protocol/mod.ts";
import { frameOf, RawPeer } from "../server/raw_peer.ts";

/** What a raw server says first, unless it is told otherwise. */
export const HELLO: Hello = {
  version: 1,
  tokenWanted: false,
  id: 7,
  maxPayload: 66_560,
  maxText: 65_536,
  deliveryTimeoutMs: 5000,
  name: "raw",
};

/** Makes a hello. */
export function helloFrame(changes: Partial<Hello> = {}): Uint8Array {
  const header = { type: FrameType.indication, command: Command.hello, id: 0 };
  return frameOf(header, hello, { ...HELLO, ...changes });
}

/** Makes a server's goodbye. */
export function goodbyeFrame(
  text: string,
  reason: number = GoodbyeReason.shuttingDown,
): Uint8Array {
  const type = FrameType.indication;
  const header = { type, command: Command.goodbye, id: 0 };
  return frameOf(header, goodbye, { reason, text });
}

/** A file of `tests/tls`. */
export function tlsFile(name: string): string {
  return Deno.readTextFileSync(new URL(`../tls/${name}`, import.meta.url));
}

/** What a {@linkcode RawServer} can be told. */
export interface RawServerOptions {
  /** Where it listens; 0 is any free port. */
  readonly port?: number;
  /** The name of a certificate in `tests/tls`: it speaks TLS. */
  readonly certificate?: string | undefined;
}

/** Listens on a port, and leaves all the rest to the test. */
export class RawServer implements Disposable {
  readonly #listener: Deno.TcpListener | Deno.TlsListener;

  constructor({ port = 0, certificate }: RawServerOptions = {}) {
    const where = { hostname: "127.0.0.1", port };
    this.#listener = certificate === undefined
      ? Deno.listen(where)
      : Deno.listenTls({
        ...where,
        cert: tlsFile(certificate),
        key: tlsFile("key.pem"),
      });
  }

  /** Where it listens. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** The next client, to whom nothing is said. */
  async accept(): Promise<RawPeer> {
    const conn = await this.#listener.accept();
    // Of what TLS has not, no test of the client's makes use.
    return new RawPeer(conn as Deno.TcpConn);
  }

  /** The next client, to whom these bytes are said first. */
  async say(...parts: readonly Uint8Array[]): Promise<RawPeer> {
    const peer = await this.accept();
    await peer.write(...parts);
    return peer;
  }

  /** The next client, to whom hello is said. */
  greet(changes: Partial<Hello> = {}): Promise<RawPeer> {
    return this.say(helloFrame(changes));
  }

  [Symbol.dispose](): void {
    this.#listener.close();
  }
}

/**
 * Answers a client's goodbye, which has to be the next frame, and waits until
 * the client has closed.
 */
export async function partWith(peer: RawPeer): Promise<void> {
  const frame = await peer.next();
  if (frame.command !== Command.goodbye) {
    throw new Error(`Expected a goodbye, got command ${frame.command}`);
  }
  await peer.confirm(frame);
  await peer.ended();
  peer.close();
}
