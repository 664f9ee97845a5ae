/**
 * The blocks of a pcapng file, as
 * [draft-ietf-opsawg-pcapng](https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/)
 * lays them out: a section header, an interface description, then packets. All
 * of them are written in little endian, which the section header tells.
 *
 * @module
 */

/** The types of the blocks. */
export const BlockType = {
  sectionHeader: 0x0a0d0d0a,
  interfaceDescription: 1,
  interfaceStatistics: 5,
  enhancedPacket: 6,
} as const;

/** What the section header has at its beginning, in the file's byte order. */
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** The link type of Ethernet. */
export const LINKTYPE_ETHERNET = 1;

/** The codes of the options that are used, each in the blocks that have it. */
const Option = {
  userApplication: 4,
  interfaceName: 2,
  interfaceDescription: 3,
  packetFlags: 2,
  droppedBySystem: 7,
} as const;

/** What begins and ends every block: its type and twice its length. */
const FRAME_SIZE = 12;

/** Begins a file: `application` is the program that writes it. */
export function sectionHeader(application: string): Uint8Array<ArrayBuffer> {
  const fixed = new Uint8Array(16);
  const view = new DataView(fixed.buffer);
  view.setUint32(0, BYTE_ORDER_MAGIC, true);
  view.setUint16(4, 1, true); // version 1.0
  view.setBigInt64(8, -1n, true); // the section's length is not known
  return block(BlockType.sectionHeader, [
    fixed,
    option(Option.userApplication, application),
    NO_MORE_OPTIONS,
  ]);
}

/** Describes the interface that packets come from: one of Ethernet. */
export function interfaceDescription(
  name: string,
  description: string,
): Uint8Array<ArrayBuffer> {
  const fixed = new Uint8Array(8);
  new DataView(fixed.buffer).setUint16(0, LINKTYPE_ETHERNET, true);
  return block(BlockType.interfaceDescription, [
    fixed,
    option(Option.interfaceName, name),
    option(Option.interfaceDescription, description),
    NO_MORE_OPTIONS,
  ]);
}

/** A packet, when it passed (in microseconds since 1970), and which way. */
export function enhancedPacket(
  timeUs: number,
  direction: "in" | "out",
  packet: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const fixed = new Uint8Array(20);
  const view = new DataView(fixed.buffer);
  writeTime(view, 4, timeUs);
  view.setUint32(12, packet.length, true);
  view.setUint32(16, packet.length, true);
  return block(BlockType.enhancedPacket, [
    fixed,
    packet,
    direction === "in" ? INBOUND : OUTBOUND,
    NO_MORE_OPTIONS,
  ]);
}

/** Says how many packets are not in the file because they came too fast. */
export function interfaceStatistics(
  timeUs: number,
  dropped: number,
): Uint8Array<ArrayBuffer> {
  const fixed = new Uint8Array(12);
  writeTime(new DataView(fixed.buffer), 4, timeUs);
  const count = new Uint8Array(8);
  new DataView(count.buffer).setBigUint64(0, BigInt(dropped), true);
  return block(BlockType.interfaceStatistics, [
    fixed,
    option(Option.droppedBySystem, count),
    NO_MORE_OPTIONS,
  ]);
}

const NO_MORE_OPTIONS = new Uint8Array(4);
const INBOUND = option(Option.packetFlags, Uint8Array.of(1, 0, 0, 0));
const OUTBOUND = option(Option.packetFlags, Uint8Array.of(2, 0, 0, 0));

/** Times are 64 bits of microseconds, the upper half first. */
function writeTime(view: DataView, at: number, timeUs: number): void {
  view.setUint32(at, Math.floor(timeUs / 2 ** 32), true);
  view.setUint32(at + 4, timeUs % 2 ** 32, true);
}

/** All parts of a block, each filled up to a multiple of 4 bytes. */
function block(
  type: number,
  parts: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const size = FRAME_SIZE +
    parts.reduce((size, part) => size + padded(part.length), 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, size, true);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += padded(part.length);
  }
  view.setUint32(at, size, true);
  return bytes;
}

function option(code: number, value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === "string"
    ? new TextEncoder().encode(value)
    : value;
  const whole = new Uint8Array(4 + bytes.length);
  const view = new DataView(whole.buffer);
  view.setUint16(0, code, true);
  view.setUint16(2, bytes.length, true);
  whole.set(bytes, 4);
  return whole;
}

function padded(size: number): number {
  return Math.ceil(size / 4) * 4;
}
