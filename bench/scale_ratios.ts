import { type Measured, type MeasuredPeer, medianOf } from "./summary.ts";
import { PAIRS } from "./works.ts";

/**
 * What a crowd of quiet clients costs the clients that are not: for each server
 * a line that holds the pairs' throughput among the most clients, and the CPU
 * time for a message, against the same with only those pairs connected. No lines
 * if group `scale` was not measured.
 */
export function scaleRatios(all: readonly Measured[]): string[] {
  const relays = all
    .filter(({ group, rate }) => group === "scale" && rate === undefined)
    .toSorted((a, b) => a.clients - b.clients);
  const alone = relays.find(({ clients }) => clients === 2 * PAIRS);
  const most = relays.at(-1);
  if (alone === undefined || most === undefined || most === alone) return [];
  return most.peers.flatMap((crowded) => {
    const same = alone.peers.find(({ name }) => name === crowded.name);
    return same === undefined ? [] : [line(crowded, same, most.clients)];
  });
}

function line(
  crowded: MeasuredPeer,
  alone: MeasuredPeer,
  clients: number,
): string {
  const a = figures(crowded);
  const b = figures(alone);
  const rates = [a, b].map(({ rate }) => Math.round(rate).toLocaleString("en"));
  const times = [a, b].map(({ cpu }) => cpu.toFixed(2));
  return `${crowded.name}: ${PAIRS} pairs among ` +
    `${clients.toLocaleString("en")} clients relay ` +
    `${(a.rate / b.rate).toFixed(2)} × what they relay with only those ` +
    `connected (${rates.join(" to ")} messages/s), for ` +
    `${(a.cpu / b.cpu).toFixed(2)} × the CPU time each ` +
    `(${times.join(" to ")} µs)`;
}

function figures(peer: MeasuredPeer): { rate: number; cpu: number } {
  return {
    rate: medianOf(peer, ({ perSecond }) => perSecond) ?? NaN,
    cpu: medianOf(peer, ({ cpuMicroseconds }) => cpuMicroseconds) ?? NaN,
  };
}
