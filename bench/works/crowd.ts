import { Client } from "../../client/mod.ts";
import type { CrowdJob, Result } from "../job.ts";
import { cpuSeconds, residentBytes } from "../../tools/process_facts.ts";
import type { Wire } from "../wires/wire.ts";
import { pause } from "../../tools/pause.ts";

/** Connects a crowd, takes what it costs, and asks for the list of it. */
export async function crowd(job: CrowdJob, wire: Wire): Promise<Result> {
  const { pid, port, clients } = job;
  const before = await residentBytes(pid);
  for (let i = 0; i < clients; i++) await wire.quiet(port);
  await pause(job.warmUpMs);
  const after = await residentBytes(pid);
  const start = { cpu: await cpuSeconds(pid), ms: performance.now() };
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
    cpuSeconds: await cpuSeconds(pid) - start.cpu,
    residentBytes: [before, after],
  };
}
