import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
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
  "without NATS each node goes on with its own clients, and all heals when it is back",
  async (programs) => {
    const ledgers = new Ledgers();
    await using cluster = await TestCluster.start(programs, {
      names: ["lab-a", "lab-b"],
    });
    const { nats, nodes: [a, b] } = cluster;
    await using onA = await receiver(a!.port, ledgers);
    await using onB = await receiver(b!.port, ledgers);
    using witness = await Witness.connect(a!.port);
    await witness.sees([onA.id, onB.id, witness.id]);
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
    await using across = await Traffic.start({
      port: a!.port,
      ledgers,
      receivers: [onB.id],
    });
    await local.delivered(200);
    await across.delivered(200);

    const [sender] = local.senders;
    const stopped = across.stop();
    await nats.stop();
    for (const node of [a!, b!]) await node.stderr.find(/trouble: .*NATS/);
    await stopped;
    for (let i = 0; i < 10; i++) {
      using watch = new Stopwatch();
      assertEquals(await send(sender!, onB), "unreachable");
      assertLess(watch.ms, 1_000);
    }
    await local.delivered(200);
    const { missing } = await witness.listed(
      "the other node's client off the list",
      ({ ids }) => !ids.includes(onB.id),
    );
    assert(missing?.includes("lab-b"), missing);
    // Its range is its own, whether there is NATS or not.
    await using newOnB = await receiver(b!.port, ledgers);
    assertEquals(await send(newOnB, onB), "delivered");

    await nats.startAgain();
    await until(
      "a message across",
      async () => await send(sender!, newOnB) === "delivered",
    );
    await until(
      "a message back",
      async () => await send(newOnB, onA) === "delivered",
    );
    const there = [
      onA,
      onB,
      newOnB,
      witness,
      ...local.senders,
      ...across.senders,
    ];
    await witness.sees(there.map(({ id }) => id));
    await local.delivered(200);
    await local.stop();
    await using later = await Traffic.start({
      port: b!.port,
      ledgers,
      receivers: [onA.id],
    });
    await later.delivered(200);
    await later.stop();
    await compare(ledgers, []);
    for (const node of [a!, b!]) {
      node.kill("SIGTERM");
      const { code, stderr } = await node.end();
      assertEquals(code, 0);
      for (const line of [/trouble: NATS is gone/g, /trouble: NATS is back/g]) {
        assertEquals(stderr.match(line)?.length, 1, stderr);
      }
    }
  },
);

withNats(
  "NATS that is frozen is as good as gone, until it thaws",
  async (programs) => {
    const ledgers = new Ledgers();
    await using cluster = await TestCluster.start(programs, {
      names: ["lab-a", "lab-b"],
    });
    const { nats, nodes: [a, b] } = cluster;
    await using onA = await receiver(a!.port, ledgers);
    await using onB = await receiver(b!.port, ledgers);
    using witness = await Witness.connect(a!.port);
    await witness.sees([onA.id, onB.id, witness.id]);
    const send = (to: Client) =>
      ledgers.record("onA", nameOf(to.id), (text) => onA.send(to.id, text));
    assertEquals(await send(onB), "delivered");

    nats.freeze();
    await standsStill(nats.pid);
    using watch = new Stopwatch();
    const outcome = await send(onB);
    assert(["receiver-gone", "unreachable"].includes(outcome), outcome);
    assertLess(watch.ms, 6_000);
    assertEquals(await send(onB), "unreachable");
    nats.thaw();
    await until(
      "a message across",
      async () => await send(onB) === "delivered",
    );
    await witness.sees([onA.id, onB.id, witness.id]);
    await compare(ledgers, []);
  },
);

withNats(
  "a server that is told to end while NATS is frozen ends well all the same",
  async (programs) => {
    await using cluster = await TestCluster.start(programs, {
      names: ["lab-a"],
    });
    const { nats, nodes: [a] } = cluster;
    nats.freeze();
    await standsStill(nats.pid);
    a!.kill("SIGTERM");
    const { code, stderr } = await a!.end();
    nats.thaw();
    assertEquals(code, 0, stderr);
    assertMatch(stderr, / closed\n$/);
  },
);
