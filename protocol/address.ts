import { ProtocolError, ProtocolErrorCode } from "./protocol_error.ts";
import type { PayloadReader } from "./payload_reader.ts";

const DOT = 0x2e;
const ZERO = 0x30;

/**
 * Reads an IP address as it is written, into 4 or 16 bytes. An IPv4 address
 * that is mapped into IPv6 (`::ffff:192.0.2.1`) becomes the IPv4 address that
 * it is; a zone (`fe80::1%eth0`) means something on one machine only and is
 * left out.
 *
 * @throws {TypeError} If the text is not an IP address.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseAddress("192.0.2.1"), Uint8Array.of(192, 0, 2, 1));
 * assertEquals(parseAddress("::ffff:192.0.2.1"), Uint8Array.of(192, 0, 2, 1));
 * assertEquals(parseAddress("2001:db8::1").length, 16);
 * ```
 */
export function parseAddress(text: string): Uint8Array {
  const bytes = text.includes(":") ? parseIpv6(text) : parseIpv4(text);
  if (bytes === undefined) {
    throw new TypeError(`Expected an IP address, got "${text}"`);
  }
  return isMappedIpv4(bytes) ? bytes.subarray(12) : bytes;
}

/**
 * Writes an address of 4 or 16 bytes as text, IPv6 in the short form of RFC
 * 5952.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatAddress(Uint8Array.of(192, 0, 2, 1)), "192.0.2.1");
 * assertEquals(formatAddress(parseAddress("2001:db8:0:0::1")), "2001:db8::1");
 * ```
 */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) {
    groups.push((bytes[at]! << 8 | bytes[at + 1]!).toString(16));
  }
  // URL hosts are written in exactly this form: WHATWG URL, "IPv6 serializer".
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

/** An address and a port as people write them: IPv6 goes into brackets. */
export function formatEndpoint(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Bytes that {@linkcode writeAddress} writes for an address. */
export function addressSize(address: string): number {
  return 1 + parseAddress(address).length;
}

/** Writes the length, 4 or 16, and the bytes of an address. */
export function writeAddress(
  address: string,
  into: Uint8Array,
  offset: number,
): number {
  const bytes = parseAddress(address);
  into[offset] = bytes.length;
  into.set(bytes, offset + 1);
  return offset + 1 + bytes.length;
}

/** Reads what {@linkcode writeAddress} writes. */
export function readAddress(reader: PayloadReader): string {
  const start = reader.offset;
  const length = reader.uint8("the address length");
  if (length !== 4 && length !== 16) {
    throw new ProtocolError(
      ProtocolErrorCode.badPayload,
      start,
      `Expected an address length of 4 or 16, got ${length}`,
    );
  }
  return formatAddress(reader.bytes("the address", length));
}

/** Character by character: a page of a list has thousands of addresses. */
function parseIpv4(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(4);
  let part = 0;
  let value = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT && value >= 0 && part < 3) {
      bytes[part++] = value;
      value = -1;
    } else if (code >= ZERO && code <= ZERO + 9 && value !== 0) {
      value = Math.max(value, 0) * 10 + code - ZERO;
      if (value > 255) return undefined;
    } else {
      return undefined;
    }
  }
  if (part < 3 || value < 0) return undefined;
  bytes[part] = value;
  return bytes;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const unzoned = text.split("%")[0]!;
  if (!/^[0-9a-f:.]+$/i.test(unzoned)) return undefined;
  const url = URL.parse(`http://[${unzoned}]`);
  if (url === null) return undefined;
  const [head = "", tail] = url.hostname.slice(1, -1).split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array(8 - left.length - right.length).fill("0");
  const bytes = new Uint8Array(16);
  [...left, ...zeros, ...right].forEach((group, i) => {
    const value = Number.parseInt(group, 16);
    bytes[2 * i] = value >>> 8;
    bytes[2 * i + 1] = value;
  });
  return bytes;
}

function isMappedIpv4(bytes: Uint8Array): boolean {
  return bytes.length === 16 && bytes[10] === 0xff && bytes[11] === 0xff &&
    bytes.subarray(0, 10).every((byte) => byte === 0);
}
