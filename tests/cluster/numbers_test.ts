import { assert, assertEquals, assertGreater } from "@std/assert";
import { Client } from "../../client/mod.ts";
import { freePort } from "../../tools/free_port.ts";
import { RawPeer } from "../server/raw_peer.ts";
import { TestCluster } from "./test_cluster.ts";
import { withNats } from "./with_nats.ts";
import { Witness } from "./witness.ts";

/** The number that a node gives to whoever comes next. */
async function nextNumber(port: number): Promise<number> {
  using peer = await RawPeer.connect(port);
  return peer.id;
}

withNats(
  "no number is given twice: nodes that start at once, are killed and come back, NATS too",
  async (programs) => {
    await using cluster = await TestCluster.start(programs, {
      names: ["lab-a", "lab-b"],
    });
    const [a, b] = cluster.nodes;
    const port = freePort();
    const given: number[] = [];
    const take = async (port: number) => {
      const number = await nextNumber(port);
      assert(!given.includes(number), `${number} again`);
      given.push(number);
      return number;
    };
    assertEquals(
      [await take(a!.port), await take(b!.port)].sort((x, y) => x - y),
      [1, 1001],
    );

    let killed = await cluster.add("lab-c", "--port", `${port}`);
    assertEquals(await take(port), 2001);
    killed.kill("SIGKILL");
    await killed.end();
    killed = await cluster.add("lab-c", "--port", `${port}`);
    assertEquals(await take(port), 3001);
    killed.kill("SIGKILL");
    await killed.end();

    await cluster.nats.kill();
    await cluster.nats.startAgain();
    await cluster.add("lab-c", "--port", `${port}`);
    assertEquals(await take(port), 4001);
    const [first, second] = [await take(a!.port), await take(b!.port)];
    assertEquals([first, second].sort((x, y) => x - y), [2, 1002]);
  },
);

withNats(
  "a node whose numbers run out has more of them, and everybody knows whose they are",
  async (programs) => {
    await using cluster = await TestCluster.start(programs, {
      names: ["lab-a", "lab-b"],
    });
    const [a, b] = cluster.nodes;
    await using onB = await Client.connect({ port: b!.port });
    // As long as somebody is in a block it is not forgotten.
    await using first = await Client.connect({ port: a!.port });
    let last = first.id;
    for (let i = 0; i < 1_050; i += 50) {
      const coming = Array.from({ length: 50 }, () => nextNumber(a!.port));
      const numbers = (await Promise.all(coming)).sort((x, y) => x - y);
      assertEquals(new Set(numbers).size, numbers.length);
      assertGreater(numbers[0]!, last);
      last = numbers.at(-1)!;
    }
    await using onA = await Client.connect({ port: a!.port });
    onA.receive(() => {});
    assertGreater(onA.id, 2_000);
    using witness = await Witness.connect(b!.port);
    await witness.sees([first.id, onA.id, onB.id, witness.id]);
    assertEquals((await onB.send(onA.id, "hi")).delivered, true);
    const nodes = await witness.knows(
      "both ranges of lab-a",
      (nodes) => nodes.some(({ ranges }) => ranges.length > 1),
    );
    for (const { self, ranges } of nodes) {
      const has = (id: number) =>
        ranges.some(({ first, last }) => first <= id && id <= last);
      assertEquals([has(onA.id), has(onB.id)], [!self, self]);
    }
  },
);

withNats(
  "NATS that has lost what it had stored gives no number that somebody has",
  async (programs) => {
    await using cluster = await TestCluster.start(programs, {
      names: ["lab-a", "lab-b"],
    });
    const { nats, nodes: [a, b] } = cluster;
    using witness = await Witness.connect(a!.port);
    using onB = await Witness.connect(b!.port);
    await witness.sees([witness.id, onB.id]);
    await nats.kill();
    await nats.loseStore();
    await nats.startAgain();
    for (const node of [a!, b!]) await node.stderr.find(/NATS is back/);
    const c = await cluster.add("lab-c");
    using onC = await Witness.connect(c.port);
    assertEquals(onC.id, 2_001);
    await witness.sees([witness.id, onB.id, onC.id]);

    // Those that were there before can count on, too: nobody has to be asked.
    const numbers = new Set<number>();
    for (let i = 0; i < 1_050; i += 50) {
      const coming = Array.from({ length: 50 }, () => nextNumber(a!.port));
      for (const number of await Promise.all(coming)) numbers.add(number);
    }
    assertEquals(numbers.size, 1_050);
    for (const taken of [witness.id, onB.id, onC.id]) {
      assert(!numbers.has(taken), `${taken} again`);
    }
    assertEquals(Math.max(...numbers) > 3_000, true);
    for (const { stderr } of cluster.nodes) {
      assert(!/this one's numbers/.test(stderr.text), stderr.text);
    }
  },
);
