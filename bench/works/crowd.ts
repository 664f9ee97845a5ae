import { Client } from "../../client/mod.ts";
import type { CrowdJob, Result } from "../job.ts";
import { cpuSeconds, residentBytes } from "../../tools/process_facts.ts";
import type { Wire } from "../wires/wire.ts";
import { pause } from "../../tools/pause.ts";
import { sumOf } from "./sum_of.ts";

/** Connects a crowd, takes what it costs, and asks for the list of it. */
export async function crowd(job: CrowdJob, wire: Wire): Promise<Result> {
  const { pids, port, clients } = job;
  const before = await sumOf(pids, residentBytes);
  for (let i = 0; i < clients; i++) await wire.quiet(port);
  await pause(job.warmUpMs);
  const after = await sumOf(pids, residentBytes);
  const start = { cpu: await sumOf(pids, cpuSeconds), ms: performance.now() };
  for (let i = 0; i < job.lists; i++) {
    await using client = await Client.connect({ port });
    const { length } = await client.list();
    if (length !== clients + 1) {
      throw new Error(`Expected ${clients + 1} clients, got ${length}`);
    }
  }
  if (job.lists === 0) await pause(job.measureMs);
  return {
    count: job.lists,
    seconds: (performance.now() - start.ms) / 1000,
    cpuSeconds: await sumOf(pids, cpuSeconds) - start.cpu,
    residentBytes: [before, after],
  };
}
