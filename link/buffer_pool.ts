/** The smallest buffer, in bytes. Each class is twice the one before. */
const SMALLEST_SIZE = 4096;
/** Buffers beyond this size are not kept. */
const LARGEST_KEPT_SIZE = 1024 * 1024;
/** So many bytes are kept at the most. */
const MAX_KEPT = 16 * 1024 * 1024;

const kept = new Map<number, Uint8Array<ArrayBuffer>[]>();
let keptBytes = 0;

/**
 * Borrows a buffer of at least so many bytes, with anything in it. All
 * connections share them: a quiet one has none, and a busy one need not wait for
 * new memory to be cleared.
 */
export function takeBuffer(size: number): Uint8Array<ArrayBuffer> {
  const capacity = classOf(size);
  const buffer = kept.get(capacity)?.pop();
  if (buffer === undefined) return new Uint8Array(capacity);
  keptBytes -= capacity;
  return buffer;
}

/** Gives a buffer back that nobody looks at any more. */
export function giveBuffer(buffer: Uint8Array<ArrayBuffer>): void {
  const { length } = buffer;
  if (length > LARGEST_KEPT_SIZE || keptBytes + length > MAX_KEPT) return;
  const others = kept.get(length);
  if (others === undefined) kept.set(length, [buffer]);
  else others.push(buffer);
  keptBytes += length;
}

function classOf(size: number): number {
  let capacity = SMALLEST_SIZE;
  while (capacity < size) capacity *= 2;
  return capacity;
}
