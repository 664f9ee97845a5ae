/** The way from a value to the bytes of a payload. */
export interface Encoder<T> {
  /** How many bytes {@linkcode Encoder.encode} writes, at most. */
  sizeOf(value: T): number;
  /**
   * Writes `value` to `into` at `offset`, where `sizeOf(value)` bytes are free,
   * and returns the offset behind it.
   */
  encode(value: T, into: Uint8Array, offset: number): number;
}

/** The way from the bytes of a payload to a value. */
export interface Decoder<T> {
  /**
   * Reads a value from a whole payload. Byte arrays in it are views of the
   * payload.
   *
   * @throws {ProtocolError} If the payload does not have this layout; the
   * error's offset counts from the start of the payload.
   */
  decode(payload: Uint8Array): T;
}

/** How the payload of one command is laid out: to bytes and back. */
export interface Codec<T> extends Encoder<T>, Decoder<T> {}
