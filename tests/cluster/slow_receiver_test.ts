import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { Client } from "../../client/mod.ts";
import { Ledgers, type Outcome } from "../../tools/ledger.ts";
import { residentBytes } from "../../tools/process_facts.ts";
import { until } from "../end_to_end/until.ts";
import { compare } from "../faults/compare.ts";
import { nameOf, Traffic } from "../faults/traffic.ts";
import { RawPeer } from "../server/raw_peer.ts";
import { receiver } from "./receiver.ts";
import { TestCluster } from "./test_cluster.ts";
import { withNats } from "./with_nats.ts";
import { Witness } from "./witness.ts";

const MEBIBYTE = 1024 * 1024;
const MAX_QUEUE = MEBIBYTE;

/** What was let go of, and not collected yet: NATS hands over new bytes each time. */
const GARBAGE_BYTES = 128 * MEBIBYTE;

withNats(
  "a receiver on another node that never reads: its senders are told, memory has its bounds, another pair goes on",
  async (programs) => {
    const ledgers = new Ledgers();
    await using cluster = await TestCluster.start(programs, {
      names: ["lab-a", "lab-b"],
      flags: [
        ...["--max-queue", `${MAX_QUEUE}`, "--stall-timeout", "2"],
        // Longer than it takes until it is dropped.
        ...["--delivery-timeout", "60"],
      ],
    });
    const [a, b] = cluster.nodes;
    await using onB = await receiver(b!.port, ledgers);
    using deaf = await RawPeer.connect(b!.port);
    await using sender = await Client.connect({ port: a!.port });
    using witness = await Witness.connect(a!.port);
    const all = [onB, deaf, sender, witness].map(({ id }) => id);
    await witness.sees(all);
    await using traffic = await Traffic.start({
      port: a!.port,
      ledgers,
      receivers: [onB.id],
      open: 2,
    });
    await traffic.delivered(100);
    const pids = [a!.pid, b!.pid];
    const before = await Promise.all(pids.map(residentBytes));

    const ballast = "x".repeat(60_000);
    const outcomes: Outcome[] = [];
    const sends: Promise<unknown>[] = [];
    const sendOne = async () => {
      const sending = ledgers.record(
        nameOf(sender.id),
        nameOf(deaf.id),
        (text) => sender.send(deaf.id, `${text} ${ballast}`),
      ).then((outcome) => outcomes.push(outcome));
      sends.push(sending);
      await sender.time();
    };
    while (outcomes.length === 0) await sendOne();
    // Those that were taken are open still.
    assertEquals([...new Set(outcomes)], ["receiver-busy"]);
    // Far more than what they may grow by.
    const more = 192 * MEBIBYTE / ballast.length;
    for (let i = 0; i < more; i++) await sendOne();
    const after = await Promise.all(pids.map(residentBytes));
    for (const [i, bytes] of after.entries()) {
      const grownBy = bytes - before[i]!;
      assertLess(
        grownBy,
        2 * MAX_QUEUE + GARBAGE_BYTES,
        `node ${i}: ${grownBy}`,
      );
    }
    await traffic.delivered(100);

    await b!.stderr.find(new RegExp(`#${deaf.id} .*left \\(not-reading: `));
    await Promise.all(sends);
    await traffic.delivered(100);
    await traffic.stop();
    const { notDelivered } = await compare(ledgers, []);
    const {
      "receiver-busy": busy,
      "receiver-gone": gone,
      // If the machine was so slow that it was dropped meanwhile.
      "unknown-number": _unknown,
      ...others
    } = notDelivered;
    assertGreater(busy!, 0);
    assertGreater(gone! * ballast.length, MAX_QUEUE);
    assertEquals(others, {});
  },
  { why: Deno.build.os === "linux" ? undefined : "it reads /proc" },
);

withNats(
  "a receiver on another node that reads and never confirms holds up nobody else",
  async (programs) => {
    const ledgers = new Ledgers();
    await using cluster = await TestCluster.start(programs, {
      names: ["lab-a", "lab-b"],
      flags: ["--delivery-timeout", "2"],
    });
    const [a, b] = cluster.nodes;
    await using onB = await receiver(b!.port, ledgers);
    using mute = await RawPeer.connect(b!.port);
    // It is closed in the middle of that.
    const reading = mute.rest().catch(() => {});
    await using sender = await Client.connect({ port: a!.port });
    await using other = await Client.connect({ port: a!.port });
    using witness = await Witness.connect(a!.port);
    await witness.sees([onB, mute, sender, other, witness].map(({ id }) => id));

    const send = (from: Client, to: { id: number }) =>
      ledgers.record(
        nameOf(from.id),
        nameOf(to.id),
        (text) => from.send(to.id, `${text} ${"x".repeat(60_000)}`),
      );
    // More than all that a node may have under way to another.
    const waiting = Array.from({ length: 300 }, () => send(sender, mute));
    await sender.time();
    // The other node may be behind for a moment, which holds up all.
    await until(
      "a message beside",
      async () => await send(other, onB) === "delivered",
    );
    for (let i = 0; i < 20; i++) {
      assertEquals(await send(other, onB), "delivered");
    }
    // None was confirmed meanwhile, and each comes to its end.
    const outcomes = new Set(await Promise.all(waiting));
    outcomes.delete("receiver-busy");
    assertEquals([...outcomes], ["not-confirmed"]);
    mute.close();
    await reading;
    await compare(ledgers, []);
  },
);
