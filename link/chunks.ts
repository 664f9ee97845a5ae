import type { Transport } from "./transport.ts";

/** The read buffer of a quiet connection, in bytes. */
const QUIET_BUFFER_SIZE = 512;
/** The read buffer of a busy one. */
const BUSY_BUFFER_SIZE = 64 * 1024;
/** So many small reads in a row make a connection a quiet one again. */
const QUIET_READS = 16;

/**
 * What a transport delivers, as a stream that reads only when it is asked to.
 *
 * All chunks are views of one buffer that the next read fills again: look at a
 * chunk before you ask for the next. The buffer begins small, grows while reads
 * fill it and shrinks when they no longer do, so that thousands of quiet
 * connections stay cheap. `conn.readable` has neither property and moves half
 * as much.
 */
export function chunks(transport: Transport): ReadableStream<Uint8Array> {
  let buffer = new Uint8Array(QUIET_BUFFER_SIZE);
  let smallReads = 0;
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const take = (count: number | null) => {
    if (count === null) return controller.close();
    controller.enqueue(buffer.subarray(0, count));
    smallReads = count < QUIET_BUFFER_SIZE ? smallReads + 1 : 0;
    if (count === buffer.length && count < BUSY_BUFFER_SIZE) {
      buffer = new Uint8Array(Math.min(4 * count, BUSY_BUFFER_SIZE));
    } else if (
      smallReads >= QUIET_READS && buffer.length > QUIET_BUFFER_SIZE
    ) {
      buffer = new Uint8Array(QUIET_BUFFER_SIZE);
    }
  };
  return new ReadableStream<Uint8Array>({
    start(own) {
      controller = own;
    },
    // Not an async function: a read has promises enough.
    pull: () => transport.read(buffer).then(take),
  }, { highWaterMark: 0 });
}
