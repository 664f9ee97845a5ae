import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { Client, RefusedError } from "../../../client/mod.ts";
import { RawPeer } from "../../server/raw_peer.ts";
import { watchedServer } from "../../server/watched_server.ts";
import { answerList, NODES, nodesAnswer } from "../nodes_answers.ts";
import { partWith, RawServer } from "../raw_server.ts";
import { runOneShot } from "./run_one_shot.ts";

Deno.test("time prints the server's time, with its offset and zone", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  const { code, lines } = await runOneShot(client, ["time"]);
  assertEquals([code, lines.length], [0, 1]);
  assertMatch(
    lines[0]!,
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d \(.+\)$/,
  );
});

Deno.test("time --json: unixMs, iso, zone, and all three the same moment", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  const beforeMs = Date.now();
  const { code, lines } = await runOneShot(client, ["time"], { json: true });
  assertEquals([code, lines.length], [0, 1]);
  const { unixMs, iso, zone, ...rest } = JSON.parse(lines[0]!);
  assertGreaterOrEqual(unixMs, beforeMs);
  assertEquals(Date.parse(iso), unixMs);
  assertEquals(zone, Intl.DateTimeFormat().resolvedOptions().timeZone);
  assertEquals(rest, {});
});

Deno.test("name prints the name, made harmless; with --json as it is", async () => {
  const name = "lab\u001b[2J";
  await using server = await watchedServer({ name });
  await using client = await Client.connect({ port: server.port });
  assertEquals(await runOneShot(client, ["name"]), {
    code: 0,
    lines: ["lab␛[2J"],
  });
  const { code, lines } = await runOneShot(client, ["name"], { json: true });
  assertEquals(code, 0);
  assertEquals(lines.map((line) => JSON.parse(line)), [{ name }]);
});

Deno.test("list prints a line a client: number, address, port, and who is oneself", async () => {
  await using server = await watchedServer();
  using other = await RawPeer.connect(server.port);
  await using client = await Client.connect({ port: server.port });

  const { code, lines } = await runOneShot(client, ["list"]);

  assertEquals([code, lines.length], [0, 3]);
  const { port } = other.conn.localAddr;
  assertMatch(lines[0]!, /^number +address +since$/);
  assertMatch(
    lines[1]!,
    new RegExp(String.raw`^1 +127\.0\.0\.1:${port} .*\d\d:\d\d:\d\d$`),
  );
  assertMatch(lines[2]!, /^2 +127\.0\.0\.1:\d+ .*\(you\)$/);
});

Deno.test("list --json: an object a client", async () => {
  await using server = await watchedServer();
  using other = await RawPeer.connect(server.port);
  await using client = await Client.connect({ port: server.port });

  const { code, lines } = await runOneShot(client, ["list"], { json: true });

  assertEquals(code, 0);
  const [first, second] = lines.map((line) => JSON.parse(line));
  const { connectedMs, ...rest } = first;
  assertGreaterOrEqual(Date.now(), connectedMs);
  assertEquals(rest, {
    id: 1,
    address: "127.0.0.1",
    port: other.conn.localAddr.port,
    self: false,
  });
  assertEquals([second.id, second.self], [2, true]);
  assertEquals(lines.length, 2);
});

Deno.test("list of several nodes has a column for them, and fails if one is missing", async () => {
  const clients = [7, 1001, 6001].map((id) => (
    { id, address: "192.0.2.9", port: 9, connectedMs: 0 }
  ));
  for (const json of [false, true]) {
    using server = new RawServer();
    const accepted = server.greet();
    await using client = await Client.connect({ port: server.port });
    using peer = await accepted;
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const listing = assertRejects(
      () => runOneShot(client, ["list"], { json, write }),
      RefusedError,
      "lab-3 does not answer",
    );
    const missing = "lab-3 does not answer";
    await answerList(peer, [{ more: true, clients }], missing, NODES);
    await listing;
    if (json) {
      const [first, ...others] = lines.map((line) => JSON.parse(line));
      assertEquals(first, { ...clients[0], self: true, node: "lab-1" });
      assertEquals(others.map(({ node }) => node), ["lab-2\u001b", ""]);
    } else {
      assertEquals(lines.map((line) => line.replace(/\d\d:.*:\d\d/, "T")), [
        "number  address      node    since",
        "7       192.0.2.9:9  lab-1   T  (you)",
        "1001    192.0.2.9:9  lab-2␛  T",
        "6001    192.0.2.9:9  ?       T",
      ]);
    }
    const left = client.disconnect();
    await partWith(peer);
    await left;
  }
});

Deno.test("nodes prints a line a node; with --json an object", async () => {
  for (const json of [false, true]) {
    using server = new RawServer();
    const accepted = server.greet();
    await using client = await Client.connect({ port: server.port });
    using peer = await accepted;
    const printing = runOneShot(client, ["nodes"], { json });
    await peer.write(nodesAnswer(await peer.next(), NODES));
    const { code, lines } = await printing;
    assertEquals([code, lines.length], [0, json ? 3 : 4]);
    if (json) {
      assertEquals(JSON.parse(lines[1]!), {
        ...{ name: "lab-2\u001b", address: "192.0.2.2:2203", clients: 7 },
        ...{ messagesPerSecond: 21, sinceMs: 2_000_000, roundTripMs: 0.412 },
        ...{ self: false, missing: false },
        numbers: [[1001, 2000], [4001, 5000]],
      });
      const flags = lines.map((line) => JSON.parse(line))
        .map(({ self, missing }) => [self, missing]);
      assertEquals(flags, [[true, false], [false, false], [false, true]]);
    } else assertMatch(lines[0]!, /^node +address +clients +messages\/s +/);
    const left = client.disconnect();
    await partWith(peer);
    await left;
  }
});

Deno.test("an aborted signal stops each of them", async () => {
  await using server = await watchedServer();
  await using client = await Client.connect({ port: server.port });
  const signal = AbortSignal.abort(new Error("stop"));
  for (
    const words of [["time"], ["name"], ["list"], ["nodes"], ["send", "9", "x"]]
  ) {
    const error = await assertRejects(
      () => runOneShot(client, words, { signal }),
    );
    assert(error === signal.reason);
  }
});
