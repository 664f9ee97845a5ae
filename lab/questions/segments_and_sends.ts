import { type SocketInfo, sockets } from "../sockets.ts";
import { cat, type Printed } from "./cat.ts";

/** A way to send bytes. */
export type Way =
  /** Many small writes. */
  | "small"
  /** The same with TCP_NODELAY: nothing waits for an acknowledgement. */
  | "small-at-once"
  /** One large write. */
  | "large";

/** What became of bytes that were sent in one way. */
export interface Sending {
  readonly way: Way;
  /** How many bytes. */
  readonly bytes: number;
  /** In how many writes. */
  readonly writes: number;
  /** In how many segments with data, as the sender's kernel has counted them. */
  readonly segments: number;
  /** The largest segment that the connection allows, in bytes of data. */
  readonly mss: number;
  /** How many reads brought them. */
  readonly reads: number;
}

/** How sends, segments and reads go together. */
export interface SegmentsSeen {
  readonly sendings: readonly Sending[];
  /** The command line that shows the kernel's count, and for the last what it printed. */
  readonly counted: Printed;
  /** The most bytes that a read brings. */
  readonly readSize: number;
  /** How large a packet of the loopback interface can be. */
  readonly mtu: Printed;
}

const SMALL_WRITES = 100;
/** As large as a request of Parley's. */
const SMALL_BYTES = 16;
const LARGE_BYTES = 1_000_000;
const READ_SIZE = 65_536;

/** Sends bytes on connections of its own, in each way. */
export async function observeSegments(): Promise<SegmentsSeen> {
  const small = Array.from({ length: SMALL_WRITES }, () => SMALL_BYTES);
  const seen = [
    await send("small", small),
    await send("small-at-once", small),
    await send("large", [LARGE_BYTES]),
  ];
  return {
    sendings: seen.map(({ sending }) => sending),
    counted: seen.at(-1)!.counted,
    readSize: READ_SIZE,
    mtu: await cat("/sys/class/net/lo/mtu"),
  };
}

async function send(
  way: Way,
  sizes: readonly number[],
): Promise<{ sending: Sending; counted: Printed }> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  using near = await Deno.connect({ hostname: "127.0.0.1", port });
  using far = await listener.accept();
  near.setNoDelay(way === "small-at-once");
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const [writes, reads] = await Promise.all([
    writeAll(near, sizes),
    readAll(far, bytes),
  ]);
  const { command, output, sockets: [socket] } = await sockets({
    // Another connection, to somebody else, may have had this port before.
    filter: `sport = :${near.localAddr.port} and dport = :${port}`,
    info: true,
  });
  const { dataSegsOut: segments, mss } = socket?.info as SocketInfo;
  return {
    sending: { way, bytes, writes, segments, mss, reads },
    counted: { command, output },
  };
}

/** Writes so many bytes at a time; returns how many writes that took. */
async function writeAll(
  conn: Deno.Conn,
  sizes: readonly number[],
): Promise<number> {
  let writes = 0;
  for (const size of sizes) {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; writes++) {
      at += await conn.write(bytes.subarray(at));
    }
  }
  return writes;
}

/** Reads so many bytes; returns how many reads that took. */
async function readAll(conn: Deno.Conn, bytes: number): Promise<number> {
  const buffer = new Uint8Array(READ_SIZE);
  let reads = 0;
  for (let at = 0; at < bytes; reads++) {
    const size = await conn.read(buffer);
    if (size === null) throw new Error(`Expected ${bytes} bytes, got ${at}`);
    at += size;
  }
  return reads;
}
