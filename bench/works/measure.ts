import type { Result } from "../job.ts";
import { pause } from "../../tools/pause.ts";
import { cpuSeconds } from "../../tools/process_facts.ts";
import { sumOf } from "./sum_of.ts";

/** For how long to measure what. */
interface Measurement {
  readonly pids: readonly number[];
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** Waits for the load to settle, and takes what `count` grows by after that. */
export async function measure(
  { pids, warmUpMs, measureMs }: Measurement,
  count: () => number,
): Promise<Result> {
  await pause(warmUpMs);
  const start = {
    count: count(),
    cpu: await sumOf(pids, cpuSeconds),
    ms: performance.now(),
  };
  await pause(measureMs);
  return {
    count: count() - start.count,
    seconds: (performance.now() - start.ms) / 1000,
    cpuSeconds: await sumOf(pids, cpuSeconds) - start.cpu,
  };
}
