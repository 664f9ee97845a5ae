import type { Codec } from "./codec.ts";
import { writeUint16, writeUint32, writeUint64 } from "./integers.ts";
import { PayloadReader } from "./payload_reader.ts";
import { encodeShortText, maxTextSize } from "./text.ts";

/** Numbers that a node gives to its clients, and no other node ever does. */
export interface NumberRange {
  /** The first of them. */
  readonly first: number;
  /** The last of them. */
  readonly last: number;
}

/** One of the servers that act as one. */
export interface NodeEntry {
  /** Whether it is the one that answers. */
  readonly self: boolean;
  /** Whether it does not answer now; all else is what was known last. */
  readonly missing: boolean;
  /** How many clients are connected to it. */
  readonly clients: number;
  /** How many messages its clients have sent in the last second. */
  readonly messagesPerSecond: number;
  /** Since when it runs, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly sinceMs: number;
  /** How long a question to it and the answer take, in microseconds. */
  readonly roundTripUs: number;
  /** Where it is reached: `HOST:PORT`. */
  readonly address: string;
  /** Its name. */
  readonly name: string;
  /** The numbers that are its own. */
  readonly ranges: readonly NumberRange[];
}

const SELF = 1;
const MISSING = 2;

/** The payload of the response to `nodes`. */
export const nodeList: Codec<readonly NodeEntry[]> = {
  sizeOf: (value) => value.reduce((size, node) => size + entrySize(node), 2),
  encode(value, into, offset) {
    let at = writeUint16(value.length, into, offset);
    for (const node of value) {
      into[at] = (node.self ? SELF : 0) | (node.missing ? MISSING : 0);
      at = writeUint32(node.clients, into, at + 1);
      at = writeUint32(node.messagesPerSecond, into, at);
      at = writeUint64(node.sinceMs, into, at);
      at = writeUint32(node.roundTripUs, into, at);
      at = encodeShortText(node.address, into, at);
      at = encodeShortText(node.name, into, at);
      at = writeUint16(node.ranges.length, into, at);
      for (const { first, last } of node.ranges) {
        at = writeUint32(last, into, writeUint32(first, into, at));
      }
    }
    return at;
  },
  decode(payload) {
    const reader = new PayloadReader(payload);
    const count = reader.uint16("the number of nodes");
    const nodes: NodeEntry[] = [];
    for (let i = 0; i < count; i++) nodes.push(readEntry(reader));
    reader.end();
    return nodes;
  },
};

function readEntry(reader: PayloadReader): NodeEntry {
  const flags = reader.uint8("a node's flags");
  return {
    self: (flags & SELF) !== 0,
    missing: (flags & MISSING) !== 0,
    clients: reader.uint32("how many clients a node has"),
    messagesPerSecond: reader.uint32("a node's messages in a second"),
    sinceMs: reader.uint64("since when a node runs"),
    roundTripUs: reader.uint32("a node's round trip"),
    address: reader.shortText("a node's address"),
    name: reader.shortText("a node's name"),
    ranges: readRanges(reader),
  };
}

function readRanges(reader: PayloadReader): NumberRange[] {
  const count = reader.uint16("how many ranges of numbers a node has");
  const ranges: NumberRange[] = [];
  for (let i = 0; i < count; i++) {
    ranges.push({
      first: reader.uint32("the first number of a range"),
      last: reader.uint32("the last number of a range"),
    });
  }
  return ranges;
}

function entrySize({ address, name, ranges }: NodeEntry): number {
  return 25 + maxTextSize(address) + maxTextSize(name) + 8 * ranges.length;
}
