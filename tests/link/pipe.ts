/**
 * A connection in memory, for tests that want a hand on every read and write.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { frames } from "../../protocol/mod.ts";
import type { Frame, FrameLimits } from "../../protocol/mod.ts";
import type { Transport } from "../../link/mod.ts";

/** What the way out of a {@linkcode PipeEnd} is like. */
export interface PipeEndOptions {
  /** The most bytes that one write takes. */
  maxWrite?: number;
  /** The most bytes that one read brings. */
  maxRead?: number;
  /** How many bytes lie between the two ends before writes have to wait. */
  capacity?: number;
}

/** One end of a {@linkcode pipe}. */
export class PipeEnd implements Transport {
  maxWrite: number;
  maxRead: number;
  capacity: number;
  /** What each write took, in order. */
  readonly written: Uint8Array[] = [];
  /** How often a read was asked for. */
  reads = 0;
  /** Whether {@linkcode PipeEnd.closeWrite} was called. */
  writeClosed = false;
  /** How often {@linkcode PipeEnd.close} was called. */
  closes = 0;
  /** The other end. */
  peer!: PipeEnd;
  #incoming = new Uint8Array(0);
  #error: Error | undefined;
  #change = Promise.withResolvers<void>();

  constructor(options: PipeEndOptions = {}) {
    this.maxWrite = options.maxWrite ?? Infinity;
    this.maxRead = options.maxRead ?? Infinity;
    this.capacity = options.capacity ?? Infinity;
  }

  /** Bytes that the peer has written and nobody has read. */
  get unread(): number {
    return this.#incoming.length;
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    this.reads++;
    for (;;) {
      this.#check();
      const count = Math.min(this.unread, buffer.length, this.maxRead);
      if (count > 0) {
        buffer.set(this.#incoming.subarray(0, count));
        this.#incoming = this.#incoming.slice(count);
        this.peer.#changed();
        return count;
      }
      if (this.peer.writeClosed || this.peer.closes > 0) return null;
      await this.#change.promise;
    }
  }

  async write(bytes: Uint8Array): Promise<number> {
    for (;;) {
      this.#check();
      if (this.writeClosed || this.peer.closes > 0) {
        throw new Deno.errors.BrokenPipe("Broken pipe");
      }
      const room = this.capacity - this.peer.unread;
      const count = Math.min(bytes.length, this.maxWrite, room);
      if (count > 0) {
        const taken = bytes.slice(0, count);
        this.written.push(taken);
        this.peer.#receive(taken);
        return count;
      }
      await this.#change.promise;
    }
  }

  // deno-lint-ignore require-await
  async closeWrite(): Promise<void> {
    this.#check();
    this.writeClosed = true;
    this.peer.#changed();
  }

  close(): void {
    this.closes++;
    this.#changed();
    this.peer.#changed();
  }

  /** Makes every read and write here fail from now on. */
  break(error: Error): void {
    this.#error = error;
    this.#changed();
  }

  /** Writes all of `bytes`. */
  async writeAll(bytes: Uint8Array): Promise<void> {
    while (bytes.length > 0) bytes = bytes.subarray(await this.write(bytes));
  }

  /** The frames that come, to the end. */
  frames(limits: FrameLimits = { maxPayload: 65_536 }): AsyncGenerator<Frame> {
    const bytes = ReadableStream.from(this.#chunks());
    return frames(bytes, limits);
  }

  async *#chunks() {
    for (;;) {
      const buffer = new Uint8Array(4096);
      const count = await this.read(buffer);
      if (count === null) return;
      yield buffer.subarray(0, count);
    }
  }

  #check(): void {
    if (this.closes > 0) throw new Deno.errors.BadResource("Bad resource ID");
    if (this.#error) throw this.#error;
  }

  #receive(bytes: Uint8Array): void {
    const incoming = new Uint8Array(this.unread + bytes.length);
    incoming.set(this.#incoming);
    incoming.set(bytes, this.unread);
    this.#incoming = incoming;
    this.#changed();
  }

  #changed(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }
}

/** Two ends of one connection. */
export function pipe(
  near: PipeEndOptions = {},
  far: PipeEndOptions = {},
): [PipeEnd, PipeEnd] {
  const ends: [PipeEnd, PipeEnd] = [new PipeEnd(near), new PipeEnd(far)];
  ends[0].peer = ends[1];
  ends[1].peer = ends[0];
  return ends;
}

/**
 * Resolves when everything that can go on in memory without a timer has: all of
 * it are microtasks, and they come before the next task.
 */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
