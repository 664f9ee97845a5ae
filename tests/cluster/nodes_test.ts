import {
  assert,
  assertEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLessOrEqual,
} from "@std/assert";
import { Ledgers } from "../../tools/ledger.ts";
import { compare } from "../faults/compare.ts";
import { Traffic } from "../faults/traffic.ts";
import { receiver } from "./receiver.ts";
import { TestCluster } from "./test_cluster.ts";
import { withNats } from "./with_nats.ts";
import { Witness } from "./witness.ts";

withNats(
  "a node tells of all nodes: names, addresses, clients, messages, ranges, which is missing",
  async (programs) => {
    const ledgers = new Ledgers();
    const beganMs = Date.now();
    await using cluster = await TestCluster.start(programs, {
      names: ["lab-a", "lab-b", "lab-c"],
    });
    const [a, b, c] = cluster.nodes;
    await using onB = await receiver(b!.port, ledgers);
    using witness = await Witness.connect(a!.port);
    await using traffic = await Traffic.start({
      port: a!.port,
      ledgers,
      receivers: [onB.id],
    });
    const nodes = await witness.knows(
      "three nodes, their clients, and messages",
      (nodes) =>
        nodes.length === 3 && nodes[0]!.messagesPerSecond > 0 &&
        !nodes.some(({ missing }) => missing) &&
        nodes.reduce((sum, { clients }) => sum + clients, 0) === 4,
    );
    assertEquals(nodes.map(({ self }) => self), [true, false, false]);
    const named = Object.fromEntries(nodes.map((node) => [node.name, node]));
    const clients = { "lab-a": 3, "lab-b": 1, "lab-c": 0 };
    for (const [i, [name, count]] of Object.entries(clients).entries()) {
      const node = named[name]!;
      assertEquals(node.missing, false);
      assertEquals(node.address, `127.0.0.1:${cluster.nodes[i]!.port}`);
      assertEquals(node.clients, count);
      assertGreaterOrEqual(node.sinceMs, beganMs);
      assertLessOrEqual(node.sinceMs, Date.now());
      if (!node.self) assertGreater(node.roundTripUs, 0);
      assertEquals(node.ranges.length, 1);
    }
    const firsts = nodes.map(({ ranges }) => ranges[0]!.first);
    assertEquals(firsts.toSorted((x, y) => x - y), [1, 1_001, 2_001]);

    c!.kill("SIGKILL");
    const after = await witness.knows(
      "lab-c missing, and nobody else",
      (nodes) =>
        nodes.filter(({ missing }) => missing).map(({ name }) => name)
          .join() === "lab-c",
    );
    const missing = after.filter(({ missing }) => missing);
    assertEquals(missing[0]!.ranges, named["lab-c"]!.ranges);
    await traffic.stop();
    const { sent, delivered } = await compare(ledgers, []);
    assertEquals(delivered, sent);
  },
);

withNats(
  "clusters with two names at one NATS know nothing of each other",
  async (programs) => {
    await using one = await TestCluster.start(programs, {
      names: ["lab-a"],
      flags: ["--cluster-name", "one"],
    });
    await using other = await programs.startServer(
      ...["--cluster", one.nats.url, "--cluster-name", "other"],
    );
    using onOne = await Witness.connect(one.nodes[0]!.port);
    using onOther = await Witness.connect(other.port);
    assertEquals([onOne.id, onOther.id], [1, 1]);
    for (const witness of [onOne, onOther]) {
      assertEquals(await witness.list(), { ids: [1] });
      const nodes = await witness.nodes();
      assertEquals(nodes.length, 1);
      assert(nodes[0]!.self);
    }
  },
);

withNats("a server on its own is the only node", async (programs) => {
  await using server = await programs.startServer("--name", "alone");
  using witness = await Witness.connect(server.port);
  const [node, ...others] = await witness.nodes();
  assertEquals(others, []);
  const { self, missing, clients, address, name } = node!;
  assertEquals({ self, missing, clients, address, name }, {
    self: true,
    missing: false,
    clients: 1,
    address: `127.0.0.1:${server.port}`,
    name: "alone",
  });
});
