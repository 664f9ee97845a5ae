import { GoodbyeReason } from "../protocol/mod.ts";
import {
  closeTransport,
  Deadline,
  type Tap,
  tapped,
  type Transport,
} from "../link/mod.ts";
import type { Encrypt, EncryptedConn } from "./encryption.ts";
import type { Departure } from "./events.ts";
import { departures, type Rejection } from "./rejection.ts";
import { type LocalRoster, NoNumberError } from "./roster.ts";
import type { ServerContext } from "./server_context.ts";
import { type Leave, Session } from "./session.ts";
import { turnAway } from "./turn_away.ts";

/** So many at once are told why they cannot come in; others are just closed. */
const MAX_TURNED_AWAY = 256;

/** What stands between a connection and its session. */
export interface ReceptionOptions {
  /** What encrypts every connection, if they are encrypted. */
  readonly encrypt?: Encrypt | undefined;
  /** What looks at the bytes inside, if something does. */
  readonly tap?: Tap | undefined;
}

/**
 * Receives connections: whoever may come in gets a session, others a goodbye.
 */
export class Reception {
  readonly #context: ServerContext;
  readonly #roster: LocalRoster;
  readonly #options: ReceptionOptions;
  readonly #sessions = new Set<Session>();
  readonly #running = new Set<Promise<void>>();
  #turnedAway = 0;

  /** Receives for a server; `roster` is the one of `context`. */
  constructor(
    context: ServerContext,
    roster: LocalRoster,
    options: ReceptionOptions = {},
  ) {
    this.#context = context;
    this.#roster = roster;
    this.#options = options;
  }

  /** Serves a connection until it is closed, without waiting for that. */
  receive(conn: Deno.TcpConn): void {
    const running = this.#host(conn)
      .catch((error) => {
        const what = `a client was dropped: ${error}`;
        this.#context.report({ event: "trouble", what });
        closeTransport(conn);
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Tells everybody why the server leaves; resolves when all are closed. */
  async close(why: string): Promise<void> {
    for (const session of this.#sessions) session.dismiss(why);
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #host(conn: Deno.TcpConn): Promise<void> {
    const { admission } = this.#context;
    const { remoteAddr } = conn;
    conn.setNoDelay();
    conn.setKeepAlive();
    const { encrypt, tap } = this.#options;
    const encrypted = encrypt?.(conn);
    const transport = tapped(encrypted ?? conn, conn, "remote", tap);
    const rejection = admission.enter(remoteAddr.hostname);
    if (rejection !== undefined) {
      return await this.#reject(transport, remoteAddr, rejection);
    }
    try {
      if (
        encrypted === undefined || await this.#shakeHands(encrypted, remoteAddr)
      ) {
        await this.#serve(transport, remoteAddr);
      }
    } finally {
      admission.leave(remoteAddr.hostname);
    }
  }

  async #reject(
    transport: Transport,
    { hostname: address, port }: Deno.NetAddr,
    rejection: Rejection,
  ): Promise<void> {
    const { reason, why } = rejection;
    const how = departures[reason];
    this.#context.report({ event: "not-let-in", address, port, how, why });
    if (this.#turnedAway >= MAX_TURNED_AWAY) return transport.close();
    this.#turnedAway++;
    await turnAway(transport, rejection);
    this.#turnedAway--;
  }

  /** Waits for the client's part of TLS; says whether it has come. */
  async #shakeHands(
    conn: EncryptedConn,
    { hostname: address, port }: Deno.NetAddr,
  ): Promise<boolean> {
    const { logins, closing, report } = this.#context;
    let end: { how: Departure; why: string } | undefined;
    const giveUp = (how: Departure, why: string) => {
      end ??= { how, why };
      conn.close();
    };
    const patience = new Deadline(() =>
      giveUp("no-tls", "no TLS handshake came in time")
    );
    const onClosing = () => giveUp("shutdown", closing.reason);
    logins.add(patience);
    closing.addEventListener("abort", onClosing);
    if (closing.aborted) onClosing();
    try {
      await conn.handshake();
    } catch (error) {
      giveUp("no-tls", error instanceof Error ? error.message : String(error));
    } finally {
      logins.remove(patience);
      closing.removeEventListener("abort", onClosing);
    }
    if (end === undefined) return true;
    report({ event: "not-let-in", address, port, ...end });
    return false;
  }

  async #serve(
    transport: Transport,
    remoteAddr: Deno.NetAddr,
  ): Promise<void> {
    const { roster, closing } = this.#context;
    const { hostname: address, port } = remoteAddr;
    let id: number;
    try {
      const claimed = roster.claim();
      id = typeof claimed === "number" ? claimed : await claimed;
    } catch (error) {
      if (!(error instanceof NoNumberError)) throw error;
      const { serverFull: reason } = GoodbyeReason;
      const rejection = { reason, why: error.message };
      return await this.#reject(transport, remoteAddr, rejection);
    }
    const session = new Session({
      id,
      transport,
      address,
      port,
      onJoin: (session) => this.#join(session),
      onLeave: (session, leave) => this.#leave(session, leave),
    }, this.#context);
    this.#sessions.add(session);
    try {
      session.greet();
      if (closing.aborted) session.dismiss(closing.reason);
      await session.run();
    } finally {
      this.#sessions.delete(session);
      roster.release(id);
    }
  }

  #join(session: Session): void {
    this.#context.roster.add(session);
    const { id, address, port } = session;
    const clients = this.#roster.size;
    this.#context.report({ event: "connected", id, address, port, clients });
  }

  #leave(session: Session, { wasIn, how, why }: Leave): void {
    const { id, address, port, connectedMs } = session;
    if (!wasIn) {
      this.#context.report({ event: "not-let-in", address, port, how, why });
      return;
    }
    this.#context.roster.remove(session);
    this.#context.report({
      event: "left",
      id,
      address,
      port,
      how,
      why,
      connectedForMs: Date.now() - connectedMs,
      clients: this.#roster.size,
    });
  }
}
