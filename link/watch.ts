import { type TimerWheel, WheelEntry } from "./timer_wheel.ts";

/** How long a peer may take for what. A time of 0, or none, is no limit. */
export interface WatchTimes {
  /**
   * How long nothing may be heard of the peer until it is asked whether it is
   * there, in milliseconds.
   */
  readonly pingIntervalMs?: number;
  /** How long nothing may be heard after that, in milliseconds. */
  readonly pingTimeoutMs?: number;
  /**
   * How long what waits for the peer may wait without any of it being taken, in
   * milliseconds.
   */
  readonly stallTimeoutMs?: number;
  /** How long a frame may take from its first byte to its last, likewise. */
  readonly frameTimeoutMs?: number;
}

/** What a peer has done wrong, by doing nothing. */
export type WatchVerdict =
  /** Nothing was heard of it, not even the answer to a ping. */
  | "silent"
  /** It does not read. */
  | "stalled"
  /** It has begun a frame and not finished it. */
  | "unfinished";

/** A connection, as its watch sees it. */
export interface Watched {
  /** Whether anything can be heard at all. */
  hearing(): boolean;
  /** Whether this side does not read at the moment. */
  paused(): boolean;
  /** Bytes that wait for the peer to take them. */
  queued(): number;
  /** Bytes of a frame that is not complete yet. */
  unfinished(): number;
  /** Asks the peer whether it is there. */
  ping(): void;
  /** The connection is given up; `afterMs` is the time that was over. */
  giveUp(verdict: WatchVerdict, afterMs: number): void;
}

/**
 * Finds out that a peer is gone, or does not read, or holds a frame back. What
 * happens on the connection is noted in passing; one call of a shared wheel, as
 * rarely as the times allow, draws the conclusions.
 */
export class Watch extends WheelEntry {
  readonly #wheel: TimerWheel;
  readonly #times: Required<WatchTimes>;
  readonly #watched: Watched;
  /** When something was heard last, in the wheel's ticks, as the others. */
  #heardAt: number;
  /** When something of what waits was taken last, or began to wait. */
  #takenAt: number;
  /** When the frame that is not complete began. */
  #begunAt: number;
  #pingedAt: number | undefined;
  #onDuty = false;

  /** Makes a watch; it is off duty until {@linkcode Watch.begin}. */
  constructor(wheel: TimerWheel, times: WatchTimes, watched: Watched) {
    super();
    const { pingIntervalMs = 0, pingTimeoutMs = 0 } = times;
    const { stallTimeoutMs = 0, frameTimeoutMs = 0 } = times;
    this.#wheel = wheel;
    this.#times = {
      pingIntervalMs,
      pingTimeoutMs,
      stallTimeoutMs,
      frameTimeoutMs,
    };
    this.#watched = watched;
    this.#heardAt = this.#takenAt = this.#begunAt = wheel.now;
  }

  /** Goes on duty. */
  begin(): void {
    this.#heardAt = this.#takenAt = this.#begunAt = this.#wheel.now;
    this.#onDuty = true;
    this.ring();
  }

  /** Goes off duty. */
  end(): void {
    this.#onDuty = false;
    this.#wheel.remove(this);
  }

  /** Bytes have come. */
  heard(): void {
    this.#heardAt = this.#wheel.now;
  }

  /** Some of what waits was taken, or something has begun to wait. */
  taken(): void {
    this.#takenAt = this.#wheel.now;
  }

  /** A frame has begun. */
  begun(): void {
    this.#begunAt = this.#wheel.now;
  }

  /** This side reads again; while it did not, nobody could be heard. */
  resumed(): void {
    this.#heardAt = this.#begunAt = this.#wheel.now;
  }

  /** Looks at everything, and comes back when something can be due. */
  override ring(): void {
    let due = this.#checkHeartbeat();
    if (this.#onDuty) due = Math.min(due, this.#checkTaking());
    if (this.#onDuty) due = Math.min(due, this.#checkFrame());
    if (this.#onDuty && due < Infinity) {
      this.#wheel.add(this, due - this.#wheel.now);
    }
  }

  #checkHeartbeat(): number {
    const { pingIntervalMs, pingTimeoutMs } = this.#times;
    if (pingIntervalMs === 0) return Infinity;
    const { now } = this.#wheel;
    const interval = this.#wheel.ticks(pingIntervalMs);
    if (!this.#watched.hearing()) return now + interval;
    // Of a peer that is not read from, only what it takes is a sign of life.
    const aliveAt = this.#watched.paused()
      ? Math.max(this.#heardAt, this.#takenAt)
      : this.#heardAt;
    if (this.#pingedAt === undefined || aliveAt >= this.#pingedAt) {
      this.#pingedAt = undefined;
      if (now < aliveAt + interval) return aliveAt + interval;
      this.#watched.ping();
      this.#pingedAt = now;
    }
    const dueAt = pingTimeoutMs === 0
      ? Infinity
      : this.#pingedAt + this.#wheel.ticks(pingTimeoutMs);
    // If it answers at once, it may be due to be asked again before.
    if (now < dueAt) return Math.min(dueAt, now + interval);
    return this.#giveUp("silent", pingIntervalMs + pingTimeoutMs);
  }

  #checkTaking(): number {
    const { stallTimeoutMs } = this.#times;
    if (stallTimeoutMs === 0) return Infinity;
    const { now } = this.#wheel;
    const timeout = this.#wheel.ticks(stallTimeoutMs);
    if (this.#watched.queued() === 0) return now + timeout;
    if (now < this.#takenAt + timeout) return this.#takenAt + timeout;
    return this.#giveUp("stalled", stallTimeoutMs);
  }

  #checkFrame(): number {
    const { frameTimeoutMs } = this.#times;
    if (frameTimeoutMs === 0) return Infinity;
    const { now } = this.#wheel;
    const timeout = this.#wheel.ticks(frameTimeoutMs);
    const watched = this.#watched;
    if (
      !watched.hearing() || watched.paused() || watched.unfinished() === 0
    ) return now + timeout;
    if (now < this.#begunAt + timeout) return this.#begunAt + timeout;
    return this.#giveUp("unfinished", frameTimeoutMs);
  }

  #giveUp(verdict: WatchVerdict, afterMs: number): number {
    this.end();
    this.#watched.giveUp(verdict, afterMs);
    return Infinity;
  }
}
