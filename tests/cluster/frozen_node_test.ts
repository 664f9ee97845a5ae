import { assert, assertEquals, assertLess } from "@std/assert";
import type { Client } from "../../client/mod.ts";
import { Ledgers } from "../../tools/ledger.ts";
import { standsStill } from "../../tools/process_facts.ts";
import { until } from "../end_to_end/until.ts";
import { compare } from "../faults/compare.ts";
import { nameOf, Traffic } from "../faults/traffic.ts";
import { Stopwatch } from "../stopwatch.ts";
import { receiver } from "./receiver.ts";
import { TestCluster } from "./test_cluster.ts";
import { withNats } from "./with_nats.ts";
import { Witness } from "./witness.ts";

withNats(
  "a node that is frozen is missing in time, and there again when it thaws",
  async (programs) => {
    const ledgers = new Ledgers();
    await using cluster = await TestCluster.start(programs, {
      names: ["lab-a", "lab-b"],
    });
    const [a, b] = cluster.nodes;
    await using onA = await receiver(a!.port, ledgers);
    await using onB = await receiver(b!.port, ledgers);
    using witness = await Witness.connect(a!.port);
    using witnessB = await Witness.connect(b!.port);
    const there = [onA, onB, witness, witnessB];
    await witness.sees(there.map(({ id }) => id));
    const send = (from: Client, to: Client) =>
      ledgers.record(
        nameOf(from.id),
        nameOf(to.id),
        (text) => from.send(to.id, text),
      );
    await using local = await Traffic.start({
      port: a!.port,
      ledgers,
      receivers: [onA.id],
    });
    assertEquals(await send(onA, onB), "delivered");

    b!.kill("SIGSTOP");
    await standsStill(b!.pid);
    using sinceFrozen = new Stopwatch();
    assertEquals(await send(onA, onB), "receiver-gone");
    const { missing } = await witness.listed(
      "the clients of lab-b off the list",
      ({ ids }) => !ids.includes(onB.id),
    );
    assertLess(sinceFrozen.ms, 5_000);
    assert(missing?.includes("lab-b"), missing);
    using watch = new Stopwatch();
    assertEquals(await send(onA, onB), "unreachable");
    assertLess(watch.ms, 1_000);
    await local.delivered(200);

    b!.kill("SIGCONT");
    await until(
      "a message there",
      async () => await send(onA, onB) === "delivered",
    );
    await until(
      "a message back",
      async () => await send(onB, onA) === "delivered",
    );
    for (const one of [witness, witnessB]) {
      await one.sees([...there, ...local.senders].map(({ id }) => id));
    }
    await local.delivered(200);
    await local.stop();
    await compare(ledgers, []);
  },
);
