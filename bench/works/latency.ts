import type { LatencyJob, Result } from "../job.ts";
import { type Sender, type Wire, writeAll } from "../wires/wire.ts";
import { Histogram } from "./histogram.ts";
import { pause } from "../../tools/pause.ts";
import { measure } from "./measure.ts";
import { connectAll } from "./relay.ts";

/** So many messages of a sender may be unconfirmed, in a ring. */
const RING = 1 << 16;
/** So many messages at most are written together. */
const BATCH = 256;
/** How often messages that are due are sent, in milliseconds. */
const TURN_MS = 1;

/**
 * Has senders send at a fixed rate, whether the server keeps up or not, and
 * takes how long each message takes from when it was due to its confirmation.
 */
export async function latency(job: LatencyJob, wire: Wire): Promise<Result> {
  const { port, before, size, pairs } = job;
  for (let i = 0; i < (job.quiet ?? 0); i++) await wire.quiet(port);
  const histogram = new Histogram();
  let confirmed = 0;
  let measuring = false;
  const onConfirmed = (ms: number) => {
    confirmed++;
    if (measuring) histogram.add(ms);
  };
  const parties = { port, before, size, senders: pairs, receivers: pairs };
  const senders = await connectAll(parties, wire, BATCH);
  senders.forEach((sender, i) => {
    const due = new Float64Array(RING);
    const ledger = { due, sent: 0, confirmed: 0 };
    sendAtRate(sender, ledger, job.rate / pairs / 1000, i / pairs);
    takeConfirmations(sender, ledger, onConfirmed);
  });
  await pause(job.warmUpMs);
  measuring = true;
  const result = await measure({ ...job, warmUpMs: 0 }, () => confirmed);
  const latencyMs = {
    p50: histogram.quantile(0.5),
    p99: histogram.quantile(0.99),
    p999: histogram.quantile(0.999),
  };
  return { ...result, latencyMs };
}

/** When each message of a sender was due, and how far it and its answers are. */
interface Ledger {
  readonly due: Float64Array;
  sent: number;
  confirmed: number;
}

async function sendAtRate(
  { conn, messages }: Sender,
  ledger: Ledger,
  perMs: number,
  phase: number,
): Promise<void> {
  const size = messages.length / (2 * BATCH);
  const startMs = performance.now() + phase / perMs;
  for (;;) {
    await pause(TURN_MS);
    const target = Math.floor((performance.now() - startMs) * perMs);
    while (ledger.sent < target) {
      const count = Math.min(BATCH, target - ledger.sent);
      const first = ledger.sent % BATCH;
      for (let i = 0; i < count; i++) {
        ledger.due[ledger.sent++ % RING] = startMs + ledger.sent / perMs;
      }
      const start = first * size;
      await writeAll(conn, messages.subarray(start, start + count * size));
      if (ledger.sent - ledger.confirmed > RING) {
        throw new Error("The server does not keep up with the rate");
      }
    }
  }
}

async function takeConfirmations(
  { conn, count }: Sender,
  ledger: Ledger,
  onConfirmed: (ms: number) => void,
): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  for (;;) {
    const read = await conn.read(buffer);
    if (read === null) throw new Error("A sender was dropped");
    const nowMs = performance.now();
    for (let rest = count(buffer.subarray(0, read)); rest > 0; rest--) {
      // What one sender sends to one receiver is confirmed in order.
      onConfirmed(nowMs - ledger.due[ledger.confirmed++ % RING]!);
    }
  }
}
