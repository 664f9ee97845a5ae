import { assert, assertEquals } from "@std/assert";
import {
  clusterPeer,
  natsRequestPeer,
  parleyPeer,
  type Peer,
} from "../../bench/peers.ts";
import { summarize } from "../../bench/summary.ts";
import { table } from "../../bench/table.ts";
import { works } from "../../bench/works.ts";
import { sumOf } from "../../bench/works/sum_of.ts";

const cluster = works.filter(({ group }) => group === "cluster");
const peers = [clusterPeer, parleyPeer, natsRequestPeer];

Deno.test("group cluster sets as many messages under way at all three", () => {
  const underWay = cluster.map(({ load }) =>
    peers.map((peer) => {
      const job = load(peer);
      if (job.work === "nats-requests") return job.window;
      assert(job.work === "relay" && job.size === 64);
      assertEquals(job.across, peer === clusterPeer);
      return job.senders * job.window;
    })
  );
  assertEquals(underWay, [[25, 25, 25], [800, 800, 800]]);
  for (const work of cluster) assertEquals(work.peers, peers);
});

Deno.test("a peer's programs are told the ports of those before", async () => {
  const commands = (peer: Peer) => {
    const before: number[] = [];
    return Promise.all([...peer.before ?? [], peer.command].map((command) => {
      const port = 1001 + before.length;
      const words = command(port, "/store", [...before]);
      before.push(port);
      return words;
    }));
  };
  const [nats, first, second] = await commands(clusterPeer);
  assertEquals(nats, [
    "nats-server",
    ...["-a", "127.0.0.1", "-p", "1001", "-js", "-sd", "/store"],
  ]);
  for (const [node, port] of [[first, 1002], [second, 1003]] as const) {
    assertEquals(node!.slice(node!.indexOf("--port")), [
      ...["--port", `${port}`, "--cluster", "nats://127.0.0.1:1001"],
      ...["--name", `node-${port}`],
    ]);
  }
  const [, responder] = await commands(natsRequestPeer);
  assertEquals(responder!.slice(-2), ["1001", "1002"]);
  const [alone] = await commands(parleyPeer);
  assertEquals(alone!.slice(-2), ["--port", "1001"]);
});

Deno.test("the table has the nodes' share of both others", () => {
  const result = (count: number) => ({ count, seconds: 1, cpuSeconds: 1 });
  const results = new Map([
    [clusterPeer, [result(60)]],
    [parleyPeer, [result(120)]],
    [natsRequestPeer, [result(100)]],
  ]);
  const shares = table([summarize(cluster[0]!, results)]).slice(2)
    .map((line) => line.split("|")[4]!.trim());
  assertEquals(shares, ["", "0.50 ×", "0.60 ×"]);
});

Deno.test("a figure of several processes is the sum", async () => {
  assertEquals(await sumOf([], () => Promise.resolve(1)), 0);
  assertEquals(await sumOf([3, 4], (pid) => Promise.resolve(pid * 2)), 14);
});
