import { formatAddress } from "../protocol/mod.ts";
import { BlockType, BYTE_ORDER_MAGIC, LINKTYPE_ETHERNET } from "./pcapng.ts";
import type { TcpSegment } from "./tcp_packet.ts";

/** A TCP packet of a capture. */
export interface CapturedSegment extends TcpSegment {
  /** Which packet of the capture it is, counted from 1 as Wireshark does. */
  readonly number: number;
  /** When it passed, in microseconds since 1970. */
  readonly timeUs: number;
}

/**
 * Reads the TCP packets of a pcapng file: of one that {@linkcode Capture} has
 * written, or that `dumpcap` has, from interfaces that are Ethernet's (a
 * loopback is). Other packets are counted and left out, as is a block that the
 * file ends in.
 *
 * @throws {TypeError} If it is something else.
 */
export function readCapture(bytes: Uint8Array): CapturedSegment[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const segments: CapturedSegment[] = [];
  let little = true;
  let resolutions: number[] = [];
  let number = 0;
  for (let at = 0; at + 12 <= bytes.length;) {
    const type = view.getUint32(at, little);
    if (type === BlockType.sectionHeader) {
      little = view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC;
      if (!little && view.getUint32(at + 8) !== BYTE_ORDER_MAGIC) {
        throw new TypeError("Expected a pcapng file, got another byte order");
      }
      resolutions = [];
    } else if (at === 0) {
      throw new TypeError(
        `Expected a pcapng file, got one that begins with 0x${
          type.toString(16)
        }`,
      );
    }
    const size = view.getUint32(at + 4, little);
    if (size < 12 || at + size > bytes.length) break;
    if (type === BlockType.interfaceDescription) {
      const linkType = view.getUint16(at + 8, little);
      if (linkType !== LINKTYPE_ETHERNET) {
        throw new TypeError(
          `Expected the link type of Ethernet, 1, got ${linkType}`,
        );
      }
      resolutions.push(resolution(view, at + 16, at + size - 4, little));
    } else if (type === BlockType.enhancedPacket) {
      number++;
      const perSecond = resolutions[view.getUint32(at + 8, little)] ?? 1e6;
      const time = view.getUint32(at + 12, little) * 2 ** 32 +
        view.getUint32(at + 16, little);
      const packet = bytes.subarray(
        at + 28,
        at + 28 + view.getUint32(at + 20, little),
      );
      const segment = parseTcp(packet);
      if (segment !== undefined) {
        segments.push({ number, timeUs: time / perSecond * 1e6, ...segment });
      }
    }
    at += size;
  }
  return segments;
}

/** How many units of time an interface counts in a second. */
function resolution(
  view: DataView,
  start: number,
  end: number,
  little: boolean,
): number {
  const TIMESTAMP_RESOLUTION = 9;
  for (let at = start; at + 4 <= end;) {
    const code = view.getUint16(at, little);
    const length = view.getUint16(at + 2, little);
    if (code === 0) break;
    if (code === TIMESTAMP_RESOLUTION) {
      const value = view.getUint8(at + 4);
      return value < 0x80 ? 10 ** value : 2 ** (value & 0x7f);
    }
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return 1e6;
}

/** The TCP segment in an Ethernet frame, if there is one. */
function parseTcp(packet: Uint8Array): TcpSegment | undefined {
  if (packet.length < 14) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const etherType = view.getUint16(12);
  let tcpAt: number, end: number, from: string, to: string;
  if (etherType === 0x0800 && packet[23] === 6) {
    tcpAt = 14 + (packet[14]! & 0x0f) * 4;
    // What the kernel has not yet cut into packets can be too long to say so.
    end = 14 + (view.getUint16(16) || packet.length);
    from = formatAddress(packet.subarray(26, 30));
    to = formatAddress(packet.subarray(30, 34));
  } else if (etherType === 0x86dd && packet[20] === 6) {
    tcpAt = 14 + 40;
    end = tcpAt + view.getUint16(18);
    from = formatAddress(packet.subarray(22, 38));
    to = formatAddress(packet.subarray(38, 54));
  } else {
    return undefined;
  }
  if (tcpAt + 20 > packet.length) return undefined;
  const payloadAt = tcpAt + (view.getUint8(tcpAt + 12) >> 4) * 4;
  return {
    from: { address: from, port: view.getUint16(tcpAt) },
    to: { address: to, port: view.getUint16(tcpAt + 2) },
    sequence: view.getUint32(tcpAt + 4),
    acknowledged: view.getUint32(tcpAt + 8),
    flags: view.getUint8(tcpAt + 13),
    payload: packet.subarray(payloadAt, end),
  };
}
