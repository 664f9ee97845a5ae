import { plot, type PlotSeries } from "./plot.ts";
import { type Measured, medianOf, type Round } from "./summary.ts";
import { PAIRS } from "./works.ts";

/**
 * Draws what group `scale` found against the number of connected clients:
 * throughput, the server's memory, and the 99th percentile of the latency, each
 * as the median of its rounds.
 *
 * @returns SVG images by the names of the files that they belong in. What was
 * not measured is not drawn.
 */
export function scalePlots(all: readonly Measured[]): Map<string, string> {
  const scale = all.filter(({ group }) => group === "scale")
    .toSorted((a, b) => a.clients - b.clients);
  const relays = scale.filter(({ rate }) => rate === undefined);
  const latencies = scale.filter(({ rate }) => rate !== undefined);
  const pairs = `64 B messages between ${PAIRS} pairs (of 10 clients: 5 pairs)`;
  const xName = "connected clients";
  const plots = new Map<string, string>();
  const draw = (
    file: string,
    series: readonly PlotSeries[],
    texts: { title: string; subtitle: string; yName: string; yUnit: string },
  ) => {
    if (series.length > 0) plots.set(file, plot({ ...texts, xName, series }));
  };

  draw("scale-throughput.svg", lines(relays, (round) => round.perSecond), {
    title: "Throughput",
    subtitle: `${pairs}, 32 unconfirmed each; ${rounds(relays)}`,
    yName: "confirmed",
    yUnit: "messages/s",
  });
  draw("scale-memory.svg", lines(relays, mebibytes), {
    title: "Memory",
    subtitle: `the server once all clients have come; ${rounds(relays)}`,
    yName: "resident memory",
    yUnit: "MiB",
  });
  const rate = Math.round(latencies[0]?.rate ?? 0).toLocaleString("en");
  draw("scale-p99.svg", lines(latencies, (round) => round.latencyMs?.p99), {
    title: "Latency",
    subtitle: `${pairs}, ${rate} a second in all; ${rounds(latencies)}`,
    yName: "99th percentile, from due to confirmed",
    yUnit: "ms",
  });
  return plots;
}

/** One line for each server, with the points where the figure is known. */
function lines(
  measured: readonly Measured[],
  figure: (round: Round) => number | undefined,
): PlotSeries[] {
  const names = new Set(
    measured.flatMap(({ peers }) => peers.map(({ name }) => name)),
  );
  return [...names].map((name) => {
    const points = measured.flatMap(({ clients, peers }) => {
      const peer = peers.find((peer) => peer.name === name);
      const y = peer && medianOf(peer, figure);
      return y === undefined ? [] : [{ x: clients, y }];
    });
    return { name, points };
  }).filter(({ points }) => points.length > 0);
}

function mebibytes({ residentBytes }: Round): number | undefined {
  return residentBytes === undefined ? undefined : residentBytes / 2 ** 20;
}

function rounds([one]: readonly Measured[]): string {
  const rounds = one?.peers[0]?.rounds ?? [];
  if (rounds.length !== 1) return `median of ${rounds.length} rounds`;
  return "one round";
}
