import { assert, assertEquals } from "@std/assert";
import { parleyPeer } from "../../bench/peers.ts";
import { median, medianOf, summarize } from "../../bench/summary.ts";
import { table } from "../../bench/table.ts";
import { crowd, type Work, works } from "../../bench/works.ts";
import { Histogram } from "../../bench/works/histogram.ts";

const relay = works[0]!;
const nats = relay.peers.find(({ wire }) => wire === "nats")!;

function cells(work: Work, results: Parameters<typeof summarize>[1]) {
  return table([summarize(work, results)]).slice(2)
    .map((line) => line.split("|").map((cell) => cell.trim()).slice(2, -1));
}

Deno.test("median takes the middle, or the mean of the two there", () => {
  assertEquals(median([3, 1, 2]), 2);
  assertEquals(median([4, 1, 3, 2]), 2.5);
});

Deno.test("the table has medians, Parley's multiple, and CPU time for each", () => {
  const result = (count: number, cpuSeconds: number) => ({
    count,
    seconds: 2,
    cpuSeconds,
  });
  const rows = cells(
    relay,
    new Map([
      [parleyPeer, [result(600_000, 1), result(400_000, 1), result(2, 1)]],
      [nats, [result(200_000, 1), result(200_000, 1.5), result(200_000, 2)]],
    ]),
  );
  assertEquals(rows, [
    ["parley", "200,000", "", "2.50", "50 %", "", "", ""],
    ["nats-server", "100,000", "2.00 ×", "7.50", "75 %", "", "", ""],
  ]);
});

Deno.test("a crowd's memory is told in all and for each client", () => {
  const residentBytes = [2 ** 20, 2 ** 20 + 10_000 * 2048] as const;
  const result = { count: 0, seconds: 1, cpuSeconds: 0.1, residentBytes };
  assertEquals(cells(crowd, new Map([[parleyPeer, [result]]])), [
    ["parley", "", "", "", "10 %", "", "20.5", "2.0"],
  ]);
});

Deno.test("where few clients come, only the server's memory is told", () => {
  const residentBytes = [2 ** 20, 3 * 2 ** 20] as const;
  const result = { count: 10, seconds: 1, cpuSeconds: 0.1, residentBytes };
  assertEquals(cells(relay, new Map([[parleyPeer, [result]]])), [
    ["parley", "10", "", "10000.00", "10 %", "", "3.0", ""],
  ]);
});

Deno.test("a figure's median needs the figure of each round", () => {
  const result = { count: 4, seconds: 1, cpuSeconds: 1 };
  const none = { ...result, count: 0 };
  const of = (...results: typeof result[]) => {
    const { peers } = summarize(relay, new Map([[parleyPeer, results]]));
    return medianOf(peers[0]!, ({ cpuMicroseconds }) => cpuMicroseconds);
  };
  assertEquals(of(result, result), 250_000);
  assertEquals(of(result, none), undefined);
  assertEquals(of(), undefined);
});

Deno.test("a histogram's quantiles are 2 % exact", () => {
  const histogram = new Histogram();
  for (let i = 1; i <= 10_000; i++) histogram.add(i / 10);
  for (const share of [0.5, 0.99, 0.999]) {
    const exact = 1000 * share;
    const ratio = histogram.quantile(share) / exact;
    assert(ratio > 0.98 && ratio < 1.03, `${share}: ${ratio}`);
  }
  assertEquals(new Histogram().quantile(0.5), NaN);
});
