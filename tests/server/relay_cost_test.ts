/**
 * What a relayed message costs, in figures that do not depend on how fast the
 * machine is: reads and writes, bytes copied, memory allocated. Whoever makes the
 * way of a message longer sees it here.
 *
 * @module
 */

import { assertEquals, assertGreater, assertLess } from "@std/assert";
import {
  empty,
  encodeFrame,
  encodeOrigin,
  FrameDecoder,
  FrameType,
  HEADER_SIZE,
  RECEIVER_SIZE,
} from "../../protocol/mod.ts";
import type { Transport } from "../../link/mod.ts";
import { settled } from "../link/pipe.ts";
import { MemoryServer } from "./memory_server.ts";
import { sendFrame } from "./raw_peer.ts";

const ORIGIN_SIZE =
  encodeOrigin({ from: 1, address: "127.0.0.1", port: 1 }).length;

const typedArray: Uint8Array = Object.getPrototypeOf(Uint8Array.prototype);
const { set, slice, copyWithin } = typedArray;

/** A client whose bytes come and go as a socket's do: those copies do not count. */
class Client implements Transport {
  readonly remoteAddr: Deno.NetAddr;
  reads = 0;
  writes = 0;
  /** What the last write was given. */
  last = new Uint8Array(0);
  #coming = new Uint8Array(0);
  #come = Promise.withResolvers<void>();

  constructor(port: number) {
    this.remoteAddr = { transport: "tcp", hostname: "127.0.0.1", port };
  }

  setNoDelay(): void {}

  setKeepAlive(): void {}

  /** How much of what it has sent the server has not read. */
  get unread(): number {
    return this.#coming.length;
  }

  /** Sends; all of it is there for the server's next read. */
  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#coming = bytes;
    this.#come.resolve();
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    if (this.#coming.length === 0) await this.#come.promise;
    if (this.#coming.length === 0) return null;
    this.reads++;
    const count = Math.min(buffer.length, this.#coming.length);
    set.call(buffer, this.#coming.subarray(0, count));
    this.#coming = this.#coming.subarray(count);
    this.#come = Promise.withResolvers();
    return count;
  }

  write(bytes: Uint8Array): Promise<number> {
    this.writes++;
    this.last = slice.call(bytes);
    return Promise.resolve(bytes.length);
  }

  closeWrite(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.#come.resolve();
  }
}

/** So many messages of a sender are under way at a time. */
const COUNT = 32;

/** A sender and a receiver of one server, and the messages between them. */
class Relay {
  readonly sender = new Client(50_001);
  readonly receiver = new Client(50_002);
  readonly #requests: Uint8Array<ArrayBuffer>;

  constructor(size: number) {
    const text = new Uint8Array(size).fill(0x61);
    const request = sendFrame(1, 7, text);
    this.#requests = joined(Array.from({ length: COUNT }, () => request));
  }

  [Symbol.dispose](): void {
    this.sender.close();
    this.receiver.close();
  }

  /** Connects both, and relays until buffers are as large as they will be. */
  async begin(server: MemoryServer): Promise<void> {
    for (const client of [this.receiver, this.sender]) {
      server.reception.receive(client as unknown as Deno.TcpConn);
      await settled();
    }
    for (let i = 0; i < 10; i++) await this.relay();
  }

  /** Has all messages sent, confirmed, and answered as delivered. */
  async relay(): Promise<void> {
    await this.send();
    await this.confirm(this.confirmations());
  }

  /** Has all messages sent and passed on. */
  async send(): Promise<void> {
    this.sender.send(this.#requests);
    while (this.sender.unread > 0) await settled();
    await settled();
  }

  /** What confirms the messages that were passed on last. */
  confirmations(): Uint8Array<ArrayBuffer> {
    const all: Uint8Array[] = [];
    const decoder = new FrameDecoder({ maxPayload: 1 << 20 });
    decoder.push(this.receiver.last, ({ command, id }) => {
      const header = { type: FrameType.response, command, status: 0, id };
      all.push(encodeFrame(header, empty, undefined));
    });
    return joined(all);
  }

  /** Has messages confirmed, and their sender answered. */
  async confirm(confirmations: Uint8Array<ArrayBuffer>): Promise<void> {
    this.receiver.send(confirmations);
    while (this.receiver.unread > 0) await settled();
    await settled();
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** How many bytes are copied from one array to another while `work` is done. */
async function bytesCopied(work: () => Promise<void>): Promise<number> {
  let copied = 0;
  Object.assign(typedArray, {
    set(this: Uint8Array, from: Uint8Array, offset?: number) {
      copied += from.length;
      return set.call(this, from, offset);
    },
    slice(this: Uint8Array, start?: number, end?: number) {
      const part = slice.call(this, start, end);
      copied += part.length;
      return part;
    },
    copyWithin(this: Uint8Array, to: number, start: number, end?: number) {
      copied += (end ?? this.length) - start;
      return copyWithin.call(this, to, start, end);
    },
  });
  try {
    await work();
  } finally {
    Object.assign(typedArray, { set, slice, copyWithin });
  }
  return copied;
}

for (const size of [64, 1024]) {
  Deno.test(`a text of ${size} bytes is copied once on its way, and of a confirmation nothing is`, async () => {
    await using server = new MemoryServer();
    using relay = new Relay(size);
    await relay.begin(server);
    assertEquals(
      await bytesCopied(() => relay.send()),
      COUNT * (RECEIVER_SIZE + size + ORIGIN_SIZE),
    );
    const confirmations = relay.confirmations();
    assertEquals(await bytesCopied(() => relay.confirm(confirmations)), 0);
  });
}

Deno.test("messages that come together are read, passed on and confirmed together", async () => {
  await using server = new MemoryServer();
  using relay = new Relay(64);
  await relay.begin(server);
  const { sender, receiver } = relay;
  const before = [sender, receiver].map(({ reads, writes }) => reads + writes);
  await relay.relay();
  const after = [sender, receiver].map(({ reads, writes }) => reads + writes);
  assertEquals(after, before.map((count) => count + 2));
  assertEquals(sender.last.length, COUNT * HEADER_SIZE);
});

Deno.test("for a message less than 1 KiB of memory is allocated", async () => {
  await using server = new MemoryServer();
  using relay = new Relay(64);
  await relay.begin(server);
  const rounds = 40;
  const allocated: number[] = [];
  for (let i = 0; i < 30; i++) {
    const before = Deno.memoryUsage().heapUsed;
    for (let j = 0; j < rounds; j++) await relay.relay();
    allocated.push((Deno.memoryUsage().heapUsed - before) / (rounds * COUNT));
  }
  // Where memory was collected meanwhile, it is less than nothing.
  const grown = allocated.filter((bytes) => bytes > 0).sort((a, b) => a - b);
  assertGreater(grown.length, 5);
  assertLess(grown[grown.length >> 1]!, 1024);
});
