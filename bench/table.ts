import { type Measured, type MeasuredPeer, medianOf } from "./summary.ts";

/**
 * What was measured as a table in Markdown, a line a work and peer: medians of
 * all rounds, and Parley's figure as a multiple of the other's.
 */
export function table(all: readonly Measured[]): string[] {
  const rows = [
    [
      "work",
      "server",
      "a second",
      "Parley is",
      "CPU each, µs",
      "core busy",
      "p50 / p99 / p99.9, ms",
      "server, MiB",
      "KiB a client",
    ],
    ...all.flatMap(({ name, peers }) =>
      peers.map((peer) => [name, ...row(peer, peers[0]!)])
    ),
  ];
  const widths = rows[0]!.map((_, i) =>
    Math.max(...rows.map((row) => row[i]!.length))
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const [head, ...body] = rows;
  const rule = widths.map((width) => "-".repeat(width));
  return [head!, rule, ...body].map(line);
}

function row(peer: MeasuredPeer, parley: MeasuredPeer): string[] {
  const perSecond = medianOf(peer, ({ perSecond }) => perSecond)!;
  const ratio = medianOf(parley, ({ perSecond }) => perSecond)! / perSecond;
  const cpu = medianOf(peer, ({ cpuMicroseconds }) => cpuMicroseconds);
  const busy = medianOf(peer, ({ busy }) => busy) ?? 0;
  const latencies = [
    medianOf(peer, ({ latencyMs }) => latencyMs?.p50),
    medianOf(peer, ({ latencyMs }) => latencyMs?.p99),
    medianOf(peer, ({ latencyMs }) => latencyMs?.p999),
  ].filter((ms) => ms !== undefined);
  const resident = medianOf(peer, ({ residentBytes }) => residentBytes);
  const perClient = medianOf(peer, ({ bytesPerClient }) => bytesPerClient);
  return [
    peer.name,
    perSecond === 0 ? "" : Math.round(perSecond).toLocaleString("en"),
    peer === parley || perSecond === 0 ? "" : `${ratio.toFixed(2)} ×`,
    cpu?.toFixed(2) ?? "",
    `${(busy * 100).toFixed(0)} %`,
    latencies.map((ms) => ms.toFixed(2)).join(" / "),
    resident === undefined ? "" : (resident / 2 ** 20).toFixed(1),
    perClient === undefined ? "" : (perClient / 2 ** 10).toFixed(1),
  ];
}
