import {
  type Measured,
  type MeasuredPeer,
  median,
  type Round,
} from "./summary.ts";

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
  const of = (figure: (round: Round) => number | undefined, who = peer) => {
    const figures = who.rounds.map(figure);
    return figures.some((figure) => figure === undefined || isNaN(figure))
      ? undefined
      : median(figures as number[]);
  };
  const perSecond = of(({ perSecond }) => perSecond)!;
  const ratio = of(({ perSecond }) => perSecond, parley)! / perSecond;
  const latencies = [
    of(({ latencyMs }) => latencyMs?.p50),
    of(({ latencyMs }) => latencyMs?.p99),
    of(({ latencyMs }) => latencyMs?.p999),
  ].filter((ms) => ms !== undefined);
  const kibibytes = of(({ bytesPerClient }) =>
    bytesPerClient && bytesPerClient / 1024
  );
  return [
    peer.name,
    perSecond === 0 ? "" : Math.round(perSecond).toLocaleString("en"),
    peer === parley || perSecond === 0 ? "" : `${ratio.toFixed(2)} ×`,
    of(({ cpuMicroseconds }) => cpuMicroseconds)?.toFixed(2) ?? "",
    `${((of(({ busy }) => busy) ?? 0) * 100).toFixed(0)} %`,
    latencies.map((ms) => ms.toFixed(2)).join(" / "),
    kibibytes?.toFixed(1) ?? "",
  ];
}
