import {
  Command,
  decodePayload,
  empty,
  type Encoder,
  fault,
  type Frame,
  FrameDecoder,
  type FrameLimits,
  FrameType,
  ProtocolError,
  refusal,
  Status,
} from "../protocol/mod.ts";
import { chunks } from "./chunks.ts";
import type { ExpiryQueue } from "./expiry_queue.ts";
import { Outbox } from "./outbox.ts";
import { type Question, Questions } from "./questions.ts";
import type { Transport } from "./transport.ts";

/**
 * How long a side that has said its last waits for the other to close, in
 * milliseconds. If it closed at once, TCP could throw away what is still on its
 * way to the peer: the reason.
 */
const LINGER_MS = 1_000;

/** What a {@linkcode Link} is made of. */
export interface LinkOptions {
  /** The bytes underneath. The link closes it. */
  readonly transport: Transport;
  /** What is accepted from the peer. */
  readonly limits: FrameLimits;
  /**
   * Read nothing while more than this many bytes wait for the peer to take
   * them, so that whoever does not read his answers cannot ask for more. For
   * one of the two sides only: two that wait for each other wait for ever.
   *
   * @default {Infinity}
   */
  readonly pauseAbove?: number;
}

/** How a link came to its end. */
export type LinkEnd =
  /** The peer closed after a whole frame. */
  | { readonly kind: "closed-by-peer" }
  /** This side closed. */
  | { readonly kind: "closed-here" }
  /** The peer sent bytes that are not the protocol, and was told so. */
  | { readonly kind: "fault"; readonly error: ProtocolError }
  /** The network or the peer's machine broke the connection. */
  | { readonly kind: "lost"; readonly error: Error };

/**
 * One framed connection, the same at both ends: frames in, batched frames out,
 * answers matched to what was asked, pings answered.
 *
 * Everything happens inside {@linkcode Link.run}, which is called once.
 */
export class Link {
  readonly #transport: Transport;
  readonly #decoder: FrameDecoder;
  readonly #outbox: Outbox;
  readonly #questions = new Questions();
  readonly #pauseAbove: number;
  #state: "open" | "ending" | "closed" = "open";
  #peerClosed = false;
  #lingerTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #closed = Promise.withResolvers<void>();
  #reads = 0;

  /** Makes a link; nothing is read before {@linkcode Link.run}. */
  constructor(options: LinkOptions) {
    this.#transport = options.transport;
    this.#decoder = new FrameDecoder(options.limits);
    this.#outbox = new Outbox(options.transport);
    this.#pauseAbove = options.pauseAbove ?? Infinity;
  }

  /** Whether frames are still sent, and still handed over. */
  get open(): boolean {
    return this.#state === "open";
  }

  /** Bytes that wait for the peer to take them. */
  get queued(): number {
    return this.#outbox.size;
  }

  /** How many reads of the socket have brought bytes so far. */
  get reads(): number {
    return this.#reads;
  }

  /** Resolves when the transport is closed. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Sends an indication that nobody answers. */
  indicate<T>(command: Command, encoder: Encoder<T>, value: T): void {
    this.#send(FrameType.indication, command, Status.ok, 0, encoder, value);
  }

  /**
   * Sends a request, or an indication that is to be answered. Returns an id to
   * {@linkcode Link.withdraw} it with. `question` hears of the answer, or that
   * there is none, after this has returned.
   */
  ask<T>(
    type: typeof FrameType.request | typeof FrameType.indication,
    command: Command,
    encoder: Encoder<T>,
    value: T,
    patience: ExpiryQueue,
    question: Question,
  ): number {
    if (this.#state !== "open" || this.#peerClosed) {
      queueMicrotask(() => question.giveUp("closed"));
      return 0;
    }
    const id = this.#questions.add(command, question, patience);
    try {
      this.#send(type, command, Status.ok, id, encoder, value);
    } catch (error) {
      this.#questions.withdraw(id);
      throw error;
    }
    return id;
  }

  /** Tells all who wait for an answer from the peer that none will come. */
  abandon(): void {
    this.#questions.close();
  }

  /** Waits for an answer no longer. */
  withdraw(id: number): void {
    this.#questions.withdraw(id);
  }

  /** Answers a request or an indication with what was asked for. */
  respond<T>(
    to: { readonly command: number; readonly id: number },
    encoder: Encoder<T>,
    value: T,
  ): void {
    const { command, id } = to;
    this.#send(FrameType.response, command, Status.ok, id, encoder, value);
  }

  /** Answers a request or an indication with a no, and a sentence why. */
  refuse(
    to: { readonly command: number; readonly id: number },
    status: Exclude<Status, typeof Status.ok>,
    why: string,
  ): void {
    const { command, id } = to;
    this.#send(FrameType.response, command, status, id, refusal, why);
  }

  /**
   * Reads until the peer has closed or the connection is broken, and says how
   * it ended. Calls `onFrame` for every request and every indication but pings,
   * which are answered here; a frame is good only during the call.
   *
   * A {@linkcode ProtocolError} that `onFrame` throws is the peer's fault: it is
   * told, and the link ends. When the peer closed in good order answers can
   * still be sent, until {@linkcode Link.end}.
   */
  async run(onFrame: (frame: Frame) => void): Promise<LinkEnd> {
    const dispatch = (frame: Frame) => this.#dispatch(frame, onFrame);
    let fault: ProtocolError | undefined;
    let lost: Error | undefined;
    try {
      for await (const chunk of chunks(this.#transport)) {
        if (this.#state !== "open") continue;
        this.#reads++;
        try {
          this.#decoder.push(chunk, dispatch);
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
          // Behind this side's end nothing that comes can be wrong any more.
          if (this.open) this.#complain(fault = error);
        }
        if (this.queued > this.#pauseAbove) {
          await this.#outbox.drain(this.#pauseAbove);
        }
      }
      if (this.#state === "open") this.#decoder.end();
    } catch (error) {
      if (error instanceof ProtocolError) this.#complain(fault = error);
      else lost = error as Error;
    }
    return this.#ended(fault, lost);
  }

  /**
   * Sends what is queued and closes. Nothing that arrives from now on is handed
   * over, and nothing more is sent. Resolves when the transport is closed, a
   * second from now at the latest.
   *
   * With `letPeerClose` the peer, who said goodbye, is the first to close.
   */
  async end({ letPeerClose = false } = {}): Promise<void> {
    if (this.#state === "open") {
      this.#state = "ending";
      this.#questions.close();
      this.#lingerTimer = setTimeout(() => this.#close(), LINGER_MS);
      await this.#outbox.drain(0);
      if (this.#peerClosed) this.#close();
      else if (!letPeerClose) await this.#closeWrite();
    }
    await this.#closed.promise;
  }

  #send<T>(
    type: FrameType,
    command: number,
    status: number,
    id: number,
    encoder: Encoder<T>,
    value: T,
  ): void {
    if (this.#state !== "open") return;
    this.#outbox.add({ type, command, status, id }, encoder, value);
  }

  #dispatch(frame: Frame, onFrame: (frame: Frame) => void): void {
    // Behind a goodbye or a fault the rest of the chunk does not count.
    if (this.#state !== "open") return;
    if (frame.type === FrameType.response) {
      this.#questions.answer(frame);
    } else if (
      frame.type === FrameType.indication && frame.command === Command.ping
    ) {
      decodePayload(frame, empty);
      this.respond(frame, empty, undefined);
    } else {
      onFrame(frame);
    }
  }

  #complain(error: ProtocolError): void {
    const { code, offset, message: text } = error;
    this.indicate(Command.error, fault, { code, offset, text });
    this.end();
  }

  #ended(fault: ProtocolError | undefined, lost: Error | undefined): LinkEnd {
    this.#peerClosed = true;
    const closedHere = this.#state !== "open";
    this.#questions.close();
    if (lost) this.#close();
    else if (this.#state === "ending") {
      this.#outbox.drain(0).then(() => this.#close());
    }
    if (fault) return { kind: "fault", error: fault };
    if (closedHere) return { kind: "closed-here" };
    if (lost) return { kind: "lost", error: lost };
    return { kind: "closed-by-peer" };
  }

  async #closeWrite(): Promise<void> {
    try {
      await this.#transport.closeWrite();
    } catch {
      // The connection is broken already; the reading side says so.
    }
  }

  #close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    clearTimeout(this.#lingerTimer);
    this.#questions.close();
    this.#outbox.discard();
    this.#transport.close();
    this.#closed.resolve();
  }
}
