import type { Status } from "../protocol/mod.ts";
import {
  readUint16,
  readUint32,
  writeUint16,
  writeUint32,
} from "../protocol/integers.ts";

/** What a batch has in front: the fields of a {@linkcode BatchHead}. */
const HEAD_SIZE = 1 + 4 + 4 + 4;

/** The kinds of batches. */
export const BatchKind = { messages: 1, outcomes: 2 } as const;

/** One of the numbers of {@linkcode BatchKind}. */
export type BatchKind = typeof BatchKind[keyof typeof BatchKind];

/** Whose batch it is, and what it says besides what is in it. */
export interface BatchHead {
  readonly kind: BatchKind;
  /** The node that sends it. */
  readonly from: number;
  /** On which of its connections, counted from 1. */
  readonly connection: number;
  /** How many bytes of texts it has taken from whom this is for, modulo 2^32. */
  readonly taken: number;
}

/** A text on its way to a client of another node. */
export interface RelayedText {
  /** What its outcome will be known by. */
  readonly id: number;
  /** What its receiver is told of its sender: `encodeOrigin` has made it. */
  readonly origin: Uint8Array;
  /** The payload of the request `send`. */
  readonly send: Uint8Array;
}

/** How a text ended at the other node. */
export interface Outcome {
  /** What the text was known by. */
  readonly id: number;
  /** `Status.ok`, or why not. */
  readonly status: Status;
  /** The same in a sentence. */
  readonly why: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What goes to another node together: of one kind, in order. */
export class Batch {
  readonly #kind: BatchKind;
  readonly #from: number;
  #buffer = new Uint8Array(1024);
  #end = HEAD_SIZE;
  #count = 0;

  /** Makes an empty one; `from` is the node that sends it. */
  constructor(kind: BatchKind, from: number) {
    this.#kind = kind;
    this.#from = from;
  }

  /** How many bytes it has. */
  get size(): number {
    return this.#end;
  }

  /** How much is in it. */
  get count(): number {
    return this.#count;
  }

  /** Adds a text. */
  addText({ id, origin, send }: RelayedText): void {
    const size = 4 + 1 + origin.length + 4 + send.length;
    const into = this.#reserve(size);
    let at = writeUint32(id, into, this.#end);
    into[at++] = origin.length;
    into.set(origin, at);
    at = writeUint32(send.length, into, at + origin.length);
    into.set(send, at);
    this.#end = at + send.length;
    this.#count++;
  }

  /** Adds an outcome. */
  addOutcome({ id, status, why }: Outcome): void {
    const text = why === "" ? NOTHING : encoder.encode(why);
    const into = this.#reserve(4 + 2 + 2 + text.length);
    let at = writeUint32(id, into, this.#end);
    at = writeUint16(status, into, at);
    at = writeUint16(text.length, into, at);
    into.set(text, at);
    this.#end = at + text.length;
    this.#count++;
  }

  /** Takes its bytes out, with the rest of its head; it is empty then. */
  take(
    { connection, taken }: Pick<BatchHead, "connection" | "taken">,
  ): Uint8Array {
    const bytes = this.#buffer.subarray(0, this.#end);
    bytes[0] = this.#kind;
    let at = writeUint32(this.#from, bytes, 1);
    at = writeUint32(connection, bytes, at);
    writeUint32(taken, bytes, at);
    // What publishes it may keep it until the socket has taken it.
    this.#buffer = new Uint8Array(Math.max(1024, this.#end));
    this.#end = HEAD_SIZE;
    this.#count = 0;
    return bytes;
  }

  #reserve(size: number): Uint8Array {
    const needed = this.#end + size;
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(2 * this.#buffer.length, needed));
      larger.set(this.#buffer.subarray(0, this.#end));
      this.#buffer = larger;
    }
    return this.#buffer;
  }
}

const NOTHING = new Uint8Array(0);

/** What was in a batch, for whoever takes it. */
export interface BatchReader {
  /** A batch of so many bytes begins; says whether to read what is in it. */
  begin(head: BatchHead, size: number): boolean;
  /** A text; its bytes are good only during the call. */
  text(from: number, text: RelayedText): void;
  /** An outcome. */
  outcome(from: number, outcome: Outcome): void;
}

/**
 * Reads a batch, in order.
 *
 * @throws {TypeError} If it is none, or is none from some place on: what stands
 * before that has been read.
 */
export function readBatch(bytes: Uint8Array, reader: BatchReader): void {
  const [kind] = bytes;
  const isKind = kind === BatchKind.messages || kind === BatchKind.outcomes;
  if (!isKind || bytes.length < HEAD_SIZE) {
    throw new TypeError(
      `Expected a batch, got ${bytes.length} bytes, the first ${kind}`,
    );
  }
  const from = readUint32(bytes, 1);
  const connection = readUint32(bytes, 5);
  const taken = readUint32(bytes, 9);
  const isWanted = reader.begin(
    { kind, from, connection, taken },
    bytes.length,
  );
  if (!isWanted) return;
  let at = HEAD_SIZE;
  while (at < bytes.length) {
    at = kind === BatchKind.messages
      ? readText(bytes, at, from, reader)
      : readOutcome(bytes, at, from, reader);
  }
}

/** Reads a text; returns the offset behind it. */
function readText(
  bytes: Uint8Array,
  at: number,
  from: number,
  reader: BatchReader,
): number {
  const originAt = at + 4 + 1;
  checkEnd(bytes, originAt);
  const sizeAt = originAt + bytes[originAt - 1]!;
  checkEnd(bytes, sizeAt + 4);
  const sendAt = sizeAt + 4;
  const end = sendAt + readUint32(bytes, sizeAt);
  // The receiver's number stands in front of the text.
  checkEnd(bytes, Math.max(end, sendAt + 4));
  const id = readUint32(bytes, at);
  const origin = bytes.subarray(originAt, sizeAt);
  reader.text(from, { id, origin, send: bytes.subarray(sendAt, end) });
  return end;
}

/** Reads an outcome; returns the offset behind it. */
function readOutcome(
  bytes: Uint8Array,
  at: number,
  from: number,
  reader: BatchReader,
): number {
  const whyAt = at + 4 + 2 + 2;
  checkEnd(bytes, whyAt);
  const id = readUint32(bytes, at);
  const status = readUint16(bytes, at + 4) as Status;
  const end = whyAt + readUint16(bytes, at + 6);
  checkEnd(bytes, end);
  // Most were delivered: there is nothing to say.
  const why = end === whyAt ? "" : decoder.decode(bytes.subarray(whyAt, end));
  reader.outcome(from, { id, status, why });
  return end;
}

function checkEnd(bytes: Uint8Array, end: number): void {
  if (end <= bytes.length) return;
  throw new TypeError(`Expected a batch of ${end} bytes, got ${bytes.length}`);
}
