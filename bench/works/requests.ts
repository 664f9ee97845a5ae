import {
  Command,
  empty,
  encodeFrame,
  FrameType,
  HEADER_SIZE,
} from "../../protocol/mod.ts";
import type { RequestJob, Result } from "../job.ts";
import {
  connect,
  readExactly,
  repeat,
  unitCounter,
  writeAll,
} from "../wires/wire.ts";
import { measure } from "./measure.ts";

/** Has every connection keep `window` time requests unanswered. */
export async function requests(job: RequestJob): Promise<Result> {
  const { port, window, answerSize } = job;
  const header = { type: FrameType.request, status: 0, id: 1 };
  const request = encodeFrame(
    { ...header, command: Command.time },
    empty,
    undefined,
  );
  const batch = repeat(request, window);
  let answered = 0;
  const keepAsking = async (conn: Deno.Conn) => {
    const count = unitCounter(answerSize);
    const buffer = new Uint8Array(64 * 1024);
    let wanted = window;
    for (;;) {
      if (wanted > 0) {
        await writeAll(conn, batch.subarray(0, wanted * HEADER_SIZE));
      }
      const read = await conn.read(buffer);
      if (read === null) throw new Error("A client was dropped");
      wanted = count(buffer.subarray(0, read));
      answered += wanted;
    }
  };
  for (let i = 0; i < job.connections; i++) {
    const conn = await connect(port);
    if (job.greeting) await skipFrame(conn);
    keepAsking(conn);
  }
  return await measure(job, () => answered);
}

/** Reads one frame and forgets it. */
export async function skipFrame(conn: Deno.Conn): Promise<void> {
  const header = await readExactly(conn, HEADER_SIZE);
  await readExactly(conn, new DataView(header.buffer).getUint32(12));
}
