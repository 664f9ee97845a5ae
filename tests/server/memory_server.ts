/**
 * A server without sockets: its clients are pipes, they come from any address,
 * and time passes as the test wants it to.
 *
 * @module
 */

import { decodePayload, type Frame, hello } from "../../protocol/mod.ts";
import { ExpiryQueue, TimerWheel } from "../../link/mod.ts";
import { Admission } from "../../server/admission.ts";
import { LocalDeliveries } from "../../server/deliveries.ts";
import type { Encrypt } from "../../server/encryption.ts";
import { DEFAULT_LIMITS, type ServerLimits } from "../../server/limits.ts";
import { MessageMeter } from "../../server/message_meter.ts";
import { Reception } from "../../server/reception.ts";
import { LocalRoster } from "../../server/roster.ts";
import type { ServerContext } from "../../server/server_context.ts";
import { tokenCheck } from "../../server/token_check.ts";
import { pipe, type PipeEnd, type PipeEndOptions } from "../link/pipe.ts";
import { EventList } from "./watched_server.ts";
import { within } from "./within.ts";

/** A test that waits so long for something waits in vain, in milliseconds. */
const PATIENCE_MS = 10_000;

/** What a {@linkcode MemoryServer} can be told. */
export interface MemoryServerOptions extends Partial<ServerLimits> {
  /** The token that it wants. */
  token?: string;
  /** Who is connected, if somebody else keeps the list. */
  roster?: LocalRoster;
  /** Parts of the server that are other than usual. */
  parts?: Partial<ServerContext>;
  /** What makes the connections encrypted. */
  encrypt?: Encrypt;
}

/** Where a client is, and what its connection is like. */
export interface VisitOptions {
  /** Its IP address. */
  address?: string;
  /** The way from the server to the client. */
  near?: PipeEndOptions;
}

/** A server on pipes. Its clock ticks once a millisecond. */
export class MemoryServer implements AsyncDisposable {
  /** What it tells of itself. */
  readonly events = new EventList();
  readonly roster: LocalRoster;
  readonly reception: Reception;
  /** Aborted when the server takes no new work. */
  readonly closing = new AbortController();
  readonly #wheel = new TimerWheel(1);
  readonly #admission: Admission;
  readonly #deliveries: LocalDeliveries;
  readonly #logins: ExpiryQueue;
  readonly #peers: MemoryPeer[] = [];

  constructor(options: MemoryServerOptions = {}) {
    const { token, roster, parts, encrypt, ...others } = options;
    const limits = { ...DEFAULT_LIMITS, ...others };
    this.roster = roster ?? new LocalRoster();
    this.#admission = new Admission(limits);
    this.#deliveries = new LocalDeliveries(this.roster, limits);
    this.#logins = new ExpiryQueue(limits.loginTimeoutMs);
    const context: ServerContext = {
      name: "lab",
      limits,
      admission: this.#admission,
      checkToken: token === undefined
        ? undefined
        : tokenCheck(new TextEncoder().encode(token)),
      roster: this.roster,
      deliveries: this.#deliveries,
      sent: new MessageMeter(20),
      nodes: () => Promise.resolve([]),
      wheel: this.#wheel,
      logins: this.#logins,
      closing: this.closing.signal,
      trace: false,
      report: this.events.add,
      ...parts,
    };
    this.reception = new Reception(context, this.roster, { encrypt });
  }

  /** Has a client connect that reads nothing, not even its hello. */
  connectOnly({ address = "127.0.0.1", near }: VisitOptions = {}): MemoryPeer {
    const peer = new MemoryPeer(near);
    this.#peers.push(peer);
    const port = 50_000 + this.#peers.length;
    const remoteAddr = { transport: "tcp", hostname: address, port };
    const options = { setNoDelay() {}, setKeepAlive() {} };
    const conn = Object.assign(peer.near, { remoteAddr, ...options });
    this.reception.receive(conn as unknown as Deno.TcpConn);
    return peer;
  }

  /** Has a client connect that reads its hello. */
  async connect(options?: VisitOptions): Promise<MemoryPeer & { id: number }> {
    const peer = this.connectOnly(options);
    const { id } = decodePayload(await peer.next(), hello);
    return Object.assign(peer, { id });
  }

  /** How many bytes wait for the client with this number. */
  queued(id: number): number {
    return this.roster.find(id)!.link.queued;
  }

  /** Closes all clients and waits until the server has let go of them. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const peer of this.#peers) peer.far.close();
    this.closing.abort("it was told to");
    await within(PATIENCE_MS, this.reception.close("it was told to"));
    this.#deliveries[Symbol.dispose]();
    this.#admission[Symbol.dispose]();
    this.#logins[Symbol.dispose]();
    this.#wheel[Symbol.dispose]();
  }
}

/** A client of a {@linkcode MemoryServer}. */
export class MemoryPeer {
  /** The server's end. */
  readonly near: PipeEnd;
  /** The client's end. */
  readonly far: PipeEnd;
  readonly #frames: AsyncGenerator<Frame>;

  constructor(near: PipeEndOptions = {}) {
    [this.near, this.far] = pipe(near);
    this.#frames = this.far.frames({ maxPayload: 1 << 24 });
  }

  /** Writes all of these. */
  async write(...parts: readonly Uint8Array[]): Promise<void> {
    for (const part of parts) await this.far.writeAll(part);
  }

  /** The next frame. */
  async next(): Promise<Frame> {
    const { done, value } = await within(PATIENCE_MS, this.#frames.next());
    if (done) throw new Error("The connection was closed, and no frame came");
    return value;
  }

  /** All frames until the server closes. */
  rest(): Promise<Frame[]> {
    return within(PATIENCE_MS, Array.fromAsync(this.#frames));
  }
}
