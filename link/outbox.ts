import {
  type Encoder,
  type FrameHeader,
  HEADER_SIZE,
  writeHeader,
} from "../protocol/mod.ts";
import { giveBuffer, takeBuffer } from "./buffer_pool.ts";
import type { Transport } from "./transport.ts";

const NOTHING = new Uint8Array(0);

/** No more is put aside for frames that may come, in bytes. */
const LARGEST_GUESS = 256 * 1024;

/**
 * Frames on their way out. They are encoded into one buffer as they come and
 * written together: once for each turn of the event loop while the peer takes
 * them, and in larger pieces while it does not. That, not the encoding, decides
 * how fast a relay is.
 */
export class Outbox {
  readonly #transport: Transport;
  readonly #onTaken: () => void;
  /** Where frames are encoded, up to `#end`. */
  #buffer = NOTHING;
  #end = 0;
  /** How much was written together the last time. */
  #lastEnd = 0;
  /** Bytes handed to the transport that it has not yet taken. */
  #inFlight = 0;
  #writer: Promise<void> | undefined;
  #broken = false;
  #added = 0;
  #progress: PromiseWithResolvers<void> | undefined;

  /**
   * Makes an empty outbox for `transport`. It calls `onTaken` when something
   * begins to wait, and whenever the transport has taken some of what waits.
   */
  constructor(transport: Transport, onTaken: () => void = () => {}) {
    this.#transport = transport;
    this.#onTaken = onTaken;
  }

  /** Bytes that wait for the peer to take them. */
  get size(): number {
    return this.#end + this.#inFlight;
  }

  /** Bytes that were added since the beginning. */
  get added(): number {
    return this.#added;
  }

  /** Adds a frame; it is written soon, without being asked for. */
  add<T>(header: FrameHeader, encoder: Encoder<T>, value: T): void {
    if (this.#broken) return;
    const start = this.#end;
    this.#reserve(HEADER_SIZE + encoder.sizeOf(value));
    this.#end = encoder.encode(value, this.#buffer, start + HEADER_SIZE);
    const length = this.#end - start - HEADER_SIZE;
    writeHeader(header, length, this.#buffer, start);
    this.#added += this.#end - start;
    this.#writer ??= this.#write();
  }

  /**
   * Resolves once at most `below` bytes wait, or nothing can be written any
   * more.
   */
  async drain(below: number): Promise<void> {
    while (this.size > below) await this.progress();
  }

  /**
   * Resolves once some of what waits is taken, or nothing can be written any
   * more. Something must wait.
   */
  progress(): Promise<void> {
    this.#progress ??= Promise.withResolvers();
    return this.#progress.promise;
  }

  /** Forgets what waits and takes no more. */
  discard(): void {
    this.#broken = true;
    this.#buffer = NOTHING;
    this.#end = this.#inFlight = 0;
    this.#taken();
  }

  async #write(): Promise<void> {
    this.#onTaken();
    await undefined; // Let this turn's other frames join in.
    try {
      while (this.#end > 0) {
        const buffer = this.#buffer;
        let rest = buffer.subarray(0, this.#end);
        this.#buffer = NOTHING;
        this.#lastEnd = this.#end;
        this.#end = 0;
        this.#inFlight = rest.length;
        for (;;) {
          const taken = await this.#transport.write(rest);
          if (this.#broken) return;
          this.#inFlight -= taken;
          this.#taken();
          if (this.#inFlight === 0) break;
          rest = rest.subarray(taken);
        }
        giveBuffer(buffer);
      }
    } catch {
      // The reading side learns of it as well, and says so.
      this.discard();
      return;
    } finally {
      this.#writer = undefined;
    }
  }

  #taken(): void {
    this.#onTaken();
    this.#progress?.resolve();
    this.#progress = undefined;
  }

  #reserve(size: number): void {
    const wanted = this.#end + size;
    if (wanted <= this.#buffer.length) return;
    // As much as the last time, so that frames need not move while more come.
    const guess = Math.min(this.#lastEnd, LARGEST_GUESS);
    const larger = takeBuffer(Math.max(wanted, guess));
    if (this.#buffer !== NOTHING) {
      larger.set(this.#buffer.subarray(0, this.#end));
      giveBuffer(this.#buffer);
    }
    this.#buffer = larger;
  }
}
