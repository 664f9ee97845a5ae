import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { freePort } from "../../tools/free_port.ts";
import { Ledgers } from "../../tools/ledger.ts";
import { compare } from "../faults/compare.ts";
import { nameOf, Traffic } from "../faults/traffic.ts";
import { Stopwatch } from "../stopwatch.ts";
import { receiver } from "./receiver.ts";
import { TestCluster } from "./test_cluster.ts";
import { withNats } from "./with_nats.ts";
import { Witness } from "./witness.ts";

withNats(
  "a node that is killed under load costs the others nothing, and comes back with new numbers",
  async (programs) => {
    const ledgers = new Ledgers();
    await using cluster = await TestCluster.start(programs, {
      names: ["lab-a", "lab-b"],
    });
    const [a, b] = cluster.nodes;
    const port = freePort();
    const c = await cluster.add("lab-c", "--port", `${port}`);
    await using onA = await receiver(a!.port, ledgers);
    await using onB = await receiver(b!.port, ledgers);
    await using onC = await receiver(c.port, ledgers);
    await using witness = await Witness.connect(a!.port);
    const start = (port: number, receivers: number[]) =>
      Traffic.start({ port, ledgers, receivers });
    await witness.listed("all four", ({ ids }) => ids.length === 4);
    await using steady = await start(a!.port, [onA.id, onB.id]);
    await using toVictim = await start(b!.port, [onC.id]);
    await using fromVictim = await start(c.port, [onB.id]);
    for (const traffic of [steady, toVictim, fromVictim]) {
      await traffic.delivered(200);
    }

    c.kill("SIGKILL");
    using sinceKilled = new Stopwatch();
    const gone = [onC, ...fromVictim.senders].map(({ id }) => id);
    const stopped = toVictim.stop();
    await fromVictim.lost();
    const { missing } = await witness.listed(
      "the clients of lab-c off the list",
      ({ ids }) => !ids.some((id) => gone.includes(id)),
    );
    assertLess(sinceKilled.ms, 5_000);
    assert(missing?.includes("lab-c"), missing);
    await stopped;
    const [sender] = steady.senders;
    for (const id of gone) {
      using watch = new Stopwatch();
      const outcome = await ledgers.record(
        nameOf(sender!.id),
        nameOf(id),
        (text) => sender!.send(id, text),
      );
      assert(["unreachable", "unknown-number"].includes(outcome), outcome);
      assertLess(watch.ms, 1_000);
    }
    await steady.delivered(200);

    await cluster.add("lab-c", "--port", `${port}`);
    await using again = await receiver(port, ledgers);
    assertGreater(again.id, Math.max(...gone, onB.id));
    const there = [
      onA,
      onB,
      witness,
      again,
      ...steady.senders,
      ...toVictim.senders,
    ];
    await witness.sees(there.map(({ id }) => id));
    await using toNew = await start(b!.port, [again.id]);
    await toNew.delivered(200);
    await toNew.stop();
    await steady.stop();
    const { notDelivered } = await compare(ledgers, []);
    const {
      "connection-lost": lost = 0,
      "receiver-gone": _gone,
      unreachable: _unreachable,
      "unknown-number": _unknown,
      ...others
    } = notDelivered;
    assertGreater(lost, 0);
    assertEquals(others, {});
  },
);

withNats(
  "a node that is killed and back at once is not missing: nobody waits for who it was",
  async (programs) => {
    await using cluster = await TestCluster.start(programs, {
      names: ["lab-a"],
    });
    const [a] = cluster.nodes;
    const port = `${freePort()}`;
    using witness = await Witness.connect(a!.port);
    const killed = await cluster.add("lab-b", "--port", port);
    await witness.knows("both nodes", ({ length }) => length === 2);

    killed.kill("SIGKILL");
    await killed.end();
    const again = await cluster.add("lab-b", "--port", port);
    using back = await Witness.connect(again.port);
    // In good time: not only when a node that is missing is forgotten.
    await witness.knows(
      "both nodes, and no other",
      (nodes) => nodes.length === 2 && !nodes.some(({ missing }) => missing),
    );
    await witness.sees([witness.id, back.id]);
  },
);
