/**
 * The load generator: does one job, which it is given as JSON on its command
 * line, and prints what it has found as JSON. It is a process of its own, so that
 * it is not the server's event loop, and does as little as it can for a message:
 * frames are made before, written together, and counted by their size.
 *
 * @module
 */

import type { Job, Result, WireName } from "./job.ts";
import { mqtt } from "./wires/mqtt.ts";
import { nats } from "./wires/nats.ts";
import { parley } from "./wires/parley.ts";
import { redis } from "./wires/redis.ts";
import type { Wire } from "./wires/wire.ts";
import { crowd } from "./works/crowd.ts";
import { latency } from "./works/latency.ts";
import { natsRequests } from "./works/nats_requests.ts";
import { relay } from "./works/relay.ts";
import { requests } from "./works/requests.ts";
import { visits } from "./works/visits.ts";

/** Each protocol by its name. */
const wires: Readonly<Record<WireName, Wire>> = { parley, nats, mqtt, redis };

function run(job: Job): Promise<Result> {
  switch (job.work) {
    case "relay":
      return relay(job, wires[job.wire]);
    case "latency":
      return latency(job, wires[job.wire]);
    case "requests":
      return requests(job);
    case "nats-requests":
      return natsRequests(job);
    case "visits":
      return visits(job);
    case "crowd":
      return crowd(job, wires[job.wire]);
  }
}

console.log(JSON.stringify(await run(JSON.parse(Deno.args[0]!))));
Deno.exit(0);
