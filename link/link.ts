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
import type { TimerWheel } from "./timer_wheel.ts";
import type { Transport } from "./transport.ts";
import { Watch, type WatchTimes, type WatchVerdict } from "./watch.ts";

/**
 * How long a side that has said its last waits for the other to close, in
 * milliseconds. If it closed at once, TCP could throw away what is still on its
 * way to the peer: the reason.
 */
const LINGER_MS = 1_000;

/**
 * How much a peer is answered at once, in bytes, before it must have taken some:
 * a short question may have a long answer, and a read brings thousands of
 * questions.
 */
const ANSWERS_AT_ONCE = 64 * 1024;

/**
 * Whoever has sent and been answered so much, in bytes, lets others have their
 * turn: a few milliseconds' work. The clock is not asked, as that would cost a
 * relay of single messages a tenth of its time.
 */
const SERVICE_A_TURN = 4 * 1024 * 1024;

/** A frame is as much work as so many bytes of a large one. */
const FRAME_COST = 256;

/** A byte that is answered is as much work as so many that are sent. */
const ANSWER_COST = 4;

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
  /** Who finds out that the peer is gone, or does not do its part. */
  readonly watch?: LinkWatch;
}

/** How a link is watched. */
export interface LinkWatch extends WatchTimes {
  /** The clock, which any number of links can share. */
  readonly wheel: TimerWheel;
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
  | { readonly kind: "lost"; readonly error: Error }
  /** The peer did not do its part for so long, and was given up. */
  | { readonly kind: WatchVerdict; readonly afterMs: number };

/**
 * One framed connection, the same at both ends: frames in, batched frames out,
 * answers matched to what was asked, pings answered.
 *
 * Everything happens inside {@linkcode Link.run}, which is called once.
 */
export class Link {
  /**
   * Whether pings are answered. While they are not, they are handed over as
   * other indications are.
   */
  answersPings = true;
  readonly #transport: Transport;
  readonly #decoder: FrameDecoder;
  readonly #outbox: Outbox;
  readonly #questions = new Questions();
  readonly #pauseAbove: number;
  /** How much a peer may have at once; one whom nobody shares with, all. */
  readonly #most: { readonly answers: number; readonly service: number };
  readonly #watch: Watch | undefined;
  #paused = false;
  #answersUntil = Infinity;
  /** How much this peer was served since others had their turn, in bytes. */
  #served = 0;
  #state: "open" | "ending" | "closed" = "open";
  #listening = true;
  #peerClosed = false;
  readonly #over = Promise.withResolvers<LinkEnd>();
  #lingerTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #closed = Promise.withResolvers<void>();
  #reads = 0;

  /** Makes a link; nothing is read before {@linkcode Link.run}. */
  constructor(options: LinkOptions) {
    this.#transport = options.transport;
    this.#decoder = new FrameDecoder(options.limits);
    this.#outbox = new Outbox(options.transport, () => this.#watch?.taken());
    this.#pauseAbove = options.pauseAbove ?? Infinity;
    // A side that never pauses serves nobody else.
    this.#most = this.#pauseAbove < Infinity
      ? { answers: ANSWERS_AT_ONCE, service: SERVICE_A_TURN }
      : { answers: Infinity, service: Infinity };
    const { watch } = options;
    this.#watch = watch && new Watch(watch.wheel, watch, {
      hearing: () => this.#listening,
      paused: () => this.#paused,
      queued: () => this.queued,
      unfinished: () => this.#decoder.unfinished,
      ping: () => this.#ping(),
      giveUp: (verdict, afterMs) => this.#giveUp(verdict, afterMs),
    });
  }

  /** Whether frames are still sent. */
  get open(): boolean {
    return this.#state === "open";
  }

  /** Bytes that wait for the peer to take them. */
  get queued(): number {
    return this.#outbox.size;
  }

  /** How many answers of the peer are waited for. */
  get asked(): number {
    return this.#questions.size;
  }

  /** The largest payload that is accepted from the next frame on, in bytes. */
  set maxPayload(size: number) {
    this.#decoder.maxPayload = size;
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
    if (!this.#listening) {
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
   * Reads what the peer sends, and resolves to how that came to its end. Calls
   * `onFrame` for every request and every indication but pings, which are
   * answered here; a frame is good only during the call.
   *
   * A {@linkcode ProtocolError} that `onFrame` throws is the peer's fault: it is
   * told, and the link ends. A peer that is given up is told nothing: whoever
   * has called this ends the link. When the peer has closed in good order
   * answers can still be sent, until {@linkcode Link.end}.
   */
  run(onFrame: (frame: Frame) => void): Promise<LinkEnd> {
    if (this.open) this.#watch?.begin();
    this.#read(onFrame);
    return this.#over.promise;
  }

  /**
   * Hands nothing over any more: what the peer still sends is read and thrown
   * away, and no answer of it can come. Frames can still be sent.
   */
  ignoreInput(): void {
    this.#listening = false;
    this.#questions.close();
  }

  /**
   * Sends what is queued and closes; the input is ignored from now on, and
   * nothing more is sent. Resolves when the transport is closed, a second from
   * now at the latest.
   *
   * With `letPeerClose` the peer, who is the one to leave, closes first.
   */
  async end({ letPeerClose = false } = {}): Promise<void> {
    if (this.#state === "open") {
      this.#state = "ending";
      this.ignoreInput();
      this.#watch?.end();
      this.#lingerTimer = setTimeout(() => this.close(), LINGER_MS);
      await this.#outbox.drain(0);
      if (this.#peerClosed || !letPeerClose) await this.#closeWrite();
      if (this.#peerClosed) this.close();
    }
    await this.closed;
  }

  /** Closes at once, whatever is queued. */
  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#watch?.end();
    clearTimeout(this.#lingerTimer);
    this.ignoreInput();
    this.#outbox.discard();
    this.#transport.close();
    this.#closed.resolve();
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

  async #read(onFrame: (frame: Frame) => void): Promise<void> {
    const dispatch = (frame: Frame) => this.#dispatch(frame, onFrame);
    try {
      // Not `for await`, which makes more promises for each read.
      const reader = chunks(this.#transport).getReader();
      for (;;) {
        const { done, value: chunk } = await reader.read();
        if (done) break;
        if (!this.#listening) continue;
        this.#reads++;
        this.#watch?.heard();
        let at = this.#take(chunk, dispatch);
        while (at < chunk.length || this.queued > this.#pauseAbove) {
          await this.#pause();
          at += this.#take(chunk.subarray(at), dispatch);
        }
        if (this.#served > this.#most.service) await this.#letOthers();
      }
      if (this.#listening) this.#decode(() => this.#decoder.end());
      this.#over.resolve({
        kind: this.#state === "open" ? "closed-by-peer" : "closed-here",
      });
    } catch (error) {
      this.#over.resolve(
        this.#state === "open"
          ? { kind: "lost", error: error as Error }
          : { kind: "closed-here" },
      );
      this.close();
    }
    this.#peerClosed = true;
    this.ignoreInput();
    if (this.#state === "ending") {
      await this.#outbox.drain(0);
      await this.#closeWrite();
      this.close();
    }
  }

  /** Takes what was read; returns how much, as some may have to wait. */
  #take(bytes: Uint8Array, dispatch: (frame: Frame) => boolean): number {
    const kept = this.#decoder.unfinished;
    const answered = this.#outbox.added;
    this.#answersUntil = answered + this.#most.answers;
    let taken = bytes.length;
    this.#decode(() => taken = this.#decoder.push(bytes, dispatch));
    if (kept === 0 || this.#decoder.unfinished !== kept + taken) {
      this.#watch?.begun();
    }
    this.#served += taken + ANSWER_COST * (this.#outbox.added - answered);
    return taken;
  }

  /** Waits until the peer has taken some of what waits, and enough of it. */
  async #pause(): Promise<void> {
    this.#paused = true;
    if (this.queued > 0) await this.#outbox.progress();
    await this.#outbox.drain(this.#pauseAbove);
    if (this.#served > this.#most.service) await this.#letOthers();
    this.#paused = false;
    this.#watch?.resumed();
  }

  /**
   * Lets others have their turn. What can be read and written at once is, and a
   * peer that always has more, and takes all, would be the only one to be served.
   *
   * A timer, not `setImmediate`: as long as something is due at once, the system
   * is hardly ever asked for what has come on other sockets.
   */
  async #letOthers(): Promise<void> {
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    this.#served = 0;
  }

  #decode(decode: () => void): void {
    try {
      decode();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      // What is ignored cannot be wrong.
      if (!this.#listening) return;
      this.#over.resolve({ kind: "fault", error });
      const { code, offset, message: text } = error;
      this.indicate(Command.error, fault, { code, offset, text });
      this.end();
    }
  }

  /** Returns whether there is room for the answers to another frame. */
  #dispatch(frame: Frame, onFrame: (frame: Frame) => void): boolean {
    // The rest of a chunk is decoded even if it does not count any more.
    if (!this.#listening) return true;
    this.#served += FRAME_COST;
    if (frame.type === FrameType.response) {
      this.#questions.answer(frame);
    } else if (
      frame.type === FrameType.indication && frame.command === Command.ping &&
      this.answersPings
    ) {
      decodePayload(frame, empty);
      if (frame.id !== 0) this.respond(frame, empty, undefined);
    } else {
      onFrame(frame);
    }
    return this.#outbox.added <= this.#answersUntil;
  }

  #ping(): void {
    // Any byte that is heard will do for an answer, so nobody waits for it.
    const { indication } = FrameType;
    const id = this.#questions.nextId();
    this.#send(indication, Command.ping, Status.ok, id, empty, undefined);
  }

  #giveUp(kind: WatchVerdict, afterMs: number): void {
    this.#over.resolve({ kind, afterMs });
    this.ignoreInput();
  }

  async #closeWrite(): Promise<void> {
    try {
      await this.#transport.closeWrite();
    } catch {
      // The connection is broken already; the reading side says so.
    }
  }
}
