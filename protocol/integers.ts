/** Reads an unsigned 16-bit integer. */
export function readUint16(bytes: Uint8Array, at: number): number {
  return bytes[at]! << 8 | bytes[at + 1]!;
}

/** Reads an unsigned 32-bit integer. */
export function readUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24 | bytes[at + 1]! << 16 | bytes[at + 2]! << 8 |
    bytes[at + 3]!) >>> 0;
}

/** Writes an unsigned 16-bit integer; returns the offset behind it. */
export function writeUint16(
  value: number,
  into: Uint8Array,
  offset: number,
): number {
  into[offset] = value >>> 8;
  into[offset + 1] = value;
  return offset + 2;
}

/** Writes an unsigned 32-bit integer; returns the offset behind it. */
export function writeUint32(
  value: number,
  into: Uint8Array,
  offset: number,
): number {
  into[offset] = value >>> 24;
  into[offset + 1] = value >>> 16;
  into[offset + 2] = value >>> 8;
  into[offset + 3] = value;
  return offset + 4;
}

/** Writes an unsigned integer of up to 2^53 - 1 as 64 bits. */
export function writeUint64(
  value: number,
  into: Uint8Array,
  offset: number,
): number {
  writeUint32(Math.floor(value / 0x100000000), into, offset);
  return writeUint32(value >>> 0, into, offset + 4);
}
