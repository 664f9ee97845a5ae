import {
  Command,
  encodeFrame,
  FrameType,
  goodbye,
  GoodbyeReason,
} from "../../protocol/mod.ts";
import type { Result, VisitJob } from "../job.ts";
import { connect, writeAll } from "../wires/wire.ts";
import { measure } from "./measure.ts";
import { skipFrame } from "./requests.ts";

/** Has visitors connect, read the hello, say goodbye, read the answer, close. */
export async function visits(job: VisitJob): Promise<Result> {
  const header = { type: FrameType.indication, status: 0, id: 1 };
  const leaving = encodeFrame(
    { ...header, command: Command.goodbye },
    goodbye,
    { reason: GoodbyeReason.leaving, text: "leaving" },
  );
  let visited = 0;
  const keepVisiting = async () => {
    for (;;) {
      const conn = await connect(job.port);
      await skipFrame(conn);
      await writeAll(conn, leaving);
      await skipFrame(conn);
      conn.close();
      visited++;
    }
  };
  for (let i = 0; i < job.visitors; i++) keepVisiting();
  return await measure(job, () => visited);
}
