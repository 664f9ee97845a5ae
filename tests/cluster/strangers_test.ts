import { assertEquals } from "@std/assert";
import { Subjects } from "../../cluster/news.ts";
import { Ledgers } from "../../tools/ledger.ts";
import { compare } from "../faults/compare.ts";
import { nameOf } from "../faults/traffic.ts";
import { NatsStranger } from "./nats_stranger.ts";
import { receiver } from "./receiver.ts";
import { TestCluster } from "./test_cluster.ts";
import { withNats } from "./with_nats.ts";
import { Witness } from "./witness.ts";

/** What stands in front of a batch of node 2, behind its kind. */
const HEAD = "\0\0\0\x02" + "\0\0\0\x01" + "\0\0\0\0";

const NONSENSE = [
  "",
  "hello",
  "null",
  "[1]",
  '{"kind":"state"}',
  '{"kind":"state","state":{}}',
  '{"kind":"state","state":{"id":7,"name":"x","blocks":7}}',
  '{"kind":"changes","id":1}',
  '{"kind":"changes","id":2,"since":0,"version":1,"joined":7,"left":[]}',
  '{"kind":"changes","id":2,"since":0,"version":1,"joined":[{}],"left":[""]}',
  '{"kind":"leaving"}',
  '{"kind":"no such kind"}',
  "\0" + HEAD,
  "\x01" + HEAD.slice(1),
  "\x01" + HEAD + "\0\0\0\x01\xff",
  "\x01" + HEAD + "\0\0\0\x01\0\0\0\0\0",
  "\x02" + HEAD + "\0\0\0\x01\0\0\0\x09",
  "\x03" + HEAD + "\0\0\0\x01\0\0\0\0",
];

withNats(
  "nonsense on NATS harms no node: each says so once, and goes on",
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
    const before = await witness.nodes();

    using stranger = await NatsStranger.connect(nats);
    const subjects = new Subjects("parley");
    for (const text of NONSENSE) {
      const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
      await stranger.publish(subjects.news, bytes);
      for (const node of [1, 2]) {
        await stranger.publish(subjects.batches(node), bytes);
        await stranger.publish(subjects.clients(node), bytes, "nobody");
        await stranger.publish(subjects.ping(node), bytes, "nobody");
        await stranger.publish(subjects.untaken(node, "x" as "*"), bytes);
      }
    }

    const send = (text: string) => onA.send(onB.id, text);
    assertEquals(
      await ledgers.record(nameOf(onA.id), nameOf(onB.id), send),
      "delivered",
    );
    await witness.sees([onA.id, onB.id, witness.id]);
    const after = await witness.nodes();
    assertEquals(after.map(({ name }) => name), before.map(({ name }) => name));
    await compare(ledgers, []);
    for (const node of [a!, b!]) {
      node.kill("SIGTERM");
      const { code, stdout, stderr } = await node.end();
      assertEquals(code, 0);
      assertEquals(stdout.trim().split("\n").length, 1, stdout);
      const troubles = stderr.match(/trouble: .*/g) ?? [];
      assertEquals(troubles.length, 1, stderr);
    }
  },
);
