import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { halfLoad } from "../../bench/half_load.ts";
import type { Result } from "../../bench/job.ts";
import { brokers, parleyPeer, type Peer } from "../../bench/peers.ts";
import { scalePlots } from "../../bench/scale_plots.ts";
import { scaleRatios } from "../../bench/scale_ratios.ts";
import { type Measured, summarize } from "../../bench/summary.ts";
import { scaleLatencyWorks, type Work, works } from "../../bench/works.ts";

const nats = brokers[0]!;
const relays = works.filter(({ group }) => group === "scale");
const latencies = scaleLatencyWorks(12_345.6);

/** What a work finds if each round finds so much. */
function measured(
  work: Work,
  rounds: ReadonlyMap<Peer, readonly Partial<Result>[]>,
): Measured {
  const results = [...rounds].map(([peer, list]) => {
    const none = { count: 1, seconds: 1, cpuSeconds: 1 };
    return [peer, list.map((result) => ({ ...none, ...result }))] as const;
  });
  return summarize(work, new Map(results));
}

/** So many messages a second at Parley and at the other, of so many clients. */
function relay(clients: number, parley: number, other: number): Measured {
  const work = relays.find(({ name }) =>
    name.includes(`among ${clients.toLocaleString("en")} clients`)
  );
  const result = (count: number) => [{ count, cpuSeconds: 0.5 }];
  return measured(
    work!,
    new Map([[parleyPeer, result(parley)], [nats, result(other)]]),
  );
}

function values(svg: string): string {
  return /<desc>(.*)<\/desc>/.exec(svg)![1]!;
}

Deno.test("group scale has all numbers of clients, five pairs of ten", () => {
  for (const works of [relays, latencies]) {
    const all = works.map((work) => measured(work, new Map([[nats, [{}]]])));
    assertEquals(all.map(({ clients }) => clients), [
      ...[10, 50, 100, 1_000, 10_000],
    ]);
    assert(all.every(({ group }) => group === "scale"));
    assert(all[0]!.name.startsWith("5 pairs among 10 clients"));
    assert(all[4]!.name.startsWith("25 pairs among 10,000 clients"));
  }
});

Deno.test("all latencies are taken at one rate, which is told", () => {
  for (const work of latencies) {
    for (const peer of work.peers) {
      const load = work.load(peer);
      assert(load.work === "latency" && load.rate === 12_345.6);
    }
    assertStringIncludes(work.name, "12,346 messages/s");
    assertEquals(measured(work, new Map([[nats, [{}]]])).rate, 12_345.6);
  }
});

Deno.test("half a load is half of the lowest median of those that confirm", () => {
  const aedes = brokers.find(({ name }) => name === "aedes")!;
  const rounds = (...counts: number[]) => counts.map((count) => ({ count }));
  const all = [
    measured(
      works[0]!,
      new Map([[parleyPeer, rounds(900, 1, 700)], [aedes, rounds(10)]]),
    ),
    measured(works[1]!, new Map([[nats, rounds(800, 1_000)]])),
  ];
  assertEquals(halfLoad(all), 350);
  assertEquals(halfLoad([]), undefined);
});

Deno.test("the ratio is that of the most clients to the pairs alone", () => {
  const all = [
    relay(10_000, 80_000, 30_000),
    relay(10, 40_000, 20_000),
    relay(50, 100_000, 20_000),
    relay(1_000, 7, 7),
  ];
  assertEquals(scaleRatios(all), [
    "parley: 25 pairs among 10,000 clients relay 0.80 × what they relay with " +
    "only those connected (80,000 to 100,000 messages/s), for 1.25 × the CPU " +
    "time each (6.25 to 5.00 µs)",
    "nats-server: 25 pairs among 10,000 clients relay 1.50 × what they relay " +
    "with only those connected (30,000 to 20,000 messages/s), for 0.67 × the " +
    "CPU time each (16.67 to 25.00 µs)",
  ]);
});

Deno.test("without both ends there is no ratio", () => {
  assertEquals(scaleRatios([]), []);
  assertEquals(scaleRatios([relay(50, 1, 1)]), []);
  assertEquals(scaleRatios([relay(10_000, 1, 1)]), []);
});

Deno.test("the plots show medians of throughput, memory and p99", () => {
  const memory = (mebibytes: number) =>
    ({ residentBytes: [1, mebibytes * 2 ** 20] }) as const;
  const all = [
    measured(
      relays[4]!,
      new Map([
        [parleyPeer, [
          { count: 300, ...memory(70) },
          { count: 100, ...memory(90) },
          { count: 200, ...memory(80) },
        ]],
      ]),
    ),
    measured(
      relays[0]!,
      new Map([
        [parleyPeer, [{ count: 50, ...memory(60) }]],
        [nats, [{ count: 40, ...memory(15) }]],
      ]),
    ),
    measured(
      latencies[2]!,
      new Map([[nats, [{ latencyMs: { p50: 1, p99: 2.5, p999: 3 } }]]]),
    ),
    // Of another group.
    measured(works[0]!, new Map([[parleyPeer, [{ count: 9 }]]])),
  ];
  // The JSON that is written and read again shows the same.
  for (const list of [all, JSON.parse(JSON.stringify(all)) as Measured[]]) {
    const plots = scalePlots(list);
    assertEquals([...plots.keys()], [
      ...["scale-throughput.svg", "scale-memory.svg", "scale-p99.svg"],
    ]);
    const [throughput, memory, p99] = [...plots.values()];
    assertStringIncludes(
      values(throughput!),
      "parley: 50 messages/s at 10, 200 messages/s at 10,000. " +
        "nats-server: 40 messages/s at 10.",
    );
    assertStringIncludes(
      values(memory!),
      "parley: 60 MiB at 10, 80 MiB at 10,000. nats-server: 15 MiB at 10.",
    );
    assertStringIncludes(values(p99!), "nats-server: 2.5 ms at 100.");
    assertStringIncludes(p99!, "12,346 a second in all; one round");
  }
});

Deno.test("what was not measured is not drawn", () => {
  assertEquals(scalePlots([]).size, 0);
  const { name, rounds, ...rest } = relay(50, 1, 1).peers[0]!;
  const unknown = rounds.map((round) => ({ ...round, perSecond: NaN }));
  const peers = [{ ...rest, name, rounds: unknown }];
  assertEquals(scalePlots([{ ...relay(50, 1, 1), peers }]).size, 0);
});
