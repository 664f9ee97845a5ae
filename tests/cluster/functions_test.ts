import { assert, assertEquals, assertLess } from "@std/assert";
import { Client, type Delivery } from "../../client/mod.ts";
import { until } from "../end_to_end/until.ts";
import { RawPeer } from "../server/raw_peer.ts";
import { Stopwatch } from "../stopwatch.ts";
import { TestCluster } from "./test_cluster.ts";
import { withNats } from "./with_nats.ts";
import { Witness } from "./witness.ts";

const NAMES = ["lab-a", "lab-b", "lab-c"];

function reasonOf(delivery: Delivery): string {
  return delivery.delivered ? "delivered" : delivery.reason;
}

withNats(
  "three nodes act as one: every function, from each to each",
  async (programs) => {
    await using cluster = await TestCluster.start(programs, { names: NAMES });
    const ports = cluster.nodes.map(({ port }) => port);
    await using stack = new AsyncDisposableStack();
    const clients: Client[] = [];
    const witnesses: Witness[] = [];
    for (const port of ports) {
      clients.push(stack.use(await Client.connect({ port })));
      witnesses.push(stack.use(await Witness.connect(port)));
    }
    const ids = [...clients, ...witnesses].map(({ id }) => id);
    assertEquals(new Set(ids).size, ids.length);
    for (const witness of witnesses) await witness.sees(ids);

    // Each says who it is.
    for (const [i, client] of clients.entries()) {
      assertEquals([await client.name(), client.hello.name], [
        NAMES[i],
        NAMES[i],
      ]);
      assertLess(Math.abs((await client.time()).unixMs - Date.now()), 5_000);
    }

    // Where a client is does not matter, not even for what its message says.
    const entries = await clients[0]!.list();
    const seen: string[] = [];
    for (const client of clients) {
      client.receive(({ from, address, port, text }) => {
        const entry = entries.find(({ id }) => id === from)!;
        assertEquals({ address, port }, {
          address: entry.address,
          port: entry.port,
        });
        seen.push(text);
      });
    }
    for (const from of clients) {
      for (const to of clients) {
        const text = `${from.id} to ${to.id}`;
        const own = from === to;
        const outcome = reasonOf(await from.send(to.id, text));
        assertEquals(outcome, own ? "own-number" : "delivered", text);
        // Whoever is told that it was delivered is told afterwards.
        assertEquals(seen.includes(text), !own);
      }
      // One that nobody has in a node's range, and one in nobody's range.
      for (const nobody of [Math.max(...ids) + 7, 4_000_000_000, 0]) {
        const delivery = await from.send(nobody, "anybody?");
        assertEquals(reasonOf(delivery), "unknown-number");
        assertLess(delivery.ms, 1_000);
      }
    }
    assertEquals(seen.length, 6);

    // Whoever comes or goes is, or is not, on every list at once.
    for (const port of ports) {
      const coming = await Client.connect({ port });
      using sinceComing = new Stopwatch();
      for (const witness of witnesses) await witness.sees([...ids, coming.id]);
      assertLess(sinceComing.ms, 1_000);
      await coming.disconnect();
      using sinceLeaving = new Stopwatch();
      for (const witness of witnesses) await witness.sees(ids);
      assertLess(sinceLeaving.ms, 1_000);
    }
  },
);

withNats(
  "a thousand messages that are under way at once come in order, both ways",
  async (programs) => {
    await using cluster = await TestCluster.start(programs, {
      names: ["lab-a", "lab-b"],
    });
    const [a, b] = cluster.nodes;
    await using one = await Client.connect({ port: a!.port });
    await using two = await Client.connect({ port: b!.port });
    const seen = new Map<Client, string[]>([[one, []], [two, []]]);
    for (const [client, texts] of seen) {
      client.receive(({ text }) => void texts.push(text));
    }
    await until("each other on the list", async () => {
      const lists = await Promise.all([one.list(), two.list()]);
      return lists.every((listed) => listed.length === 2);
    });
    const texts = Array.from({ length: 1_000 }, (_, i) => `message ${i}`);
    const sends = texts.flatMap((text) => [
      one.send(two.id, text),
      two.send(one.id, text),
    ]);
    const deliveries = await Promise.all(sends);
    assert(deliveries.every(({ delivered }) => delivered));
    assertEquals(seen.get(one), texts);
    assertEquals(seen.get(two), texts);
  },
);

withNats(
  "a node that shuts down is off all lists at once, and what is under way comes to its end",
  async (programs) => {
    await using cluster = await TestCluster.start(programs, { names: NAMES });
    const [a, b, c] = cluster.nodes;
    await using witness = await Witness.connect(a!.port);
    await using onB = await Client.connect({ port: b!.port });
    await using onC = await Client.connect({ port: c!.port });
    // Confirm when they are told to.
    using slowOnB = await RawPeer.connect(b!.port);
    using slowOnC = await RawPeer.connect(c!.port);
    const ids = [witness, onB, onC, slowOnB, slowOnC].map(({ id }) => id);
    await witness.sees(ids);

    const toC = onB.send(slowOnC.id, "to one who is about to go");
    const fromC = onC.send(slowOnB.id, "from one who is about to go");
    const messages = [
      await slowOnC.message(),
      await slowOnB.message(),
    ] as const;
    c!.kill("SIGTERM");
    await c!.stderr.find(/shutting down/);
    using watch = new Stopwatch();
    const left = ids.filter((id) => id !== onC.id && id !== slowOnC.id);
    // It is not missing: nobody waits for it.
    await witness.sees(left);
    assertLess(watch.ms, 1_000);
    // Either node may say so.
    const refused = reasonOf(await onB.send(onC.id, "still there?"));
    assert(["unknown-number", "shutting-down"].includes(refused), refused);

    await slowOnC.confirm(messages[0]);
    await slowOnB.confirm(messages[1]);
    assertEquals(reasonOf(await toC), "delivered");
    assertEquals(reasonOf(await fromC), "delivered");
    assertEquals((await c!.end()).code, 0);
    assertEquals((await onC.closed).how, "goodbye");
    const names = (await witness.nodes()).map(({ name }) => name).sort();
    assertEquals(names, ["lab-a", "lab-b"]);
    await witness.sees(left);
  },
);
