import type { Endpoint } from "../link/mod.ts";
import { parseAddress } from "../protocol/mod.ts";

/** The bits of TCP's flags that captures have (RFC 9293, section 3.1). */
export const TcpFlag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;

/** What one TCP packet says. */
export interface TcpSegment {
  /** Who sends it. */
  readonly from: Endpoint;
  /** Whom it is for. */
  readonly to: Endpoint;
  /** The number of its first byte, modulo 2^32. */
  readonly sequence: number;
  /** The number of the byte that is expected next, modulo 2^32. */
  readonly acknowledged: number;
  /** A sum of {@linkcode TcpFlag}. */
  readonly flags: number;
  /** What it carries: at most {@linkcode MAX_SEGMENT} bytes. */
  readonly payload: Uint8Array;
}

/** The most bytes that a TCP segment in one IPv4 packet can carry. */
export const MAX_SEGMENT = 65_535 - 20 - 24;

const ETHERNET_SIZE = 14;
const IPV4_SIZE = 20;
const IPV6_SIZE = 40;
const TCP_SIZE = 20;

/** IP's number for TCP, and how many hops a packet may make. */
const PROTOCOL_TCP = 6;
const HOPS = 64;

/** A window of 2^16 - 1 times 2^14 bytes (RFC 7323), the largest there is. */
const WINDOW = 0xffff;
/** No operation, then the window scale: what a SYN carries. */
const SYN_OPTIONS = Uint8Array.of(1, 3, 3, 14);

/**
 * Writes an Ethernet frame with the IP packet (version 4 or 6, as the addresses
 * are) with a TCP segment, checksums included.
 *
 * Nobody has sent it: sizes and checksums are right, and what only a network
 * card and a kernel know is made up: MAC addresses are those of a private
 * range, with the IP address's last four bytes.
 *
 * @throws {TypeError} If an address is not an IP address.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const packet = tcpPacket({
 *   from: { address: "192.0.2.1", port: 2203 },
 *   to: { address: "192.0.2.2", port: 51000 },
 *   sequence: 1,
 *   acknowledged: 1,
 *   flags: TcpFlag.ack,
 *   payload: new TextEncoder().encode("PY"),
 * });
 * assertEquals(packet.length, 14 + 20 + 20 + 2);
 * ```
 */
export function tcpPacket(segment: TcpSegment): Uint8Array<ArrayBuffer> {
  const { payload, flags } = segment;
  const from = parseAddress(segment.from.address);
  const to = parseAddress(segment.to.address);
  const isIpv4 = from.length === 4;
  const options = (flags & TcpFlag.syn) === 0 ? 0 : SYN_OPTIONS.length;
  const tcpAt = ETHERNET_SIZE + (isIpv4 ? IPV4_SIZE : IPV6_SIZE);
  const tcpSize = TCP_SIZE + options + payload.length;
  const bytes = new Uint8Array(tcpAt + tcpSize);
  const view = new DataView(bytes.buffer);

  writeMac(bytes, 0, to);
  writeMac(bytes, 6, from);
  view.setUint16(12, isIpv4 ? 0x0800 : 0x86dd);
  if (isIpv4) writeIpv4(view, bytes, from, to, tcpSize);
  else writeIpv6(view, bytes, from, to, tcpSize);

  view.setUint16(tcpAt, segment.from.port);
  view.setUint16(tcpAt + 2, segment.to.port);
  view.setUint32(tcpAt + 4, segment.sequence);
  view.setUint32(tcpAt + 8, segment.acknowledged);
  view.setUint8(tcpAt + 12, (TCP_SIZE + options) / 4 << 4);
  view.setUint8(tcpAt + 13, flags);
  view.setUint16(tcpAt + 14, WINDOW);
  if (options > 0) bytes.set(SYN_OPTIONS, tcpAt + TCP_SIZE);
  bytes.set(payload, tcpAt + TCP_SIZE + options);
  const pseudo = sum(from) + sum(to) + PROTOCOL_TCP + tcpSize;
  view.setUint16(tcpAt + 16, checksum(pseudo + sum(bytes.subarray(tcpAt))));
  return bytes;
}

/** `02:00` means: given by nobody, used by whoever wants to. */
function writeMac(bytes: Uint8Array, at: number, address: Uint8Array): void {
  bytes[at] = 0x02;
  bytes.set(address.subarray(-4), at + 2);
}

function writeIpv4(
  view: DataView,
  bytes: Uint8Array,
  from: Uint8Array,
  to: Uint8Array,
  size: number,
): void {
  const at = ETHERNET_SIZE;
  view.setUint8(at, 0x45);
  view.setUint16(at + 2, IPV4_SIZE + size);
  view.setUint16(at + 6, 0x4000); // do not fragment
  view.setUint8(at + 8, HOPS);
  view.setUint8(at + 9, PROTOCOL_TCP);
  bytes.set(from, at + 12);
  bytes.set(to, at + 16);
  view.setUint16(at + 10, checksum(sum(bytes.subarray(at, at + IPV4_SIZE))));
}

function writeIpv6(
  view: DataView,
  bytes: Uint8Array,
  from: Uint8Array,
  to: Uint8Array,
  size: number,
): void {
  const at = ETHERNET_SIZE;
  view.setUint8(at, 0x60);
  view.setUint16(at + 4, size);
  view.setUint8(at + 6, PROTOCOL_TCP);
  view.setUint8(at + 7, HOPS);
  bytes.set(from, at + 8);
  bytes.set(to, at + 24);
}

/** The sum of all 16-bit words; of at most 2^16 bytes it is exact. */
function sum(bytes: Uint8Array): number {
  let total = 0;
  for (let at = 0; at < bytes.length; at += 2) {
    total += (bytes[at]! << 8) + (bytes[at + 1] ?? 0);
  }
  return total;
}

/** The internet checksum (RFC 1071) of what was summed. */
function checksum(total: number): number {
  while (total > 0xffff) total = (total & 0xffff) + Math.floor(total / 0x10000);
  return ~total & 0xffff;
}
