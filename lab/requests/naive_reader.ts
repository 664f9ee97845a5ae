import {
  Command,
  empty,
  encodeFrame,
  FrameDecoder,
  FrameType,
  HEADER_SIZE,
} from "../../protocol/mod.ts";

/** How requests are given to the kernel. */
export type Writes =
  /** All in one write. */
  | "one"
  /** A write for each, one behind the other, without a pause. */
  | "each"
  /** A write for each, once the one before it is answered. */
  | "waiting";

/** What a naive reader asks, and where. */
export interface NaiveReaderOptions {
  /** The server's port on this machine. */
  readonly port: number;
  /** How many requests to send. */
  readonly count: number;
  /** How they are given to the kernel. */
  readonly writes: Writes;
}

/** What became of the requests of a reader that takes a read for a packet. */
export interface NaiveReading {
  /** How the requests were given to the kernel. */
  readonly writes: Writes;
  /** How many bytes each read brought. */
  readonly reads: readonly number[];
  /** How many responses it has seen: reads that begin with one. */
  readonly seen: number;
  /** Reads that begin inside of a response: nonsense to who takes them for one. */
  readonly garbled: number;
  /** How many responses really came, by Parley's decoder on the same bytes. */
  readonly came: number;
}

/** The most bytes that a read brings: more than any response needs. */
export const READ_SIZE = 4_096;

/** The largest payload that is expected of a server, in bytes. */
const MAX_PAYLOAD = 67_584;

/**
 * Asks a server for its time many times, and reads the answers as one does who
 * takes every read for one packet: whatever stands behind the first response of
 * a read is lost. Beside it, Parley's decoder looks at the same bytes, so that it
 * is known what really came, and when all has.
 *
 * @throws {Error} If the server closes before all has come.
 */
export async function readNaively(
  { port, count, writes }: NaiveReaderOptions,
): Promise<NaiveReading> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const buffer = new Uint8Array(READ_SIZE);
  const decoder = new FrameDecoder({ maxPayload: MAX_PAYLOAD });
  let came = 0;
  const read = async () => {
    const size = await conn.read(buffer);
    if (size === null) {
      throw new Error(`Expected ${count} responses, got ${came}`);
    }
    const beginsFrame = decoder.unfinished === 0 && size >= HEADER_SIZE;
    decoder.push(buffer.subarray(0, size), ({ type }) => {
      if (type === FrameType.response) came++;
    });
    return { size, beginsFrame };
  };

  await read(); // The server's hello.
  const requests = Array.from({ length: count }, (_, i) => request(i + 1));
  const reads: number[] = [];
  let seen = 0;
  const readUntil = async (expected: number) => {
    while (came < expected) {
      const { size, beginsFrame } = await read();
      reads.push(size);
      if (beginsFrame) seen++;
    }
  };
  switch (writes) {
    case "one":
      await Promise.all([writeAll(conn, [join(requests)]), readUntil(count)]);
      break;
    case "each":
      await Promise.all([writeAll(conn, requests), readUntil(count)]);
      break;
    case "waiting":
      for (const [i, bytes] of requests.entries()) {
        await writeAll(conn, [bytes]);
        await readUntil(i + 1);
      }
  }
  return { writes, reads, seen, garbled: reads.length - seen, came };
}

/** A request for the time. */
function request(id: number): Uint8Array {
  const { request: type } = FrameType;
  const header = { type, command: Command.time, status: 0, id };
  return encodeFrame(header, empty, undefined);
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(pieces.flatMap((piece) => [...piece]));
}

async function writeAll(
  conn: Deno.Conn,
  pieces: readonly Uint8Array[],
): Promise<void> {
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      at += await conn.write(piece.subarray(at));
    }
  }
}
