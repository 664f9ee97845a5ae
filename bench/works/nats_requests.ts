import { pause } from "../../tools/pause.ts";
import type { NatsRequestJob, Result } from "../job.ts";
import { measure } from "./measure.ts";

/** What requests are published under. */
export const REQUEST_SUBJECT = "bench.requests";

/** How long an answer may take, in milliseconds. */
const TIMEOUT_MS = 10_000;

/**
 * Keeps `window` requests unanswered, on one connection, in the way that NATS's
 * library recommends. That library does here what Parley's servers do for the
 * clients of others, so this process counts as a server, too.
 */
export async function natsRequests(job: NatsRequestJob): Promise<Result> {
  // Named like this it is fetched when it runs, not when anything is checked.
  const NATS = "npm:@nats-io/transport-node@3.4.0";
  const { connect } = await import(NATS);
  const connection = await connect({ port: job.before[0] });
  const request = new Uint8Array(job.size).fill(0x61);
  let answered = 0;
  const keepAsking = async () => {
    for (;;) {
      await connection.request(REQUEST_SUBJECT, request, {
        timeout: TIMEOUT_MS,
      });
      answered++;
    }
  };
  for (let i = 0; i < job.window; i++) keepAsking();
  // Once an answer has come, all is in place.
  while (answered === 0) await pause(1);
  const pids = [...job.pids, Deno.pid];
  return await measure({ ...job, pids }, () => answered);
}
