import type { Tap, TappedConnection, Transport } from "../link/mod.ts";
import { Conversation } from "./conversation.ts";
import {
  enhancedPacket,
  interfaceDescription,
  interfaceStatistics,
  sectionHeader,
} from "./pcapng.ts";
import { TappedTransport } from "./tapped_transport.ts";
import { tcpPacket } from "./tcp_packet.ts";

/** How much may wait for the disk before packets are left out, in bytes. */
const MAX_WAITING = 64 * 1024 * 1024;

/** What a capture can be told. */
export interface CaptureOptions {
  /**
   * The program that it is for, as the file will name it.
   *
   * @default {"parley"}
   */
  readonly program?: string;
  /**
   * Called once, with a sentence, when nothing more can be written: the disk is
   * full, say. The connections go on without being captured.
   */
  readonly onTrouble?: (what: string) => void;
  /**
   * How much may wait for the disk, in bytes. What comes beyond that is left out
   * of the file, which then says how many packets are missing.
   *
   * @default {67108864}
   */
  readonly maxWaiting?: number;
}

/** The file was found to be one that another program writes a capture to. */
export class CaptureBusyError extends Error {
  /** What kind of error it is. */
  override readonly name = "CaptureBusyError";
}

/**
 * Writes what a program's connections carry to a file that Wireshark opens:
 * pcapng, with the bytes as the program sent and received them. The Ethernet, IP
 * and TCP headers around them are made up, as a program does not get to see the
 * real ones: addresses, ports, order, sizes and times are right, the packets'
 * borders are those of the program's own writes and reads. With TLS it holds
 * what was inside.
 *
 * It needs no right but to write that file, which only its owner can read, as
 * tokens and messages are in it. A named pipe will do as well.
 *
 * @example Usage
 * ```ts
 * import { assertGreater } from "@std/assert";
 * import { Client } from "../client/mod.ts";
 * import { serve } from "../server/mod.ts";
 *
 * const path = await Deno.makeTempFile({ suffix: ".pcapng" });
 * {
 *   await using tap = await Capture.open(path);
 *   await using server = await serve({ port: 0, tap });
 *   await using client = await Client.connect({ port: server.port });
 *   await client.time();
 * }
 * assertGreater((await Deno.stat(path)).size, 1000);
 * await Deno.remove(path);
 * ```
 */
export class Capture implements Tap, AsyncDisposable {
  readonly #file: Deno.FsFile;
  readonly #program: string;
  readonly #onTrouble: (what: string) => void;
  readonly #maxWaiting: number;
  #started = false;
  #broken = false;
  /** Blocks that wait for the disk, and their bytes. */
  #blocks: Uint8Array<ArrayBuffer>[] = [];
  #waiting = 0;
  #dropped = 0;
  /** How much of the file is whole blocks. */
  #written = 0;
  #writing: Promise<void> | undefined;

  private constructor(file: Deno.FsFile, options: CaptureOptions) {
    this.#file = file;
    this.#program = options.program ?? "parley";
    this.#onTrouble = options.onTrouble ?? (() => {});
    this.#maxWaiting = options.maxWaiting ?? MAX_WAITING;
  }

  /**
   * Opens the file, and makes it if there is none. What it held stays until
   * {@linkcode Capture.start}.
   *
   * @throws {CaptureBusyError} If a capture is being written to it already.
   * @throws {Error} If it cannot be written.
   */
  static async open(
    path: string,
    options: CaptureOptions = {},
  ): Promise<Capture> {
    const file = await Deno.open(path, {
      write: true,
      create: true,
      mode: 0o600,
    });
    try {
      if (!await file.tryLock(true)) {
        throw new CaptureBusyError("another program writes a capture to it");
      }
    } catch (error) {
      file.close();
      throw error;
    }
    return new Capture(file, options);
  }

  /**
   * Throws away what the file held and begins anew; the first connection does so
   * otherwise.
   */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#add(sectionHeader(this.#program));
    this.#add(interfaceDescription(
      this.#program,
      "What the program itself sent and received; " +
        "the headers of Ethernet, IP and TCP are made up",
    ));
  }

  tap(transport: Transport, connection: TappedConnection): Transport {
    this.start();
    const conversation = new Conversation(
      connection,
      (direction, segment) =>
        this.#add(enhancedPacket(nowUs(), direction, tcpPacket(segment))),
    );
    return new TappedTransport(transport, conversation);
  }

  /** Resolves when all that was captured so far is in the file. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  /** Writes what still waits, and closes the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#dropped > 0 && !this.#broken) {
      await this.flush();
      this.#add(interfaceStatistics(nowUs(), this.#dropped));
    }
    await this.flush();
    this.#broken = true;
    // To close it is not enough while a program that is being started has it.
    await this.#file.unlock().catch(() => {});
    this.#file.close();
  }

  #add(block: Uint8Array<ArrayBuffer>): void {
    if (this.#broken) return;
    if (this.#waiting + block.length > this.#maxWaiting) {
      this.#dropped++;
      return;
    }
    this.#blocks.push(block);
    this.#waiting += block.length;
    this.#writing ??= this.#write().finally(() => this.#writing = undefined);
  }

  async #write(): Promise<void> {
    try {
      // Whatever else comes in this turn is written together.
      await Promise.resolve();
      if (this.#written === 0) await this.#cut();
      while (this.#blocks.length > 0) {
        const blocks = this.#blocks;
        this.#blocks = [];
        const bytes = await new Blob(blocks).bytes();
        for (let at = 0; at < bytes.length;) {
          at += await this.#file.write(bytes.subarray(at));
        }
        this.#written += bytes.length;
        this.#waiting -= bytes.length;
      }
    } catch (error) {
      await this.#giveUp(error);
    }
  }

  /** Throws away what the file holds besides what was written to it in whole. */
  async #cut(): Promise<void> {
    try {
      await this.#file.truncate(this.#written);
    } catch {
      // It is a pipe, which holds nothing, or a disk that is broken for good.
    }
  }

  async #giveUp(error: unknown): Promise<void> {
    this.#broken = true;
    this.#blocks = [];
    // A part of a block would make the file unreadable.
    await this.#cut();
    const why = error instanceof Error ? error.message : String(error);
    this.#onTrouble(
      `nothing more is captured: ${why}; the file has what came before`,
    );
  }
}

/** The time in microseconds since 1970, as precise as it can be had. */
function nowUs(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}
